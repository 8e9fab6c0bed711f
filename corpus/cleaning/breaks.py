"""Line breaks that a crawler turned into spaces come back: 「…通知 各单位： 现将…。 　　一、」."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.cleaning.offsets import Edit
from corpus.parsing.labels import label_at

_LONG_LINE = 300  # characters; shorter lines may well be titles with spaces
_LEAST = 3  # sentence ends before a space that show the spaces to be breaks
_SPACE = re.compile(
    r"(?<=[\u3400-\u9fff。！？；：:”’）)》】\]…0-9a-zA-Z])[ \t　]+(?=[\u3400-\u9fff（(《“【〔0-9])"
)
_AFTER_SENTENCE = re.compile(r"[。！？；：:”）)]\Z")
_AFTER_LABEL = re.compile(
    r"(?:第[〇零一二三四五六七八九十百千\d]+[编章节条]|[（(][一二三四五六七八九十\d]+[）)]|[一二三四五六七八九十\d]+[、.．])\Z"
)


def lost_breaks(text: str) -> Iterator[Edit]:
    """Turn spaces between the paragraphs of an overlong line into line breaks."""
    position = 0
    for line in text.split("\n"):
        if len(line) > _LONG_LINE:
            yield from _breaks(text, position, position + len(line))
        position += len(line) + 1


def _breaks(text: str, start: int, end: int) -> Iterator[Edit]:
    spaces = list(_SPACE.finditer(text, start, end))
    ended = sum(bool(_AFTER_SENTENCE.search(text[m.start() - 1 : m.start()])) for m in spaces)
    if ended < _LEAST:
        return
    for match in spaces:
        before = text[max(start, match.start() - 8) : match.start()]
        if _AFTER_LABEL.search(before):
            continue
        if _is_break(text, match, before):
            yield Edit(*match.span(), "\n")


def _is_break(text: str, match: re.Match[str], before: str) -> bool:
    """After a sentence, before a label, or where the indent of a paragraph is still there."""
    if _AFTER_SENTENCE.search(before) or "　　" in match[0]:
        return True
    between_words = "\u3400" <= before[-1] <= "\u9fff" and "\u3400" <= text[match.end()] <= "\u9fff"
    return between_words or label_at(text, match.end()) is not None
