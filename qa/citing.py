"""From chosen evidence to citations: whole quotes, nothing twice, validity on the day asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from corpus import links_of, validity
from corpus.editions import Links
from corpus.types import Clause, Document, Span
from qa.complete import Completer, Slice
from qa.stages import Candidate
from qa.types import Citation, Part, cite

_ENDS = re.compile(r"废止|停止执行|失效|不再执行")
RELATED = 3  # clauses shown as related


class Citer:
    """Cites over the documents of one index. Immutable apart from caches."""

    def __init__(
        self,
        documents: Mapping[str, Document],
        clauses: Sequence[Clause],
        completer: Completer,
    ) -> None:
        """Take the documents and the clauses in row order."""
        self._documents = documents
        self._clauses = clauses
        self._completer = completer

    @cached_property
    def links(self) -> dict[str, Links]:
        """What repeals or replaces what, by document id; read once, when first cited."""
        return links_of(ending_lines(document) for document in self._documents.values())

    def cite(self, row: int, span: Span, day: date) -> Citation:
        """Cite a span of the clause at ``row``; :param span: offsets into ``Clause.text``."""
        clause = self._clauses[row]
        document = self._documents[clause.doc_id]
        start = clause.span[0]
        state = validity(document, day, self._repealed_by(document.doc_id, day))
        return cite(document, clause, (start + span[0], start + span[1]), state)

    def parts(
        self, given: Iterable[Candidate], day: date
    ) -> tuple[tuple[Part, ...], frozenset[int]]:
        """The quotes of the candidates, completed, and the rows they are from."""
        slices: list[Slice] = []
        for candidate in given:
            slices += self._completer.complete(candidate.row, candidate.evidence.spans)
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

    def _repealed_by(self, doc_id: str, day: date) -> str | None:
        """Title of a document in force on the day that says this one is repealed."""
        links = self.links.get(doc_id)
        for other in links.repealed_by if links else ():
            document = self._documents[other]
            begins = document.effective_from or document.published
            if begins is None or begins <= day:
                return document.title
        return None


def ending_lines(document: Document) -> Document:
    """The document with only the lines that may end another: reading all takes 3 µs a character."""
    lines = [line for line in document.text.split("\n") if _ENDS.search(line)]
    return replace(document, text="\n".join(lines))


def _once(slices: Iterable[Slice]) -> list[Slice]:
    """The slices in order, without those that lie inside another one."""
    found = list(dict.fromkeys(slices))
    return [s for s in found if not any(s != other and _inside(s, other) for other in found)]


def _inside(inner: Slice, outer: Slice) -> bool:
    return (
        inner.row == outer.row and outer.span[0] <= inner.span[0] and inner.span[1] <= outer.span[1]
    )
