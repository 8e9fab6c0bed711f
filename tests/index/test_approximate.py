"""The inverted file beside exact search: what it finds, and what it says of what it finds."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index import approximate, dense
from index.approximate import Tuning, exact_rows, list_count, probe_queries
from index.dense import DenseIndex, finish, owners

DIM, PASSAGES, SPANS = 32, 3_000, 9_000
Vectors = NDArray[np.float32]


def _vectors(spread: float = 0.6) -> NDArray[np.float32]:
    """Vectors in clusters, as texts lie: 40 topics and ``spread`` around them."""
    rng = np.random.default_rng(3)
    topics = rng.normal(size=(40, DIM))
    rows = topics[rng.integers(0, 40, PASSAGES + SPANS)]
    rows = rows + spread * rng.normal(size=rows.shape)
    unit: NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype("f4")
    return unit


@pytest.fixture(scope="module")
def owner() -> np.ndarray:
    return owners(PASSAGES, np.sort(np.random.default_rng(4).integers(0, PASSAGES, SPANS)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, owner: np.ndarray) -> Path:
    """Return a folder with an inverted file that is good enough."""
    folder = tmp_path_factory.mktemp("dense")
    np.save(folder / "vectors.npy", _vectors())
    tuning = finish(folder, owner, PASSAGES, limit=1_000)
    assert tuning is not None
    assert tuning.good
    return folder


@pytest.fixture
def loaded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> DenseIndex:
    """Open the folder as if so many vectors were too many for an exact pass."""
    monkeypatch.setattr(dense, "EXACT_LIMIT", 1_000)
    return DenseIndex.load(folder)


def _brute(vectors: Vectors, owner: np.ndarray, query: Vectors) -> dict[int, float]:
    best = np.full(PASSAGES, -2.0)
    np.maximum.at(best, owner, vectors @ query)
    return dict(enumerate(best.tolist()))


def test_what_is_found_has_the_scores_of_brute_force(loaded: DenseIndex, owner: np.ndarray) -> None:
    """The inverted file may miss a passage; what it gives is scored and ordered exactly."""
    vectors = _vectors()
    assert not loaded.exact
    for query in probe_queries(vectors, 20):
        best = _brute(vectors, owner, query)
        hits = loaded.search(query, 30)
        assert len(hits) == 30
        for hit in hits:
            assert hit.score == pytest.approx(best[hit.row], abs=1e-5)
            assert hit.clause_score == pytest.approx(float(vectors[hit.row] @ query), abs=1e-5)
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize("share", [1.0, 0.6, 0.3, 0.02])
def test_recall_holds_for_questions_it_was_not_tuned_on(
    loaded: DenseIndex, owner: np.ndarray, share: float
) -> None:
    """Unfiltered, half the documents, a few: nothing outside the filter comes back."""
    vectors, rng = _vectors(), np.random.default_rng(5)
    rows = np.flatnonzero(rng.random(PASSAGES) < share).astype(np.int64)
    queries = vectors[rng.integers(0, len(vectors), 60)] + 0.1 * rng.normal(size=(60, DIM))
    queries = (queries / np.linalg.norm(queries, axis=1, keepdims=True)).astype(np.float32)
    shares = []
    for query in queries:
        best = _brute(vectors, owner, query)
        expected = set(sorted(rows.tolist(), key=lambda row: -best[row])[:30])
        found = {hit.row for hit in loaded.search(query, 30, None if share == 1.0 else rows)}
        assert found <= set(rows.tolist())
        shares.append(len(found & expected) / len(expected))
    assert np.mean(shares) >= (1.0 if share == 0.02 else 0.98)  # few vectors: all are compared


def test_an_index_that_misses_too_much_is_not_used(
    tmp_path: Path, owner: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The recall is told all the same, the file is gone, and search is exact."""
    monkeypatch.setattr(approximate, "RECALL", 1.1)  # nothing finds more than there is
    np.save(tmp_path / "vectors.npy", _vectors())
    tuning = finish(tmp_path, owner, PASSAGES, limit=1_000)
    assert tuning is not None
    assert 0.5 < tuning.recall <= 1.0
    assert not (tmp_path / approximate.FILE).exists()
    assert DenseIndex.load(tmp_path).exact


def test_small_ones_stay_exact(tmp_path: Path, owner: np.ndarray) -> None:
    np.save(tmp_path / "vectors.npy", _vectors())
    assert finish(tmp_path, owner, PASSAGES, limit=len(owner)) is None
    assert json.loads((tmp_path / "dense.json").read_text(encoding="utf-8"))["inverted"] is None
    assert DenseIndex.load(tmp_path).exact


def test_two_builds_name_the_same_candidates(
    tmp_path: Path, folder: Path, owner: np.ndarray
) -> None:
    """Training is seeded: a rebuilt index gives the same ids."""
    np.save(tmp_path / "vectors.npy", _vectors())
    again = finish(tmp_path, owner, PASSAGES, limit=1_000)
    first = json.loads((folder / "dense.json").read_text(encoding="utf-8"))["inverted"]
    assert again == Tuning(**first)
    one, two = (approximate.open_inverted(place, again) for place in (folder, tmp_path))
    for query in probe_queries(_vectors(), 20):
        assert two.search(query, 30, None, len(owner)).tolist() == one.search(
            query, 30, None, len(owner)
        ).tolist()  # fmt: skip


def test_probe_questions_are_as_far_as_questions_are() -> None:
    vectors = _vectors()
    queries = probe_queries(vectors, 200, cosine=0.7)
    np.testing.assert_allclose(np.linalg.norm(queries, axis=1), 1.0, rtol=1e-5)
    nearest = (queries @ vectors.T).max(axis=1)
    assert float(np.min(nearest)) > 0.4
    assert 0.6 < float(np.median(nearest)) < 0.9


def test_exact_rows_are_those_of_brute_force(owner: np.ndarray) -> None:
    vectors = _vectors()
    queries = probe_queries(vectors, 5)
    for query, rows in zip(queries, exact_rows(vectors, owner, queries), strict=True):
        best = _brute(vectors, owner, query)
        assert sorted(best, key=lambda row: -best[row])[:30] == rows


@pytest.mark.parametrize(("vectors", "lists"), [(1, 16), (10_000, 256), (4_000_000, 4096)])
def test_list_count_grows_with_the_root(vectors: int, lists: int) -> None:
    assert list_count(vectors) == lists
