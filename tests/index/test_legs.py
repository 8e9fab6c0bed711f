"""Both legs against brute force, and what they do at the edges."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.dense import DenseIndex
from index.lexical import FIELD_WEIGHTS, LexicalIndex
from index.tokens import Tokenizer
from tests.index.factories import passages

K1, B = 1.2, 0.75  # tantivy's constants


def _fields(row: int) -> dict[str, str]:
    passage = passages()[row]
    return {"heading": passage.heading, "body": passage.text, "units": " ".join(passage.units)}


def _coded_length(length: int) -> int:
    """Field length as Lucene and tantivy store it: one byte, exact up to 39."""
    assert length < 40, "keep the invented clauses short: longer lengths are rounded"
    return length


def _bm25(terms: dict[str, float], tokenizer: Tokenizer) -> list[float]:
    """BM25 by the book, summed over fields with their weights."""
    rows = range(len(passages()))
    totals = [0.0] * len(rows)
    for field, boost in FIELD_WEIGHTS.items():
        counts = [Counter(tokenizer.terms(_fields(row)[field])) for row in rows]
        lengths = [sum(count.values()) for count in counts]
        mean = sum(lengths) / len(lengths)
        for term, weight in terms.items():
            having = sum(term in count for count in counts)
            idf = math.log(1 + (len(counts) - having + 0.5) / (having + 0.5))
            for row in rows:
                tf = counts[row][term]
                if tf:
                    norm = K1 * (1 - B + B * _coded_length(lengths[row]) / mean)
                    totals[row] += weight * boost * idf * tf * (K1 + 1) / (tf + norm)
    return totals


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    """Two user words, one stop word."""
    return Tokenizer(("居民医保", "老年食堂"), ("的",))


@pytest.mark.parametrize(
    "terms",
    [
        pytest.param({"落户": 1.0}, id="one-term"),
        pytest.param({"学校": 1.0, "医保": 0.6, "老人": 1.0}, id="weighted-terms"),
        pytest.param({"学生": 1.0, "没有这个词": 1.0}, id="unknown-term-is-ignored"),
    ],
)
def test_lexical_scores_equal_bm25_by_the_book(
    terms: dict[str, float], tokenizer: Tokenizer
) -> None:
    """Rows and scores of tantivy equal the formula, summed over weighted fields."""
    index = LexicalIndex.build(passages(), tokenizer)
    expected = _bm25(terms, tokenizer)
    hits = index.search(terms, limit=10)
    ranked = sorted((row for row in range(5) if expected[row] > 0), key=lambda r: -expected[r])
    assert [hit.row for hit in hits] == ranked
    assert [hit.score for hit in hits] == pytest.approx([expected[r] for r in ranked], rel=1e-5)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


def test_lexical_filter_keeps_other_documents_out(tokenizer: Tokenizer) -> None:
    """Only rows of the chosen documents come back, with unchanged scores; none chosen, none."""
    index = LexicalIndex.build(passages(("d1", "d2")), tokenizer)
    terms = {"市": 0.1, "参保": 1.0, "学位": 1.0}
    everywhere = {hit.row: hit.score for hit in index.search(terms, 10)}
    chosen = index.search(terms, 10, {"d2"})
    assert {hit.row for hit in chosen} == {row for row in everywhere if row % 2 == 1}
    for hit in chosen:
        assert hit.score == pytest.approx(everywhere[hit.row])
    assert index.search(terms, 10, set()) == []


def test_lexical_index_survives_the_disk(tokenizer: Tokenizer, tmp_path: Path) -> None:
    """A loaded index gives what the built one gave."""
    built = LexicalIndex.build(passages(), tokenizer, tmp_path / "lexical")
    loaded = LexicalIndex.load(tmp_path / "lexical")
    terms = {"公交": 1.0, "补贴": 1.0}
    assert loaded.search(terms, 5) == built.search(terms, 5)
    assert loaded.document_frequency("补贴") == 1


def _random_index(seed: int, n: int, m: int) -> tuple[DenseIndex, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(n + m, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    owner = np.sort(rng.integers(0, n, m)).astype(np.int64)
    everything = np.concatenate([np.arange(n), owner])
    return DenseIndex.build(vectors[:n], vectors[n:], owner), vectors, everything


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**16),
    n=st.integers(1, 60),
    m=st.integers(0, 200),
    limit=st.integers(1, 80),
    share=st.sampled_from((None, 0.1, 0.5, 0.9)),
)
def test_dense_hits_equal_brute_force(
    seed: int, n: int, m: int, limit: int, share: float | None
) -> None:
    """Rows and scores equal the best of ``E @ q`` per passage, unfiltered, and few or most."""
    index, vectors, owner = _random_index(seed, n, m)
    rng = np.random.default_rng(seed + 1)
    query = rng.normal(size=16).astype(np.float32)
    query /= np.linalg.norm(query)
    rows = None if share is None else np.flatnonzero(rng.random(n) < share).astype(np.int64)
    best = {r: float((vectors @ query)[owner == r].max()) for r in range(n)}
    allowed = range(n) if rows is None else [int(r) for r in rows]
    expected = sorted(allowed, key=lambda r: -best[r])[:limit]
    hits = index.search(query, limit, rows)
    assert [hit.row for hit in hits] == expected
    assert [hit.score for hit in hits] == pytest.approx([best[r] for r in expected], abs=1e-5)
    for hit in hits:
        assert hit.clause_score == pytest.approx(float(vectors[hit.row] @ query), abs=1e-5)


def test_dense_index_survives_the_disk(tmp_path: Path) -> None:
    """A loaded index gives what the built one gave, spans included."""
    built, vectors, _ = _random_index(7, 20, 90)
    built.save(tmp_path)
    loaded = DenseIndex.load(tmp_path)
    assert loaded.search(vectors[3], 9) == built.search(vectors[3], 9)
    assert loaded.span_scores(vectors[3], 5) == built.span_scores(vectors[3], 5)
