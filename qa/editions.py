"""Several editions of one document: which of them is quoted, and that the others are linked.

Works after the ranker, on what the documents say of themselves and of one another. A clause
yields to the clause of another edition that is about the same; where a later edition has no such
clause, the older one stays and is cited with its warnings. Whatever document it is from, a clause
in force comes before one that has ended where both answer about as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus.standing import printed
from corpus.types import Clause, Document
from qa import decide, messages
from qa.counterparts import Counterparts
from qa.stages import Candidate, Ranked
from qa.standing import Standing
from qa.types import Citation, Part, Rejected
from qa.wanted import asks_for

LIKE = 2.0  # ranker score: a clause in force this near one that has ended comes before it
_LIKE_SURE = 0.2  # and it must be as likely to answer, but for this much

Named = Callable[[], Collection[int]]
Judge = Callable[[Ranked, int], Candidate]


@dataclass(frozen=True, slots=True)
class Editions:
    """What a choice is made from: documents by id, clauses in row order, how they stand."""

    documents: Mapping[str, Document]
    clauses: Sequence[Clause]
    standing: Standing
    counterparts: Counterparts


class Choice:
    """The editions as one question sees them, on one day."""

    def __init__(
        self, editions: Editions, question: str, day: date, hidden: Collection[str] = ()
    ) -> None:
        """Take the question in search form.

        :param hidden: documents that are not answered from.
        """
        self._editions = editions
        self._standing = editions.standing
        self._question = question
        self._day = day
        self._hidden = hidden
        self._asked: dict[str, bool] = {}
        self._staying: dict[str, bool] = {}  # some forty rows of a few documents

    def settle(
        self, ranked: Ranked, named: Named, judge: Judge
    ) -> tuple[Ranked, tuple[Rejected, ...]]:
        """Let every clause stand in the edition that counts, and what is in force come first.

        :param named: gives the rows that the question names by number.
        :param judge: chooses and judges the evidence at a ranked position.
        :return: what is answered from, and what yielded to it.
        """
        settled, yielding = ranked, list[Rejected]()
        docs = dict.fromkeys(self._doc(row) for row in ranked.rows)
        if any(self._standing.editions(doc_id) for doc_id in docs):
            settled, yielding = self._collapsed(ranked, named())
        if not ranked.named and not all(self._stays(doc_id) for doc_id in docs):
            settled, ended = self._in_force_first(settled, judge)
            yielding += ended
        return settled, tuple(yielding)

    def beside(self, quoted: Sequence[int], ranked: Ranked) -> list[int]:
        """Rows to show beside the quotes: their other editions, newest first, then what is near."""
        found = [other for row in quoted for other in self._others(row)]
        by_area: dict[str, list[tuple[float, int]]] = defaultdict(list)
        for row, score in zip(ranked.rows, ranked.scores, strict=True):
            ended = not self._stays(self._doc(row))
            by_area[self._area(row)].append((ended * LIKE - score, row))
        # Each area keeps its places; inside it, what has ended comes after what is as near.
        near = {a: iter(sorted(rows, key=lambda r: r[0])) for a, rows in by_area.items()}
        found += [next(near[self._area(row)])[1] for row in ranked.rows]
        return list(dict.fromkeys(found))

    def newer(self, parts: Sequence[Part]) -> list[str]:
        """What is said of newer editions of the documents quoted, in force or to come."""
        said: list[str] = []
        for doc_id in dict.fromkeys(part.citation.doc_id for part in parts):
            newest = self._newest_begun(doc_id)
            if newest is not None:
                title, newer = self._called(doc_id, newest), self._called(newest, doc_id)
                said.append(messages.WARN_NEWER.format(title=title, newer=newer))
            said += [
                messages.WARN_COMING.format(newer=self._called(other, doc_id), day=printed(begins))
                for other, begins in self._coming(doc_id)
            ]
        return said

    def older(self, parts: Sequence[Part], related: Sequence[Citation]) -> tuple[str, ...]:
        """What is said of older editions of the documents quoted that stand beside them."""
        said: dict[str, None] = {}
        shown = dict.fromkeys(citation.doc_id for citation in related)
        for doc_id in dict.fromkeys(part.citation.doc_id for part in parts):
            older = [d for d in shown if doc_id in self._standing.later(d)]
            if older:
                names = "、".join(self._called(other, doc_id) for other in older)
                said[messages.WARN_OLDER.format(older=names)] = None
        return tuple(said)

    # --- one clause in several editions ---

    def _collapsed(self, ranked: Ranked, named: Collection[int]) -> tuple[Ranked, list[Rejected]]:
        kept: dict[int, float] = {}
        yielding: list[Rejected] = []
        named_docs = {self._doc(row) for row in named}
        for row, score in zip(ranked.rows, ranked.scores, strict=True):
            options = self._named_options(row, named_docs) if row in named else self._options(row)
            chosen = self._chosen(options)
            if chosen == self._doc(row) and not self._published(chosen) and self._known(chosen):
                continue  # nobody could know of it on that day
            if chosen == self._doc(row):
                kept.setdefault(row, score)
                continue
            if row not in named:  # «第十八条» is that of the edition that counts, which has its own
                kept.setdefault(options[chosen], score)
            why = messages.EDITION_YIELDS.format(title=self._called(chosen, self._doc(row)))
            yielding.append(Rejected(self._editions.clauses[row].clause_id, score, why))
        if not kept:
            return ranked, []
        asked_for = frozenset(row for row in ranked.named if row in kept)
        rows, scores = tuple(kept), tuple(kept.values())
        return replace(ranked, rows=rows, scores=scores, named=asked_for), yielding

    def _options(self, row: int) -> dict[str, int]:
        """The clause in every edition that has it, by document."""
        options = {self._doc(row): row}
        for other in self._known(self._doc(row)):
            there = self._editions.counterparts.find(row, other)
            if there is not None:
                options[other] = there
        return options

    def _named_options(self, row: int, docs: Collection[str]) -> dict[str, int]:
        own = self._doc(row)
        return {own: row} | {other: row for other in self._known(own) if other in docs}

    def _chosen(self, options: Collection[str]) -> str:
        asked = [doc_id for doc_id in options if self._is_asked(doc_id)] if len(options) > 1 else ()
        return self._standing.preferred(asked or options, self._day)

    def _others(self, row: int) -> Iterator[int]:
        """Rows of the same clause in the other editions, the newest first."""
        known = sorted(self._known(self._doc(row)), key=self._begins, reverse=True)
        for other in known:
            there = self._editions.counterparts.find(row, other)
            if there is not None:
                yield there

    def _known(self, doc_id: str) -> list[str]:
        """Other editions that were published by the day and are answered from."""
        others = self._standing.editions(doc_id)
        return sorted(d for d in others if d not in self._hidden and self._published(d))

    # --- in force before ended ---

    def _in_force_first(self, ranked: Ranked, judge: Judge) -> tuple[Ranked, list[Rejected]]:
        """Move a clause in force before the first of its area, where that has ended.

        Both must be near each other in rank, and the one in force must answer.
        """
        yielding: list[Rejected] = []
        for first, row in self._firsts(ranked):
            if self._stays(self._doc(row)):
                continue
            other = self._in_force_near(ranked, first)
            if other is None:
                continue
            ended, holding = judge(ranked, first), judge(ranked, other)
            near = holding.confidence >= ended.confidence - _LIKE_SURE
            if near and decide.answers(holding.signals):
                ranked = _moved(ranked, first, other, holding.signals["margin"])
                why = messages.OTHER_HOLDS
                clause_id = self._editions.clauses[row].clause_id
                yielding.append(Rejected(clause_id, ended.confidence, why))
        return ranked, yielding

    def _firsts(self, ranked: Ranked) -> list[tuple[int, int]]:
        """Position and row of the first clause of every area."""
        firsts: dict[str, tuple[int, int]] = {}
        for position, row in enumerate(ranked.rows):
            firsts.setdefault(self._area(row), (position, row))
        return list(firsts.values())

    def _in_force_near(self, ranked: Ranked, first: int) -> int | None:
        area = self._area(ranked.rows[first])
        for position in range(first + 1, len(ranked.rows)):
            if ranked.scores[first] - ranked.scores[position] > LIKE:
                return None
            row = ranked.rows[position]
            if self._area(row) == area and self._holds(self._doc(row)):
                return position
        return None

    # --- documents ---

    def _doc(self, row: int) -> str:
        return self._editions.clauses[row].doc_id

    def _area(self, row: int) -> str:
        return self._editions.documents[self._doc(row)].area

    def _begins(self, doc_id: str) -> date:
        return self._standing.begins(doc_id) or date.min

    def _holds(self, doc_id: str) -> bool:
        return self._standing.holds(doc_id, self._day, self._hidden)

    def _stays(self, doc_id: str) -> bool:
        """Whether nothing takes the place of a document: it holds, or is the one asked for."""
        if doc_id not in self._staying:
            self._staying[doc_id] = self._holds(doc_id) or self._is_asked(doc_id)
        return self._staying[doc_id]

    def _published(self, doc_id: str) -> bool:
        published = self._editions.documents[doc_id].published
        return self._standing.begun(doc_id, self._day) or bool(published and published <= self._day)

    def _newest_begun(self, doc_id: str) -> str | None:
        """The edition that replaces a document on the day."""
        links = self._standing.links.get(doc_id)
        next_ones = links.replaced_by if links else ()
        found = {later for other in next_ones for later in (other, *self._standing.later(other))}
        shown = found - {doc_id} - set(self._hidden)
        begun = [other for other in shown if self._standing.begun(other, self._day)]
        return self._standing.preferred(begun, self._day) if begun else None

    def _coming(self, doc_id: str) -> Iterator[tuple[str, date]]:
        """Later editions that are published and say from when they hold."""
        for other in sorted(self._standing.later(doc_id) - set(self._hidden)):
            begins = self._editions.documents[other].effective_from
            if begins and begins > self._day and self._published(other):
                yield other, begins

    def _called(self, doc_id: str, beside: str) -> str:
        """The title of a document, with what tells it from one of the same title."""
        document, other = (self._editions.documents[d] for d in (doc_id, beside))
        if document.title != other.title:
            return f"《{document.title}》"
        year = f"{document.published.year}年" if document.published else ""
        more = document.doc_number or year
        return f"《{document.title}》（{more}）" if more else f"《{document.title}》"

    def _is_asked(self, doc_id: str) -> bool:
        if doc_id not in self._asked:
            documents = self._editions.documents
            others = [documents[other] for other in self._standing.editions(doc_id)]
            self._asked[doc_id] = asks_for(self._question, documents[doc_id], others)
        return self._asked[doc_id]


def _moved(ranked: Ranked, to: int, position: int, margin: float) -> Ranked:
    """The ranking with one row moved up; it keeps its lead over the next that it was judged by."""
    rows, scores = list(ranked.rows), list(ranked.scores)
    row = rows.pop(position)
    scores.pop(position)
    rows.insert(to, row)
    scores.insert(to, scores[to] + max(0.0, margin))
    return replace(ranked, rows=tuple(rows), scores=tuple(scores))
