"""Passages embedded by a table of words, for imports of millions of clauses on a CPU.

The table is fitted (`eval.distil`) so that the mean of a text's word vectors is near to what the
published model gives for the text. Only passages are embedded with it: questions are read by the
published model itself, into the same space, so what is asked loses nothing and an import costs a
hundredth. How much is lost in finding is told in docs/adr/0006.

A text's features are jieba's words of it and its single characters, so that no word is unknown
altogether. The dictionary is jieba's own, without the words that staff add: equal names of
encoders promise equal vectors.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
import rjieba
from numpy.typing import NDArray

from index.errors import AdapterError
from index.files import UNREADABLE

Floats = NDArray[np.float32]
FILE = "static.npz"


@dataclass(frozen=True, slots=True)
class Rows:
    """Known features of some texts: text ``i`` holds ``ids[starts[i]:starts[i + 1]]``."""

    starts: NDArray[np.int64]
    ids: NDArray[np.int64]
    weights: Floats


class Features:
    """Texts to the positions of their words and characters in a vocabulary."""

    def __init__(self, words: Sequence[str]) -> None:
        self._places = {word: place for place, word in enumerate(words)}
        self._jieba = rjieba.Jieba()

    @property
    def size(self) -> int:
        """How many features are known."""
        return len(self._places)

    def of(self, text: str) -> Counter[str]:
        """Count words (long ones also in parts) and characters, known or not."""
        lowered = text.lower()
        return Counter(self._jieba.cut_for_search(lowered, False) + list(lowered))

    def rows(self, texts: Sequence[str]) -> Rows:
        """Weigh known features by the root of their count, at length 1 for each text."""
        ids: list[int] = []
        counts: list[int] = []
        starts = [0]
        places = self._places
        for text in texts:
            for feature, count in self.of(text).items():
                place = places.get(feature)
                if place is not None:
                    ids.append(place)
                    counts.append(count)
            starts.append(len(ids))
        weights = np.sqrt(np.array(counts, dtype=np.float32))
        edges = np.array(starts, dtype=np.int64)
        squares = np.concatenate([[0.0], np.cumsum(counts, dtype=np.float64)])
        lengths = np.sqrt(np.maximum(squares[edges[1:]] - squares[edges[:-1]], 1.0))
        weights /= np.repeat(lengths, np.diff(edges)).astype(np.float32)
        return Rows(edges, np.array(ids, dtype=np.int64), weights)


@dataclass(frozen=True)
class StaticTable:
    """The fitted table.

    ``model``: digest of the model file it imitates. ``codes`` int8 (words, rank) times ``scales``
    (words,) are the word vectors; ``basis`` (rank, dim) takes their mean into the model's space,
    around ``centre`` (dim,), the mean of all vectors.
    """

    model: str
    words: tuple[str, ...]
    codes: NDArray[np.int8]
    scales: Floats
    basis: Floats
    centre: Floats

    @cached_property
    def name(self) -> str:
        """Digest of everything that vectors depend on, 12 hex digits."""
        digest = hashlib.sha256("\n".join((self.model, *self.words)).encode())
        for part in (self.codes, self.scales, self.basis, self.centre):
            digest.update(np.ascontiguousarray(part).tobytes())
        return digest.hexdigest()[:12]

    @cached_property
    def features(self) -> Features:
        """What cuts texts; its dictionary takes 0.1 s to load."""
        return Features(self.words)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return float32 (n, dim), not yet of unit length; a text of unknown words is the mean."""
        rows = self.features.rows(texts)
        pooled = np.zeros((len(texts), self.codes.shape[1]), dtype=np.float32)
        filled = np.flatnonzero(np.diff(rows.starts))
        if len(filled):
            factors = (self.scales[rows.ids] * rows.weights)[:, None]
            values = self.codes[rows.ids] * factors
            pooled[filled] = np.add.reduceat(values, rows.starts[filled], axis=0)
        vectors: Floats = pooled @ self.basis + self.centre
        return vectors

    def save(self, path: Path) -> None:
        """Write arrays and words, without pickle."""
        about = json.dumps({"model": self.model, "words": self.words}, ensure_ascii=False)
        arrays: dict[str, Any] = {
            "about": np.frombuffer(about.encode(), dtype=np.uint8),
            "codes": self.codes,
            "scales": self.scales.astype(np.float16),
            "basis": self.basis.astype(np.float16),
            "centre": self.centre.astype(np.float16),
        }
        np.savez_compressed(path, **arrays)

    @classmethod
    def load(cls, path: Path) -> StaticTable:
        """Read what `save` wrote.

        :raises AdapterError: the file is not such a file.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                about = json.loads(stored["about"].tobytes())
                floats = {
                    name: stored[name].astype(np.float32) for name in ("scales", "basis", "centre")
                }
                return cls(about["model"], tuple(about["words"]), stored["codes"], **floats)
        except UNREADABLE as error:
            raise AdapterError(path, str(error)) from error


def shipped() -> StaticTable | None:
    """The table that comes with the package; None where there is none."""
    with as_file(files("index") / FILE) as path:
        return StaticTable.load(path) if path.is_file() else None
