"""Two runs side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.compare import change_line, compare_runs, comparison_json
from eval.runs import Run
from qa.types import Status


@pytest.fixture
def better(run: Run) -> Run:
    """Return the same run with t-4 rightly refused and t-1 wrongly refused."""
    refused = {"status": Status.RELATED_ONLY, "quotes": ()}
    predictions = list(run.predictions)
    predictions[3] = replace(predictions[3], **refused)  # type: ignore[arg-type]
    predictions[0] = replace(predictions[0], **refused)  # type: ignore[arg-type]
    return replace(run, predictions=tuple(predictions))


def test_gained_and_lost(run: Run, better: Run) -> None:
    comparison = compare_runs(run, better)
    assert [y.case.id for _, y in comparison.gained] == ["t-4"]
    assert [y.case.id for _, y in comparison.lost] == ["t-1"]
    assert comparison.notes == ()
    (line,) = (change_line(x, y) for x, y in comparison.lost)
    assert line.startswith("t-1  租房能落户吗  [答对 → 误拒]")


def test_differences(run: Run, better: Run) -> None:
    rows = {row.name: row for row in compare_runs(run, better).differences}
    assert (rows["refusal_recall"].a, rows["refusal_recall"].b) == (0.5, 1.0)
    assert rows["refusal_recall"].better
    assert rows["false_refusal"].better is False
    assert rows["hit@1"].better is None
    assert rows["hit@1"].p == 1.0
    assert "latency_p50" not in rows


def test_only_shared_cases_are_compared_and_that_is_said(run: Run) -> None:
    half = replace(run, cases=run.cases[:3], predictions=run.predictions[:3])
    comparison = compare_runs(run, half)
    assert comparison.notes == ("只比较两边都有的 3 题（A 6，B 3）",)
    assert {row.n for row in comparison.differences if row.name == "correct"} == {3}


def test_other_corpus_and_edited_case_are_said(run: Run) -> None:
    edited = replace(run.cases[0], facts=("落户",))
    other = replace(
        run,
        config=replace(run.config, corpus_digest="x", model="m"),
        cases=(edited, *run.cases[1:]),
    )
    notes = compare_runs(run, other).notes
    assert any("1 题的内容" in note for note in notes)
    assert any("语料不同" in note for note in notes)
    assert any("向量模型不同" in note for note in notes)


def test_json_form(run: Run, better: Run) -> None:
    record = comparison_json(compare_runs(run, better))
    assert record["gained"][0]["id"] == "t-4"
    assert record["measures"]["refusal_recall"]["difference"] == 0.5
