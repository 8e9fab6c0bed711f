"""The sparse vectors against tantivy's own scores."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical import LexicalIndex
from index.stores.bm25 import Bm25Weights, coded_length, dimension, query_vector
from index.tokens import Tokenizer, default_tokenizer
from index.types import Passage
from tests.index.factories import passage, passages

WORDS = ("居民", "医保", "学校", "补贴", "公交", "线路", "2万", "落户", "食堂")


def _scores(found: list[Passage], query: dict[int, float], tokenizer: Tokenizer) -> list[float]:
    weights = Bm25Weights(found, tokenizer)
    return [_product(weights.vector(one), query) for one in found]


def _product(vector: Mapping[int, float], query: Mapping[int, float]) -> float:
    return sum(weight * vector.get(place, 0.0) for place, weight in query.items())


@settings(max_examples=30, deadline=None)
@given(
    texts=st.lists(
        st.lists(st.sampled_from(WORDS), min_size=0, max_size=120), min_size=1, max_size=12
    ),
    terms=st.dictionaries(st.sampled_from(WORDS), st.sampled_from((1.0, 0.6, 0.3)), min_size=1),
)
def test_inner_product_is_the_score_of_tantivy(
    texts: list[list[str]], terms: dict[str, float]
) -> None:
    """Long clauses too, whose length tantivy rounds; passages that it leaves out score 0."""
    tokenizer = default_tokenizer()
    made = [passage(row, words[0] if words else "", "，".join(words)) for row, words in
            enumerate(texts)]  # fmt: skip
    expected = {h.row: h.score for h in LexicalIndex.build(made, tokenizer).search(terms, 50)}
    scores = _scores(made, query_vector(terms), tokenizer)
    assert scores == pytest.approx([expected.get(row, 0.0) for row in range(len(made))], rel=1e-4)


def test_units_and_headings_weigh_as_in_tantivy() -> None:
    tokenizer = default_tokenizer()
    made = list(passages())
    terms = {"居民": 1.0, "公交": 0.5, "市": 1.0}
    expected = {h.row: h.score for h in LexicalIndex.build(made, tokenizer).search(terms, 9)}
    assert expected
    scores = _scores(made, query_vector(terms), tokenizer)
    assert {r: s for r, s in enumerate(scores) if s} == pytest.approx(expected, rel=1e-4)


def test_a_passage_without_words_has_a_vector_that_nothing_finds() -> None:
    tokenizer = default_tokenizer()
    vector = Bm25Weights([passage(0, "", "。")], tokenizer).vector(passage(0, "", "。"))
    assert list(vector) == [0]
    assert all(dimension(word) > 0 for word in WORDS)


@given(st.integers(0, 2_000_000))
def test_coded_length_is_at_most_an_eighth_too_short(tokens: int) -> None:
    coded = coded_length(tokens)
    assert coded <= tokens
    assert tokens - coded <= max(0, tokens - 24) / 8
