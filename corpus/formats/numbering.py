"""Automatic numbering of docx: the labels that Word prints and that stand only in numbering.xml."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from corpus.numerals import to_chinese

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = frozenset(
    [
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "ideographDigital",
        "japaneseDigitalTenThousand",
        "koreanCounting",
    ]
)
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_LEVELS = 9
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class Level:
    """How one level is numbered: first number, format, text such as ``第%1条``."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    spaced: bool = False


@dataclass(slots=True)
class Numbering:
    """The lists of a document, counting as they are used."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)  # numId → ilvl → level
    lists: dict[str, str] = field(default_factory=dict)  # numId → the list it counts in
    counts: dict[str, list[int | None]] = field(default_factory=dict)

    def label(self, number_id: str, depth: int) -> str:
        """Label of the next paragraph of a list level; empty for bullets and unknown lists."""
        levels = self.levels.get(number_id)
        if levels is None or depth not in levels:
            return ""
        counts = self.counts.setdefault(self.lists[number_id], [None] * _LEVELS)
        level, now = levels[depth], counts[depth]
        counts[depth] = level.start if now is None else now + 1
        counts[depth + 1 :] = [None] * (_LEVELS - depth - 1)
        if level.form in {"bullet", "none"} and "%" not in level.text:
            return "" if level.form == "bullet" else level.text
        text = re.sub(r"%([1-9])", lambda m: self._part(levels, counts, int(m[1]) - 1), level.text)
        return text + " " if text and level.spaced and text[-1].isalnum() else text

    def _part(self, levels: dict[int, Level], counts: list[int | None], depth: int) -> str:
        level = levels.get(depth, Level())
        now = counts[depth]
        if now is None:
            now = counts[depth] = level.start
        return formatted(now, level.form)


def formatted(number: int, form: str) -> str:
    """Return a number as Word prints it: 12 in chineseCounting is 十二."""
    if form in {"bullet", "none"}:
        return ""
    if form in _CHINESE and 0 < number < 10000:
        return to_chinese(number)
    if form.startswith("decimalEnclosedCircle") and 0 < number <= 20:
        return chr(ord("①") + number - 1)
    if form == "ideographTraditional" and 0 < number <= len(_STEMS):
        return _STEMS[number - 1]
    if form == "chineseLegalSimplified" and 0 < number < 10:
        return _FORMAL[number]
    if form in {"lowerLetter", "upperLetter"} and 0 < number <= 26:
        return chr(ord("a" if form == "lowerLetter" else "A") + number - 1)
    if form in {"lowerRoman", "upperRoman"} and 0 < number < 40:
        roman = _roman(number)
        return roman.upper() if form == "upperRoman" else roman
    return f"{number:02d}" if form == "decimalZero" else str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def read_numbering(root: Element | None) -> Numbering:
    """Read numbering.xml; without one there are no lists."""
    found = Numbering()
    if root is None:
        return found
    abstract = {a.get(W + "abstractNumId", ""): a for a in root.findall(W + "abstractNum")}
    styled = {value(a, "styleLink"): key for key, a in abstract.items() if value(a, "styleLink")}
    for number in root.findall(W + "num"):
        key = value(number, "abstractNumId")
        link = value(abstract[key], "numStyleLink") if key in abstract else ""
        key = styled.get(link, key)
        if key not in abstract:
            continue
        number_id = number.get(W + "numId", "")
        levels = {_depth(lvl): _level(lvl) for lvl in abstract[key].findall(W + "lvl")}
        found.lists[number_id] = key
        for override in number.findall(W + "lvlOverride"):
            own = override.find(W + "lvl")
            depth = _depth(override)
            if own is not None:
                levels[depth] = _level(own)
            start = value(override, "startOverride")
            if start.isdigit() and depth in levels:
                old = levels[depth]
                levels[depth] = Level(int(start), old.form, old.text, old.spaced)
                found.lists[number_id] = f"{key}/{number_id}"  # counts on its own
        found.levels[number_id] = levels
    return found


def value(element: Element, name: str) -> str:
    """``w:val`` of a child element; empty without one."""
    child = element.find(W + name)
    return child.get(W + "val", "") if child is not None else ""


def _depth(element: Element) -> int:
    raw = element.get(W + "ilvl", "0")
    return min(int(raw), _LEVELS - 1) if raw.isdigit() else 0


def _level(element: Element) -> Level:
    start = value(element, "start")
    return Level(
        start=int(start) if start.isdigit() else 1,
        form=value(element, "numFmt") or "decimal",
        text=value(element, "lvlText"),
        spaced=value(element, "suff") != "nothing",
    )
