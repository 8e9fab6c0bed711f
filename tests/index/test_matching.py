"""Conditions of the full-text engine beside ranking."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.lexical import LexicalIndex, characters
from index.matching import Matcher
from index.tokens import Tokenizer
from tests.index.factories import TEXTS, passages

UNITS = (("市公安局",), ("市教育局", "市财政局"), ("市民政局",), ("市交通运输局",), ("市医保局",))


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer(("落户", "居住证"), ("的",))


@pytest.fixture(scope="module")
def matcher(tokenizer: Tokenizer) -> Matcher:
    rows = tuple(
        replace(passage, units=units)
        for passage, units in zip(passages(("d1", "d2")), UNITS, strict=True)
    )
    return Matcher(LexicalIndex.build(rows, tokenizer), rows, tokenizer)


@pytest.mark.parametrize(
    ("phrase", "rows"),
    [
        pytest.param("落户条件", [0], id="two-words"),
        pytest.param("户条", [0], id="across-a-word-border"),
        pytest.param("户", [0, 1], id="one-character"),
        pytest.param("參保率達到９６％", [4], id="traditional-and-full-width"),
        pytest.param("申请 登记\n户口", [0], id="blanks-do-not-count"),
        pytest.param("条件户口", [], id="not-consecutive"),
        pytest.param("老年食堂（三）", [], id="not-from-one-field-into-the-next"),
        pytest.param("  ", [], id="blank"),
    ],
)
def test_phrase(matcher: Matcher, phrase: str, rows: list[int]) -> None:
    if phrase == "户":
        rows = [row for row, text in enumerate(TEXTS) if "户" in "".join(text)]
    assert matcher.rows(matcher.phrase(phrase)) == rows


@pytest.mark.parametrize(
    ("stem", "rows"),
    [
        pytest.param("学", [1, 4], id="words-that-begin-so"),
        pytest.param("口", [], id="not-inside-a-word"),
        pytest.param("落户条", [0], id="a-stem-of-several-words"),
    ],
)
def test_prefix(matcher: Matcher, stem: str, rows: list[int]) -> None:
    assert matcher.rows(matcher.prefix(stem)) == rows


def test_conditions_combine(matcher: Matcher) -> None:
    city, schools = matcher.phrase("市"), matcher.with_unit("教育")
    assert matcher.rows(matcher.all_of()) == [0, 1, 2, 3, 4]
    assert matcher.rows(matcher.either()) == []
    assert matcher.rows(matcher.all_of(city, schools)) == [1]
    assert matcher.rows(matcher.without(schools)) == [0, 2, 3, 4]
    assert matcher.rows(matcher.without(matcher.nothing())) == [0, 1, 2, 3, 4]
    assert matcher.rows(matcher.in_docs({"d2"})) == [1, 3]
    assert matcher.rows(matcher.in_docs(())) == []
    assert matcher.rows(matcher.at_rows([4, 0])) == [0, 4]


def test_rows_are_paged_in_corpus_order(matcher: Matcher) -> None:
    everything = matcher.everything()
    assert matcher.rows(everything, 2, 3) == [3, 4]
    assert matcher.rows(everything, 2, 9) == []
    assert matcher.rows(everything, 0) == []


def test_counts_by_document_and_unit(matcher: Matcher) -> None:
    assert matcher.per_document(matcher.everything()) == {"d1": 3, "d2": 2}
    assert matcher.per_unit(matcher.in_docs({"d2"})) == {
        "市教育局": 1,
        "市财政局": 1,
        "市交通运输局": 1,
    }
    assert matcher.per_document(matcher.nothing()) == {}


def test_ranked_keeps_rows_without_a_term(matcher: Matcher) -> None:
    ranked = matcher.ranked(matcher.everything(), {"补贴": 1.0}, 5)
    assert ranked[0][0] == 2
    assert [score for _, score in ranked[1:]] == [0.0] * 4


def test_characters_are_folded() -> None:
    assert characters("㎡ 落\n戶Ａ") == ["m", "2", "落", "户", "a"]
