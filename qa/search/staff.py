"""Staff search over one loaded index: query in, one page of clauses with exact counts out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log
from typing import TYPE_CHECKING

import tantivy

from corpus.types import Clause, Document
from index.matching import Matcher
from index.policy_index import PolicyIndex
from index.querying import Field, Node, QueryError, Words, parse
from index.querying.nodes import leaves
from index.synonyms import Synonyms
from index.tokens import search_form
from qa.features import FeatureMaker
from qa.query import make_query
from qa.search import wording
from qa.search.facets import DOCUMENT_FILTERS, document_facets, unit_facet
from qa.search.lookup import lookup
from qa.search.ranking import Ranker
from qa.search.reading import Reader, Reading
from qa.search.shelf import Docs, Shelf
from qa.search.snippet import snippet
from qa.search.types import Facets, Filters, Hit, How, Request, Results, Sort
from qa.standing import Standing
from qa.understand import Understood

if TYPE_CHECKING:
    from qa.service import Service

_FIELD_OF = {"document": "doc"}  # filters that the query language calls otherwise


@dataclass(frozen=True, slots=True)
class _Plan:
    """One request made ready: conditions without, with unit, and with all filters."""

    node: Node | None
    reader: Reader
    asked: tantivy.Query
    with_unit: tantivy.Query
    condition: tantivy.Query
    chosen: Mapping[str, Docs]
    named: tuple[int, ...]
    day: date


@dataclass(frozen=True, slots=True)
class _Found:
    row: int
    score: float
    how: How


class StaffSearch:
    """Searches one snapshot. Immutable apart from caches; safe to share between threads."""

    def __init__(
        self,
        index: PolicyIndex,
        documents: Iterable[Document],
        clauses: Mapping[str, Clause],
        understand: Callable[[str], Understood],
        synonyms: Synonyms,
        hidden: frozenset[str] = frozenset(),
        standing: Standing | None = None,
    ) -> None:
        """Take a loaded index with the documents and clauses it was built from.

        :param understand: reads free words as a question is read (places, what it asks for).
        :param hidden: documents that are not to be found, though the index has them.
        :param standing: how the documents stand to one another, where that is read already.
        """
        self._index = index
        self._clauses = [clauses[passage.clause_id] for passage in index.passages]
        self._understand = understand
        self._synonyms = synonyms
        self.shelf = Shelf(documents, standing)
        self._shown = frozenset(self.shelf.documents) - hidden if hidden else None
        self._matcher = Matcher(index.lexical, index.passages, index.tokenizer)
        kinds = [self.shelf.documents[clause.doc_id].kind for clause in self._clauses]
        features = FeatureMaker(index, [clause.role for clause in self._clauses], kinds)
        self._ranker = Ranker(index, self._matcher, features)

    @classmethod
    def over(cls, service: Service) -> StaffSearch:
        """The search over what a service has loaded now; make a new one when it reloads."""
        engine = service.engine
        return cls(
            engine.index,
            engine.documents.values(),
            engine.clauses,
            engine.read,
            engine.synonyms,
            engine.hidden,
            engine.standing,
        )

    def search(self, request: Request) -> Results:
        """Find, count, order and cut out one page.

        :raises QueryError: where the query cannot be read, with the place.
        :raises FilterError: where a filter cannot.
        """
        plan = self._plan(request)
        matched = self._matcher.per_document(plan.with_unit)
        counts = {d: n for d, n in matched.items() if all(d in c for c in plan.chosen.values())}
        total = sum(counts.values())
        found, notes = self._page(request, plan, counts, total)
        needles = plan.reader.needles(plan.node) if plan.node is not None else {}
        hits = tuple(self._hit(one, plan.day, needles) for one in found)
        facets = self._facets(plan, matched) if request.facets else {}
        return Results(total, hits, facets, (*self._notes(request, plan), *notes))

    # --- conditions ---

    def _plan(self, request: Request) -> _Plan:
        match, day = self._matcher, request.as_of or date.today()
        reader = Reader(request.query, match, self.shelf, self._read, self._synonyms, day)
        node = self._parsed(request)
        asked = match.everything() if node is None else reader.condition(node)
        named = self._named(request.query)
        if named:
            asked = match.either(asked, match.at_rows(named))
        if self._shown is not None:
            asked = match.all_of(asked, match.in_docs(self._shown))
        filters = request.filters
        chosen = self._chosen(filters, day)
        unit = [] if filters.unit is None else [match.with_unit(filters.unit)]
        with_unit = match.all_of(asked, *unit)
        documents = [match.in_docs(docs) for docs in chosen.values()]
        condition = match.all_of(with_unit, *documents)
        return _Plan(node, reader, asked, with_unit, condition, chosen, named, day)

    def _parsed(self, request: Request) -> Node | None:
        """The tree; None (everything) for a blank query with filters, or where that is wanted.

        A reference is no query: its brackets and dots need not be one either.
        """
        if not request.query.strip() and (request.everything or request.filters.some):
            return None
        try:
            return parse(request.query)
        except QueryError:
            if self._named(request.query):
                return Words(request.query)
            raise

    def _named(self, query: str) -> tuple[int, ...]:
        """Rows of the clauses that the query names by 文号 and number, best first."""
        row_of = self._index.row_of
        found = lookup(query, self.shelf.documents.values(), self._clauses)
        return tuple(row_of[clause_id] for clause_id in found)

    def _chosen(self, filters: Filters, day: date) -> dict[str, Docs]:
        values = {name: getattr(filters, name) for name in DOCUMENT_FILTERS}
        return {
            name: self.shelf.select(_FIELD_OF.get(name, name), value, day)
            for name, value in values.items()
            if value
        }

    def _read(self, text: str) -> Reading:
        read = self._understand(text)
        query = make_query(
            read.question,
            read.content,
            read.asks,
            self._index.tokenizer,
            self._synonyms,
            self._idf,
        )
        return Reading(query, read.question, read.content, read.scope, read.places.uncovered)

    def _idf(self, term: str) -> float:
        """Inverse document frequency over passages, as the engine has it."""
        count = self._index.lexical.document_frequency(term)
        return log(1.0 + (len(self._clauses) - count + 0.5) / (count + 0.5))

    # --- one page ---

    def _page(
        self, request: Request, plan: _Plan, counts: Mapping[str, int], total: int
    ) -> tuple[Sequence[_Found], tuple[str, ...]]:
        end = total if request.limit is None else min(total, request.offset + request.limit)
        if not total:
            near = self._near(request, plan)
            return near, ((wording.NEAR,) if near else ())
        if request.offset >= end:
            return (), ()
        if request.sort is Sort.CORPUS:
            rows = self._matcher.rows(plan.condition, end - request.offset, request.offset)
            return [_Found(row, 0.0, How.WORDS) for row in rows], ()
        if request.sort is Sort.DATE:
            return self._by_date(plan, counts, request.offset, end), ()
        return self._by_relevance(plan, total, end)[request.offset :], ()

    def _by_relevance(self, plan: _Plan, total: int, end: int) -> list[_Found]:
        """First what is named by number, then what the ranker knows, then the rest by BM25."""
        held = self._matcher.among(plan.named, plan.condition) if plan.named else set()
        found = [_Found(row, 1.0, How.LABEL) for row in plan.named if row in held]
        text = "" if plan.node is None else plan.reader.ranking_text(plan.node)
        terms: Mapping[str, float] = {}
        if text:
            terms = plan.reader.reading(text).query.terms
            best = self._best(plan, text, total)
            found += [_Found(row, s, How.RANKED) for row, s in best if row not in held]
        if len(found) < end:
            seen = [one.row for one in found]
            rest = self._ranker.rest(terms, plan.condition, seen, end - len(found))
            found += [_Found(row, score, How.WORDS) for row, score in rest]
        return found[:end]

    def _best(self, plan: _Plan, text: str, total: int) -> list[tuple[int, float]]:
        """Free words rank as a question does; other queries among what they find."""
        reading = plan.reader.reading(text)
        if not isinstance(plan.node, Words):
            return self._ranker.best(reading.query, plan.condition, total)
        chosen = list(plan.chosen.values())
        if reading.scope is not None:
            chosen.append(self.shelf.of_areas(reading.scope))
        docs = frozenset.intersection(*chosen) if chosen else None
        return self._ranker.asked(reading.query, plan.condition, docs)

    def _by_date(
        self, plan: _Plan, counts: Mapping[str, int], offset: int, end: int
    ) -> list[_Found]:
        """Newest document first, undated ones last; inside a document in its own order.

        The counts tell which documents the page falls into, so only those are asked for rows.
        """
        documents = self.shelf.documents
        ordered = sorted(counts, key=lambda d: (-_day_number(documents[d]), self.shelf.order[d]))
        passed, skip = 0, 0
        chosen: list[str] = []
        for doc_id in ordered:
            if passed + counts[doc_id] > offset and passed < end:
                skip = skip if chosen else offset - passed
                chosen.append(doc_id)
            passed += counts[doc_id]
        rows = self._matcher.rows(
            self._matcher.all_of(plan.condition, self._matcher.in_docs(chosen))
        )
        place = {doc_id: position for position, doc_id in enumerate(chosen)}
        rows.sort(key=lambda row: (place[self._clauses[row].doc_id], row))
        return [_Found(row, 0.0, How.WORDS) for row in rows[skip : skip + end - offset]]

    def _near(self, request: Request, plan: _Plan) -> list[_Found]:
        """What is near in meaning, where free words stand in no clause under these filters."""
        node = plan.node
        if not isinstance(node, Words) or request.offset:
            return []
        match = self._matcher
        reading = plan.reader.reading(node.text)
        docs = [match.in_docs(docs) for docs in plan.chosen.values()]
        if self._shown is not None:
            docs.append(match.in_docs(self._shown))
        if reading.scope is not None:
            docs.append(match.in_docs(self.shelf.of_areas(reading.scope)))
        if request.filters.unit is not None:
            docs.append(match.with_unit(request.filters.unit))
        condition = match.all_of(*docs)
        total = sum(match.per_document(condition).values())
        near = self._ranker.near(reading.query, condition, total)
        limit = len(near) if request.limit is None else request.limit
        return [_Found(row, score, How.NEAR) for row, score in near[:limit]]

    def _hit(self, found: _Found, day: date, needles: Mapping[str, float]) -> Hit:
        clause = self._clauses[found.row]
        return Hit(
            self.shelf.documents[clause.doc_id],
            clause,
            self.shelf.states(day)[clause.doc_id],
            found.score,
            found.how,
            snippet(clause.text, needles),
        )

    def _facets(self, plan: _Plan, matched: Mapping[str, int]) -> Facets:
        facets = document_facets(self.shelf, matched, plan.chosen, plan.day)
        documents = [self._matcher.in_docs(docs) for docs in plan.chosen.values()]
        units = self._matcher.per_unit(self._matcher.all_of(plan.asked, *documents))
        return {**facets, "unit": unit_facet(units)}

    def _notes(self, request: Request, plan: _Plan) -> tuple[str, ...]:
        """What the searcher should know: places without documents, a spelling that was mended."""
        names = [request.filters.area] if request.filters.area else []
        spelt = []
        for leaf in leaves(plan.node, negated=False) if plan.node is not None else ():
            if isinstance(leaf, Field) and leaf.name == "area":
                names.append(leaf.value)
            elif isinstance(leaf, Words):
                reading = plan.reader.reading(leaf.text)
                if reading.text != search_form(leaf.text):
                    spelt.append(wording.respelt(reading.text))
                if reading.uncovered:
                    names.append(reading.uncovered)
        missing = [name for name in names if name and not self.shelf.areas_named(name)]
        return (*(wording.no_area(name, self.shelf.areas) for name in missing), *spelt)


def _day_number(document: Document) -> int:
    return document.published.toordinal() if document.published else 0
