"""Bootstrap intervals and the randomisation test."""

from __future__ import annotations

import pytest

from eval.metrics import bootstrap, mean_interval, paired_randomisation


def test_interval_holds_the_mean_and_narrows_with_more_cases() -> None:
    few, many = mean_interval([0.0, 1.0] * 10), mean_interval([0.0, 1.0] * 200)
    assert few is not None
    assert many is not None
    assert few.low < 0.5 < few.high
    assert many.high - many.low < few.high - few.low
    # 400 fair coins: ±1.96·0.5/√400 = ±0.049
    assert (many.low, many.high) == pytest.approx((0.451, 0.549), abs=0.01)


def test_interval_is_the_same_every_time() -> None:
    assert mean_interval([0.1, 0.5, 0.9]) == mean_interval([0.1, 0.5, 0.9])


def test_interval_of_a_constant_is_a_point() -> None:
    interval = mean_interval([1.0] * 5)
    assert interval is not None
    assert (interval.low, interval.high) == (1.0, 1.0)


@pytest.mark.parametrize("values", [[], [1.0]])
def test_too_few_values_have_no_interval(values: list[float]) -> None:
    assert mean_interval(values) is None
    assert bootstrap(values, lambda items: sum(items)) is None


def test_bootstrap_leaves_out_undefined_resamples() -> None:
    def share_of_twos(items: object) -> float | None:
        chosen = [item for item in items if item]  # type: ignore[attr-defined]
        return sum(item == 2 for item in chosen) / len(chosen) if chosen else None

    interval = bootstrap([0, 1, 2], share_of_twos)
    assert interval is not None
    assert 0.0 <= interval.low <= interval.high <= 1.0
    assert bootstrap([0, 0], share_of_twos) is None


def test_randomisation_by_hand() -> None:
    """Three wins of the same size: of 8 sign patterns 2 are as extreme (+++ and −−−)."""
    assert paired_randomisation([0, 0, 0], [1, 1, 1]) == pytest.approx(2 / 8)


def test_pairs_without_difference_do_not_matter() -> None:
    first, second = [0.0, 0.0, 0.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0, 1.0]
    assert paired_randomisation(first, second) == pytest.approx(2 / 8)
    assert paired_randomisation(second, second) == 1.0


def test_many_pairs_come_close_to_the_exact_value() -> None:
    """16 wins and 4 losses: the sign test gives p = 0.0118."""
    first = [0.0] * 16 + [1.0] * 4
    second = [1.0] * 16 + [0.0] * 4
    assert paired_randomisation(first, second) == pytest.approx(0.0118, abs=0.004)


def test_unpaired_scores_are_refused() -> None:
    with pytest.raises(ValueError, match="not pairs"):
        paired_randomisation([1.0], [])
    assert paired_randomisation([], []) is None
