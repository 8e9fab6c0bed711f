"""The parts of a snapshot that are written and read whole: passages, words, vectors."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np

from corpus.storage import is_damaged
from index.cache import EmbeddingCache
from index.encoder import Encoder
from index.lexical import LexicalIndex
from index.tokens import Tokenizer
from index.types import Passage

Progress = Callable[[str, int, int], None]
_EVERY = 200  # passages between two reports


def write_passages(path: Path, passages: Iterable[Passage]) -> None:
    """Write passages as JSON lines, in row order."""
    names = [field.name for field in fields(Passage)]
    with path.open("w", encoding="utf-8") as out:
        for passage in passages:
            values = {name: getattr(passage, name) for name in names}
            out.write(json.dumps(values, ensure_ascii=False) + "\n")


def read_passages(path: Path) -> tuple[Passage, ...]:
    """Read what was indexed, in row order."""
    rows = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            values = json.loads(line)
            values["units"] = tuple(values["units"])
            values["spans"] = tuple((start, end) for start, end in values["spans"])
            values["plain"] = tuple((position, text) for position, text in values["plain"])
            rows.append(Passage(**values))
    return tuple(rows)


def write_lexical(
    folder: Path, passages: Sequence[Passage], tokenizer: Tokenizer, progress: Progress | None
) -> None:
    """Index the words of all passages."""
    LexicalIndex.build(_reported(passages, progress), tokenizer, folder)
    if progress is not None:
        progress("lexical", len(passages), len(passages))


def _reported(passages: Sequence[Passage], progress: Progress | None) -> Iterator[Passage]:
    for number, passage in enumerate(passages):
        if progress is not None and number % _EVERY == 0:
            progress("lexical", number, len(passages))
        yield passage


def write_vectors(
    folder: Path, cache: Path, encoder: Encoder, texts: Sequence[str], progress: Progress | None
) -> None:
    """Embed texts into the mapped file ``vectors.npy``: memory never holds all vectors.

    :param cache: where embeddings are kept from build to build.
    """
    folder.mkdir()
    file = folder / "vectors.npy"
    out = np.lib.format.open_memmap(
        file, mode="w+", dtype=np.float32, shape=(len(texts), encoder.dim)
    )
    _reserve(file)
    kept = EmbeddingCache(cache)
    try:
        report = None if progress is None else (lambda done, n: progress("embed", done, n))
        try:
            kept.encode(encoder, texts, report, out)
        except sqlite3.DatabaseError as error:
            if not is_damaged(error):
                raise
            kept.discard()
            kept.encode(encoder, texts, report, out)
    finally:
        kept.close()
    out.flush()


def _reserve(file: Path) -> None:
    """Take the room of a mapped file now: on a full disk writing to it would end the process.

    :raises OSError: there is no room.
    """
    if hasattr(os, "posix_fallocate"):
        with file.open("r+b") as stream:
            os.posix_fallocate(stream.fileno(), 0, file.stat().st_size)
