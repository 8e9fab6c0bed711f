"""Make quotes complete: what a chosen sentence needs to be understood is quoted with it.

A sentence that opens with «其中» or «该» brings the one before, a list that is announced by a
colon is quoted whole, a list item brings the line that announces it, and a unit list printed
below the last item is the unit list of the whole list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus import sentence_spans
from corpus.types import Clause, Role, Span
from index.tokens import search_form

LIMIT = 320  # characters of one list; a longer one is opened from the citation instead
_LEANS = re.compile(
    r"(?:其中|同时|其(?!他|它|余|次)|该(?!县|区|市|省|镇)|此类|此项|此外还|这些|这类|上述|以上|前述|对此|为此|届时|前[两三]?[款项]|并(?!轨|网|购))"
)
_REFERS = re.compile(r"前[两三]?[款项]|上述|前述|以上(?:人员|情形|条件|材料|事项|规定|对象)")
_COLON = re.compile(r"[：:]\s*\Z")
# A line that says of whom or of what its items hold: no item can be read without it.
_GOVERNS = re.compile(r"之一|条件|情形|材料|手续|人员|对象|下列|不得|不予|应当|可以|禁止")
_SELF_CONTAINED = 60  # characters of a whole sentence that is read without the line above it
_OPENERS, _CLOSERS = "（(《“", "）)》”"
_JOINS = "、"


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of one clause: its row and a span into ``Clause.text``."""

    row: int
    span: Span


class Completer:
    """Completes quotes over the clauses of one index."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        """Take the clauses in row order."""
        self._clauses = clauses
        self._rows = {(c.doc_id, c.path): row for row, c in enumerate(clauses) if c.path}
        self._children: dict[int, list[int]] = {}
        for row, clause in enumerate(clauses):
            parent = self.parent(row)
            if parent is not None and clause.role is Role.CLAUSE:
                self._children.setdefault(parent, []).append(row)

    def parent(self, row: int) -> int | None:
        """Row of the passage that a list item stands under, None where there is none."""
        clause = self._clauses[row]
        found = self._rows.get((clause.doc_id, clause.path[:-1])) if clause.path else None
        return found if found != row else None

    def unit_row(self, row: int) -> int | None:
        """Row whose unit list speaks for the clause: its own, else that of its list's last item."""
        if self._clauses[row].units:
            return row
        parent = self.parent(row)
        items = self._children.get(row, [])
        if not items and parent is not None and self._announces(parent):
            items = self._children.get(parent, [])
        named = [item for item in items if self._clauses[item].units]
        return named[0] if named and named == items[-1:] else None

    def complete(self, row: int, spans: Sequence[Span]) -> tuple[Slice, ...]:
        """The chosen spans of a clause and what they need, in reading order."""
        clause = self._clauses[row]
        sentences = sentence_spans(clause.text)
        whole = _joined(clause.text, [_leaning(clause.text, sentences, span) for span in spans])
        slices = [Slice(row, span) for span in whole]
        announced = self._announcement(row)
        if announced is not None:
            slices.insert(0, announced)
        last = clause.text[slice(*whole[-1])] if whole else ""
        if _COLON.search(last) and whole[-1][1] == len(clause.text.rstrip()):
            slices += self._items(row)
        return tuple(slices)

    def announcement(self, row: int) -> str:
        """The line above a list item that is quoted with it, empty where there is none."""
        found = self._announcement(row)
        return self._clauses[found.row].text[slice(*found.span)] if found else ""

    def _announces(self, row: int) -> bool:
        return _COLON.search(self._clauses[row].text) is not None

    def _announcement(self, row: int) -> Slice | None:
        """The line above a list item that says what the list is."""
        parent = self.parent(row)
        if parent is None or not self._announces(parent):
            return None
        start, end = sentence_spans(self._clauses[parent].text)[-1]
        line = search_form(self._clauses[parent].text[start:end])
        if not _GOVERNS.search(line) and self._self_contained(row):
            return None
        return Slice(parent, (start, end))

    def _self_contained(self, row: int) -> bool:
        """Whether an item is a passage of its own («一是坚持……。»), not a phrase of a list."""
        clause = self._clauses[row]
        text = clause.text[: _before_units(clause)].rstrip()
        return len(text) >= _SELF_CONTAINED and text.endswith("。")

    def _items(self, row: int) -> list[Slice]:
        """The items of an announced list, as many as fit."""
        found: list[Slice] = []
        used = 0
        for item in self._children.get(row, ()):
            text = self._clauses[item].text
            end = _before_units(self._clauses[item])
            used += end
            if used > LIMIT:
                break
            found.append(Slice(item, (0, len(text[:end].rstrip()))))
        return found


def _before_units(clause: Clause) -> int:
    """Where the text of an item ends and its bracket of units begins."""
    spans = sentence_spans(clause.text)
    start = spans[-1][0] if spans else 0
    is_list = clause.units and start and clause.text[start] in "（("
    return start if is_list else len(clause.text)


def _leaning(text: str, sentences: Sequence[Span], span: Span) -> Span:
    """Take in the sentence before a span that leans on it, and the list after its colon."""
    start, end = span
    opening = text[start:end].lstrip()
    if _LEANS.match(opening) or _REFERS.search(opening):
        start = max((a for a, _ in sentences if a < start), default=start)
    if _COLON.search(text[start:end]):
        end = _list_end(text, sentences, end)
    return _unbroken(text, sentences, (start, end))


def _list_end(text: str, sentences: Sequence[Span], end: int) -> int:
    """Where the list ends that a colon at ``end`` announces, inside its own clause."""
    for start, stop in sentences:
        if start < end:
            continue
        if stop - end > LIMIT:
            break
        if text[stop - 1] not in "；;：:":
            return stop
    return end


def _unbroken(text: str, sentences: Sequence[Span], span: Span) -> Span:
    """Widen a part of a sentence that starts or ends inside a bracket or an enumeration."""
    start, end = span
    around = next(((a, b) for a, b in sentences if a <= start and end <= b), None)
    if around is None:
        return span
    if text[end - 1] in _JOINS or _open_brackets(text[start:end]) > 0:
        end = _cut_after(text, end, around[1])
    if (start > around[0] and text[start - 1] in _JOINS) or _open_brackets(text[start:end]) < 0:
        start = _cut_before(text, start, around[0])
    return start, end


def _open_brackets(text: str) -> int:
    """Brackets left open (positive) or closed without an opening (negative)."""
    depth = lowest = 0
    for char in text:
        depth += (char in _OPENERS) - (char in _CLOSERS)
        lowest = min(lowest, depth)
    return lowest or depth


def _cut_after(text: str, end: int, limit: int) -> int:
    match = re.compile(r"[，；,;。]").search(text, end, limit)
    stop = match.end() if match else limit
    return stop if stop - end <= LIMIT // 4 else end


def _cut_before(text: str, start: int, limit: int) -> int:
    found = max((text.rfind(mark, limit, start) for mark in "，；,;。"), default=-1)
    begin = found + 1 if found >= limit else limit
    return begin if start - begin <= LIMIT // 4 else start


def _joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """Spans in order without overlap; neighbours become one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and (start <= joined[-1][1] or not text[joined[-1][1] : start].strip()):
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
