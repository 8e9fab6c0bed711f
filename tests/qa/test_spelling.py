"""Slips of the keyboard are put right, and right words are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.tokens import default_tokenizer
from qa.service import Service
from qa.slips import cost
from qa.spelling import Change, Speller
from qa.subject import Subject
from tests.qa.town import SHANGYU, YUANAN

WORDS = {
    "落户": 20, "限制": 8, "加固": 3, "房屋": 9, "老旧": 6, "鲤城": 20, "鲤城区": 20, "居住证": 9,
    "医疗": 12, "保险": 12, "随迁子女": 5, "公积金": 6, "条件": 5, "幼儿园": 6, "建邺": 4,
    "建邺区": 9, "报销": 4, "什么": 0, "经适房": 0,
}  # fmt: skip


@pytest.fixture(scope="module")
def speller() -> Speller:
    """A speller that knows a few words and one passage."""
    related = {"老房子": ("老旧", "房屋")}

    def official(text: str) -> list[str]:
        return [word for own, words in related.items() if own in text for word in words]

    subject = Subject([("老旧", "房屋", "加固"), ("落户", "限制")], official)
    return Speller(WORDS, default_tokenizer().cutter, subject=subject)


@pytest.mark.parametrize(
    ("question", "right"),
    [
        pytest.param("鲤城落互有没有限治", "鲤城落户有没有限制", id="same-sound"),
        pytest.param("鲤成区怎么落护", "鲤城区怎么落户", id="place"),
        pytest.param("办居主证", "办居住证", id="near-sound-zh"),
        pytest.param("医料怎么报", "医疗怎么报", id="same-sound-second-character"),
        pytest.param("公鸡金能取吗", "公积金能取吗", id="a-word-inside-the-slip"),
        pytest.param("随千子女", "随迁子女", id="one-of-four"),
        pytest.param("上幼几园", "上幼儿园", id="any-one-character-of-three"),
        pytest.param("老房子要加古", "老房子要加固", id="by-the-subject"),
        pytest.param("luohu有什么tiaojian", "落户有什么条件", id="pinyin"),
        pytest.param("luo hu tiao jian", "落户条件", id="pinyin-with-blanks"),
        pytest.param("juzhuzheng 多少钱", "居住证 多少钱", id="pinyin-beside-characters"),
    ],
)
def test_slip_is_put_right(speller: Speller, question: str, right: str) -> None:
    """Sound, look, one character, pinyin."""
    found = speller.correct(question)
    assert found.text == right
    assert found.changes


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("", id="empty"),
        pytest.param("落户有什么限制", id="right"),
        pytest.param("我家孩子想上学", id="everyday-words"),
        pytest.param("建邺初中怎么报名", id="place-and-another-word"),
        pytest.param("经适房能卖吗", id="short-form-of-the-lexicon"),
        pytest.param("我和他在那边住", id="loose-characters"),
        pytest.param("手机app打不开wifi", id="latin-words"),
        pytest.param("😀？！12345", id="no-words"),
    ],
)
def test_right_words_stay(speller: Speller, question: str) -> None:
    """What is spelt right, or only unknown, comes back as it was."""
    found = speller.correct(question)
    assert found.text == question
    assert found.changes == ()


def test_changes_name_whole_words(speller: Speller) -> None:
    """A person reads «居主证 → 居住证», not the one syllable that was looked up."""
    assert speller.correct("居主证").changes == (Change("居主证", "居住证"),)


@given(st.text(alphabet="落户互限制治加固古居住主证的吗我在abc，。 ", max_size=30))
def test_correcting_twice_changes_nothing_more(text: str) -> None:
    """The result of a correction needs none; without changes the text is untouched."""
    speller = Speller(WORDS, default_tokenizer().cutter)
    once = speller.correct(text)
    assert speller.correct(once.text).text == once.text
    assert bool(once.changes) == (once.text != text)


@pytest.mark.parametrize(
    ("nearer", "farther"),
    [
        pytest.param(("落互", "落户"), ("落库", "落户"), id="sound-before-other"),
        pytest.param(("治", "制"), ("子", "制"), id="exact-before-fuzzy"),
        pytest.param(("户口薄", "户口簿"), ("户口本", "户口簿"), id="look-before-other"),
        pytest.param(("加古", "加固"), ("家古", "加固"), id="one-before-two"),
    ],
)
def test_cost_grows_with_distance(nearer: tuple[str, str], farther: tuple[str, str]) -> None:
    """A likelier slip costs less."""
    assert 0.0 < cost(*nearer) < cost(*farther)


def test_no_slip_costs_nothing() -> None:
    """The same word is no slip."""
    assert cost("落户", "落户") == 0.0


@pytest.mark.parametrize(
    ("question", "area"),
    [
        pytest.param("远按县落互怎么办", YUANAN, id="county"),
        pytest.param("尚虞怎么落互", SHANGYU, id="short-name"),
    ],
)
def test_corrected_places_are_searched(town_by_words: Service, question: str, area: str) -> None:
    """A misspelt place goes through the place finder, and the trace tells of it."""
    answer = town_by_words.answer(question)
    assert town_by_words.engine.read(question).scope == (area,)
    assert answer.trace is not None
    assert any("落互 → 落户" in line for line in answer.trace.understood)


def test_earlier_turns_are_corrected(town_by_words: Service) -> None:
    """A follow-up leans on the earlier question as it was meant."""
    read = town_by_words.engine.read("那上虞呢", ["远按县怎么落互"])
    assert "落户" in read.question


def test_question_without_slips_is_shown_as_written(town_by_words: Service) -> None:
    """Traditional script is not a slip."""
    assert town_by_words.engine.read("遠安落戶有什麼條件").changes == ()
