"""Follow-up questions made to stand alone."""

from __future__ import annotations

import pytest

from corpus import Gazetteer
from index.tokens import default_tokenizer
from qa.asks import Ask
from qa.followup import MAX_TURNS, FollowUps, Resolved
from qa.places import PlaceFinder

SETTLE = "上虞租房能落户吗"


@pytest.fixture(scope="module")
def followups() -> FollowUps:
    """Return the resolver over the shipped lexicon."""
    tokenizer = default_tokenizer()
    return FollowUps(PlaceFinder(Gazetteer.load(), tokenizer), tokenizer)


def resolve(followups: FollowUps, *turns: str) -> Resolved:
    """Resolve the last of ``turns`` against those before it."""
    return followups.resolve(turns[-1], turns[:-1])


@pytest.mark.parametrize(
    ("turns", "text"),
    [
        pytest.param((SETTLE, "那远安呢"), "远安租房能落户吗", id="place"),
        pytest.param((SETTLE, "远安那边呢？"), "远安租房能落户吗", id="over-there"),
        pytest.param((SETTLE, "远安"), "远安租房能落户吗", id="bare-place"),
        pytest.param((SETTLE, "厦门呢"), "厦门租房能落户吗", id="uncovered-place"),
        pytest.param((SETTLE, "谢谢", "那远安呢"), "远安租房能落户吗", id="after-thanks"),
        pytest.param(("租房能落户吗", "那远安呢"), "远安租房能落户吗", id="no-place-before"),
        pytest.param(
            (SETTLE, "那远安呢", "那厦门呢"), "厦门租房能落户吗", id="twice"
        ),
    ],
)  # fmt: skip
def test_another_place(followups: FollowUps, turns: tuple[str, ...], text: str) -> None:
    """Only the place changes; the user is shown what was understood."""
    resolved = resolve(followups, *turns)
    assert resolved.text == text
    assert resolved.shown == text
    assert resolved.asks == {Ask.YES_NO}


@pytest.mark.parametrize(
    ("turns", "text"),
    [
        ((SETTLE, "那它管到哪一年"), "上虞文件管到哪一年"),
        ((SETTLE, "这个文件是谁起草的"), "上虞文件是谁起草的"),
        ((SETTLE, "那远安的这份文件有效期多久"), "远安文件的有效期多久"),
        ((SETTLE, "居住证有效期多久"), "上虞居住证有效期多久"),
        (("上虞居住证怎么办", "那它有效期多久"), "上虞居住证怎么办，它有效期多久"),
        (("上虞居住证怎么办", "它过期了怎么办"), "上虞居住证怎么办，它过期了怎么办"),
        ((SETTLE, "这项改造什么时候施行"), "上虞租房能落户吗，这项改造什么时候施行"),
    ],
)
def test_what_is_asked_of_the_document(
    followups: FollowUps, turns: tuple[str, ...], text: str
) -> None:
    """«它管到哪年» drags no matter along; what has a validity of its own is another thing."""
    assert resolve(followups, *turns).text == text


@pytest.mark.parametrize(
    ("turns", "ask"),
    [
        pytest.param((SETTLE, "归谁管"), Ask.UNIT, id="who"),
        pytest.param((SETTLE, "这事归谁管"), Ask.UNIT, id="this-who"),
        pytest.param((SETTLE, "要多久"), Ask.DURATION, id="how-long"),
        pytest.param((SETTLE, "多少钱"), Ask.MONEY, id="how-much"),
        pytest.param((SETTLE, "它什么时候开始的"), Ask.DATE, id="pronoun"),
        pytest.param((SETTLE, "要什么材料"), Ask.PAPERS, id="papers"),
        pytest.param((SETTLE, "网上能办吗"), Ask.CHANNEL, id="online"),
        pytest.param((SETTLE, "好的，谢谢", "归谁管"), Ask.UNIT, id="thanks-between"),
        pytest.param((SETTLE, "你好", "谢谢您了", "归谁管"), Ask.UNIT, id="more-small-talk"),
        pytest.param(
            (SETTLE, "几天能办好"), Ask.DURATION, id="days-till-done",
        ),
        pytest.param(
            (SETTLE, "这归哪个部门管"), Ask.UNIT, id="this-which-office",
        ),
    ],
)  # fmt: skip
def test_another_ask(followups: FollowUps, turns: tuple[str, ...], ask: Ask) -> None:
    """The topic and the place stay, the kind of fact is the new one alone."""
    resolved = resolve(followups, *turns)
    assert "上虞" in resolved.text
    assert "落户" in resolved.text
    assert resolved.asks == {ask}
    assert resolved.shown == resolved.text


@pytest.mark.parametrize(
    ("turns", "topic"),
    [
        pytest.param((SETTLE, "那医保呢"), "医保", id="insurance"),
        pytest.param((SETTLE, "居住证呢"), "居住证", id="permit"),
        pytest.param((SETTLE, "谢谢", "那老年食堂呢"), "老年食堂", id="after-thanks"),
        pytest.param((SETTLE, "那公租房呢"), "公租房", id="housing"),
        pytest.param((SETTLE, "公租房多少套"), "公租房", id="housing-count"),
    ],
)
def test_another_topic(followups: FollowUps, turns: tuple[str, ...], topic: str) -> None:
    """The place stays, the old topic is context and no longer in the question."""
    resolved = resolve(followups, *turns)
    assert resolved.text.startswith("上虞")
    assert topic in resolved.text
    assert "落户" not in resolved.text


@pytest.mark.parametrize(
    "question",
    [
        "那大学生呢", "没买房的呢", "灵活就业的人呢",
        pytest.param("外来务工人员可以吗", id="workers"),
    ],
)  # fmt: skip
def test_another_person_keeps_the_topic(followups: FollowUps, question: str) -> None:
    """«那大学生呢» asks the same thing for somebody else."""
    resolved = resolve(followups, SETTLE, question)
    assert resolved.text.startswith("上虞租房能落户吗")


@pytest.mark.parametrize(
    ("turns", "text"),
    [
        pytest.param((SETTLE, "换个问题，老年食堂有补贴吗"), "上虞老年食堂有补贴吗", id="said-so"),
        pytest.param(
            (SETTLE, "换个话题，远安老年食堂有补贴吗"), "远安老年食堂有补贴吗", id="with-place"
        ),
        pytest.param(
            (SETTLE, "我爸妈七十多了，想找个能吃饭的地方，有老年食堂吗"),
            "上虞我爸妈七十多了，想找个能吃饭的地方，有老年食堂吗",
            id="whole-question",
        ),
        pytest.param(
            (SETTLE, "远安一共新建几所小学"), "远安一共新建几所小学", id="place-of-its-own"
        ),
    ],
)
def test_new_topic(followups: FollowUps, turns: tuple[str, ...], text: str) -> None:
    """A question that stands alone is not dragged back; only a missing place is carried over."""
    resolved = resolve(followups, *turns)
    assert resolved.text == text
    assert (resolved.shown is None) == (text == turns[-1])


def test_five_turns(followups: FollowUps) -> None:
    """A chain of five: place, ask, thanks, place and topic, each on top of the last."""
    turns = (SETTLE, "归谁管", "谢谢", "那远安呢", "老年食堂呢")
    resolved = resolve(followups, *turns, "归谁管")
    assert resolved.text.startswith("远安")
    assert "老年食堂" in resolved.text
    assert "上虞" not in resolved.text
    assert resolved.asks == {Ask.UNIT}


def test_older_turns_are_left_out(followups: FollowUps) -> None:
    """What was said more than five questions ago is not looked at."""
    others = [f"公交线路{number}号开了没有" for number in range(MAX_TURNS)]
    assert resolve(followups, SETTLE, *others, "归谁管").text == (
        resolve(followups, *others, "归谁管").text
    )
    assert "上虞" in resolve(followups, SETTLE, *others[1:], "归谁管").text


@pytest.mark.parametrize("history", [(), ("",), ("谢谢", "你好"), ("？？",)], ids=repr)
@pytest.mark.parametrize("question", ["归谁管", "那远安呢", SETTLE, ""])
def test_nothing_to_lean_on(followups: FollowUps, question: str, history: tuple[str, ...]) -> None:
    """Without a real question before it, a question keeps its words."""
    resolved = followups.resolve(question, history)
    assert question.strip("那呢") in resolved.text


@pytest.mark.parametrize(
    ("turns", "repeated"),
    [
        pytest.param((SETTLE, "归谁管", "要多久"), "落户", id="asks-pile-up"),
        pytest.param(
            ("远安公租房多少套", "上虞公租房多少套", "那租金呢"), "公租房", id="same-topic-twice"
        ),
    ],
)
def test_nothing_is_said_twice(followups: FollowUps, turns: tuple[str, ...], repeated: str) -> None:
    """The question that is shown reads like one that somebody would ask."""
    assert resolve(followups, *turns).text.count(repeated) == 1


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("八十岁以上的老人呢", id="age"),
        "还有别的吗",
    ],
)
def test_ellipsis_keeps_the_topic(followups: FollowUps, question: str) -> None:
    """A question that names nothing of its own is about the earlier topic."""
    assert "老年食堂" in resolve(followups, "上虞老年食堂有几家", question).text


@pytest.mark.parametrize(
    ("turns", "text"),
    [
        pytest.param(
            ("上虞技能培训有补贴吗", "盒饭管不管"), "上虞盒饭管不管有补贴吗", id="inside-技能"
        ),
        pytest.param(("上虞能自己交医保吗", "养老呢"), "上虞能自己交养老吗", id="sibling"),
        pytest.param(
            ("上虞燃气管换多少", "错了，问的是水管不是煤气管"), "上虞水管换多少", id="not-meant"
        ),
    ],
)
def test_what_is_carried_over(followups: FollowUps, turns: tuple[str, ...], text: str) -> None:
    """Asking words are carried as words, a sibling takes the place of what it replaces."""
    assert resolve(followups, *turns).text == text


def test_joined_on_demand(followups: FollowUps) -> None:
    """What could stand alone is read as a part of the earlier question where that is wanted."""
    turns = ("上虞农村水厂建几个", "管子铺多长")
    alone = followups.resolve(turns[1], turns[:1])
    joined = followups.resolve(turns[1], turns[:1], joined=True)
    assert alone.text != joined.text
    assert joined.text.startswith("上虞农村水厂")
    assert joined.text.endswith("，管子铺多长")
