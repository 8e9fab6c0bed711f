"""Embeddings kept by (model, text), so that an edit embeds only what changed."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.storage import is_damaged
from index.encoder import Encoder

_LOG = logging.getLogger(__name__)
Vectors = NDArray[np.float32]
_BATCH = 256
_OFF_UNIT = 1e-3  # of the squared length; rounding leaves 1e-6
_LOOKUP = 500  # SQLite allows 999 variables in a statement in its oldest builds


def text_key(text: str) -> bytes:
    """SHA-256 of a text, the cache key beside the model name."""
    return hashlib.sha256(text.encode()).digest()


def _sound(row: Vectors, dim: int) -> bool:
    """Whether a kept row can be what was stored: all are of unit length."""
    return row.shape == (dim,) and abs(float(row @ row) - 1.0) < _OFF_UNIT


class EmbeddingCache:
    """A SQLite table of float32 rows; a lost or locked cache costs time, never correctness."""

    def __init__(self, path: Path) -> None:
        """Open or create the cache file at ``path``."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            if not is_damaged(error):
                raise
            self.discard()

    def _open(self) -> None:
        self._db = sqlite3.connect(self._path, timeout=30)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS vector (model TEXT, text BLOB, row BLOB,"
            " PRIMARY KEY (model, text)) WITHOUT ROWID"
        )

    def discard(self) -> None:
        """Throw a damaged cache away and start an empty one."""
        _LOG.warning("向量缓存 %s 已损坏，已丢弃；这次要重新计算全部向量。", self._path)
        self._db.close()
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._open()

    def encode(
        self,
        encoder: Encoder,
        texts: Sequence[str],
        progress: Callable[[int, int], None] | None = None,
        out: Vectors | None = None,
    ) -> Vectors:
        """Embed passages, taking from the cache what it has.

        :param out: where the rows go, float32 (len(texts), dim); may be a mapped file, so that
            memory never holds them all. By default a new array.
        :return: ``out``: unit rows in the order of ``texts``.
        """
        if out is None:
            out = np.empty((len(texts), encoder.dim), dtype=np.float32)
        # A new text may stand in several places; its row goes to all of them.
        missing: dict[bytes, tuple[str, list[int]]] = {}
        for start in range(0, len(texts), _LOOKUP):
            part = texts[start : start + _LOOKUP]
            keys = [text_key(text) for text in part]
            known = self._read(encoder.name, keys)
            for place, (key, text) in enumerate(zip(keys, part, strict=True), start):
                if key in known and _sound(known[key], encoder.dim):
                    out[place] = known[key]
                else:
                    missing.setdefault(key, (text, []))[1].append(place)
        done = len(texts) - sum(len(places) for _, places in missing.values())
        # Similar lengths share a batch: padding is wasted work.
        order = sorted(missing, key=lambda key: len(missing[key][0]))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            rows = encoder.encode([missing[key][0] for key in batch], kind="passage")
            self._write(encoder.name, batch, rows)
            for key, row in zip(batch, rows, strict=True):
                places = missing[key][1]
                out[places] = row
                done += len(places)
            if progress is not None:
                progress(done, len(texts))
        if progress is not None:
            progress(len(texts), len(texts))
        return out

    def lookup(self, model: str, texts: Sequence[str]) -> list[Vectors | None]:
        """What is kept of some texts, each float32 (dim,), None for the others."""
        found: list[Vectors | None] = []
        for start in range(0, len(texts), _LOOKUP):
            keys = [text_key(text) for text in texts[start : start + _LOOKUP]]
            known = self._read(model, keys)
            found += [known.get(key) for key in keys]
        return found

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _read(self, model: str, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        """Rows the cache has of ``keys``."""
        found: dict[bytes, Vectors] = {}
        unique = list(dict.fromkeys(keys))
        for start in range(0, len(unique), _LOOKUP):
            part = unique[start : start + _LOOKUP]
            marks = ",".join("?" * len(part))
            rows = self._db.execute(
                f"SELECT text, row FROM vector WHERE model = ? AND text IN ({marks})",
                (model, *part),
            )
            found.update((key, np.frombuffer(row, dtype=np.float32)) for key, row in rows)
        return found

    def _write(self, model: str, keys: Sequence[bytes], rows: Vectors) -> None:
        """Store one batch in one transaction."""
        values = (
            (model, key, np.ascontiguousarray(row, dtype=np.float32).tobytes())
            for key, row in zip(keys, rows, strict=True)
        )
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?, ?)", values)
