"""The lines before the first clause of a document, and the page table among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corpus.blocks import Kind, classify, read_date, table_items
from corpus.parsing.labels import label_at
from corpus.parsing.lines import Line, masked

_HEAD = 80  # lines at most before the first clause


@dataclass(frozen=True, slots=True)
class Head:
    """The lines before the first clause, their kinds, and the page table."""

    lines: tuple[Line, ...]
    kinds: tuple[Kind, ...]
    table: dict[str, list[str]]

    def first(self, key: str) -> str | None:
        """First non-empty table value of a key."""
        return next(
            (value for value in self.table.get(key, ()) if value not in {"", "无", "/"}), None
        )

    def day(self, key: str) -> date | None:
        """First date among the table values of a key."""
        days = (read_date(value) for value in self.table.get(key, ()))
        return next((day for day in days if day), None)


def read_head(lines: tuple[Line, ...]) -> Head:
    """Lines up to the first label, with the page table gathered from them."""
    kept: list[Line] = []
    hidden = masked(lines)
    for index, line in enumerate(lines[:_HEAD]):
        if index not in hidden and label_at(line.text, 0) and not table_items(line.text):
            break
        kept.append(line)
    kinds = tuple(classify(line.text) for line in kept)
    table: dict[str, list[str]] = {}
    for line, kind in zip(kept, kinds, strict=True):
        if kind == Kind.TABLE:
            for key, value in table_items(line.text):
                table.setdefault(key, []).append(value)
    return Head(tuple(kept), kinds, table)
