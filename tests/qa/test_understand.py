"""From what the user typed to what is searched, or to a reply that needs no search."""

from __future__ import annotations

import pytest

from corpus import Gazetteer
from index.tokens import default_tokenizer
from qa import messages
from qa.asks import Ask
from qa.followup import FollowUps
from qa.places import PlaceFinder
from qa.types import Status
from qa.understand import Understood, immediate_reply, understand
from tests.qa.town import AREAS, SHANGYU, YUANAN

ID_CARD = "110101199003070000"
MOBILE = "13000000000"


def read(question: str, *history: str, area: str | None = None) -> Understood:
    finder = PlaceFinder(Gazetteer.load(), default_tokenizer())
    followups = FollowUps(finder, default_tokenizer())
    return understand(question, history, area, AREAS, finder, followups)


@pytest.mark.parametrize(
    ("question", "status", "message"),
    [
        pytest.param("", Status.CLARIFY, messages.EMPTY, id="empty"),
        pytest.param(" \n\t\u3000", Status.CLARIFY, messages.EMPTY, id="white-space"),
        pytest.param("？？！。", Status.CLARIFY, messages.NO_WORDS, id="punctuation"),
        pytest.param("😀🎉", Status.CLARIFY, messages.NO_WORDS, id="emoji"),
        pytest.param("___", Status.CLARIFY, messages.NO_WORDS, id="underscores"),
        pytest.param("\u200b\u200d", Status.CLARIFY, messages.NO_WORDS, id="zero-width"),
        pytest.param("a", Status.CLARIFY, messages.NO_WORDS, id="one-letter"),
        pytest.param(
            "字" * 5000, Status.CLARIFY, messages.TOO_LONG.format(length=5000, limit=500),
            id="five-thousand-characters",
        ),
        pytest.param(
            "字" * 501, Status.CLARIFY, messages.TOO_LONG.format(length=501, limit=500),
            id="one-too-many",
        ),
        pytest.param(
            f"我的身份证是{ID_CARD}", Status.REFUSED, messages.REFUSED.format(kind="身份证号"),
            id="id-card",
        ),
        pytest.param(
            f"打{MOBILE}", Status.REFUSED, messages.REFUSED.format(kind="手机号"), id="mobile"
        ),
        pytest.param("你好", Status.OFF_TOPIC, messages.GREETING, id="greeting"),
        pytest.param("好的，谢谢", Status.OFF_TOPIC, messages.THANKS, id="thanks"),
    ],
)  # fmt: skip
def test_replies_without_search(question: str, status: Status, message: str) -> None:
    """Input that is not a question gets one fixed, helpful sentence."""
    reply = immediate_reply(question, (), AREAS)
    assert reply is not None
    assert (reply.status, reply.message) == (status, message)
    assert (reply.parts, reply.related) == ((), ())


@pytest.mark.parametrize(
    "question",
    ["落户", "啊？我能落户吗", "字" * 500, "98%", "a医保", "你好，我想问落户", "2025", "12345热线"],
    ids=lambda question: question[:8],
)
def test_questions_go_on(question: str) -> None:
    """Anything with words in it is searched."""
    assert immediate_reply(question, (), AREAS) is None


@pytest.mark.parametrize(
    "turn",
    [
        pytest.param(f"我是{ID_CARD}", id="id-card"),
        pytest.param(f"手机{MOBILE}能收短信吗", id="mobile"),
        pytest.param("说来话长" * 100 + ID_CARD, id="after-many-words"),
        pytest.param(
            "说来话长" * 600 + ID_CARD, id="after-very-many-words",
        ),
    ],
)  # fmt: skip
def test_personal_data_in_an_earlier_turn(turn: str) -> None:
    """History is sent along with every question: it is refused too, and not echoed."""
    reply = immediate_reply("归谁管", ("上虞落户", turn), AREAS)
    assert reply is not None
    assert reply.status is Status.REFUSED
    assert ID_CARD not in reply.message
    assert MOBILE not in reply.message


def test_ability_names_what_is_covered() -> None:
    """«你能做什么» lists the places."""
    reply = immediate_reply("你能做什么", (), AREAS)
    assert reply is not None
    assert "绍兴市上虞区、宜昌市远安县" in reply.message


def test_ability_without_documents() -> None:
    """Nothing is covered yet: the sentence must still read."""
    reply = immediate_reply("你能做什么", (), ())
    assert reply is not None
    assert "：。" not in reply.message


@pytest.mark.parametrize(
    ("question", "area", "scope"),
    [
        pytest.param("租房能落户吗", None, None, id="no-place"),
        pytest.param("上虞租房能落户吗", None, (SHANGYU,), id="place"),
        pytest.param("租房能落户吗", YUANAN, (YUANAN,), id="picker"),
        pytest.param("上虞租房能落户吗", YUANAN, (SHANGYU,), id="words-beat-the-picker"),
        pytest.param("租房能落户吗", "湖北省", (YUANAN,), id="picker-of-a-parent"),
        pytest.param("租房能落户吗", "", None, id="empty-picker"),
        pytest.param("咱县租房能落户吗", None, (YUANAN,), id="our-county"),
        pytest.param("我们区租房能落户吗", None, (SHANGYU,), id="our-district"),
        pytest.param("咱县租房能落户吗", SHANGYU, (SHANGYU,), id="picker-beats-our-county"),
        pytest.param("咱市租房能落户吗", None, None, id="level-without-area"),
    ],
)
def test_scope(question: str, area: str | None, scope: tuple[str, ...] | None) -> None:
    """A named place first, then the picker, then a level; else everything."""
    assert read(question, area=area).scope == scope


def test_where_somebody_comes_from_is_not_searched_for() -> None:
    """With a place picked, «厦门» in «厦门户口» neither moves the question nor counts as a word."""
    found = read("厦门户口的孩子能上公办小学吗", area=AREAS[0])
    assert found.places.uncovered is None
    assert found.scope == (AREAS[0],)
    assert "厦门" not in found.content


def test_followup_is_read_as_one_question() -> None:
    """Place, topic and ask come together; the resolved question is shown."""
    understood = read("那远安呢", "上虞老年食堂归谁管")
    assert understood.scope == (YUANAN,)
    assert understood.asks == {Ask.UNIT}
    assert understood.resolved == understood.question == "远安老年食堂归谁管"
    assert "远安" not in understood.content


def test_search_form() -> None:
    """Traditional script, full width and blanks at the ends make no difference."""
    assert read("  上虞租房能落戶嗎？ ").question == read("上虞租房能落户吗?").question
    assert read("上虞租房能落户吗").resolved is None
