"""From chosen evidence to citations: whole quotes, nothing twice, validity on the day asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from corpus.types import Clause, Document, Span
from qa.complete import Completer, Slice
from qa.stages import Candidate
from qa.standing import Standing
from qa.types import Citation, Part, cite

RELATED = 3  # clauses shown as related


class Citer:
    """Cites over the documents of one index. Immutable apart from caches."""

    def __init__(
        self,
        documents: Mapping[str, Document],
        clauses: Sequence[Clause],
        completer: Completer,
        standing: Standing,
    ) -> None:
        """Take the documents and the clauses in row order."""
        self._standing = standing
        self._documents = documents
        self._clauses = clauses
        self._completer = completer

    def cite(self, row: int, span: Span, day: date) -> Citation:
        """Cite a span of the clause at ``row``; :param span: offsets into ``Clause.text``."""
        clause = self._clauses[row]
        document = self._documents[clause.doc_id]
        start = clause.span[0]
        state = self._standing.validity(document.doc_id, day)
        return cite(document, clause, (start + span[0], start + span[1]), state)

    def parts(
        self, given: Iterable[Candidate], day: date
    ) -> tuple[tuple[Part, ...], frozenset[int]]:
        """The quotes of the candidates, completed, and the rows they are from."""
        slices: list[Slice] = []
        for candidate in given:
            completed = self._completer.complete(candidate.row, candidate.evidence.spans)
            # What answers comes first; what announces it is read before it all the same.
            slices += sorted(completed, key=lambda part: part.row != candidate.row)
            slices += self._units(candidate)
        kept = _once(slices)
        parts = [Part(c.quote, c) for c in (self.cite(s.row, s.span, day) for s in kept)]
        return tuple(parts), frozenset(s.row for s in kept)

    def related(self, rows: Iterable[int], used: frozenset[int], day: date) -> tuple[Citation, ...]:
        """The nearest clauses that were not quoted, whole."""
        left = [row for row in rows if row not in used][:RELATED]
        return tuple(self.cite(row, (0, len(self._clauses[row].text)), day) for row in left)

    def _units(self, candidate: Candidate) -> list[Slice]:
        """The unit list that speaks for the clause but stands below another one."""
        row = candidate.units_row
        if row is None or row == candidate.row:
            return []
        clause = self._clauses[row]
        start = min(unit.span[0] for unit in clause.units) - clause.span[0]
        opening = max(clause.text.rfind(mark, 0, start) for mark in "（(")
        return [Slice(row, (opening if start - opening < 20 else start, len(clause.text)))]


def _once(slices: Iterable[Slice]) -> list[Slice]:
    """The slices in order, without those that lie inside another one."""
    found = list(dict.fromkeys(slices))
    return [s for s in found if not any(s != other and _inside(s, other) for other in found)]


def _inside(inner: Slice, outer: Slice) -> bool:
    return (
        inner.row == outer.row and outer.span[0] <= inner.span[0] and inner.span[1] <= outer.span[1]
    )
