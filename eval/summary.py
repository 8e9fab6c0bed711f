"""From case scores to the numbers of a run: overall, by group, by status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from eval.labels import ASK_LABELS, KIND_LABELS, REASON_LABELS, STYLE_LABELS
from eval.measures import MEASURES
from eval.metrics import (
    Interval,
    area_under_risk_coverage,
    bootstrap,
    expected_calibration_error,
    mean_interval,
)
from eval.score import CaseScore
from eval.types import Kind, Reason
from qa.types import Status

Judged = tuple[float, bool]


@dataclass(frozen=True, slots=True)
class Stat:
    """One measure over some cases.

    ``value`` is None when no case defines it; ``n`` cases define it, ``undefined`` do not.
    """

    value: float | None
    n: int
    undefined: int
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class StatusScore:
    """How well one refusing status is given: precision and recall with their counts."""

    status: Status
    precision: float | None
    recall: float | None
    given: int
    expected: int


Stats = Mapping[str, Stat]
GROUPINGS: Mapping[str, tuple[str, Callable[[CaseScore], str]]] = {
    "category": ("类别", lambda score: score.case.category),
    "style": ("说法", lambda score: STYLE_LABELS[score.case.style]),
    "ask": ("问法", lambda score: ASK_LABELS[score.case.ask]),
    "area": ("地区", lambda score: score.prediction.resolved.area or "（无）"),
    "kind": ("题型", lambda score: KIND_LABELS[score.case.kind]),
    "reason": ("能否回答", lambda score: _reason(score.case.reason)),
}


def summarise(scores: Sequence[CaseScore], *, intervals: bool = True) -> Stats:
    """Return every measure over ``scores``, in the order of `MEASURES`."""
    special = {
        "aurc": _sample(scores, area_under_risk_coverage, intervals),
        "ece": _sample(scores, expected_calibration_error, intervals),
        "latency_p50": _latency(scores, 0.5),
        "latency_p95": _latency(scores, 0.95),
    }
    return {
        name: special[name] if name in special else _mean(scores, name, intervals)
        for name in MEASURES
    }


def by_group(scores: Iterable[CaseScore], grouping: str) -> dict[str, tuple[CaseScore, ...]]:
    """Sort scores into groups, the largest first."""
    key = GROUPINGS[grouping][1]
    groups: dict[str, list[CaseScore]] = {}
    for score in scores:
        groups.setdefault(key(score), []).append(score)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return {name: tuple(members) for name, members in ordered}


def judged(scores: Iterable[CaseScore]) -> list[Judged]:
    """Return (confidence, right) of every case that was answered with quotes."""
    return [
        (score.prediction.confidence, score.right) for score in scores if score.prediction.quotes
    ]


def asked(scores: Iterable[CaseScore]) -> int:
    """Count the questions (searches are none)."""
    return sum(score.case.kind is not Kind.SEARCH for score in scores)


def confusion(scores: Iterable[CaseScore]) -> Counter[tuple[Status, Status]]:
    """Count (expected status, given status) over questions."""
    return Counter(
        (score.case.status, score.prediction.status)
        for score in scores
        if score.case.kind is not Kind.SEARCH
    )


def status_scores(scores: Iterable[CaseScore]) -> tuple[StatusScore, ...]:
    """Return precision and recall of each status that occurs, `Status` order."""
    table = confusion(scores)
    rows = []
    for status in Status:
        expected = sum(count for (want, _), count in table.items() if want is status)
        given = sum(count for (_, got), count in table.items() if got is status)
        right = table[status, status]
        if expected or given:
            precision = right / given if given else None
            recall = right / expected if expected else None
            rows.append(StatusScore(status, precision, recall, given, expected))
    return tuple(rows)


def _reason(reason: Reason | None) -> str:
    return "可回答" if reason is None else f"不可：{REASON_LABELS[reason]}"


def _mean(scores: Sequence[CaseScore], name: str, intervals: bool) -> Stat:
    values = [value for score in scores if (value := score.values.get(name)) is not None]
    if not values:
        return Stat(None, 0, len(scores))
    interval = mean_interval(values) if intervals else None
    return Stat(sum(values) / len(values), len(values), len(scores) - len(values), interval)


def _sample(
    scores: Sequence[CaseScore],
    statistic: Callable[[Sequence[Judged]], float | None],
    intervals: bool,
) -> Stat:
    answers = judged(scores)
    interval = bootstrap(answers, statistic) if intervals else None
    return Stat(statistic(answers), len(answers), len(scores) - len(answers), interval)


def _latency(scores: Sequence[CaseScore], share: float) -> Stat:
    """Return a latency quantile: the smallest time that ``share`` of the answers stay within."""
    times = sorted(s.prediction.ms for s in scores if s.case.kind is not Kind.SEARCH)
    if not times:
        return Stat(None, 0, len(scores))
    rank = max(0, -int(-share * len(times) // 1) - 1)  # ceil(share · n), counted from 0
    return Stat(times[rank], len(times), len(scores) - len(times))
