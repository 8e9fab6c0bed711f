"""The parts of a snapshot that are written and read whole: passages, words, vectors."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np

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
    out = np.lib.format.open_memmap(
        folder / "vectors.npy", mode="w+", dtype=np.float32, shape=(len(texts), encoder.dim)
    )
    kept = EmbeddingCache(cache)
    try:
        report = None if progress is None else (lambda done, n: progress("embed", done, n))
        kept.encode(encoder, texts, report, out)
    finally:
        kept.close()
    out.flush()
