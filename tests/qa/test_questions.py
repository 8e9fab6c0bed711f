"""Several questions in one message are told apart; a story with one question is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.tokens import default_tokenizer
from qa import messages
from qa.followup import FollowUps
from qa.places import PlaceFinder
from qa.questions import MAX_QUESTIONS, Question, split_questions
from qa.service import Service
from qa.types import Status
from tests.qa.town import assert_verbatim


def topic(text: str) -> list[str]:
    """Words of a text that name a subject."""
    from corpus import Gazetteer

    tokenizer = default_tokenizer()
    return FollowUps(PlaceFinder(Gazetteer.load(), tokenizer), tokenizer).topic(text)


def split(message: str) -> tuple[Question, ...]:
    return split_questions(message, topic)


@pytest.mark.parametrize(
    ("message", "questions"),
    [
        pytest.param("租房能落户吗？老年食堂归谁管？", ["租房能落户吗？", "老年食堂归谁管？"],
                     id="question-marks"),
        pytest.param("租房能落户吗\n老年食堂归谁管", ["租房能落户吗\n", "老年食堂归谁管"],
                     id="lines"),
        pytest.param("租房能落户吗；老年食堂归谁管", ["租房能落户吗；", "老年食堂归谁管"],
                     id="semicolon"),
        pytest.param("租房能落户吗，还有老年食堂归谁管", ["租房能落户吗", "老年食堂归谁管"],
                     id="and-also"),
        pytest.param("租房能落户吗，另外问一下老年食堂归谁管", ["租房能落户吗", "老年食堂归谁管"],
                     id="besides"),
        pytest.param("1.租房能落户吗 2.老年食堂归谁管", ["租房能落户吗 ", "老年食堂归谁管"],
                     id="numbered"),
        pytest.param("①租房能落户吗②老年食堂归谁管", ["租房能落户吗", "老年食堂归谁管"],
                     id="circled"),
        pytest.param("老年食堂归谁管，公租房建多少套", ["老年食堂归谁管", "公租房建多少套"],
                     id="comma"),
        pytest.param("落户要什么材料，多久能办好", ["落户要什么材料", "多久能办好"],
                     id="two-facts-of-one-thing"),
    ],
)  # fmt: skip
def test_told_apart(message: str, questions: list[str]) -> None:
    """Each part that asks is a question of its own, in order."""
    assert [question.text for question in split(message)] == questions


@pytest.mark.parametrize(
    "message",
    [
        "租房能落户吗",
        "租房能落户吗？是真的吗？",
        "听说租房能落户，对吗？",
        "我在这里租房，孩子六岁，能上公办小学吗",
        "提供虚假材料的，后果如何",
        "老年食堂有多少家、在哪个街道",
        "只有居住证能上学吗",
        "还有多少学位",
        "公租房2020.5平方米以上要多少钱",
        "",
        "？？？",
    ],
)
def test_one_question(message: str) -> None:
    """What belongs together stays together."""
    assert len(split(message)) == 1


@pytest.mark.parametrize(
    ("message", "text", "story"),
    [
        pytest.param(
            "我是外地来的。租房能落户吗？", "租房能落户吗？", "我是外地来的。", id="before"
        ),
        pytest.param("租房能落户吗？我是外地来的", "租房能落户吗？", "我是外地来的", id="after"),
        pytest.param("我想落户。怎么办？", "我想落户。怎么办？", "", id="topic-is-in-the-story"),
    ],
)
def test_story(message: str, text: str, story: str) -> None:
    """What is told is kept beside the asking sentence, unless the topic stands there."""
    assert split(message) == (Question(text, story),)


@given(
    st.text(alphabet="上虞租房能落户吗老年食堂归谁管多少套1.、，。？；还有另外\n ①", max_size=60)
)
def test_nothing_is_lost(message: str) -> None:
    """However a message is cut: something is asked, and nothing is asked that was not typed."""
    found = split_questions(message, str.split)
    assert found
    typed = set(message)
    assert all(set(question.whole) <= typed | {"，"} for question in found)


def test_each_is_answered_in_order(town: Service) -> None:
    """Parts stand in the order of the questions, and the answer says which belong to which."""
    answer = town.answer("上虞老年食堂归谁管？租房能落户吗？")
    assert answer.status is Status.ANSWERED
    assert answer.message == messages.ANSWERED_EACH.format(count=2)
    first, second = answer.asked
    assert (first.question, second.question) == ("上虞老年食堂归谁管", "租房能落户吗")
    assert (first.parts[0], first.parts[1]) == (0, second.parts[0])
    assert second.parts[1] == len(answer.parts)
    assert "区民政局" in "".join(part.quote for part in answer.parts[slice(*first.parts)])
    assert "落户" in "".join(part.quote for part in answer.parts[slice(*second.parts)])
    assert_verbatim(town, answer)


def test_what_has_no_answer_is_named(town: Service) -> None:
    """An honest line for each question without an answer, with its own words."""
    answer = town.answer("上虞老年食堂归谁管？落户要什么材料？厦门呢？")
    assert answer.status is Status.ANSWERED
    assert "“落户要什么材料”" in answer.message
    assert "“厦门呢”" in answer.message
    assert [asked.status for asked in answer.asked] == [
        Status.ANSWERED, Status.RELATED_ONLY, Status.OTHER_AREA,
    ]  # fmt: skip
    assert_verbatim(town, answer)


def test_none_is_answered(town: Service) -> None:
    """No parts, the most helpful status, every question named."""
    answer = town.answer("上虞落户要什么材料？厦门能落户吗？")
    assert answer.status is Status.RELATED_ONLY
    assert answer.parts == ()
    assert all(asked.parts == (0, 0) for asked in answer.asked)
    assert_verbatim(town, answer)


def test_too_many(town: Service) -> None:
    """The first ones are answered, and the message says that there were more."""
    answer = town.answer("".join(f"上虞第{n}年建多少套公租房？" for n in "一二三四五六七"))
    assert len(answer.asked) == MAX_QUESTIONS
    assert messages.MORE_QUESTIONS.format(limit=MAX_QUESTIONS) in answer.message


def test_same_question_twice_is_quoted_once(town: Service) -> None:
    """Nothing is said twice over the questions of a message."""
    answer = town.answer("上虞老年食堂归谁管？上虞老年食堂谁负责？")
    assert len(answer.parts) == 1


def test_one_question_has_no_list(town: Service) -> None:
    """``asked`` is for messages that ask several things."""
    assert town.answer("上虞老年食堂归谁管").asked == ()


def test_story_does_not_lead(town: Service) -> None:
    """The asking sentence is answered, with the place from the story."""
    answer = town.answer("我是外地来的，在工厂上班。想在上虞落户。要多久办好？")
    assert "五个工作日" in "".join(part.quote for part in answer.parts)
    assert_verbatim(town, answer)
