"""The same clause in two editions of a document: other figures, other units, the same matter."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property, lru_cache

from corpus.identity import normalise
from corpus.types import Clause

ALIKE = 0.4  # share of character pairs that two clauses about the same have in common
_HEADED = 0.25  # what the same heading adds to that share
_DOCUMENTS = 512  # read ones that are kept at hand
_FIGURE = re.compile(r"\d+")


class Counterparts:
    """Finds the same clause in other documents of one index. Immutable apart from caches.

    What was compared once is kept, so a question pays only for what no one before it met.
    """

    def __init__(self, clauses: Sequence[Clause]) -> None:
        """Take the clauses in row order."""
        self._clauses = clauses
        self._found: dict[tuple[int, str], int | None] = {}
        self._read = lru_cache(maxsize=_DOCUMENTS)(self._reading)

    def find(self, row: int, doc_id: str) -> int | None:
        """The row of another document that is about the same: each is the other's nearest."""
        key = row, doc_id
        if key not in self._found:
            own, other = self._read(self._clauses[row].doc_id), self._read(doc_id)
            there = own.twin(row, other)
            if there is None:
                there = other.nearest(row, own)
                there = there if there is not None and own.nearest(there, other) == row else None
            self._found[key] = there
        return self._found[key]

    @cached_property
    def _rows(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = defaultdict(list)
        for row, clause in enumerate(self._clauses):
            rows[clause.doc_id].append(row)
        return rows

    def _reading(self, doc_id: str) -> _Reading:
        return _Reading({row: self._clauses[row] for row in self._rows.get(doc_id, ())})


class _Reading:
    """The clauses of one document made ready to be compared; most find a twin without it all."""

    def __init__(self, clauses: dict[int, Clause]) -> None:
        self._headings = {row: normalise(clause.heading) for row, clause in clauses.items()}
        self.words = {row: normalise(_body(clause)) for row, clause in clauses.items()}
        self._plain = {row: _FIGURE.sub("0", words) for row, words in self.words.items()}
        self._by_plain: dict[str, list[int]] = defaultdict(list)
        for row, plain in self._plain.items():
            self._by_plain[plain].append(row)

    def twin(self, row: int, other: _Reading) -> int | None:
        """The one clause of another document that differs in label and figures at most."""
        plain = self._plain[row]
        there = other._by_plain.get(plain, [])
        alone = len(there) == 1 == len(self._by_plain[plain])
        return there[0] if plain and alone else None

    def nearest(self, row: int, other: _Reading) -> int | None:
        """The clause here that shares most with a row of another document, if that is enough."""
        wanted, heading = other.pairs(row), other._headings[row]
        shared = Counter(own for pair in wanted for own in self._places.get(pair, ()))
        best: tuple[float, int] = (0.0, 0)
        for own, count in shared.items():
            share = 2.0 * count / (len(wanted) + len(self.pairs(own)))
            if heading and heading == self._headings[own]:
                share += _HEADED
            best = max(best, (share, -own))
        return -best[1] if best[0] >= ALIKE else None

    def pairs(self, row: int) -> frozenset[str]:
        """Character pairs of a clause."""
        return self._pairs[row]

    @cached_property
    def _pairs(self) -> dict[int, frozenset[str]]:
        return {
            row: frozenset(words[i : i + 2] for i in range(len(words) - 1))
            for row, words in self.words.items()
        }

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Character pair → rows that have it."""
        places: dict[str, list[int]] = defaultdict(list)
        for row, pairs in self._pairs.items():
            for pair in pairs:
                places[pair].append(row)
        return dict(places)


def _body(clause: Clause) -> str:
    """The text without its label: clauses move up and down between editions."""
    return clause.text.removeprefix(clause.label)
