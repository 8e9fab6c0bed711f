"""The dense leg: clause vectors and span vectors, compared by inner product.

One matrix holds the clause vectors (rows 0 to n-1, one a passage) followed by the span vectors;
``owner[i]`` is the passage row of vector i. Up to `EXACT_LIMIT` vectors it is a flat FAISS index,
which compares a question with every one of them. Beyond, it is a NumPy file and an inverted file
of FAISS (`index.approximate`) names the candidates. Both are mapped, not read, so opening costs
nothing and memory holds only what questions touch. Either way the scores of what is found are
computed from the vectors themselves: an approximate index can miss a clause, never misjudge one.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeAlias

import faiss
import numpy as np
from numpy.typing import NDArray

from index.approximate import Inverted, Report, Tuning, open_inverted, train
from index.flat import held, only, open_flat, write_flat
from index.types import DenseHit

Vectors: TypeAlias = NDArray[np.float32]
Rows: TypeAlias = NDArray[np.int64]
# One exact pass over as many vectors takes about 18 ms, as embedding a question does; see
# docs/benchmarks/scale.md.
EXACT_LIMIT = 200_000
VECTORS = "vectors.npy"
_GATHER = 0.25  # share of all vectors below which the allowed ones are copied out and scanned
_BLOCK = 65_536  # vectors compared at a time: 128 MB of 512 numbers
_VECTORS_EACH = 6  # vectors asked for per passage wanted: nearly always enough at the first try


class DenseIndex:
    """Cosine search; a clause scores as the best of its vectors."""

    def __init__(
        self,
        vectors: Vectors,
        owner: Rows,
        passages: int,
        inverted: Inverted | None = None,
        flat: Any = None,  # noqa: ANN401
    ) -> None:
        """Take finished parts; use `build` or `load`.

        :param vectors: float32 (n + m, dim), unit rows; may be a mapped file.
        :param owner: int64 (n + m,), non-decreasing from position ``passages`` on.
        :param inverted: names candidates where an exact pass would be slow.
        :param flat: the flat FAISS index that holds ``vectors``, where there is one.
        """
        self._vectors = vectors
        self._inverted = inverted
        self._flat = flat
        self.owner = owner
        self.passages = passages
        counts = np.bincount(owner[passages:], minlength=passages) if passages else owner
        ends = np.cumsum(counts)
        # Span vectors of row r lie at passages + start[r] … passages + end[r].
        self._starts = passages + ends - counts
        self._ends = passages + ends

    @classmethod
    def build(cls, clause_vectors: Vectors, span_vectors: Vectors, owner: Rows) -> DenseIndex:
        """Index unit-length rows for exact search, in memory.

        :param clause_vectors: float32 (n, dim).
        :param span_vectors: float32 (m, dim), grouped by passage in row order.
        :param owner: int64 (m,), the passage row of every span vector, non-decreasing.
        """
        count = len(clause_vectors)
        flat = faiss.IndexFlatIP(clause_vectors.shape[1])
        for part in (clause_vectors, span_vectors):
            if len(part):
                flat.add(np.ascontiguousarray(part, dtype=np.float32))
        return cls(held(flat), owners(count, owner), count, flat=flat)

    @classmethod
    def load(cls, folder: Path) -> DenseIndex:
        """Open what `save` or `finish` wrote."""
        meta = json.loads((folder / "dense.json").read_text(encoding="utf-8"))
        flat = open_flat(folder)
        vectors = held(flat) if flat is not None else open_vectors(folder)
        owner = np.load(folder / "owner.npy", allow_pickle=False)
        tuning = meta["inverted"]
        inverted = open_inverted(folder, Tuning(**tuning)) if tuning else None
        return cls(vectors, owner, int(meta["passages"]), inverted, flat)

    def save(self, folder: Path) -> None:
        """Write plain FAISS and NumPy files (no pickle); the search is exact."""
        folder.mkdir(parents=True, exist_ok=True)
        write_flat(folder, self._vectors)
        _write_rest(folder, self, None)

    @property
    def exact(self) -> bool:
        """Whether every vector is compared with every question."""
        return self._inverted is None

    def search(self, query: Vectors, limit: int, rows: Rows | None = None) -> list[DenseHit]:
        """Rank passages by the best cosine of their vectors.

        :param query: float32 (dim,), unit length.
        :param rows: only these passage rows; None means all.
        :return: at most ``limit`` hits, best first; ties by row.
        """
        wanted = min(limit, self.passages if rows is None else len(rows))
        if wanted < 1:
            return []
        scores = self.scores(query, self._best_rows(query, wanted, rows))
        ranked = sorted(scores, key=lambda row: (-scores[row][0], row))[:limit]
        return [DenseHit(row, *scores[row], rank) for rank, row in enumerate(ranked, start=1)]

    def scores(self, query: Vectors, rows: Rows) -> dict[int, tuple[float, float, int]]:
        """Score given passages: row to (best cosine, clause cosine, best span).

        The span is its position in the passage, -1 where the passage has none.
        """
        if not len(rows):
            return {}
        ids, ends = self._vector_ids(rows)
        # Each product is added up by itself, so no score depends on what stands beside it.
        cosines = products(self.vectors_of(ids), query).tolist()
        found: dict[int, tuple[float, float, int]] = {}
        start = 0
        for row, end in zip(rows.tolist(), ends.tolist(), strict=True):
            spans = cosines[start + 1 : end]
            nearest = max(spans, default=cosines[start])
            span = spans.index(nearest) if spans else -1
            found[row] = (max(cosines[start], nearest), cosines[start], span)
            start = end
        return found

    def span_scores(self, query: Vectors, row: int) -> list[float]:
        """Cosine of every span of one passage, in order."""
        ids = np.arange(self._starts[row], self._ends[row], dtype=np.int64)
        scores: list[float] = products(self.vectors_of(ids), query).tolist()
        return scores

    def vectors_of(self, ids: Rows) -> Vectors:
        """Vectors by position, float32 (len(ids), dim)."""
        found: Vectors = np.asarray(self._vectors[ids])
        return found

    def scan(self, query: Vectors, vectors: int, rows: Rows | None = None) -> Rows:
        """Ids of the ``vectors`` nearest vectors, best first.

        :param rows: only vectors of these passage rows; None means all.
        """
        allowed = None if rows is None else self._allowed(rows)
        count = len(self.owner) if allowed is None else int(np.count_nonzero(allowed))
        if self._inverted is None or count <= EXACT_LIMIT:
            return self._exact(query, vectors, allowed, count)
        return self._inverted.search(query, vectors, allowed, count)

    def scan_all(self, query: Vectors, vectors: int) -> Rows:
        """Ids of the ``vectors`` nearest vectors, best first, by comparing all of them."""
        return self._exact(query, vectors, None, len(self.owner))

    def _allowed(self, rows: Rows) -> NDArray[np.bool_]:
        """Whether each vector belongs to one of ``rows``."""
        passages = np.zeros(self.passages, dtype=bool)
        passages[rows] = True
        allowed: NDArray[np.bool_] = passages[self.owner]
        return allowed

    def _exact(
        self, query: Vectors, wanted: int, allowed: NDArray[np.bool_] | None, count: int
    ) -> Rows:
        """Compare the query with every allowed vector."""
        if not count:
            return np.empty(0, dtype=np.int64)
        if self._flat is not None:
            _, found = self._flat.search(query[None, :], wanted, params=only(allowed))
            ids: Rows = found[0]
            return ids[ids >= 0]  # FAISS pads missing neighbours with -1
        if allowed is None:
            return _top(products(self._vectors, query), wanted)
        if count < _GATHER * len(self.owner):
            few = np.flatnonzero(allowed)
            return few[_top(products(self.vectors_of(few), query), wanted)]
        scores = np.where(allowed, products(self._vectors, query), -np.inf)
        return _top(scores, min(wanted, count))

    def _vector_ids(self, rows: Rows) -> tuple[Rows, Rows]:
        """Ids of the rows' vectors, each clause vector before its spans; where each row ends."""
        counts = self._ends[rows] - self._starts[rows] + 1
        ends = np.cumsum(counts)
        first = ends - counts
        ids = np.arange(ends[-1]) + np.repeat(self._starts[rows] - 1 - first, counts)
        ids[first] = rows
        return ids, ends

    def _best_rows(self, query: Vectors, wanted: int, rows: Rows | None) -> Rows:
        """First ``wanted`` distinct passages in vector order, or some more.

        More vectors are asked for until enough passages are seen: a passage holds several.
        """
        total = len(self.owner)
        fetch = min(total, wanted * _VECTORS_EACH)
        while True:
            ids = self.scan(query, fetch, rows)
            best = np.array(list(dict.fromkeys(self.owner[ids].tolist())), dtype=np.int64)
            if len(best) >= wanted or fetch == total or len(ids) < fetch:
                return best
            fetch = min(total, fetch * 4)


def open_vectors(folder: Path) -> Vectors:
    """Map ``vectors.npy``; pages load as they are used."""
    vectors: Vectors = np.load(folder / VECTORS, mmap_mode="r", allow_pickle=False)
    return vectors


def owners(passages: int, spans: Rows) -> Rows:
    """Owner of every vector, clause vectors first: int64 (passages + len(spans),)."""
    return np.concatenate([np.arange(passages, dtype=np.int64), spans.astype(np.int64)])


def finish(
    folder: Path, owner: Rows, passages: int, *, limit: int = EXACT_LIMIT,
    report: Report | None = None,
) -> Tuning | None:  # fmt: skip
    """Complete a folder that already holds ``vectors.npy``.

    :param limit: beyond as many vectors an inverted file is built and its recall measured.
    :return: how the inverted file was tuned, whether it is used or not; None where none was built.
    """
    vectors = open_vectors(folder)
    index = DenseIndex(vectors, owner, passages)
    tuning = train(vectors, owner, folder, report) if len(owner) > limit else None
    _write_rest(folder, index, tuning)
    if len(owner) <= limit:
        write_flat(folder, vectors)
        del index, vectors
        (folder / VECTORS).unlink()
    return tuning


def _write_rest(folder: Path, index: DenseIndex, tuning: Tuning | None) -> None:
    """Write everything but the vectors."""
    np.save(folder / "owner.npy", index.owner, allow_pickle=False)
    used = asdict(tuning) if tuning is not None and tuning.good else None
    meta = {"passages": index.passages, "inverted": used}
    (folder / "dense.json").write_text(json.dumps(meta), encoding="utf-8")


def products(vectors: Vectors, query: Vectors) -> Vectors:
    """Inner product of every vector with the query, float32 (len(vectors),).

    By FAISS's kernel: NumPy's would start threads, and then wait for them on a busy machine.
    """
    scores = np.empty(len(vectors), dtype=np.float32)
    query = np.ascontiguousarray(query, dtype=np.float32)
    library: Any = faiss  # the stubs leave the kernels out
    pointer = library.swig_ptr
    for start in range(0, len(vectors), _BLOCK):
        block = vectors[start : start + _BLOCK]
        library.fvec_inner_products_ny(
            pointer(scores[start:]), pointer(query), pointer(block), len(query), len(block)
        )
    return scores


def _top(scores: Vectors, wanted: int) -> Rows:
    """Positions of the ``wanted`` highest scores, best first, ties by position."""
    if wanted < len(scores):
        best = np.argpartition(scores, -wanted)[-wanted:]
    else:
        best = np.arange(len(scores))
    order: Rows = best[np.lexsort((best, -scores[best]))].astype(np.int64)
    return order
