"""Candidates among millions of vectors: FAISS's inverted file over 8-bit codes.

The vectors are divided into lists around centroids; a question looks into the ``nprobe`` lists
nearest to it. How many are needed is measured when the index is built: probe questions (stored
vectors with noise, whose neighbours are as hard to find as those of real questions) are searched
exactly, and ``nprobe`` is raised until `RECALL` of their best `TOP` passages are found. An index
that does not get there is not used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any, TypeAlias

import faiss
import numpy as np
from numpy.typing import NDArray

Vectors: TypeAlias = NDArray[np.float32]
Rows: TypeAlias = NDArray[np.int64]
Report = Callable[[str, int, int], None]

# Of the exact best TOP passages of probe questions; below, the search stays exact. Real questions
# are a little harder: where probes reach 0.995 they reach 0.99; see docs/benchmarks/scale.md.
RECALL = 0.995
TOP = 30  # passages: what the engine takes from each leg
FILE = "inverted.faiss"
_PROBES = 200
# With the vector it is made from. Questions come as near as 0.65 to their clause, but noise at 0.7
# is found in half the lists that they need; at 0.5 it needs as many.
_COSINE = 0.5
_STEP = 1.3  # growth of nprobe from one measurement to the next
_WIDTH = 2  # times the vectors wanted: the 8-bit codes order them only roughly
_PER_LIST = 40  # training vectors per centroid: FAISS warns below 39
_SEED = 20_250_101
_BLOCK = 65_536


@dataclass(frozen=True, slots=True)
class Tuning:
    """What was built and how good it is. ``recall``: of the exact best `TOP` passages, mean."""

    lists: int
    nprobe: int
    recall: float

    @property
    def good(self) -> bool:
        """Whether the index finds enough to be used."""
        return self.recall >= RECALL

    def __str__(self) -> str:
        return f"IVF{self.lists},SQ8 nprobe={self.nprobe}"


class Inverted:
    """A trained inverted file; `search` gives vector ids only, scores are computed elsewhere."""

    def __init__(self, index: Any, tuning: Tuning) -> None:  # noqa: ANN401
        """Take a finished FAISS index; use `train` or `open_inverted`."""
        self._index = index
        self.tuning = tuning

    def search(
        self, query: Vectors, wanted: int, allowed: NDArray[np.bool_] | None, count: int
    ) -> Rows:
        """Ids of about the nearest vectors, best first; fewer where the lists hold fewer.

        :param allowed: bool (vectors,), which ids may come back; None means all.
        :param count: how many they are. Where they are few, more lists are looked into.
        """
        more = 1.0 if allowed is None else self._index.ntotal / max(1, count)
        nprobe = min(self.tuning.lists, round(self.tuning.nprobe * more))
        parameters = _parameters(nprobe, allowed)
        _, found = self._index.search(query[None, :], wanted * _WIDTH, params=parameters)
        ids: Rows = found[0]
        return ids[ids >= 0]  # FAISS pads missing neighbours with -1


def open_inverted(folder: Path, tuning: Tuning) -> Inverted:
    """Map the inverted file in ``folder``; lists are read as they are looked into."""
    index = faiss.read_index(str(folder / FILE), faiss.IO_FLAG_MMAP)
    return Inverted(index, tuning)


def train(
    vectors: Vectors, owner: Rows, folder: Path, report: Report | None = None
) -> Tuning:  # fmt: skip
    """Build the inverted file in ``folder`` and find the smallest ``nprobe`` that is enough.

    :param vectors: float32 (n, dim), unit rows; read block by block.
    :param owner: int64 (n,), the passage of every vector.
    :return: the tuning, `Tuning.good` or not; a file that is not good is removed.
    """
    lists = list_count(len(vectors))
    index = _filled(vectors, lists, report)
    faiss.write_index(index, str(folder / FILE))
    del index  # from here on mapped, as it will be served
    tuning = tune(vectors, owner, folder, lists)
    if not tuning.good:
        (folder / FILE).unlink()
    return tuning


def list_count(vectors: int) -> int:
    """Number of lists: about 2√n, a power of two, at least 16."""
    power = round(np.log2(max(16.0, 2.0 * sqrt(vectors))))
    return int(2**power)


def tune(vectors: Vectors, owner: Rows, folder: Path, lists: int) -> Tuning:
    """Measure recall on probe questions for growing ``nprobe``."""
    queries = probe_queries(vectors)
    expected = [set(rows) for rows in exact_rows(vectors, owner, queries)]
    tuning = Tuning(lists, 1, 0.0)
    nprobe = 4
    while nprobe <= lists // 2:
        inverted = open_inverted(folder, Tuning(lists, nprobe, 0.0))
        found = [found_rows(inverted, vectors, owner, query) for query in queries]
        recall = mean_recall(expected, found)
        tuning = Tuning(lists, nprobe, round(recall, 4))
        if tuning.good:
            break
        nprobe = int(nprobe * _STEP) + 1
    return tuning


def found_rows(inverted: Inverted, vectors: Vectors, owner: Rows, query: Vectors) -> list[int]:
    """Best `TOP` passages among what the inverted file names."""
    ids = inverted.search(query, TOP * 4, None, len(owner))
    return _best_rows(vectors[ids] @ query, owner[ids])


def mean_recall(expected: list[set[int]], found: list[list[int]]) -> float:
    """Share of the expected passages that were found, mean over questions."""
    shares = [
        len(want & set(got)) / len(want) for want, got in zip(expected, found, strict=True) if want
    ]
    return float(np.mean(shares)) if shares else 1.0


def probe_queries(vectors: Vectors, count: int = _PROBES, cosine: float = _COSINE) -> Vectors:
    """Stored vectors with noise, float32 (count, dim), unit rows."""
    rng = np.random.default_rng(_SEED)
    chosen = np.sort(rng.integers(0, len(vectors), count))
    noise = rng.standard_normal((count, vectors.shape[1])).astype(np.float32)
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    # Noise is at a right angle to the vector, or nearly: its length decides the cosine.
    queries = vectors[chosen] + noise * (sqrt(1 - cosine**2) / cosine)
    unit: Vectors = queries / np.linalg.norm(queries, axis=1, keepdims=True)
    return unit


def exact_rows(vectors: Vectors, owner: Rows, queries: Vectors) -> list[list[int]]:
    """Best `TOP` passages of every query by comparing all vectors, block by block."""
    # A passage may hold up to 97 vectors, so as many times TOP vectors always hold TOP passages.
    keep = min(len(vectors), TOP * 100)
    best = np.full((len(queries), 0), 0, dtype=np.float32)
    ids = np.zeros((len(queries), 0), dtype=np.int64)
    for start in range(0, len(vectors), _BLOCK):
        scores = queries @ vectors[start : start + _BLOCK].T
        names = np.broadcast_to(np.arange(start, start + scores.shape[1]), scores.shape)
        best, ids = np.hstack([best, scores]), np.hstack([ids, names])
        if best.shape[1] > keep:
            top = np.argpartition(best, -keep, axis=1)[:, -keep:]
            best, ids = np.take_along_axis(best, top, 1), np.take_along_axis(ids, top, 1)
    return [_best_rows(row, owner[found]) for row, found in zip(best, ids, strict=True)]


def _best_rows(scores: Vectors, rows: Rows) -> list[int]:
    """First `TOP` distinct passages by falling score."""
    order = np.argsort(-scores, kind="stable")
    return list(dict.fromkeys(rows[order].tolist()))[:TOP]


def _filled(vectors: Vectors, lists: int, report: Report | None) -> Any:  # noqa: ANN401
    """Train on a sample, then add all vectors."""
    # Centroids are compared one by one. A graph over them (IVF…_HNSW32) was eight times faster to
    # fill, but by inner product it did not reach two thirds of them: recall stopped at 0.98.
    index: Any = faiss.index_factory(
        vectors.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT
    )
    clustering: Any = faiss.ClusteringParameters()
    clustering.niter, clustering.seed = 8, _SEED
    clustering.spherical = True
    index.cp = clustering
    rng = np.random.default_rng(_SEED)
    sample = np.sort(rng.permutation(len(vectors))[: lists * _PER_LIST])
    index.train(np.ascontiguousarray(vectors[sample]))
    for start in range(0, len(vectors), _BLOCK):
        if report is not None:
            report("dense", start, len(vectors))
        index.add(np.ascontiguousarray(vectors[start : start + _BLOCK]))
    if report is not None:
        report("dense", len(vectors), len(vectors))
    return index


def _parameters(nprobe: int, allowed: NDArray[np.bool_] | None) -> Any:  # noqa: ANN401
    # The stubs describe the C++ constructors; the Python ones take arrays and keywords.
    library: Any = faiss
    if allowed is None:
        return library.SearchParametersIVF(nprobe=nprobe)
    bits = np.packbits(allowed, bitorder="little")
    selector = library.IDSelectorBitmap(bits)
    parameters = library.SearchParametersIVF(nprobe=nprobe, sel=selector)
    parameters.keep_alive = (bits, selector)  # faiss holds bare pointers to both
    return parameters
