"""How sure a number is: bootstrap intervals and a paired randomisation test, both seeded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

RESAMPLES = 1000  # the ends of a 95 % interval then move by about a tenth of its width
PERMUTATIONS = 10_000
_EXACT_UP_TO = 13  # pairs: 2**13 sign patterns are fewer than PERMUTATIONS
_SEED = 20250601


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % percentile bootstrap interval over cases."""

    low: float
    high: float


def mean_interval(values: Sequence[float]) -> Interval | None:
    """Return the interval of a mean; None below two values.

    Cases are drawn with replacement. Questions about one clause are alike, so the true interval
    is a little wider.
    """
    import numpy as np

    if len(values) < 2:
        return None
    rng = np.random.default_rng(_SEED)
    data = np.asarray(values, dtype=np.float64)
    picks = rng.integers(0, len(data), size=(RESAMPLES, len(data)))
    low, high = np.percentile(data[picks].mean(axis=1), [2.5, 97.5])
    return Interval(float(low), float(high))


def bootstrap(
    items: Sequence[T], statistic: Callable[[Sequence[T]], float | None]
) -> Interval | None:
    """Return the interval of any statistic of a sample; None below two items.

    Resamples on which the statistic is undefined are left out.
    """
    import numpy as np

    if len(items) < 2:
        return None
    rng = np.random.default_rng(_SEED)
    values = []
    for _ in range(RESAMPLES):
        value = statistic([items[i] for i in rng.integers(0, len(items), size=len(items))])
        if value is not None:
            values.append(value)
    if not values:
        return None
    low, high = np.percentile(values, [2.5, 97.5])
    return Interval(float(low), float(high))


def paired_randomisation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Return the two-sided p value of the mean difference between paired scores.

    If both systems were the same, every difference could as well have the other sign. p is the
    share of sign patterns whose |mean difference| is at least the one seen: all patterns for few
    pairs, else 10,000 random ones with (1 + extreme)/(1 + drawn). Pairs without difference do
    not matter and are dropped; without any difference p is 1. None without pairs.

    :raises ValueError: lengths differ.
    """
    import numpy as np

    if len(first) != len(second):
        raise ValueError(f"{len(first)} and {len(second)} scores are not pairs")
    if not first:
        return None
    differences = np.asarray(second, dtype=np.float64) - np.asarray(first, dtype=np.float64)
    differences = differences[differences != 0]
    n = len(differences)
    if n == 0:
        return 1.0
    seen = abs(differences.sum()) - 1e-12  # sums of the same terms in another order
    if n <= _EXACT_UP_TO:
        patterns = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
        return float((np.abs((1 - 2 * patterns) @ differences) >= seen).mean())
    rng = np.random.default_rng(_SEED)
    signs = rng.choice(np.array([-1.0, 1.0]), size=(PERMUTATIONS, n))
    extreme = int((np.abs(signs @ differences) >= seen).sum())
    return (1 + extreme) / (1 + PERMUTATIONS)
