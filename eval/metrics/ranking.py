"""Ranking metrics over clause ids, best first. Ranks count from 1; higher is better.

``golds`` are the relevant ids. Without any, nothing can be found and every metric is None
(undefined). A ranking shorter than k is scored as it is: what is missing is not relevant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import log2


def hit_at(ranking: Sequence[str], golds: Collection[str], k: int) -> float | None:
    """Return 1 when a gold stands within the first ``k`` ranks, else 0.

    Also called Success@k; some papers call this Recall@k, which here is `recall_at`.

    >>> hit_at(["a", "b", "c"], {"c"}, 2), hit_at(["a", "b", "c"], {"c"}, 3)
    (0.0, 1.0)
    """
    if not golds:
        return None
    return float(any(item in golds for item in ranking[:k]))


def recall_at(ranking: Sequence[str], golds: Collection[str], k: int) -> float | None:
    """Return the share of golds within the first ``k`` ranks: |ranking[:k] ∩ golds| / |golds|.

    >>> recall_at(["a", "b", "c"], {"a", "c"}, 2)
    0.5
    """
    if not golds:
        return None
    return len(set(ranking[:k]) & set(golds)) / len(set(golds))


def reciprocal_rank(ranking: Sequence[str], golds: Collection[str], k: int = 10) -> float | None:
    """Return 1/rank of the first gold, 0 when there is none within ``k``; the mean is MRR@k.

    >>> reciprocal_rank(["a", "b"], {"b"})
    0.5
    """
    if not golds:
        return None
    ranks = (rank for rank, item in enumerate(ranking[:k], start=1) if item in golds)
    return next((1.0 / rank for rank in ranks), 0.0)


def ndcg_at(ranking: Sequence[str], golds: Collection[str], k: int = 10) -> float | None:
    """Return nDCG@k with gains 1 and 0: Σ 1/log2(rank+1) over gold ranks / the best such sum.

    The best sum puts min(k, |golds|) golds first. With several equally right golds a ranking
    that finds only one of them stays below 1, unlike in `hit_at`.

    >>> ndcg_at(["a", "b"], {"b"}) == 1 / log2(3)
    True
    """
    return graded_ndcg_at(ranking, dict.fromkeys(golds, 1.0), k)


def graded_ndcg_at(ranking: Sequence[str], gains: Mapping[str, float], k: int = 10) -> float | None:
    """Return nDCG@k with the given gains, taken as they are (linear, as in trec_eval).

    Some papers take 2^gain - 1 instead, which differs where gains beyond 1 occur.

    >>> graded_ndcg_at(["a", "b"], {"a": 2.0, "b": 1.0})
    1.0
    """
    ideal = sorted((gain for gain in gains.values() if gain > 0), reverse=True)[:k]
    if not ideal:
        return None
    found = (gains.get(item, 0.0) for item in ranking[:k])
    return _discounted(found) / _discounted(ideal)


def _discounted(gains: Iterable[float]) -> float:
    """Sum gains over ranks: Σ gain/log2(rank + 1)."""
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, start=1))
