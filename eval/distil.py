"""``python -m eval.distil``: fit the table of words behind ``--model fast``.

Least squares: word vectors whose weighted sum over a text is nearest to what the published model
gives for the text, then rounded to `RANK` numbers of one byte for each word. The texts are
articles and sentences of statutes, which are in the public domain, and our own questions. None of
the evaluated policy documents is among them.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from eval.bench.beir import to_passages
from eval.bench.beir_data import read_beir
from eval.bench.beir_run import default_cache
from eval.bench.scale_data import statute_sentences
from eval.engine import shared_folder
from eval.records import read_records
from eval.training_set import TRAIN
from index import model as model_files
from index.cache import EmbeddingCache
from index.encoder import Encoder, OnnxEncoder, unit
from index.model import MODEL_FILES
from index.passages import clause_texts
from index.static import FILE, Features, Floats, StaticTable
from index.tokens import search_form

RANK = 256  # numbers a word; 128 lose twice as much as 256 do
SEEN = 3  # times that a word must be seen to be in the table
RIDGE = 0.1  # of 0.1, 0.3, 1 and 3 the best on held-out texts
ROUNDS = 25  # of conjugate gradients; further ones change nothing that is measured
SENTENCES = 8_000  # of the statutes, drawn by a seed
_SEED = 7
_HELD_OUT = 0.05
Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A table, and the mean cosine with the model's own vectors on texts it was not fitted to."""

    table: StaticTable
    texts: int
    cosine: float
    cosine_fitted: float


def fit(texts: Sequence[str], targets: Floats, model: str, rank: int = RANK) -> Fitted:
    """Fit a table to unit vectors of texts; every twentieth text is held out and judged by.

    :param targets: float32 (n, dim), unit rows.
    :param model: digest of the model that gave them.
    """
    held = np.zeros(len(texts), dtype=bool)
    held[random.Random(_SEED).sample(range(len(texts)), int(len(texts) * _HELD_OUT))] = True
    kept = [text for text, out in zip(texts, held, strict=True) if not out]
    words = vocabulary(kept)
    matrix = design(Features(words), kept)
    centre = targets[~held].mean(axis=0)
    vectors = least_squares(matrix, targets[~held] - centre, RIDGE, ROUNDS)
    table = shrink(model, words, vectors, matrix, centre, rank)
    cosines = np.sum(unit(table.embed(texts)) * targets, axis=1)
    return Fitted(table, len(kept), float(cosines[held].mean()), float(cosines[~held].mean()))


def vocabulary(texts: Iterable[str]) -> tuple[str, ...]:
    """Features that are seen often enough, the most frequent first."""
    cut = Features(())
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(cut.of(text).keys())
    frequent = [(word, count) for word, count in seen.items() if count >= SEEN and word.strip()]
    return tuple(word for word, _ in sorted(frequent, key=lambda pair: (-pair[1], pair[0])))


def design(features: Features, texts: Sequence[str]) -> csr_matrix:
    """Weights of the known features of every text, (texts, words)."""
    rows = features.rows(texts)
    shape = (len(texts), features.size)
    return csr_matrix((rows.weights, rows.ids, rows.starts), shape=shape)


def least_squares(
    matrix: csr_matrix, targets: Floats, ridge: float, rounds: int
) -> NDArray[np.float32]:
    """Minimise |matrix · E − targets|² + ridge · |E|² by conjugate gradients, column by column."""
    found = np.zeros((matrix.shape[1], targets.shape[1]), dtype=np.float32)
    residual = np.asarray(matrix.T @ targets, dtype=np.float32)
    direction = residual.copy()
    square = np.sum(residual * residual, axis=0)
    for _ in range(rounds):
        applied = matrix.T @ (matrix @ direction) + ridge * direction
        step = square / np.maximum(np.sum(direction * applied, axis=0), 1e-20)
        found += step * direction
        residual -= step * applied
        fresh = np.sum(residual * residual, axis=0)
        direction = residual + (fresh / np.maximum(square, 1e-20)) * direction
        square = fresh
    return found


def shrink(
    model: str, words: tuple[str, ...], vectors: Floats, matrix: csr_matrix, centre: Floats,
    rank: int,
) -> StaticTable:  # fmt: skip
    """Keep the directions in which texts differ most; one byte a number."""
    weight = np.sqrt(np.asarray(matrix.power(2).mean(axis=0)).ravel() + 1e-6)
    _, _, directions = np.linalg.svd(vectors * weight[:, None], full_matrices=False)
    basis = directions[:rank].astype(np.float32)
    short = vectors @ basis.T
    scales = np.abs(short).max(axis=1) / 127
    scales[scales == 0] = 1.0
    half = scales.astype(np.float16).astype(np.float32)  # as it is stored
    half[half == 0] = np.float32(6e-8)
    codes = np.clip(np.round(short / half[:, None]), -127, 127).astype(np.int8)
    stored = [part.astype(np.float16).astype(np.float32) for part in (basis, centre)]
    return StaticTable(model, words, codes, half, *stored)


def training_texts(encoder: Encoder, cache: EmbeddingCache, report: Report) -> list[str]:
    """Statute articles that are embedded already, drawn sentences, and our training questions."""
    shared = shared_folder() / "bench"
    articles = clause_texts(to_passages(read_beir(shared / "stard", "train").corpus))
    known = cache.lookup(encoder.name, articles)
    embedded = [text for text, row in zip(articles, known, strict=True) if row is not None]
    pool = statute_sentences(shared / "laws-md.tar.xz")
    drawn = random.Random(_SEED).sample(pool, min(SENTENCES, len(pool)))
    questions = [record.text("question") for record in read_records(TRAIN)]
    report(f"{len(embedded)} 条法条、{len(drawn)} 个句子、{len(questions)} 个问题")
    return list(dict.fromkeys([*embedded, *map(search_form, (*drawn, *questions))]))


def main() -> None:
    """Embed what is not embedded yet, fit, write the table, print how near it comes."""
    parser = argparse.ArgumentParser(description="拟合 --model fast 用的词表")
    parser.add_argument("--out", type=Path, help="写到哪里（默认随附的文件）")
    options = parser.parse_args()
    encoder = OnnxEncoder(model_files.fetch(model_files.model_dir()))
    cache = EmbeddingCache(default_cache())
    try:
        texts = training_texts(encoder, cache, _say)
        targets = cache.encode(encoder, texts, _counted)
    finally:
        cache.close()
    fitted = fit(texts, targets, MODEL_FILES[1].sha256)
    path = options.out or Path(__file__).parents[1] / "index" / FILE
    fitted.table.save(path)
    _say(
        f"{fitted.texts} 段文字，{len(fitted.table.words)} 个词，"
        f"{path.stat().st_size / 1e6:.1f} MB；"
        f"与模型向量的平均余弦：学过的 {fitted.cosine_fitted:.4f}，没学过的 {fitted.cosine:.4f}"
    )


def _counted(done: int, total: int) -> None:
    if done % 2048 < 256 or done == total:
        _say(f"向量 {done}/{total}")


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    main()
