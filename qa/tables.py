"""Tables in clauses: the head row belongs to every row, and so does the unit it prints.

A row of a table is a line of cells with tabs between them. «7200» in it is a sum only because the
head says «补贴额（元/台）», and nobody understands the row without the head.
"""

from __future__ import annotations

import re

from corpus.types import Span

CELL = "\t"
_NUMBER = re.compile(r"[\d.,，]*\d(?:\s*[-—–~～至]\s*[\d.]+)?")
_UNIT = re.compile(
    r"[（(](?:单位[:：])?\s*(?P<unit>[^（()）]{0,6}?(?:元|%|天|日|个?月|年|平方米|平米|人|周?岁|套|户|分|公里|亩|吨|次|小时|学时|台|倍)[^（()）]{0,10})[)）]"
)


def head_of(text: str, span: Span) -> Span | None:
    """Head row of the table that a row stands in, None where ``span`` is no row or the head.

    :param span: one line of ``text``.
    """
    if CELL not in text[slice(*span)].strip():
        return None
    start = text.rfind("\n", 0, span[0] + 1) + 1
    head = start
    while head:
        above = text.rfind("\n", 0, head - 1) + 1
        if CELL not in text[above : head - 1].strip():
            break
        head = above
    if head == start:
        return None
    end = text.find("\n", head)
    return (head, end) if names_columns(text[head:end]) else None


def names_columns(line: str) -> bool:
    """Whether a row names columns: no cell of it is a number."""
    return not any(_NUMBER.fullmatch(cell.strip()) for cell in line.split(CELL))


def spelled(text: str) -> str:
    r"""``text`` with the unit of the head row behind the bare numbers of the rows below it.

    For reading only, never shown.

    >>> spelled("机型\t补贴额（元/台）\n无人机\t7200")
    '机型\t补贴额（元/台）\n无人机\t7200元/台'
    """
    if CELL not in text:
        return text
    units: list[str] = []
    lines = []
    for line in text.split("\n"):
        if CELL not in line.strip():
            units = []
        elif not units:
            units = [_unit(cell) for cell in line.split(CELL)] if names_columns(line) else []
        else:
            line = _with_units(line, units)
        lines.append(line)
    return "\n".join(lines)


def _unit(cell: str) -> str:
    match = _UNIT.search(cell)
    return match["unit"].strip() if match else ""


def _with_units(line: str, units: list[str]) -> str:
    """A row with units; one that lacks cells lost its first to the row above (merged cells)."""
    cells = line.split(CELL)
    units = units[len(units) - len(cells) :] if len(cells) < len(units) else units
    for position, (cell, unit) in enumerate(zip(cells, units, strict=False)):
        if unit and _NUMBER.fullmatch(cell.strip()):
            cells[position] = cell.rstrip() + unit
    return CELL.join(cells)
