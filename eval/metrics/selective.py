"""Answering selectively: what confidence is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Judged = tuple[float, bool]  # (confidence 0–1, whether the answer was right)


def risk_coverage(answers: Sequence[Judged], asked: int) -> tuple[tuple[float, float], ...]:
    """Return the points (coverage, risk) of accepting only the most confident answers.

    With the i most confident answers accepted: coverage = i/asked, risk = wrong among them / i.
    Equal confidences are accepted together (no threshold can part them). Questions that were
    refused have no answer to judge: they lower coverage, and the curve ends where they begin.

    >>> risk_coverage([(0.9, True), (0.5, False)], asked=4)
    ((0.25, 0.0), (0.5, 0.5))
    """
    ordered = sorted(answers, key=lambda answer: -answer[0])
    points = []
    wrong = 0
    for count, (confidence, right) in enumerate(ordered, start=1):
        wrong += not right
        if count == len(ordered) or ordered[count][0] != confidence:
            points.append((count / asked, wrong / count))
    return tuple(points)


def area_under_risk_coverage(answers: Sequence[Judged]) -> float | None:
    """Return AURC: the mean over answers of the risk at the coverage that lets each one in.

    0 is best; ordering at random gives the error rate. Of equal confidences each counts with the
    risk of the whole group. None without answers.

    >>> area_under_risk_coverage([(0.9, True), (0.5, False)])
    0.25
    """
    if not answers:
        return None
    points = risk_coverage(answers, len(answers))
    area = previous = 0.0
    for coverage, risk in points:
        area += risk * (coverage - previous)
        previous = coverage
    return area


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of like confidence: [low, high), the last one closed."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def reliability_bins(answers: Sequence[Judged], bins: int = 10) -> tuple[Bin, ...]:
    """Sort answers into equal-width bins of confidence; empty bins are left out.

    :return: mean confidence and share right of each bin, in ascending order.
    """
    groups: dict[int, list[Judged]] = {}
    for confidence, right in answers:
        groups.setdefault(min(int(confidence * bins), bins - 1), []).append((confidence, right))
    return tuple(
        Bin(
            low=number / bins,
            high=(number + 1) / bins,
            count=len(group),
            confidence=sum(confidence for confidence, _ in group) / len(group),
            accuracy=sum(right for _, right in group) / len(group),
        )
        for number, group in sorted(groups.items())
    )


def expected_calibration_error(answers: Sequence[Judged], bins: int = 10) -> float | None:
    """Return ECE: Σ over bins of count/n · |accuracy − mean confidence|; None without answers.

    >>> round(expected_calibration_error([(0.8, True), (0.8, False)]), 3)
    0.3
    """
    if not answers:
        return None
    gaps = (group.count * abs(group.accuracy - group.confidence)
            for group in reliability_bins(answers, bins))  # fmt: skip
    return sum(gaps) / len(answers)
