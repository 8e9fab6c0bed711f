"""Lost brackets and digits that the page states elsewhere: 成政发〔20243 → 成政发〔2024〕3号."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.blocks import NUMBER, read_date, table_items
from corpus.cleaning.offsets import Edit
from corpus.identity import is_part
from corpus.parsing.lines import Line, split_lines

_HEAD = 60  # lines searched
_MOST_LOST = 5
_PERIOD = re.compile(r"(?<=[（(])(?P<a>20[0-4]\d)(?P<b>20[0-4]\d)(?=年[)）])")  # (20242025年)


def stated_elsewhere(text: str) -> Iterator[Edit]:
    """Complete 文号, date and period that lost characters from the page table or the title."""
    lines = split_lines(text)[:_HEAD]
    found = [*_numbers(lines), *_dates(lines), *_periods(text)]
    return iter(sorted(found, key=lambda edit: edit.start))


def _table(lines: tuple[Line, ...], wanted: str) -> list[str]:
    return [value for line in lines for key, value in table_items(line.text) if key == wanted]


def _numbers(lines: tuple[Line, ...]) -> Iterator[Edit]:
    stated = [re.sub(r"\s", "", value) for value in _table(lines, "number")]
    whole = next((value for value in stated if NUMBER.fullmatch(value)), None)
    if whole is None:
        return
    for line in lines:
        bare = re.sub(r"\s", "", line.text)
        shorter = 0 < len(whole) - len(bare) <= _MOST_LOST
        if shorter and bare[:3] == whole[:3] and re.search(r"\d", bare) and is_part(bare, whole):
            yield Edit(line.start, line.end, whole)


def _dates(lines: tuple[Line, ...]) -> Iterator[Edit]:
    day = next(filter(None, map(read_date, _table(lines, "written"))), None)
    if day is None:
        return
    for line in lines:
        if line.text == f"{day.year}{day.month}{day.day}":
            yield Edit(line.start, line.end, f"{day.year}年{day.month}月{day.day}日")


def _periods(text: str) -> Iterator[Edit]:
    for match in _PERIOD.finditer(text):
        printed = re.search(rf"{match['a']}(?P<dash>[—\-–－~至]+){match['b']}年", text)
        if printed and match["a"] < match["b"]:
            yield Edit(*match.span(), match["a"] + printed["dash"] + match["b"])
