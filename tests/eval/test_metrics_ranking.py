"""Ranking metrics: by hand, and against ir-measures."""

from __future__ import annotations

import random
from math import log2

import pytest

from eval.metrics import graded_ndcg_at, hit_at, ndcg_at, recall_at, reciprocal_rank

RANKING = ["c", "a", "x", "b"]


def test_by_hand() -> None:
    """Golds a and b stand at ranks 2 and 4; d is not found at all."""
    golds = {"a", "b", "d"}
    assert [hit_at(RANKING, golds, k) for k in (1, 2, 5)] == [0.0, 1.0, 1.0]
    assert [recall_at(RANKING, golds, k) for k in (1, 2, 5)] == [0.0, 1 / 3, 2 / 3]
    assert reciprocal_rank(RANKING, golds) == 1 / 2
    found = 1 / log2(3) + 1 / log2(5)
    best = 1 / log2(2) + 1 / log2(3) + 1 / log2(4)
    assert ndcg_at(RANKING, golds) == pytest.approx(found / best)


def test_ranks_beyond_k_do_not_count() -> None:
    assert reciprocal_rank(RANKING, {"b"}, k=3) == 0.0
    assert ndcg_at(RANKING, {"b"}, k=3) == 0.0


def test_best_ndcg_is_cut_at_k() -> None:
    """With three golds and k = 2 a perfect ranking shows two of them and scores 1."""
    assert ndcg_at(["a", "b"], {"a", "b", "c"}, k=2) == pytest.approx(1.0)


def test_nothing_found_is_zero_and_nothing_to_find_is_undefined() -> None:
    assert (hit_at([], {"a"}, 5), reciprocal_rank([], {"a"}), ndcg_at([], {"a"})) == (0, 0, 0)
    assert hit_at(RANKING, set(), 5) is None
    assert recall_at(RANKING, set(), 5) is None
    assert reciprocal_rank(RANKING, set()) is None
    assert ndcg_at(RANKING, set()) is None


def test_equal_to_ir_measures_on_200_random_rankings() -> None:
    measures = pytest.importorskip("ir_measures", reason="oracle; pip install ir-measures")
    rng = random.Random(4)
    items = [f"d{i}" for i in range(30)]
    wanted = {
        "S@1": measures.Success @ 1,
        "S@5": measures.Success @ 5,
        "R@5": measures.R @ 5,
        "R@10": measures.R @ 10,
        "RR@10": measures.RR @ 10,
        "nDCG@10": measures.nDCG @ 10,
    }
    for _ in range(200):
        ranking = rng.sample(items, rng.randint(1, 25))
        golds = set(rng.sample(items, rng.randint(1, 6)))
        qrels = [measures.Qrel("q", item, 1) for item in golds]
        run = [measures.ScoredDoc("q", item, -i) for i, item in enumerate(ranking)]
        oracle = measures.calc_aggregate(wanted.values(), qrels, run)
        mine = {
            "S@1": hit_at(ranking, golds, 1),
            "S@5": hit_at(ranking, golds, 5),
            "R@5": recall_at(ranking, golds, 5),
            "R@10": recall_at(ranking, golds, 10),
            "RR@10": reciprocal_rank(ranking, golds, 10),
            "nDCG@10": ndcg_at(ranking, golds, 10),
        }
        assert mine == pytest.approx({name: oracle[wanted[name]] for name in wanted})


def test_graded_gains_equal_ir_measures() -> None:
    measures = pytest.importorskip("ir_measures", reason="oracle; pip install ir-measures")
    rng = random.Random(5)
    items = [f"d{i}" for i in range(20)]
    for _ in range(50):
        ranking = rng.sample(items, rng.randint(1, 20))
        gains = {item: float(rng.randint(0, 3)) for item in rng.sample(items, 6)}
        qrels = [measures.Qrel("q", item, int(gain)) for item, gain in gains.items()]
        run = [measures.ScoredDoc("q", item, -i) for i, item in enumerate(ranking)]
        mine = graded_ndcg_at(ranking, gains)
        if any(gains.values()):
            oracle = measures.calc_aggregate([measures.nDCG @ 10], qrels, run)
            assert mine == pytest.approx(oracle[measures.nDCG @ 10])
        else:
            assert mine is None
