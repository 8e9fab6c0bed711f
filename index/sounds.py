"""How characters sound and look: what a slip of the keyboard or of the pen leaves the same."""

from __future__ import annotations

import re
from functools import cache
from itertools import product

from index.tokens import shipped_text

# What southern speakers do not tell apart, and what phone keyboards offer as one.
_FUZZY = (
    (re.compile(r"^([zcs])h"), r"\1"),
    (re.compile(r"^l"), "n"),
    (re.compile(r"^f"), "h"),
    (re.compile(r"([aei])ng$"), r"\1n"),
)
# Characters that are taken for one another by eye (or by the reader of a scan), in groups.
_ALIKE = (
    "人入", "已己巳", "末未", "士土", "千干", "天夫", "免兔", "薄簿", "疹诊", "候侯", "准淮",
    "栽裁", "折拆", "晴睛", "拨拔", "贷货", "幕墓慕", "帐账", "治冶", "园圆", "住往", "户广厂",
    "困因", "田由", "自白", "日曰", "活话", "辩辨瓣", "建健", "坐座", "绩积", "底低", "复覆",
    "密蜜", "受授",
)  # fmt: skip
_MOST_KEYS = 8  # keys of one word: 单行 has several readings, and more of them help nobody


@cache
def _readings() -> dict[str, tuple[str, ...]]:
    """Toneless readings of a character, from ``corpus/lexicon/syllables.tsv``."""
    found: dict[str, tuple[str, ...]] = {}
    for line in shipped_text("syllables.tsv").splitlines():
        if line.startswith("#"):
            continue
        syllable, characters = line.split("\t")
        for character in characters:
            found[character] = (*found.get(character, ()), syllable)
    return found


def readings(character: str) -> tuple[str, ...]:
    """Toneless readings of a character; other characters sound like themselves."""
    return _readings().get(character, (character,))


@cache
def fuzzy(syllable: str) -> str:
    """A syllable without what many speakers do not tell apart.

    >>> fuzzy("zhang"), fuzzy("lan")
    ('zan', 'nan')
    """
    for pattern, plain in _FUZZY:
        syllable = pattern.sub(plain, syllable)
    return syllable


@cache
def _fuzzy_readings(character: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(fuzzy, readings(character))))


def sound_keys(word: str) -> tuple[str, ...]:
    """How a word may sound, syllables joined by blanks; two words with a common key are near."""
    ways = [_fuzzy_readings(character) for character in word]
    if all(len(way) == 1 for way in ways):  # most words
        return (" ".join([way[0] for way in ways]),)
    return tuple(" ".join(way) for way, _ in zip(product(*ways), range(_MOST_KEYS), strict=False))


@cache
def looks_like(character: str) -> str:
    """Characters that are easily taken for this one (empty for most)."""
    groups = (group for group in _ALIKE if character in group)
    return "".join(groups).replace(character, "")


def typed(word: str) -> str:
    """How a word is typed in pinyin, by the first reading of each character: 落户 gives luohu."""
    known = _readings()
    return "".join([known.get(character, (character,))[0] for character in word])


def same_sound(one: str, other: str) -> bool:
    """Whether the first reading of ``one`` is a toneless reading of ``other``."""
    return readings(one)[0] in readings(other)


def near_sound(one: str, other: str) -> bool:
    """Whether two characters sound alike to speakers who merge zh and z, n and l, an and ang."""
    return not set(_fuzzy_readings(one)).isdisjoint(_fuzzy_readings(other))
