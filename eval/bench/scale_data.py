"""Clauses and vectors for the scale benchmark: real ones first, then synthesised ones.

Texts. The first 60,615 clauses are the articles of STARD as they are. Further clauses are one to
five sentences drawn by a seeded generator from the statutes of laws-md: real words in real
frequencies, in clauses that nobody wrote.

Vectors. A million clauses hold some 3.8 million texts, days of work for the encoder here. The
clause vectors of STARD that the benchmark's embedding cache already holds are used as they are;
they also make the pool. Every other text gets a vector of the pool with Gaussian noise, scaled
back to unit length, so that its cosine with the drawn one is 0.9 for a sentence. The vector of a
synthesised clause is the mean of its sentences' vectors at unit length, that of an uncached STARD
article a noisy pool vector, and its sentences are as near to it as sentences are to clauses.
So vectors lie in clusters of the real model's space, with some 190 near neighbours each at a
million clauses: harder than separate texts would be, since the best 30 of those differ by noise.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import sentence_spans
from eval.bench.beir import to_passages
from eval.bench.beir_data import Beir
from index.cache import EmbeddingCache
from index.encoder import Encoder
from index.passages import clause_texts
from index.types import Passage

Vectors = NDArray[np.float32]
SENTENCE = 0.9  # cosine of a synthesised sentence with the vector it is drawn from
_SEED = 20_250_102
_CHUNK = 10_000  # clauses made at a time
_WIDTHS = (0.10, 0.35, 0.30, 0.15, 0.10)  # share of clauses with one to five sentences: mean 2.8
_PER_DOCUMENT = 50


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some clauses with their vectors: clause (n, dim), sentences in row order (m, dim)."""

    passages: tuple[Passage, ...]
    clauses: Vectors
    spans: Vectors


class Source:
    """Makes the same clauses and vectors for the same data and size."""

    def __init__(self, data: Beir, archive: Path, encoder: Encoder, cache: Path) -> None:
        """Read texts and what is embedded of them."""
        self._real = to_passages(data.corpus, spans=True)
        self._sentences = statute_sentences(archive)
        self._known = cached_vectors(cache, encoder, clause_texts(self._real))
        self._pool = np.stack([row for row in self._known if row is not None])
        self.embedded = len(self._pool)
        self.dim = encoder.dim

    @property
    def real(self) -> int:
        """How many clauses are real articles."""
        return len(self._real)

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Yield ``size`` clauses in order."""
        for start in range(0, size, _CHUNK):
            end = min(size, start + _CHUNK)
            rng = np.random.default_rng((_SEED, start))
            made = (
                [self._from_articles(rng, start, min(end, self.real))] if start < self.real else []
            )
            if end > self.real:
                made.append(self._synthesised(rng, max(start, self.real), end))
            yield from made

    def _from_articles(self, rng: np.random.Generator, start: int, end: int) -> Chunk:
        passages = tuple(_placed(passage, passage.row) for passage in self._real[start:end])
        drawn = self._noisy(rng, self._pool[rng.integers(0, len(self._pool), end - start)])
        known = self._known[start:end]
        pairs = zip(known, drawn, strict=True)
        clauses = np.stack([other if row is None else row for row, other in pairs])
        counts = [len(passage.spans) for passage in passages]
        return Chunk(passages, clauses, self._noisy(rng, np.repeat(clauses, counts, axis=0)))

    def _synthesised(self, rng: np.random.Generator, start: int, end: int) -> Chunk:
        widths = rng.choice(len(_WIDTHS), size=end - start, p=_WIDTHS) + 1
        drawn = rng.integers(0, len(self._sentences), int(widths.sum()))
        spans = self._noisy(rng, self._pool[rng.integers(0, len(self._pool), len(drawn))])
        starts = np.cumsum(widths) - widths
        sums = np.add.reduceat(spans, starts, axis=0)
        clauses = (sums / np.linalg.norm(sums, axis=1, keepdims=True)).astype(np.float32)
        passages = tuple(
            clause(row, [self._sentences[i] for i in drawn[first : first + width]])
            for row, first, width in zip(range(start, end), starts, widths, strict=True)
        )
        return Chunk(passages, clauses, spans)

    @staticmethod
    def _noisy(rng: np.random.Generator, rows: Vectors, cosine: float = SENTENCE) -> Vectors:
        """Rows at a cosine from the given ones, float32, unit length."""
        noise = rng.standard_normal(rows.shape, dtype=np.float32)
        noise /= np.linalg.norm(noise, axis=1, keepdims=True)
        near = rows + noise * np.float32(sqrt(1 - cosine**2) / cosine)
        unit: Vectors = near / np.linalg.norm(near, axis=1, keepdims=True)
        return unit


def clause(row: int, sentences: Sequence[str]) -> Passage:
    """A synthesised clause; its spans are its sentences."""
    spans, text = [], ""
    for sentence in sentences:
        spans.append((len(text), len(text) + len(sentence)))
        text += sentence
    made = Passage(row, f"s{row}", "", "", "", "", (), text, "", tuple(spans))
    return _placed(made, row)


def _placed(passage: Passage, row: int) -> Passage:
    """The passage in a document of fifty clauses, and an area of a hundred documents."""
    number = row // _PER_DOCUMENT
    values = {name: getattr(passage, name) for name in Passage.__dataclass_fields__}
    return Passage(**{**values, "doc_id": f"d{number}", "area": f"省/市{number // 100}"})


def cached_vectors(path: Path, encoder: Encoder, texts: Sequence[str]) -> list[Vectors | None]:
    """What a cache holds of some texts, None for the others; nothing is embedded."""
    cache = EmbeddingCache(path)
    try:
        return cache.lookup(encoder.name, texts)
    finally:
        cache.close()


def statute_sentences(archive: Path) -> list[str]:
    """Sentences of 12 to 200 characters of all statutes, in the order of the archive's names."""
    found: list[str] = []
    with tarfile.open(archive) as files:
        members = sorted((m for m in files if m.name.endswith(".md")), key=lambda m: m.name)
        for member in members:
            stream = files.extractfile(member)
            if stream is None:
                continue
            text = stream.read().decode("utf-8", "replace")
            lines = [line for line in text.splitlines() if not line.startswith(("#", "<", "-"))]
            body = "\n".join(lines)
            found += [body[a:b] for a, b in sentence_spans(body) if 12 <= b - a <= 200]
    return found
