"""The gate holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from eval.errors import EvalError
from eval.gate import (
    TOLERANCE,
    Baseline,
    Floor,
    Pin,
    check,
    pin_of,
    read_baseline,
    update,
    write_baseline,
)
from eval.runs import Run
from eval.score import score_run
from eval.summary import summarise
from qa.types import Status


@pytest.fixture
def pin(run: Run) -> Pin:
    return pin_of(run.config, summarise(score_run(run)))


def _failed(pin: Pin, run: Run) -> set[str]:
    checks = check(pin, run.config, summarise(score_run(run)))
    return {entry.name for entry in checks if not entry.ok}


def test_same_run_passes(pin: Pin, run: Run) -> None:
    assert _failed(pin, run) == set()


def test_broken_ranking_fails(pin: Pin, run: Run) -> None:
    """Every ranking turned round, every first quote from another clause."""
    broken = tuple(
        replace(
            p,
            ranking=(("x", 9.0), *p.ranking),
            quotes=tuple(replace(quote, clause_id="x") for quote in p.quotes),
        )
        for p in run.predictions
    )
    failed = _failed(pin, replace(run, predictions=broken))
    assert {"hit@1", "mrr", "correct", "first_quote"} <= failed
    assert "fidelity" not in failed


def test_one_unfaithful_quote_fails_without_tolerance(pin: Pin, run: Run) -> None:
    first = run.predictions[0]
    forged = replace(first, quotes=(replace(first.quotes[0], faithful=False),))
    assert "fidelity" in _failed(pin, replace(run, predictions=(forged, *run.predictions[1:])))


def test_more_false_refusals_fail(pin: Pin, run: Run) -> None:
    refused = replace(run.predictions[0], status=Status.OFF_TOPIC, quotes=())
    failed = _failed(pin, replace(run, predictions=(refused, *run.predictions[1:])))
    assert {"false_refusal", "correct"} <= failed


@pytest.mark.parametrize("field", ["cases_digest", "corpus_digest", "model"])
def test_other_cases_corpus_or_model_fail(pin: Pin, run: Run, field: str) -> None:
    changed = replace(run, config=replace(run.config, **{field: "other"}))  # type: ignore[arg-type]
    assert len(_failed(pin, changed)) == 1


def test_fewer_cases_that_define_a_measure_fail(pin: Pin, run: Run) -> None:
    """A clause that the parser no longer finds would otherwise leave the mean as it was."""
    first = run.predictions[0]
    lost = replace(first, resolved=replace(first.resolved, targets=()))
    stats = summarise(score_run(replace(run, predictions=(lost, *run.predictions[1:]))))
    entry = next(e for e in check(pin, run.config, stats) if e.name == "hit@1")
    assert not entry.ok
    assert "从 4 道减到 3 道" in entry.why


def test_baseline_round_trip(tmp_path: Path, pin: Pin) -> None:
    baseline = Baseline({"digests": pin}, ({"date": "2031-01-01", "reason": "r"},))
    write_baseline(baseline, tmp_path / "b.json")
    assert read_baseline(tmp_path / "b.json") == baseline
    assert read_baseline(tmp_path / "none.json") == Baseline()


def test_damaged_baseline_is_said(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text("{}", encoding="utf-8")
    with pytest.raises(EvalError, match="无法读取"):
        read_baseline(tmp_path / "b.json")


def _pin(value: float, name: str = "hit@1") -> Pin:
    return Pin("c", "d", None, "2031-01-01", {name: Floor(value, 10)})


def test_update_refuses_to_lower_without_a_reason() -> None:
    old = Baseline({"digests": _pin(0.9)})
    with pytest.raises(EvalError, match=r"hit@1 0\.9000 → 0\.8000"):
        update(old, "digests", _pin(0.8), None)


def test_update_lowers_with_a_reason_and_keeps_it() -> None:
    old = Baseline({"digests": _pin(0.9)})
    new = update(old, "digests", _pin(0.8), "题目更难了", date(2031, 2, 3))
    assert new.pins["digests"].floors["hit@1"].value == 0.8
    (entry,) = new.history
    assert (entry["date"], entry["reason"]) == ("2031-02-03", "题目更难了")


def test_noise_cannot_walk_a_floor_down() -> None:
    baseline = Baseline({"digests": _pin(0.9)})
    for step in range(1, 4):
        low = _pin(0.9 - TOLERANCE * 0.9)
        baseline = update(baseline, "digests", low, None)
        assert baseline.pins["digests"].floors["hit@1"].value == 0.9, step


def test_update_raises_floors_and_lowers_ceilings() -> None:
    up = update(Baseline({"d": _pin(0.8)}), "d", _pin(0.9), None)
    assert up.pins["d"].floors["hit@1"].value == 0.9
    refusals = Baseline({"d": _pin(0.2, "false_refusal")})
    down = update(refusals, "d", _pin(0.1, "false_refusal"), None)
    assert down.pins["d"].floors["false_refusal"].value == 0.1
    with pytest.raises(EvalError):
        update(refusals, "d", _pin(0.3, "false_refusal"), None)


def test_dropping_a_measure_counts_as_lowering() -> None:
    old = Baseline({"d": _pin(0.8)})
    with pytest.raises(EvalError, match="无"):
        update(old, "d", replace(_pin(0.8), floors={}), None)
