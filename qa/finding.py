"""From an understood question to ranked clauses and the evidence in the best of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import Self

from corpus import Gazetteer
from corpus.types import RESUMED, Clause, Document, Role
from index.policy_index import PolicyIndex
from index.synonyms import Synonyms
from index.types import Passage
from qa import decide
from qa.asks import Ask
from qa.complete import Completer
from qa.features import FeatureMaker, Matrix, PassageTerms
from qa.followup import FollowUps
from qa.lexis import Lexis
from qa.places import PlaceFinder
from qa.preference import Preference
from qa.query import Query
from qa.rank import rank_model, settled
from qa.reranking import Reranker, rerank
from qa.search.lookup import lookup, mention
from qa.select import choose, opening
from qa.stages import Candidate, Clock, Ranked
from qa.understand import Understood, understand
from qa.unmet import lacking
from qa.vocabulary import Spelling

CANDIDATES = 20  # hits taken from each leg
_ANOTHER_KIND = 1.0  # ranker score that a clause about another kind loses
_NAMED_LEAD = 10.0  # ranker score of a clause that is asked for by number over the best found
_NAMED_SURE = 0.99
_NUMBERED = frozenset({"条", "章", "节", "部分", "编", "篇"})  # units that stand for themselves
_RELATED_ROWS = 10  # ranked rows that are looked at to tell what is off topic


class Finder(Lexis):
    """Finds clauses over one loaded index and judges them. Immutable apart from caches."""

    def __init__(
        self,
        index: PolicyIndex,
        documents: Mapping[str, Document],
        clauses: Mapping[str, Clause],
        gazetteer: Gazetteer,
        synonyms: Synonyms,
        reranker: Reranker | None = None,
    ) -> None:
        """Take a loaded index with the stored documents and clauses it was built from."""
        self._index, self._reranker = index, reranker
        self._documents = documents
        self._hidden: frozenset[str] = frozenset()
        self._gazetteer = gazetteer
        self._clauses = [clauses[passage.clause_id] for passage in index.passages]
        self.areas = tuple(dict.fromkeys(d.area for d in documents.values() if d.area))
        self._places = PlaceFinder(gazetteer, index.tokenizer, self.areas)
        self._spelling = Spelling(index, self.areas, gazetteer, synonyms)
        self._synonyms = synonyms
        self._followups = FollowUps(self._places, index.tokenizer)
        kinds = [documents[clause.doc_id].kind for clause in self._clauses]
        self._completer = Completer(self._clauses)
        self._row_of = {clause.clause_id: row for row, clause in enumerate(self._clauses)}
        self._features = FeatureMaker(index, [_weighed_as(c) for c in self._clauses], kinds)
        self._preference = Preference(self._features, self._completer, self._clauses)
        # What it was loaded with: whoever searches beside it finds in the same state of things.
        self.index, self.documents, self.clauses = index, documents, clauses
        self.synonyms = synonyms

    def read(
        self,
        question: str,
        history: Sequence[str] = (),
        area: str | None = None,
        story: str = "",
        *,
        joined: bool = False,
    ) -> Understood:
        """Understand a question without answering it (for search and evaluation).

        :param joined: read a follow-up as a part of the earlier question.
        """
        spelt, turns = self._spelling.correct(question), map(self._spelling.correct, history)
        read = understand(
            spelt.text,
            [turn.text for turn in turns],
            area,
            self.areas,
            self._places,
            self._followups,
            story,
            joined=joined,
        )
        return replace(read, changes=spelt.changes)

    def rank(self, read: Understood, clock: Clock | None = None) -> Ranked:
        """Retrieve and rank the clauses for an understood question."""
        clock = clock or Clock()
        query = self._query(read, read.context)
        if read.context and not any(self._known(concept) for concept in self._query(read).concepts):
            query = self._query(read)  # nothing of its own in the documents: no leaning either
        docs = self._docs_in(read.scope)
        found = self._index.retrieve(
            query.text, query.terms, context=query.context, docs=docs, limit=CANDIDATES
        )
        clock.lap("retrieve")
        if not found.rows:
            return Ranked((), (), found, query, read.placed)
        matrix = self._features.matrix(query, found, found.rows)
        dense = found.query is not None
        scores = rank_model(dense=dense).scores(matrix)
        scores -= [_ANOTHER_KIND * self._features.another_kind(query, row) for row in found.rows]
        order = settled(query, found.rows, scores, self._features.terms, dense=dense)
        ranked = tuple(found.rows[i] for i in order)
        values = tuple(float(scores[i]) for i in order)
        named = self.named(read)
        if named:
            others = [(row, v) for row, v in zip(ranked, values, strict=True) if row not in named]
            ranked = (*named, *(row for row, _ in others))
            values = (*[values[0] + _NAMED_LEAD] * len(named), *(v for _, v in others))
        clock.lap("rank")
        asked_for = frozenset(named) if named and self._only_names(read) else frozenset[int]()
        result = Ranked(ranked, values, found, query, read.placed, asked_for)
        if self._reranker is not None:
            result = rerank(result, self._index.passages, self._reranker, first=len(named))
            clock.lap("rerank")
        return result

    def _only_names(self, read: Understood) -> bool:
        """Whether a question names a clause and asks nothing of it: nothing has to be judged."""
        return mention(read.question, ()).bare or mention(read.content, ()).says_no_more

    def names_unknown_document(self, read: Understood) -> bool:
        """Whether a question gives a 文号 that no stored document has."""
        return mention(read.question, self._shown()).docs == ()

    def named(self, read: Understood) -> tuple[int, ...]:
        """Rows of the clauses that a question names by 文号 and number, the best fitting first."""
        docs = self._docs_in(read.scope)
        chosen = [d for d in self._documents.values() if docs is None or d.doc_id in docs]
        said = mention(read.question, chosen)
        if said.bare and said.docs is None and not any(p.unit in _NUMBERED for p in said.pieces):
            return ()  # «⑴⑵⑶» names nothing
        ids = lookup(read.question, chosen, self._clauses)
        return tuple(self._row_of[clause_id] for clause_id in ids[:CANDIDATES])

    def terms(self, row: int) -> PassageTerms:
        """The words of an index row."""
        return self._features.terms(row)

    def another_kind(self, query: Query, row: int) -> bool:
        """Whether an index row speaks of another kind than the one asked; see `qa.kinds`."""
        return self._features.another_kind(query, row)

    def _docs_in(self, scope: tuple[str, ...] | None) -> frozenset[str] | None:
        """Ids of the documents that speak for the areas in ``scope`` (national ones always)."""
        if scope is None and not self._hidden:
            return None
        return frozenset(
            doc_id
            for doc_id, d in self._documents.items()
            if doc_id not in self._hidden and (scope is None or not d.area or d.area in scope)
        )

    def _shown(self) -> Iterator[Document]:
        return (d for doc_id, d in self._documents.items() if doc_id not in self._hidden)

    @property
    def hidden(self) -> frozenset[str]:
        """Ids of documents of the index that are not answered from."""
        return self._hidden

    def without(self, doc_ids: Collection[str]) -> Self:
        """The same engine that does not know some of its documents: withdrawn, not yet built."""
        other = copy(self)
        other._hidden = frozenset(doc_ids) & self._documents.keys()
        other.areas = tuple(dict.fromkeys(d.area for d in other._shown() if d.area))
        if other.areas != self.areas:
            other._places = PlaceFinder(self._gazetteer, self._index.tokenizer, other.areas)
            other._followups = FollowUps(other._places, self._index.tokenizer)
        return other

    def features(self, ranked: Ranked) -> Matrix:
        """Ranking features of the ranked rows, in ranked order (for training)."""
        return self._features.matrix(ranked.query, ranked.found, ranked.rows)

    def reading(
        self, ranked: Ranked, row: int
    ) -> tuple[Passage, list[float], tuple[frozenset[str], ...], frozenset[str]]:
        """What span selection needs of a row: passage, span cosines, span and heading terms."""
        terms = self._features.terms(row)
        cosines: list[float] = []
        if self._index.dense is not None and ranked.found.query is not None:
            cosines = self._index.span_scores(ranked.found.query, row)
        return self._index.passages[row], cosines, terms.spans, terms.heading

    def topic_values(self, ranked: Ranked) -> tuple[float, ...]:
        """What tells whether the documents have anything to do with the question."""
        best, cover = 0.0, 0.0
        query = ranked.query
        total = sum(concept.weight for concept in query.concepts) or 1.0
        for row in ranked.rows[:_RELATED_ROWS]:
            hit = ranked.found.dense.get(row)
            best = max(best, hit.score if hit else 0.0)
            terms = self._features.terms(row)
            cover = max(cover, query.coverage(terms.everything) / total)
        known = self.known_terms(ranked)
        return decide.topic_values(query, best, cover, known, place=ranked.placed)

    def clause_at(self, row: int) -> Clause:
        """The clause of an index row."""
        return self._clauses[row]

    def known_terms(self, ranked: Ranked) -> frozenset[str]:
        """Terms of the question that stand in any passage found."""
        known = (ranked.query.known(self._features.terms(row).everything) for row in ranked.rows)
        return frozenset[str]().union(*known)

    def candidates(self, ranked: Ranked, skip: int = 0) -> list[Candidate]:
        """The best clause of each area with its evidence, best first.

        :param skip: clauses of each area that are passed over: they were shown before.
        """
        known = self.known_terms(ranked)
        seen: dict[str, int] = {}
        passed: dict[str, int] = {}
        for position, row in enumerate(ranked.rows):
            if ranked.named and row not in ranked.named:
                continue
            area = self._index.passages[row].area
            passed[area] = passed.get(area, 0) + 1
            if passed[area] <= skip:
                continue
            first = seen.setdefault(area, position)
            if first == position or ranked.moved is not None:
                continue  # a cross-encoder alone decides the order; docs/adr/0003
            if self._preference.yields(ranked, first, position):
                seen[area] = position
        return [self.candidate(ranked, position, known) for position in seen.values()]

    def candidate(self, ranked: Ranked, position: int, known: frozenset[str]) -> Candidate:
        """Choose the evidence of the clause at a ranked position and judge it."""
        row, score = ranked.rows[position], ranked.scores[position]
        clause, query = self._clauses[row], ranked.query
        terms = self._features.terms(row)
        passage, cosines, span_terms, heading = self.reading(ranked, row)
        dense = self._features.dense(ranked.found, [row]).get(row, (0.0, 0.0))[0]
        asked_for = row in ranked.named
        evidence = (
            opening(clause, passage)
            if asked_for
            else choose(query, clause, passage, cosines, span_terms, heading)
        )
        shown = [clause.text[a:b] for a, b in evidence.spans]
        quote = "\n".join([self._completer.announcement(row), *shown]).lstrip()
        units = self._completer.unit_row(row)
        later = zip(ranked.rows[position + 1 :], ranked.scores[position + 1 :], strict=True)
        area = passage.area
        # The best of them, not the next: a cross-encoder may have put a worse one before it.
        behind = [s for r, s in later if self._index.passages[r].area == area]
        values = decide.signals(
            query,
            dense=dense,
            span=max(cosines, default=0.0),
            margin=max(0.0, score - max(behind)) if behind else 8.0,
            clause_terms=terms.body,
            heading_terms=terms.heading,
            bigram=len(query.bigrams & terms.bigrams) / (len(query.bigrams) or 1),
            known=known,
            quote=quote,
            quote_terms=frozenset(self._index.tokenizer.terms(quote)),
            has_units=units is not None,
            unmet=lacking(query, terms, quote, passage.heading),
            above=passage.heading,
        )
        asked_units = units if Ask.UNIT in query.asks else None
        if self._features.another_kind(query, row):
            values = decide.about_another(values)
        sure = _NAMED_SURE if asked_for else decide.confidence(values)
        return Candidate(row, score, evidence, values, sure, asked_units, asked_for)


def _weighed_as(clause: Clause) -> Role:
    """The role that ranking sees: words of a section after its items are no mere lead-in."""
    return Role.CLAUSE if clause.clause_id.endswith(RESUMED) else clause.role
