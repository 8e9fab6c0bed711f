"""Pinyin left in brackets by a script converter: 政務(wù)公開."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from corpus.cleaning.offsets import Edit

SYLLABLE = "[a-zêüāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ]{1,6}"
_NOTE = re.compile(rf"(?<=[\u3400-\u9fff])[(（](?P<syllable>{SYLLABLE})[)）]")


@lru_cache(maxsize=4096)
def readings(char: str) -> frozenset[str]:
    """All readings of a character, with tone marks and without."""
    from pypinyin import Style, pinyin  # 0.2 s: only a document with such a note needs it

    marked = pinyin(char, style=Style.TONE, heteronym=True)[0]
    plain = pinyin(char, style=Style.NORMAL, heteronym=True)[0]
    return frozenset([*marked, *plain])


def pinyin_notes(text: str) -> Iterator[Edit]:
    """Brackets that hold one syllable, which is a reading of the character before, go."""
    for match in _NOTE.finditer(text):
        if match["syllable"] in readings(text[match.start() - 1]):
            yield Edit(*match.span(), "")
