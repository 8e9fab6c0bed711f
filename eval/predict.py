"""Put every case to the engine once and keep what it did."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import date

from eval.engine import Engine
from eval.golds import Golds
from eval.types import Case, Kind, Prediction, Quote
from qa.types import Answer, Part, Status

DEPTH = 10  # ranks kept: every ranking metric here is cut at 10 or before
_REJECTED_SHOWN = 8


def predict(
    engine: Engine,
    cases: Iterable[Case],
    *,
    as_of: date | None = None,
    done: Callable[[], None] = lambda: None,
) -> tuple[Prediction, ...]:
    """Answer the cases in order.

    An exception inside the engine becomes a prediction of status ``error``: one bad question
    must not cost the run, and it must not go unseen either.

    :param done: called after each case.
    """
    golds = Golds(engine.store)
    predictions = []
    for case in cases:
        predictions.append(_predict_one(engine, golds, case, as_of))
        done()
    return tuple(predictions)


def warm_up(engine: Engine) -> None:
    """Answer once unmeasured: the first question loads models and dictionaries."""
    engine.answer("居住证怎么办理？")


def _predict_one(engine: Engine, golds: Golds, case: Case, as_of: date | None) -> Prediction:
    resolved = golds.resolve(case)
    start = time.perf_counter()
    try:
        if case.kind is Kind.SEARCH:
            ranking = engine.search(case.question, limit=DEPTH, area=case.area)
            status = Status.ANSWERED if ranking else Status.RELATED_ONLY
            return Prediction(
                case.id, status, 0.0, _ms_since(start), resolved, ranking=tuple(ranking)
            )
        answer = engine.answer(case.question, history=case.history, area=case.area, as_of=as_of)
        ms = _ms_since(start)
        read_as = answer.resolved_question or case.question
        ranking = engine.search(read_as, limit=DEPTH, area=case.area)
    except Exception as error:  # any failure is a result here
        message = f"{type(error).__name__}: {error}"
        return Prediction(case.id, Status.ERROR, 0.0, _ms_since(start), resolved, message=message)
    return Prediction(
        case_id=case.id,
        status=answer.status,
        confidence=answer.confidence,
        ms=ms,
        resolved=resolved,
        quotes=tuple(_quote(part, golds) for part in answer.parts),
        related=tuple(citation.clause_id for citation in answer.related),
        ranking=tuple((clause_id, float(score)) for clause_id, score in ranking),
        message=answer.message,
        warnings=answer.warnings,
        read_as=answer.resolved_question,
        trace=_trace(answer, golds),
        steps_ms=dict(answer.trace.steps_ms),
    )


def _ms_since(start: float) -> float:
    return (time.perf_counter() - start) * 1000


def _quote(part: Part, golds: Golds) -> Quote:
    """Copy a part; whether it is a slice of its document is checked here, not believed."""
    citation = part.citation
    faithful = part.quote == citation.quote and golds.faithful(
        citation.doc_id, citation.span, part.quote
    )
    return Quote(citation.clause_id, citation.doc_id, citation.span, part.quote, faithful)


def _trace(answer: Answer, golds: Golds) -> tuple[str, ...]:
    """Lines that tell a person how the answer came about."""
    trace = answer.trace
    lines = [f"理解：{line}" for line in trace.understood]
    lines += [
        f"排序 {rank}：{golds.describe(clause_id)}（{score:.3f}）"
        for rank, (clause_id, score) in enumerate(trace.hits[:DEPTH], start=1)
    ]
    lines += [
        f"未采用：{golds.describe(rejected.clause_id)}（{rejected.score:.3f}）{rejected.reason}"
        for rejected in trace.rejected[:_REJECTED_SHOWN]
    ]
    return tuple(lines)
