"""Asking the engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from eval.golds import Golds
from eval.predict import predict
from eval.session import Plan, run_cases
from eval.types import Case
from qa.types import Answer, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.types import Part
    from tests.eval.conftest import FakeEngine


def test_history_and_area_reach_the_engine(engine: FakeEngine, cases: tuple[Case, ...]) -> None:
    case = replace(cases[1], area="青溪市")
    predict(engine, [case])
    assert engine.asked == [("谁管这事", ("青溪落户",), "青溪市")]


def test_prediction_keeps_what_came(engine: FakeEngine, cases: tuple[Case, ...]) -> None:
    (prediction,) = predict(engine, cases[:1])
    assert prediction.status is Status.ANSWERED
    assert prediction.confidence == 0.9
    assert [quote.text for quote in prediction.quotes] == ["租房的人也能落户。"]
    assert prediction.quotes[0].faithful
    assert prediction.ranking[0] == ("g-2.1", 3.0)
    assert any(line.startswith("排序 1：青溪政发〔2030〕8号 二（一）") for line in prediction.trace)
    assert prediction.ms > 0


def test_quote_that_is_not_in_the_stored_document_is_seen(
    engine: FakeEngine, cases: tuple[Case, ...], quote: Callable[[str, str], Part]
) -> None:
    """The citation is checked against the store, whatever the engine says of it."""
    part = quote("g-2.1", "租房的人也能落户。")
    moved = replace(part, citation=replace(part.citation, span=(0, 9)))
    engine.answers = {cases[0].question: Answer(Status.ANSWERED, "", (moved,))}
    (prediction,) = predict(engine, cases[:1])
    assert not prediction.quotes[0].faithful


def test_failure_of_the_engine_is_a_result(engine: FakeEngine, cases: tuple[Case, ...]) -> None:
    engine.answers = {cases[0].question: RuntimeError("index gone")}
    first, second = predict(engine, cases[:2])
    assert first.status is Status.ERROR
    assert first.message == "RuntimeError: index gone"
    assert second.status is Status.OFF_TOPIC


def test_search_is_not_answered(engine: FakeEngine, cases: tuple[Case, ...]) -> None:
    (prediction,) = predict(engine, cases[5:])
    assert engine.asked == []
    assert prediction.ranking == (("g-2.2", 1.0),)


def test_run_says_what_it_was_made_of(engine: FakeEngine, cases: tuple[Case, ...]) -> None:
    seen: list[None] = []
    plan = Plan("digests", "dev", cases, date(2031, 1, 1))
    run = run_cases(engine, plan, lambda: seen.append(None))
    assert len(seen) == len(cases)
    config = run.config
    assert (config.cases, config.documents, config.clauses) == (6, 2, 6)
    assert config.as_of == "2031-01-01"
    assert config.model is None
    assert config.label.startswith("digests-")
    assert run.names["g-2.1"] == Golds(engine.store).describe("g-2.1")
