"""Question in, cited answer out: understand → retrieve → rank → select → decide → cite."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from corpus import Gazetteer
from corpus.types import Clause, Document
from index.policy_index import PolicyIndex
from index.synonyms import Synonyms
from qa import decide, leaning, messages
from qa.advice import other_area, related_message, warnings_for
from qa.asks import Ask, without_asks
from qa.citing import Citer
from qa.counterparts import Counterparts
from qa.editions import Choice, Editions
from qa.explain import explain
from qa.finding import CANDIDATES, Finder
from qa.places import others_named, readable
from qa.questions import MAX_QUESTIONS, Question, split_questions
from qa.reranking import Reranker
from qa.several import combine
from qa.stages import Candidate, Clock, Ranked
from qa.standing import Standing
from qa.types import Answer, Part, Rejected, Status, Trace
from qa.understand import Understood, immediate_reply

_TELLING = 1.5  # weight from which a concept can be a topic: talk weighs less
_NOT_GIVEN = (Status.RELATED_ONLY, Status.OFF_TOPIC)
_YEARS = re.compile(r"\d+年?|年度?")
# For a follow-up that only what came before connects with the documents; docs/adr/0004.
_CARRIED_BAR = 0.65
_OFF_TOPIC_LATER = 0.7  # probability from which a follow-up is off topic: few leave it in a chat
_OTHER_AREA_SLACK = 0.4  # a further area's part may be this much less certain than the best


class Engine(Finder):
    """Answers questions over one loaded index. Immutable apart from caches."""

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
        super().__init__(index, documents, clauses, gazetteer, synonyms, reranker)
        self.standing = Standing(documents)
        self._citer = Citer(documents, self._clauses, self._completer, self.standing)
        counterparts = Counterparts(self._clauses)
        self._editions = Editions(documents, self._clauses, self.standing, counterparts)

    def answer(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        area: str | None = None,
        as_of: date | None = None,
    ) -> Answer:
        """Answer one message; several questions in it are answered one by one.

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
        if not self._clauses or len(self._hidden) == len(self._documents):
            return Answer(Status.ERROR, messages.EMPTY_CORPUS)
        asked = split_questions(question, self._followups.topic)
        if len(asked) == 1:
            return self._answer_one(asked[0], history, area, today)
        answers: list[Answer] = []
        for one in asked[:MAX_QUESTIONS]:
            answers.append(self._answer_one(one, history, area, today))
            history = [*history, one.whole]
        return combine(asked, answers)

    def _answer_one(
        self, asked: Question, history: Sequence[str], area: str | None, today: date
    ) -> Answer:
        clock = Clock()
        read = self.read(asked.text, history, area, asked.story)
        clock.lap("understand")
        answer = self._answer_read(read, today, clock)
        if not history or answer.status not in _NOT_GIVEN:
            return answer
        joined = self.read(asked.text, history, area, asked.story, joined=True)
        if joined.question == read.question:
            return answer
        return self._leaning(joined, today, clock) or answer

    def _leaning(self, read: Understood, today: date, clock: Clock) -> Answer | None:
        """The answer to a follow-up read as a part of the question before it, if it fits that."""
        answer = self._answer_read(read, today, clock)
        if not answer.parts or answer.confidence < leaning.SURE:
            return None
        first = answer.parts[0]
        row = self.index.row_of[first.citation.clause_id]
        return answer if leaning.leans(self, read.own, row, first.quote) else None

    def _answer_read(self, read: Understood, today: date, clock: Clock) -> Answer:
        if read.places.uncovered is not None:
            return other_area(read, self.areas, clock.steps)
        if self.names_unknown_document(read):
            return Answer(Status.RELATED_ONLY, messages.NO_SUCH_DOCUMENT)
        if not read.context and self._names_nothing(read) and not self.named(read):
            places = readable(read.places.covered)
            form = messages.WHICH_TOPIC_OF if places else messages.WHICH_TOPIC
            return Answer(Status.CLARIFY, form.format(places=places))
        ranked = self.rank(read, clock)
        if not ranked.rows:
            return Answer(Status.OFF_TOPIC, messages.OFF_TOPIC, trace=Trace(steps_ms=clock.steps))
        return self._finish(read, ranked, today, clock)

    def _finish(self, read: Understood, ranked: Ranked, today: date, clock: Clock) -> Answer:
        """Choose evidence, decide, cite."""
        choice = Choice(self._editions, read.question, today, self._hidden)
        ranked, yielding = choice.settle(ranked, lambda: self.named(read), self._judged)
        candidates = self.candidates(ranked, read.skip)
        if not candidates:  # «还有别的吗», and there is nothing left
            return Answer(Status.RELATED_ONLY, messages.NO_MORE, resolved_question=read.resolved)
        clock.lap("select")
        given, rejected = self._decide(candidates, read, ranked)
        clock.lap("decide")
        parts, used = self._citer.parts(given, today)
        near = choice.beside([candidate.row for candidate in given], ranked)
        related = self._citer.related(near, used, today)
        clock.lap("cite")
        trace = explain(read, ranked, [*rejected, *yielding], self._clauses, clock.steps)
        if parts:
            best = max(candidate.confidence for candidate in given)
            said = self._lead(read, parts)
            told = warnings_for(parts, read, self._documents, choice.newer(parts))
            told += choice.older(parts, related)
            return Answer(Status.ANSWERED, said, parts, related, told, best, trace, read.resolved)
        sure = max(one.score for one in rejected)
        later = bool(read.resolved or read.context)
        away = _OFF_TOPIC_LATER if later else decide.OFF_TOPIC
        strayed = self._strays(read) or decide.off_topic(self.topic_values(ranked)) >= away
        if strayed and not decide.is_about_another(candidates[0].signals):
            return Answer(
                Status.OFF_TOPIC,
                messages.OFF_TOPIC,
                confidence=sure,
                trace=trace,
                resolved_question=read.resolved,
            )
        topical = bool(related) and self._topical(ranked, related[0].clause_id)
        said = related_message(related, read, self._documents, topical=topical)
        return Answer(Status.RELATED_ONLY, said, (), related, (), sure, trace, read.resolved)

    def _judged(self, ranked: Ranked, position: int) -> Candidate:
        return self.candidate(ranked, position, self.known_terms(ranked))

    def _topical(self, ranked: Ranked, clause_id: str) -> bool:
        """Whether a clause speaks of what a question begins with, its topic in Chinese."""
        query = ranked.query
        places = {c: query.text.find(c.word) for c in query.concepts if c.weight >= _TELLING}
        said = [concept for concept, place in places.items() if place >= 0]
        words = self.terms(self.index.row_of[clause_id]).everything
        return bool(said) and min(said, key=places.__getitem__).in_terms(words)

    def _names_nothing(self, read: Understood) -> bool:
        """Whether a question is a bare place, year or ask («远安县», «2025», «归谁管»)."""
        if read.places.covered and read.asks & {Ask.PHONE, Ask.PERSON}:
            return False  # «那鲤城的电话»: documents name one for enquiries
        left = without_asks(_YEARS.sub("", read.content))
        if self._followups.topic(read.content):
            return False
        return not self._index.tokenizer.terms(left)

    def _strays(self, read: Understood) -> bool:
        """Whether a follow-up itself speaks of something that stands in no document."""
        own = self._followups.topic(without_asks(read.own))
        return bool(read.resolved and own) and not self.speaks_of(read.own)

    def _lead(self, read: Understood, parts: Sequence[Part]) -> str:
        """The line above the quotes; an area that was named and says nothing is named."""
        areas = {part.citation.area for part in parts}
        said = messages.ANSWERED if len(areas) == 1 else messages.ANSWERED_AREAS
        if read.compares and len(areas) > 1:
            said = messages.ANSWERED_COMPARED
        named = read.places.exact
        silent = [area for area in named if area not in areas]
        if len(named) < 2 or not silent:
            return said
        return messages.ANSWERED_BUT.format(said=said, areas=readable(silent))

    def _elsewhere(self, candidate: Candidate, read: Understood) -> tuple[str, ...]:
        """Places that a quote is about instead of the county that was asked."""
        clause = self._clauses[candidate.row]
        quote = "\n".join(clause.text[a:b] for a, b in candidate.evidence.spans)
        area = self._index.passages[candidate.row].area
        return others_named(quote, read.places, area, self._places)

    def _doubtful(self, best: float, ranked: Ranked) -> bool:
        """Whether an unsure answer may be about something else altogether."""
        unsure = best < decide.SURE
        return unsure and decide.off_topic(self.topic_values(ranked)) >= decide.DOUBTFUL_TOPIC

    def _decide(
        self, candidates: Sequence[Candidate], read: Understood, ranked: Ranked
    ) -> tuple[list[Candidate], list[Rejected]]:
        """Keep the candidates that reach the bar.

        Areas that were not asked for by name must come near the best one.
        """
        best = max(candidate.confidence for candidate in candidates)
        together = len(read.places.exact) > 1 or read.compares
        bar = decide.BAR if together else max(decide.BAR, best - _OTHER_AREA_SLACK)
        if self._strays(read):
            bar = max(bar, _CARRIED_BAR)
        if bar < decide.SURE and self._doubtful(best, ranked):
            bar = decide.SURE
        given, rejected = [], []
        for candidate in candidates:
            clause = self._clauses[candidate.row]
            elsewhere = self._elsewhere(candidate, read)
            if candidate.named or (not elsewhere and decide.answers(candidate.signals, bar)):
                given.append(candidate)
            else:
                sure, why = candidate.confidence, decide.reason(candidate.signals, bar)
                if elsewhere:
                    sure, why = 0.0, f"这一句只写了{'、'.join(elsewhere)}，没有写所问的地方"
                rejected.append(Rejected(clause.clause_id, sure, why))
        if together:  # beside each other in a settled order; otherwise the best comes first
            order = {area: position for position, area in enumerate(("", *self.areas))}
            given.sort(key=lambda c: order[self._index.passages[c.row].area])
        return given, rejected


__all__ = ["CANDIDATES", "Engine"]
