"""Training examples from evaluation cases: what the engine saw, and what was right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.fold import fold_text
from eval.golds import Golds
from eval.types import Case, Kind, Reason
from qa.engine import Engine
from qa.select import sentences_of, span_features
from qa.stages import Ranked
from qa.understand import Understood

Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RankExample:
    """Features of one question's candidates (n, features) and which of them are right."""

    group: str
    features: Matrix
    right: Flags


@dataclass(frozen=True, slots=True)
class SpanExample:
    """Features of the sentences of one right clause, and which state the asked facts."""

    group: str
    features: Matrix
    right: Flags


@dataclass(frozen=True, slots=True)
class AnswerExample:
    """Signals of the top candidate, whether it answers, and the topic values.

    ``unmet`` is what its clause lacks (`qa.unmet`); ``group_apart`` names the questions whose
    signals are another matter than on our own documents (empty for our own).
    """

    group: str
    signals: tuple[float, ...]
    right: bool
    topic: tuple[float, ...]
    off_topic: bool
    weight: float = 1.0
    unmet: frozenset[str] = frozenset()
    group_apart: str = ""


def group_of(case: Case) -> str:
    """What must stay on one side in cross-validation: the first gold or nearest clause."""
    named = case.gold or case.near
    return f"{named[0].doc}|{'/'.join(named[0].path)}" if named else case.id


def ranked_for(engine: Engine, case: Case) -> tuple[Understood, Ranked]:
    """Understand and rank one case as the engine would."""
    read = engine.read(case.question, case.history, case.area)
    return read, engine.rank(read)


def rank_examples(engine: Engine, golds: Golds, cases: Iterable[Case]) -> list[RankExample]:
    """One example for every answerable case with a right candidate."""
    examples = []
    for case in cases:
        if not case.answerable:
            continue
        _, ranked = ranked_for(engine, case)
        hits = golds.resolve(case).hits
        right = np.array([engine.clause_at(row).clause_id in hits for row in ranked.rows])
        if len(right) and right.any() and not right.all():
            features = engine.features(ranked)
            examples.append(RankExample(group_of(case), features, right))
    return examples


def span_examples(engine: Engine, golds: Golds, cases: Iterable[Case]) -> list[SpanExample]:
    """One example for every answerable case and every right clause that states its facts."""
    examples = []
    for case in cases:
        if not case.answerable or case.kind is Kind.SEARCH:
            continue
        _, ranked = ranked_for(engine, case)
        hits = golds.resolve(case).hits
        facts = [fold_text(fact) for fact in case.facts]
        for row in ranked.rows:
            if engine.clause_at(row).clause_id not in hits:
                continue
            passage, cosines, terms, heading = engine.reading(ranked, row)
            sentences = sentences_of(passage)
            folded = [fold_text(passage.text[a:b]) for a, b in sentences]
            counts = np.array([sum(fact in text for fact in facts) for text in folded])
            if len(counts) < 2 or counts.max() == 0 or counts.min() == counts.max():
                continue
            values = span_features(ranked.query, passage, sentences, cosines, terms, heading)
            examples.append(SpanExample(group_of(case), values, counts == counts.max()))
    return examples


def answer_examples(
    engine: Engine,
    golds: Golds,
    cases: Iterable[Case],
    *,
    apart: str = "",
    weight: float = 1.0,
) -> list[AnswerExample]:
    """One example for every case that is searched at all."""
    examples = []
    for case in cases:
        skipped = case.reason in (Reason.OTHER_AREA, Reason.PERSONAL_DATA)
        if case.kind is Kind.SEARCH or skipped:
            continue
        read, ranked = ranked_for(engine, case)
        if not ranked.rows or read.places.uncovered is not None:
            continue
        hits = golds.resolve(case).hits
        top = engine.candidate(ranked, 0, engine.known_terms(ranked))
        right = case.answerable and engine.clause_at(top.row).clause_id in hits
        off = case.reason is Reason.OFF_TOPIC
        topic = engine.topic_values(ranked)
        values, lacks = top.signals.values, top.signals.unmet
        examples.append(
            AnswerExample(group_of(case), values, right, topic, off, weight, lacks, apart)
        )
    return examples


def foreign_examples(
    engine: Engine, questions: Sequence[str], *, off_topic: bool, weight: float
) -> list[AnswerExample]:
    """Questions that these documents do not answer, from elsewhere, as negatives."""
    examples = []
    for number, question in enumerate(questions):
        ranked = engine.rank(engine.read(question))
        if not ranked.rows:
            continue
        top = engine.candidate(ranked, 0, engine.known_terms(ranked))
        topic = engine.topic_values(ranked)
        group = f"foreign-{number}"
        values, lacks = top.signals.values, top.signals.unmet
        examples.append(AnswerExample(group, values, False, topic, off_topic, weight, lacks))
    return examples


__all__ = [
    "AnswerExample",
    "RankExample",
    "SpanExample",
    "answer_examples",
    "foreign_examples",
    "rank_examples",
    "span_examples",
]
