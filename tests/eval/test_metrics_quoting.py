"""Facts, character overlap, ROUGE-L, exact match."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import exact_match, facts_stated, overlap, rouge_l, token_f1

WORDS = st.text(alphabet="甲乙丙丁ab", max_size=14)


@pytest.mark.parametrize(
    ("quotes", "facts", "stated"),
    [
        pytest.param(["今年筹建 300 套"], ["300套"], 1.0, id="white-space"),
        pytest.param(["住房（含租赁）"], ["(含租赁)"], 1.0, id="bracket-width"),
        pytest.param(["保障隨遷子女入學"], ["随迁子女"], 1.0, id="traditional"),
        pytest.param(["电话：0595—22355772"], ["0595-22355772"], 1.0, id="dash"),
        pytest.param(["市公安", "局牵头"], ["市公安局"], 1.0, id="over-a-quote-border"),
        pytest.param(["市公安局"], ["市公安局", "市教育局"], 0.0, id="one-of-two"),
        pytest.param([], ["300套"], 0.0, id="no-quotes"),
        pytest.param(["300套"], [], None, id="no-facts"),
    ],
)
def test_facts_stated(quotes: list[str], facts: list[str], stated: float | None) -> None:
    assert facts_stated(quotes, facts) == stated


def test_overlap_by_hand() -> None:
    """Quoted 0–4 and 2–8 of d (8 characters), wanted 6–10: 2 in common."""
    precision, recall, f1 = overlap([("d", (0, 4)), ("d", (2, 8))], [("d", (6, 10))])
    assert (precision, recall) == (2 / 8, 2 / 4)
    assert f1 == pytest.approx(2 * (1 / 4) * (1 / 2) / (3 / 4))


def test_overlap_counts_characters_of_the_same_document_only() -> None:
    assert overlap([("d", (0, 4))], [("e", (0, 4))]) == (0.0, 0.0, 0.0)


def test_overlap_is_undefined_without_one_side() -> None:
    assert overlap([], [("d", (0, 4))]) == (None, 0.0, None)
    assert overlap([("d", (0, 4))], []) == (0.0, None, None)


def _slow_lcs(a: str, b: str) -> int:
    """Textbook dynamic programme."""
    row = [0] * (len(b) + 1)
    for x in a:
        last = row[:]
        for j, y in enumerate(b, start=1):
            row[j] = last[j - 1] + 1 if x == y else max(last[j], row[j - 1])
    return row[-1]


@given(WORDS, WORDS.filter(bool))
def test_rouge_l_equals_the_textbook(text: str, reference: str) -> None:
    common = _slow_lcs(text, reference)
    assert rouge_l(text, reference) == pytest.approx(2 * common / (len(text) + len(reference)))


def test_rouge_l_without_reference_is_undefined() -> None:
    assert rouge_l("甲", " ") is None
    assert rouge_l("", "甲") == 0.0


def test_exact_match_ignores_punctuation_and_case() -> None:
    assert exact_match("「ABC」路 3 号。", ["abc路3号"]) == 1.0
    assert exact_match("abc路3号院", ["abc路3号", "x"]) == 0.0
    assert exact_match("甲", []) is None


def test_token_f1_takes_the_best_answer() -> None:
    """Against 甲乙: 2 common of 3 and 2 tokens, 4/5; a Latin word is one token."""
    assert token_f1("甲乙丙", ["丁", "甲乙"]) == pytest.approx(0.8)
    assert token_f1("GDP增长", ["GDP"]) == pytest.approx(2 * 1 / (3 + 1))
    assert token_f1("", [""]) == 1.0
    assert token_f1("甲", []) is None
