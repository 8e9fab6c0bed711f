"""Search form, tokens, figures, synonyms, fusion."""

from __future__ import annotations

import re
from pathlib import Path

import jieba
import pytest

import corpus
from index.fusion import reciprocal_rank_fusion
from index.numbers import figure_keys
from index.synonyms import Synonyms, parse_synonyms
from index.tokens import Tokenizer, default_tokenizer, read_words, search_form


@pytest.mark.parametrize(
    ("text", "form"),
    [
        pytest.param("ＡＰＰ", "app", id="full-width-and-case"),
        pytest.param("確保義務教育", "确保义务教育", id="traditional"),
        pytest.param("50㎡", "50m2", id="compatibility"),
    ],
)
def test_search_form(text: str, form: str) -> None:
    """Width, script and case are folded."""
    assert search_form(text) == form


def test_rjieba_cuts_as_jieba_does() -> None:
    """The fast cutter and jieba agree on the shipped documents, user words included."""
    words = read_words("words.tsv")
    reference = jieba.Tokenizer()
    for word in words:
        reference.add_word(search_form(word))
    ours = Tokenizer(words)
    paths = sorted((Path(corpus.__file__).parent / "documents").glob("*.txt"))
    assert len(paths) == 5
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            cut = reference.cut_for_search(search_form(line), HMM=False)
            assert ours.words(line) == [word for word in cut if re.search(r"\w", word)]


def test_stop_words_are_not_terms() -> None:
    """Question words say nothing about the topic; figures are found whole."""
    terms = default_tokenizer().terms("请问落户要多少钱，有3.5万名额吗")
    assert "落户" in terms
    assert "3.5万" in terms
    assert not {"请问", "吗", "多少"} & set(terms)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("两万人", "20000人", id="wan"),
        pytest.param("2万套", "两万套", id="mixed"),
        pytest.param("百分之九十六", "96%", id="percent"),
        pytest.param("一千二百公里", "1200公里", id="hundreds"),
        pytest.param("1.5亿元", "150000000元", id="yi"),
        pytest.param("二〇二五年", "2025年", id="year"),
    ],
)
def test_figures_match_in_all_written_forms(left: str, right: str) -> None:
    """The same number has the same key however it is written."""
    assert figure_keys(left) == figure_keys(right) != frozenset()


@pytest.mark.parametrize("text", ["三明市落户", "一下子", "万一没有"])
def test_numerals_inside_words_are_not_figures(text: str) -> None:
    """三明, 一下 and 万一 hold numerals but count nothing."""
    assert figure_keys(text) == frozenset()


def test_synonyms_prefer_the_longest_expression() -> None:
    """«打工的孩子» is one expression where the table has it; several lines add up."""
    table = Synonyms(
        parse_synonyms(
            "# 注释\n打工\t务工\t就业\n打工的孩子\t随迁子女\t入学\n打工的孩子\t流动儿童\t入学\n"
        )
    )
    found = table.find("打工的孩子能上学吗")
    assert [(e.resident, e.official) for e in found] == [("打工的孩子", ("随迁子女", "流动儿童"))]


def test_fusion_by_hand() -> None:
    """A row ranked second and fifth scores 1/62 + 1/65."""
    fused = dict(reciprocal_rank_fusion([[1, 7, 3], [2, 3, 4, 5, 7]]))
    assert fused[7] == pytest.approx(1 / 62 + 1 / 65)
    assert next(iter(fused)) == 3  # third and second


def test_words_that_a_cut_loses_are_found() -> None:
    """The best cut of a text may run across a word of the dictionary."""
    tokenizer = Tokenizer(["云山卡"])
    text = "云山卡片管理"
    assert "云山卡" in tokenizer.words_in(text)
    assert frozenset(tokenizer.terms(text)) <= tokenizer.words_in(text)


def test_talk_surprises_less_than_policy() -> None:
    """What is common in all text says little, however rare it is in a few documents."""
    surprise = default_tokenizer().surprise
    assert surprise("下来") < surprise("材料") < surprise("居住证")
    assert surprise("没有这个词") > 15.0
