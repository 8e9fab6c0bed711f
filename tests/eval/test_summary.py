"""From case scores to the numbers of a run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.measures import MEASURES
from eval.runs import Run
from eval.score import score_run
from eval.summary import GROUPINGS, by_group, confusion, judged, status_scores, summarise
from qa.types import Status


def test_every_measure_is_there_and_defined_cases_are_counted(run: Run) -> None:
    stats = summarise(score_run(run))
    assert list(stats) == list(MEASURES)
    assert stats["correct"].value == pytest.approx(1 / 3)
    assert stats["correct"].n == 3
    assert (stats["hit@1"].n, stats["hit@1"].undefined) == (4, 2)
    assert stats["refusal_recall"].value == 0.5  # t-4 answered, t-5 refused
    assert stats["refusal_precision"].value == 0.5  # refused: t-3 wrongly, t-5 rightly
    assert stats["false_refusal"].value == pytest.approx(1 / 3)
    assert stats["first_quote"].n == 2  # t-3 quoted nothing: left out, not 0


def test_undefined_is_none_and_never_zero(run: Run) -> None:
    only_unanswerable = [score for score in score_run(run) if not score.case.answerable]
    stat = summarise(only_unanswerable)["correct"]
    assert (stat.value, stat.n, stat.undefined, stat.interval) == (None, 0, 2, None)
    assert summarise([])["latency_p95"].value is None


@pytest.mark.parametrize(("count", "p50", "p95"), [(1, 1, 1), (20, 10, 19), (100, 50, 95)])
def test_latency_is_the_smallest_time_that_enough_answers_keep(
    run: Run, count: int, p50: float, p95: float
) -> None:
    score = score_run(run)[0]
    timed = [
        replace(score, prediction=replace(score.prediction, ms=float(ms)))
        for ms in range(1, count + 1)
    ]
    stats = summarise(timed, intervals=False)
    assert (stats["latency_p50"].value, stats["latency_p95"].value) == (p50, p95)


def test_answers_are_judged_and_searches_are_not(run: Run) -> None:
    assert judged(score_run(run)) == [(0.9, True), (0.6, False), (0.5, False)]


def test_groups_hold_every_case_once(run: Run) -> None:
    scores = score_run(run)
    for grouping in GROUPINGS:
        groups = by_group(scores, grouping)
        assert sum(len(members) for members in groups.values()) == len(scores)
    assert [len(members) for members in by_group(scores, "category").values()] == [3, 2, 1]


def test_confusion_and_status_scores(run: Run) -> None:
    scores = score_run(run)
    table = confusion(scores)
    assert table[Status.ANSWERED, Status.RELATED_ONLY] == 1
    assert sum(table.values()) == 5
    rows = {row.status: row for row in status_scores(scores)}
    answered = rows[Status.ANSWERED]
    assert (answered.given, answered.expected) == (3, 3)
    assert answered.precision == answered.recall == pytest.approx(2 / 3)
    assert rows[Status.RELATED_ONLY].precision == 0.0
