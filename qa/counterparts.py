"""The same clause in two editions of a document: other figures, other units, the same matter."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property

from corpus.identity import normalise
from corpus.types import Clause
from qa.query import bigrams

ALIKE = 0.4  # share of character pairs that two clauses about the same have in common
_HEADED = 0.25  # what the same heading adds to that share


class Counterparts:
    """Finds the same clause in other documents of one index. Immutable apart from caches.

    What was compared once is kept, so a question pays only for what no one before it met.
    """

    def __init__(self, clauses: Sequence[Clause]) -> None:
        """Take the clauses in row order."""
        self._clauses = clauses
        self._found: dict[tuple[int, str], int | None] = {}
        self._pairs: dict[str, dict[str, list[int]]] = {}

    def find(self, row: int, doc_id: str) -> int | None:
        """The row of another document that is about the same: each is the other's nearest."""
        key = row, doc_id
        if key not in self._found:
            there = self._nearest(row, doc_id)
            own = self._clauses[row].doc_id
            mutual = there is not None and self._nearest(there, own) == row
            self._found[key] = there if mutual else None
        return self._found[key]

    @cached_property
    def _rows(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = defaultdict(list)
        for row, clause in enumerate(self._clauses):
            rows[clause.doc_id].append(row)
        return rows

    def _nearest(self, row: int, doc_id: str) -> int | None:
        """The row of a document that shares most with this one, if that is enough."""
        own, heading = bigrams(self._clauses[row].text), normalise(self._clauses[row].heading)
        places = self._places(doc_id)
        shared = Counter(other for pair in own for other in places.get(pair, ()))
        best: tuple[float, int] = (0.0, -1)
        for other, count in shared.items():
            clause = self._clauses[other]
            share = 2.0 * count / (len(own) + len(bigrams(clause.text)))
            if heading and heading == normalise(clause.heading):
                share += _HEADED
            best = max(best, (share, -other - 1))
        return -best[1] - 1 if best[0] >= ALIKE else None

    def _places(self, doc_id: str) -> dict[str, list[int]]:
        """Character pair → rows of the document that have it."""
        if doc_id not in self._pairs:
            places: dict[str, list[int]] = defaultdict(list)
            for row in self._rows.get(doc_id, ()):
                for pair in bigrams(self._clauses[row].text):
                    places[pair].append(row)
            self._pairs[doc_id] = dict(places)
        return self._pairs[doc_id]
