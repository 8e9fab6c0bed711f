"""Fusing ranked lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

RRF_K = 60  # usual value of reciprocal rank fusion; ranks count from 1


def reciprocal_rank_fusion(
    rankings: Iterable[Sequence[int]], k: int = RRF_K
) -> list[tuple[int, float]]:
    """Fuse rankings of rows: the score of a row is the sum of ``1 / (k + rank)``.

    >>> reciprocal_rank_fusion([[7, 8], [8]], k=60)[0][0]
    8
    """
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking, start=1):
            scores[row] = scores.get(row, 0.0) + 1.0 / (k + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
