"""The dense leg: FAISS over clause vectors and span vectors, exact inner product.

One FAISS index holds the clause vectors (rows 0 to n-1, one a passage) followed by the span
vectors; ``owner[i]`` is the passage row of vector i.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.types import DenseHit

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]


class DenseIndex:
    """Exact cosine search; a clause scores as the best of its vectors."""

    def __init__(self, index: Any, owner: Rows, passages: int) -> None:  # noqa: ANN401
        """Take a finished FAISS index; use `build` or `load`."""
        self._index = index
        self.owner = owner
        self.passages = passages
        counts = np.bincount(owner[passages:], minlength=passages) if passages else owner
        ends = np.cumsum(counts)
        # Span vectors of row r lie at passages + start[r] … passages + end[r].
        self._starts = passages + ends - counts
        self._ends = passages + ends

    @classmethod
    def build(cls, clause_vectors: Vectors, span_vectors: Vectors, owner: Rows) -> DenseIndex:
        """Index unit-length rows.

        :param clause_vectors: float32 (n, dim).
        :param span_vectors: float32 (m, dim), grouped by passage in row order.
        :param owner: int64 (m,), the passage row of every span vector, non-decreasing.
        """
        n, dim = clause_vectors.shape
        index = faiss.IndexFlatIP(dim)
        index.add(np.ascontiguousarray(clause_vectors, dtype=np.float32))
        if len(span_vectors):
            index.add(np.ascontiguousarray(span_vectors, dtype=np.float32))
        rows = np.concatenate([np.arange(n, dtype=np.int64), owner.astype(np.int64)])
        return cls(index, rows, n)

    @classmethod
    def load(cls, folder: Path) -> DenseIndex:
        """Open what `save` wrote."""
        # Mapped, not read: pages load as they are used.
        index = faiss.read_index(str(folder / "vectors.faiss"), faiss.IO_FLAG_MMAP_IFC)
        owner = np.load(folder / "owner.npy", allow_pickle=False)
        passages = int(np.load(folder / "passages.npy", allow_pickle=False)[0])
        return cls(index, owner, passages)

    def save(self, folder: Path) -> None:
        """Write the index as plain FAISS and NumPy files (no pickle)."""
        folder.mkdir(parents=True, exist_ok=True)
        faiss.write_index(self._index, str(folder / "vectors.faiss"))
        np.save(folder / "owner.npy", self.owner, allow_pickle=False)
        np.save(folder / "passages.npy", np.array([self.passages]), allow_pickle=False)

    def search(self, query: Vectors, limit: int, rows: Rows | None = None) -> list[DenseHit]:
        """Rank passages by the best cosine of their vectors, exactly.

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
        vectors = self._index.reconstruct_batch(ids)
        found: dict[int, tuple[float, float, int]] = {}
        start = 0
        for row, end in zip(rows.tolist(), ends.tolist(), strict=True):
            # One product a passage: in one large product BLAS adds in another order, and a
            # passage's score would depend on what stands beside it.
            cosines: list[float] = (vectors[start:end] @ query).tolist()
            best = max(cosines)
            span = cosines.index(max(cosines[1:]), 1) - 1 if len(cosines) > 1 else -1
            found[row] = (best, cosines[0], span)
            start = end
        return found

    def span_scores(self, query: Vectors, row: int) -> list[float]:
        """Cosine of every span of one passage, in order."""
        ids = np.arange(self._starts[row], self._ends[row], dtype=np.int64)
        return [float(x) for x in self._index.reconstruct_batch(ids) @ query] if len(ids) else []

    def scan(self, query: Vectors, vectors: int, rows: Rows | None = None) -> Rows:
        """Ids of the ``vectors`` nearest vectors, best first: one exact pass over all of them.

        :param rows: only vectors of these passage rows; None means all.
        """
        return self._scan(query, vectors, None if rows is None else self._selector(rows))

    def _scan(self, query: Vectors, vectors: int, parameters: Any) -> Rows:  # noqa: ANN401
        _, found = self._index.search(query[None, :], vectors, params=parameters)
        ids: Rows = found[0]
        return ids[ids >= 0]  # FAISS pads missing neighbours with -1

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
        parameters = None if rows is None else self._selector(rows)
        total = len(self.owner)
        fetch = min(total, wanted * 4)
        while True:
            ids = self._scan(query, fetch, parameters)
            best = np.array(list(dict.fromkeys(self.owner[ids].tolist())), dtype=np.int64)
            if len(best) >= wanted or fetch == total:
                return best
            fetch = min(total, fetch * 4)

    def _selector(self, rows: Rows) -> Any:  # noqa: ANN401
        """Search parameters that restrict a scan to the vectors of ``rows``."""
        allowed = np.zeros(self.passages, dtype=bool)
        allowed[rows] = True
        bits = np.packbits(allowed[self.owner], bitorder="little")
        # The stubs describe the C++ constructors; the Python ones take arrays and keywords.
        library: Any = faiss
        selector = library.IDSelectorBitmap(bits)
        parameters = library.SearchParameters(sel=selector)
        parameters.keep_alive = (bits, selector)  # faiss holds bare pointers to both
        return parameters
