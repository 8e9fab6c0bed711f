"""Automatic numbers of doc files: lists, paragraph properties and styles of Word 97–2003.

Offsets and structures are those of [MS-DOC]; what is damaged simply numbers nothing.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.formats.numbering import Level, Numbering

_STYLES, _PAPERS, _LISTS, _OVERRIDES = 0x00A2, 0x0102, 0x02E2, 0x02EA  # in the FIB: fc, lcb
_PAGE = 512
_LIST, _DEPTH = 0x460B, 0x260A  # sprmPIlfo, sprmPIlvl
_TABLE_SIZES = {0xD608: 2, 0xD606: 2}  # sprms whose size takes two bytes
_FORMS = {
    0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter",
    10: "ideographDigital", 11: "chineseCounting", 18: "decimalEnclosedCircle", 22: "decimalZero",
    23: "bullet", 28: "decimalEnclosedCircle", 30: "ideographTraditional",
    37: "chineseCounting", 38: "chineseLegalSimplified", 39: "chineseCountingThousand",
    255: "none",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paper:
    """Paragraph properties from a place in the file on: its style, list (0: none) and depth."""

    place: int
    style: int
    number: int | None
    depth: int | None


class Lists:
    """Labels of paragraphs by their place in the file, counting as they are asked for."""

    def __init__(self, document: bytes, table: bytes) -> None:
        """Read what there is; damaged parts are left out."""
        self.papers: list[Paper] = []
        self.styles: dict[int, tuple[int, int]] = {}
        self.numbering = Numbering()
        try:
            self.numbering = _numbering(document, table)
            self.styles = _styles(document, table)
            self.papers = sorted(_papers(document, table), key=lambda paper: paper.place)
        except (struct.error, IndexError, ValueError):
            self.papers = []
        self._places = [paper.place for paper in self.papers]

    def label(self, place: int) -> str:
        """Label of the paragraph whose mark stands at a place of the file."""
        index = bisect_right(self._places, place) - 1
        if index < 0:
            return ""
        paper = self.papers[index]
        number, depth = self.styles.get(paper.style, (0, 0))
        number = paper.number if paper.number is not None else number
        depth = paper.depth if paper.depth is not None else depth
        return self.numbering.label(str(number), min(depth, 8)) if 0 < number < 0xF801 else ""


def _part(document: bytes, table: bytes, offset: int) -> bytes:
    start, length = struct.unpack_from("<II", document, offset)
    return table[start : start + length]


def _papers(document: bytes, table: bytes) -> Iterator[Paper]:
    plc = _part(document, table, _PAPERS)
    count = (len(plc) - 4) // 8
    for index in range(count):
        page = struct.unpack_from("<I", plc, 4 * (count + 1) + 4 * index)[0] & 0x3FFFFF
        sheet = document[page * _PAGE : (page + 1) * _PAGE]
        runs = sheet[_PAGE - 1]
        for run in range(runs):
            place = struct.unpack_from("<I", sheet, 4 * run)[0]
            offset = 2 * sheet[4 * (runs + 1) + 13 * run]
            yield _paper(place, sheet, offset)


def _paper(place: int, sheet: bytes, offset: int) -> Paper:
    if not offset:
        return Paper(place, 0, None, None)
    size = sheet[offset]
    start, length = (offset + 1, 2 * size - 1) if size else (offset + 2, 2 * sheet[offset + 1])
    properties = sheet[start : start + length]
    style = struct.unpack_from("<H", properties)[0] if len(properties) > 1 else 0
    found = dict(_sprms(properties[2:]))
    return Paper(place, style, found.get(_LIST), found.get(_DEPTH))


def _sprms(data: bytes) -> Iterator[tuple[int, int]]:
    """Property modifiers with their operands (as far as they are whole numbers)."""
    position = 0
    while position + 2 < len(data):
        code = int.from_bytes(data[position : position + 2], "little")
        position += 2
        size = (1, 1, 2, 4, 2, 2, 0, 3)[code >> 13]
        if not size:
            wide = _TABLE_SIZES.get(code, 1)
            size = int.from_bytes(data[position : position + wide], "little") - (wide == 2)
            position += wide
        yield code, int.from_bytes(data[position : position + size][:4], "little")
        position += max(0, size)


def _styles(document: bytes, table: bytes) -> dict[int, tuple[int, int]]:
    """Lists of paragraph styles, inherited along the styles they build on."""
    sheet = _part(document, table, _STYLES)
    if len(sheet) < 6:
        return {}
    header, count, base = struct.unpack_from("<HHH", sheet)
    position = 2 + header
    own: dict[int, tuple[int, int]] = {}
    above: dict[int, int] = {}
    for index in range(count):
        size = struct.unpack_from("<H", sheet, position)[0]
        style = sheet[position + 2 : position + 2 + size]
        position += 2 + size + size % 2
        if len(style) < base + 2 or style[2] & 0xF != 1:  # paragraph styles alone
            continue
        above[index] = struct.unpack_from("<H", style, 2)[0] >> 4
        name = struct.unpack_from("<H", style, base)[0]
        start = base + 2 + 2 * name + 2
        if start + 4 <= len(style):
            length = struct.unpack_from("<H", style, start)[0]
            found = dict(_sprms(style[start + 4 : start + 2 + length]))
            if _LIST in found:
                own[index] = (found[_LIST], found.get(_DEPTH, 0))
    return {index: entry for index in above if (entry := _inherited(index, own, above))}


def _inherited(
    index: int, own: dict[int, tuple[int, int]], above: dict[int, int]
) -> tuple[int, int] | None:
    for _step in range(12):  # styles are never built that deep
        if index in own:
            return own[index]
        if index not in above:
            return None
        index = above[index]
    return None


def _numbering(document: bytes, table: bytes) -> Numbering:
    found = Numbering()
    start, length = struct.unpack_from("<II", document, _LISTS)
    if length < 2:
        return found
    count = struct.unpack_from("<H", table, start)[0]
    position = start + length
    levels: dict[int, dict[int, Level]] = {}
    for index in range(count):
        entry = start + 2 + 28 * index
        key, flags = struct.unpack_from("<i", table, entry)[0], table[entry + 26]
        own = levels.setdefault(key, {})
        for depth in range(1 if flags & 1 else 9):
            own[depth], position = _level(table, position)
    overrides = _part(document, table, _OVERRIDES)
    for index in range(struct.unpack_from("<I", overrides)[0]):
        key = struct.unpack_from("<i", overrides, 4 + 16 * index)[0]
        if key in levels:
            number = str(index + 1)
            found.levels[number], found.lists[number] = levels[key], str(key)
    return found


def _level(table: bytes, position: int) -> tuple[Level, int]:
    start, form = struct.unpack_from("<iB", table, position)
    follow, size_character, size_paper = (
        table[position + 15],
        table[position + 24],
        table[position + 25],
    )
    position += 28 + size_character + size_paper
    length = struct.unpack_from("<H", table, position)[0]
    raw = table[position + 2 : position + 2 + 2 * length].decode("utf-16-le", errors="replace")
    text = "".join(f"%{ord(char) + 1}" if ord(char) < 9 else char for char in raw)
    level = Level(start, _FORMS.get(form, "decimal"), text, follow != 2)
    return level, position + 2 + 2 * length
