"""GBK text read one byte off: ``?。ㄒ唬?`` is （一）, ``確?！秾嵤┓桨浮?`` is 確保《實施方案》.

A question mark stands where a lead byte was lost; up to the next question mark every pair of
bytes is read across two characters. Putting one byte back restores all of them but the first and
the last, and those are chosen by how likely the words around them become.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from corpus.cleaning.language import likelihood, word_frequency
from corpus.cleaning.offsets import Edit
from corpus.cleaning.pinyin import SYLLABLE, readings
from corpus.identity import simplified, traditional_of

_RUN = re.compile(
    rf"\?(?P<run>(?:[^\x00-\x7f\n]|[!,:;](?!\s)){{1,80}})\?(?:(?P<reading>{SYLLABLE})\))?"
)  # ?。ㄒ唬?shí)
_FULL_WIDTH = str.maketrans("!,:;", "！，：；")  # pages often make marks half-width afterwards
_CONTEXT = 4  # characters on each side that the choice looks at
_GAIN = 2.0  # log probability per character that the repair must win
_SOUND = -10.0  # log probability per character: text that reads well is left alone
_INSERTION = 6.0  # what a guess of a pair that vanished in the middle must win
_NUMERALS = "一二三四五六七八九十"
_VANISHED = (*range(0xAA, 0xB0), *range(0xF8, 0xFF))  # lead bytes of the private area of GBK
_LONE = re.compile(r"(?m)^[ \t]*\?[ \t]*$\n?|(?<=[\u3400-\u9fff] )\?(?=[\u3400-\u9fff])")


def shifted(text: str) -> Iterator[Edit]:
    """Put right the runs that were read one byte off, where the words clearly gain by it."""
    if "?" not in text:
        return
    traditional = _is_traditional(text)
    for match in _RUN.finditer(text):
        before = text[max(0, match.start() - _CONTEXT) : match.start()].rpartition("\n")[2]
        after = text[match.end() : match.end() + _CONTEXT].partition("\n")[0]
        restored = _restore(match, before, after, traditional)
        if restored is None:
            continue
        old = likelihood(before + match["run"] + after)
        new = likelihood(before + restored + after)
        if new - old > _GAIN * len(match["run"]):
            yield Edit(*match.span(), restored)


def lone_marks(text: str) -> Iterator[Edit]:
    """Drop a question mark that stands for a lost blank: on its own line or inside a name."""
    return (Edit(*match.span(), "") for match in _LONE.finditer(text))


def _restore(match: re.Match[str], before: str, after: str, traditional: bool) -> str | None:
    run = match["run"].translate(_FULL_WIDTH)
    try:
        raw = run.encode("gbk")
    except UnicodeEncodeError:
        return None
    if len(raw) != 2 * len(run) or likelihood(run) > _SOUND * len(run):
        return None
    middle = _middle(raw)
    if middle is None:
        return None
    head = _head(raw[0], before, middle)
    known = (before + head + middle)[-_CONTEXT * 2 :]
    ends = _endings(raw[-1], match["reading"], known, after)

    def fit(end: str) -> tuple[float, bool]:
        """By the words that come about, then in the script of the document."""
        plain = simplified(end)
        usual = traditional_of(plain) if traditional else plain
        return likelihood(known + end + after), end == usual

    return head + middle + max(ends, key=fit) if ends else None


def _is_traditional(text: str) -> bool:
    sample = text[:5000]
    changed = sum(a != b for a, b in zip(sample, simplified(sample), strict=False))
    return changed > len(sample) // 20


def _middle(raw: bytes) -> str | None:
    """Return what lies between the first and the last byte, with one vanished pair if need be."""
    best = _decode(raw[1:-1])
    most = 0.0 if best is not None else float("-inf")
    for cut in range(2, len(raw) - 2, 2):
        left, right = _decode(raw[1 : cut - 1]), _decode(raw[cut + 1 : -1])
        if left is None or right is None:
            continue
        near, far = left[-_CONTEXT:], right[:_CONTEXT]
        joint = _decode(raw[cut - 1 : cut + 1])
        plain = likelihood(near + joint + far) if joint else float("-inf")
        for first, second in _pairs(raw[cut - 1], raw[cut]):
            gained = likelihood(near + first + second + far) - _INSERTION - plain
            if gained > most:
                best, most = left + first + second + right, gained
    return best


@lru_cache(maxsize=256)
def _pairs(lead: int, trail: int) -> tuple[tuple[str, str], ...]:
    """Two characters that share a vanished pair of bytes between ``lead`` and ``trail``."""
    firsts = [char for x in _VANISHED if (char := _decode(bytes([lead, x]))) and _common(char)]
    seconds = [c for y in range(0xA1, 0xFF) if (c := _decode(bytes([y, trail]))) and _common(c)]
    return tuple((a, b) for a in firsts for b in seconds)


def _common(char: str) -> bool:
    return word_frequency(char) > 0


def _decode(raw: bytes) -> str | None:
    try:
        return raw.decode("gbk")
    except UnicodeDecodeError:
        return None


def _head(trail: int, before: str, middle: str) -> str:
    """Choose the character whose lead byte was lost; an indent at a line start is left out."""
    if trail == 0xA1 and not before.strip():
        return ""
    options = [c for lead in range(0x81, 0xFF) if (c := _decode(bytes([lead, trail])))]
    following = middle[:_CONTEXT]
    return max(options, key=lambda char: likelihood(before + char + following), default="")


def _endings(lead: int, reading: str | None, before: str, after: str) -> list[str]:
    """List what the closing mark can have swallowed: the last character, ）, a glossed one."""
    lasts = [c for trail in range(0x40, 0xFF) if (c := _decode(bytes([lead, trail])))]
    opened = before.rfind("（") > before.rfind("）")
    if opened and before.endswith("（"):
        lasts = [char for char in lasts if char in _NUMERALS] or lasts
    if opened and "）" in lasts:
        lasts = ["）"]
    if reading is None:
        lasts = [char for char in lasts if _would_be_lost(char, after)] or lasts
    glossed = [char for char in lasts if reading and reading in readings(char)]
    closed = [char + "）" if opened and char in _NUMERALS else char for char in lasts]
    if reading is None or glossed:
        return glossed or closed
    return [end + char for end in closed for char in _read_as(reading, after)]


def _would_be_lost(char: str, after: str) -> bool:
    """Whether the second byte of a character makes no character with the byte that follows it."""
    try:
        following = after[:1].encode("gbk")
        return not following or _decode(char.encode("gbk")[1:] + following[:1]) is None
    except UnicodeEncodeError:
        return True


def _read_as(reading: str, after: str) -> list[str]:
    """Characters with a reading, if possible those that form a word with what follows."""
    found = _by_reading(reading)
    words = [char for char in found if word_frequency(char + after[:1])]
    return words or list(found)


@lru_cache(maxsize=64)
def _by_reading(reading: str) -> tuple[str, ...]:
    """Characters in GBK with a reading, as pypinyin's table has it."""
    from pypinyin.constants import PINYIN_DICT  # 0.2 s: only a document read one byte off needs it

    found = []
    for code, listed in PINYIN_DICT.items():
        if 0x4E00 <= code <= 0x9FFF and reading in listed.split(","):
            char = chr(code)
            if _decodable(char):
                found.append(char)
    return tuple(found)


def _decodable(char: str) -> bool:
    try:
        return len(char.encode("gbk")) == 2
    except UnicodeEncodeError:
        return False
