"""Question in, cited answer out: understand → retrieve → rank → select → decide → cite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import log

import numpy as np

from corpus import Gazetteer, validity
from corpus.types import Clause, Document, Span
from index.policy_index import PolicyIndex
from index.synonyms import Synonyms
from index.types import Passage
from qa import decide, messages
from qa.advice import other_area, related_message, warnings_for
from qa.asks import Ask
from qa.features import FeatureMaker, Matrix
from qa.followup import FollowUps
from qa.places import PlaceFinder
from qa.query import Concept, Query, make_query
from qa.rank import rank_model
from qa.select import choose
from qa.stages import Candidate, Clock, Ranked
from qa.types import Answer, Citation, Part, Rejected, Status, Trace, cite
from qa.understand import Understood, immediate_reply, understand

CANDIDATES = 30  # hits taken from each leg
_RELATED = 3
_UNIT_MARGIN = 1.0  # ranker score; asked who, a clause this near that names units comes first
_RELATED_ROWS = 10  # ranked rows that are looked at to tell what is off topic
_TRACE_HITS = 10
_OTHER_AREA_SLACK = 0.2  # a further area's part may be this much less certain than the best


class Engine:
    """Answers questions over one loaded index. Immutable apart from caches."""

    def __init__(
        self,
        index: PolicyIndex,
        documents: Mapping[str, Document],
        clauses: Mapping[str, Clause],
        gazetteer: Gazetteer,
        synonyms: Synonyms,
    ) -> None:
        """Take a loaded index with the stored documents and clauses it was built from."""
        self._index = index
        self._documents = documents
        self._clauses = [clauses[passage.clause_id] for passage in index.passages]
        self._places = PlaceFinder(gazetteer, index.tokenizer)
        self._synonyms = synonyms
        self._followups = FollowUps(self._places, index.tokenizer)
        self.areas = tuple(dict.fromkeys(d.area for d in documents.values() if d.area))
        kinds = [documents[clause.doc_id].kind for clause in self._clauses]
        self._features = FeatureMaker(index, [c.role for c in self._clauses], kinds)

    def answer(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        area: str | None = None,
        as_of: date | None = None,
    ) -> Answer:
        """Answer one question.

        :param history: earlier user questions of the chat, oldest first.
        :param area: the area picker's choice, a division path.
        :param as_of: the day on which validity is judged, default today.
        """
        today = as_of or date.today()
        # Half a surrogate pair (a cut emoji) cannot be encoded; nothing after this needs it.
        question = question.encode("utf-8", "ignore").decode("utf-8")
        history = [turn.encode("utf-8", "ignore").decode("utf-8") for turn in history]
        reply = immediate_reply(question, history, self.areas)
        if reply is not None:
            return reply
        if not self._clauses:
            return Answer(Status.ERROR, messages.EMPTY_CORPUS)
        clock = Clock()
        read = understand(question, history, area, self.areas, self._places, self._followups)
        clock.lap("understand")
        if read.places.uncovered is not None:
            return other_area(read, self.areas, clock.steps)
        ranked = self.rank(read, clock)
        if not ranked.rows:
            return Answer(Status.OFF_TOPIC, messages.OFF_TOPIC, trace=Trace(steps_ms=clock.steps))
        return self._finish(read, ranked, today, clock)

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
        rows = np.array(found.rows, dtype=np.int64)
        if not len(rows):
            return Ranked((), (), found, query, read.placed)
        matrix = self._features.matrix(query, found, found.rows)
        scores = rank_model(dense=found.query is not None).scores(matrix)
        order = np.lexsort((rows, -scores))
        clock.lap("rank")
        return Ranked(
            tuple(int(rows[i]) for i in order),
            tuple(float(scores[i]) for i in order),
            found,
            query,
            read.placed,
        )

    def _query(self, read: Understood, context: str = "") -> Query:
        return make_query(
            read.question,
            read.content,
            read.asks,
            self._index.tokenizer,
            self._synonyms,
            self.idf,
            context,
        )

    def _known(self, concept: Concept) -> bool:
        """Whether a concept can stand in any document."""
        count = self._index.lexical.document_frequency
        return any(all(count(term) for term in terms) for terms in concept.alternatives)

    def read(
        self, question: str, history: Sequence[str] = (), area: str | None = None
    ) -> Understood:
        """Understand a question without answering it (for search and evaluation)."""
        return understand(question, history, area, self.areas, self._places, self._followups)

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

    def idf(self, term: str) -> float:
        """Inverse document frequency over passages (natural logarithm, never negative)."""
        count = self._index.lexical.document_frequency(term)
        return log(1.0 + (len(self._clauses) - count + 0.5) / (count + 0.5))

    def _docs_in(self, scope: tuple[str, ...] | None) -> frozenset[str] | None:
        """Ids of the documents that speak for the areas in ``scope`` (national ones always)."""
        if scope is None:
            return None
        return frozenset(
            doc_id for doc_id, d in self._documents.items() if not d.area or d.area in scope
        )

    def _finish(self, read: Understood, ranked: Ranked, today: date, clock: Clock) -> Answer:
        """Choose evidence, decide, cite."""
        candidates = self._candidates(ranked)
        clock.lap("select")
        given, rejected = self._decide(candidates)
        clock.lap("decide")
        parts, used = self._parts(given, today)
        related = self._related(ranked, used, today)
        clock.lap("cite")
        trace = self._trace(read, ranked, rejected, clock)
        if parts:
            best = max(candidate.confidence for candidate in given)
            areas = {part.citation.area for part in parts}
            said = messages.ANSWERED if len(areas) == 1 else messages.ANSWERED_AREAS
            said_warnings = warnings_for(parts, read.places, self._documents)
            return Answer(
                Status.ANSWERED, said, parts, related, said_warnings, best, trace, read.resolved
            )
        top = candidates[0]
        if decide.off_topic(self.topic_values(ranked)) >= decide.OFF_TOPIC:
            return Answer(
                Status.OFF_TOPIC,
                messages.OFF_TOPIC,
                confidence=top.confidence,
                trace=trace,
                resolved_question=read.resolved,
            )
        return Answer(
            Status.RELATED_ONLY,
            related_message(related),
            (),
            related,
            (),
            top.confidence,
            trace,
            read.resolved,
        )

    def _candidates(self, ranked: Ranked) -> list[Candidate]:
        """The best clause of each area with its evidence, best first."""
        known = self.known_terms(ranked)
        seen: dict[str, int] = {}
        for position, row in enumerate(ranked.rows):
            area = self._index.passages[row].area
            first = seen.setdefault(area, position)
            if first != position and self._yields(ranked, first, position):
                seen[area] = position
        return [self.candidate(ranked, position, known) for position in seen.values()]

    def _yields(self, ranked: Ranked, first: int, other: int) -> bool:
        """Whether, asked who, a clause without a unit list gives way to a near one with it."""
        return (
            Ask.UNIT in ranked.query.asks
            and not self._clauses[ranked.rows[first]].units
            and bool(self._clauses[ranked.rows[other]].units)
            and ranked.scores[first] - ranked.scores[other] <= _UNIT_MARGIN
        )

    def known_terms(self, ranked: Ranked) -> frozenset[str]:
        """Terms of the question that stand in any passage found."""
        known = (ranked.query.known(self._features.terms(row).everything) for row in ranked.rows)
        return frozenset[str]().union(*known)

    def candidate(self, ranked: Ranked, position: int, known: frozenset[str]) -> Candidate:
        """Choose the evidence of the clause at a ranked position and judge it."""
        row, score = ranked.rows[position], ranked.scores[position]
        clause, query = self._clauses[row], ranked.query
        terms = self._features.terms(row)
        passage, cosines, span_terms, heading = self.reading(ranked, row)
        dense = self._features.dense(ranked.found, [row]).get(row, (0.0, 0.0))[0]
        evidence = choose(query, clause, passage, cosines, span_terms, heading)
        quote = "\n".join(clause.text[a:b] for a, b in evidence.spans)
        later = zip(ranked.rows[position + 1 :], ranked.scores[position + 1 :], strict=True)
        area = passage.area
        following = next((s for r, s in later if self._index.passages[r].area == area), None)
        values = decide.signals(
            query,
            dense=dense,
            span=max(cosines, default=0.0),
            margin=score - following if following is not None else 8.0,
            clause_terms=terms.body,
            heading_terms=terms.heading,
            bigram=len(query.bigrams & terms.bigrams) / (len(query.bigrams) or 1),
            known=known,
            quote=quote,
            quote_terms=frozenset(self._index.tokenizer.terms(quote)),
            has_units=bool(clause.units),
        )
        return Candidate(row, score, evidence, values, decide.confidence(values))

    def _decide(self, candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[Rejected]]:
        """Keep the candidates that reach the bar; further areas must come near the best."""
        best = max(candidate.confidence for candidate in candidates)
        bar = max(decide.BAR, best - _OTHER_AREA_SLACK)
        given, rejected = [], []
        for candidate in candidates:
            if decide.answers(candidate.signals, bar):
                given.append(candidate)
            else:
                why = f"把握 {candidate.confidence:.2f}，低于 {bar:.2f}"
                clause = self._clauses[candidate.row]
                rejected.append(Rejected(clause.clause_id, candidate.confidence, why))
        order = {area: position for position, area in enumerate(("", *self.areas))}
        given.sort(key=lambda c: order[self._index.passages[c.row].area])
        return given, rejected

    def _parts(
        self, given: Sequence[Candidate], today: date
    ) -> tuple[tuple[Part, ...], frozenset[int]]:
        parts = []
        for candidate in given:
            for span in candidate.evidence.spans:
                citation = self._cite(candidate.row, span, today)
                parts.append(Part(citation.quote, citation))
        return tuple(parts), frozenset(candidate.row for candidate in given)

    def _cite(self, row: int, span: Span, today: date) -> Citation:
        clause = self._clauses[row]
        document = self._documents[clause.doc_id]
        start = clause.span[0]
        return cite(document, clause, (start + span[0], start + span[1]), validity(document, today))

    def _related(self, ranked: Ranked, used: frozenset[int], today: date) -> tuple[Citation, ...]:
        """The nearest clauses that were not quoted, whole."""
        rows = [row for row in ranked.rows if row not in used][:_RELATED]
        return tuple(self._cite(row, (0, len(self._clauses[row].text)), today) for row in rows)

    def _trace(
        self, read: Understood, ranked: Ranked, rejected: Sequence[Rejected], clock: Clock
    ) -> Trace:
        hits = zip(ranked.rows[:_TRACE_HITS], ranked.scores[:_TRACE_HITS], strict=True)
        lines = [f"问题：{read.question}"]
        if read.scope is not None:
            lines.append(f"地区：{'、'.join(read.scope)}")
        if read.asks:
            lines.append(f"想知道：{'、'.join(sorted(read.asks))}")
        lines += [f"{e.resident} → {' '.join(e.official)}" for e in ranked.query.expansions]
        return Trace(
            understood=tuple(lines),
            hits=tuple((self._clauses[row].clause_id, score) for row, score in hits),
            rejected=tuple(rejected),
            steps_ms=clock.steps,
        )
