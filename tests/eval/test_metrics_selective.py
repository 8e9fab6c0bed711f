"""Risk and coverage, calibration."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import (
    area_under_risk_coverage,
    expected_calibration_error,
    reliability_bins,
    risk_coverage,
)

JUDGED = st.lists(
    st.tuples(st.floats(0, 1, allow_nan=False), st.booleans()), min_size=1, max_size=30
)


def test_curve_by_hand() -> None:
    """Four answers to five questions; two of equal confidence come in together."""
    answers = [(0.9, True), (0.7, False), (0.7, True), (0.2, False)]
    assert risk_coverage(answers, asked=5) == ((0.2, 0.0), (0.6, 1 / 3), (0.8, 0.5))


def test_area_by_hand() -> None:
    """Risks 0, 1/3, 1/3, 1/2 at the four answers; their mean is 7/24."""
    answers = [(0.9, True), (0.7, False), (0.7, True), (0.2, False)]
    assert area_under_risk_coverage(answers) == pytest.approx(7 / 24)


def test_good_confidence_beats_bad_confidence() -> None:
    good = [(0.9, True), (0.8, True), (0.1, False)]
    bad = [(0.9, False), (0.8, True), (0.1, True)]
    first, second = area_under_risk_coverage(good), area_under_risk_coverage(bad)
    assert first is not None
    assert second is not None
    assert first < second


@given(JUDGED)
def test_constant_confidence_gives_the_error_rate(answers: list[tuple[float, bool]]) -> None:
    flat = [(0.5, right) for _, right in answers]
    wrong = sum(not right for _, right in answers) / len(answers)
    assert area_under_risk_coverage(flat) == pytest.approx(wrong)


@given(JUDGED)
def test_order_of_answers_does_not_matter(answers: list[tuple[float, bool]]) -> None:
    assert area_under_risk_coverage(answers) == area_under_risk_coverage(answers[::-1])


def test_calibration_by_hand() -> None:
    """Bins 0.6–0.7 (0.65 against 1/2) and the last one (1.0 against 1): 2/3 · 0.15."""
    answers = [(0.64, True), (0.66, False), (1.0, True)]
    bins = reliability_bins(answers)
    assert [(b.low, b.count, b.accuracy) for b in bins] == [(0.6, 2, 0.5), (0.9, 1, 1.0)]
    assert expected_calibration_error(answers) == pytest.approx(2 / 3 * 0.15)


def test_no_answers_is_undefined() -> None:
    assert area_under_risk_coverage([]) is None
    assert expected_calibration_error([]) is None
    assert risk_coverage([], asked=3) == ()
