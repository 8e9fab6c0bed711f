"""What the engine needs of an index, wherever it lies.

`index.policy_index.PolicyIndex` is the one implementation of `Store`; what differs between stores
are its legs. The embedded store searches tantivy and mapped vectors in this process
(`index.lexical`, `index.dense`); the Milvus store has both legs searched by a Milvus server
(`index.stores.milvus`). Rows, ids and scores mean the same in both.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder
from index.tokens import Tokenizer
from index.types import DenseHit, LexicalHit, Manifest, Passage

if TYPE_CHECKING:
    from index.policy_index import Retrieved


class LexicalLeg(Protocol):
    """BM25 over words."""

    def document_frequency(self, term: str) -> int:
        """Number of passages whose heading or body holds ``term`` (the larger of the two)."""
        ...

    def search(
        self, terms: Mapping[str, float], limit: int, docs: Collection[str] | None = None
    ) -> list[LexicalHit]:
        """Best rows by the weighted sum of BM25 over ``terms``; ``docs`` None means all."""
        ...


class DenseLeg(Protocol):
    """Cosine over clause and span vectors."""

    def search(
        self, query: NDArray[np.float32], limit: int, rows: NDArray[np.int64] | None = None
    ) -> list[DenseHit]:
        """Best passages for a unit vector (dim,); ``rows`` None means all."""
        ...

    def scores(
        self, query: NDArray[np.float32], rows: NDArray[np.int64]
    ) -> dict[int, tuple[float, float, int]]:
        """Score given passages: row to (best cosine, clause cosine, best span or -1)."""
        ...

    def span_scores(self, query: NDArray[np.float32], row: int) -> list[float]:
        """Cosine of every span vector of one passage, in order."""
        ...


class Store(Protocol):
    """An opened snapshot that answers searches. Immutable; safe to share between threads."""

    @property
    def manifest(self) -> Manifest:
        """What it was built from."""
        ...

    @property
    def passages(self) -> Sequence[Passage]:
        """All passages; the position is the row."""
        ...

    @property
    def row_of(self) -> Mapping[str, int]:
        """Clause id to row."""
        ...

    @property
    def tokenizer(self) -> Tokenizer:
        """What cut the texts, and must cut questions."""
        ...

    @property
    def encoder(self) -> Encoder | None:
        """What embedded the texts, None where only words are searched."""
        ...

    @property
    def lexical(self) -> LexicalLeg:
        """The word leg."""
        ...

    @property
    def dense(self) -> DenseLeg | None:
        """The vector leg, None where there is no encoder."""
        ...

    def retrieve(
        self,
        text: str,
        terms: Mapping[str, float],
        *,
        context: str = "",
        docs: Collection[str] | None = None,
        limit: int = 40,
    ) -> Retrieved:
        """Search both legs and fuse them."""
        ...

    def span_scores(self, query: NDArray[np.float32], row: int) -> list[float]:
        """Cosine of every span of a row, the better of its own and its plain wording."""
        ...
