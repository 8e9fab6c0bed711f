"""The promise: every shown character is a slice of a stored document."""

from __future__ import annotations

from collections import Counter

import pytest

from qa.service import Service
from qa.types import Status
from tests.qa.town import SHANGYU, YUANAN, assert_verbatim

TOWN_QUESTIONS = (
    "上虞租房能落户吗", "上虞落户归谁管", "上虞落户要几个工作日", "上虞落户有什么条件",
    "上虞居住证有什么用", "上虞居住证在哪领", "上虞孩子上学看什么证", "上虞新增多少学位",
    "上虞新建几所幼儿园", "上虞技能培训一年多少人", "上虞培训有补贴吗", "上虞灵活就业医保",
    "上虞保租房多少套", "上虞保租房租金", "上虞老年食堂有几家", "上虞八十岁老人送餐吗",
    "上虞要点什么时候施行", "上虞解读的电话", "上虞起草背景", "远安租房能落户吗",
    "远安落户在哪办", "远安随迁子女上学", "远安新建几所小学", "远安公租房多少套",
    "远安公租房租金", "远安老年食堂补贴", "远安老年食堂谁牵头", "远安城镇化率",
    "租房能落户吗", "老年食堂归谁管", "外地娃上学要啥证", "公租房给谁住", "户口怎么迁",
    "落户", "医保", "居住证", "浙江落户条件", "宜昌公租房", "厦门落户", "咱县有食堂吗",
    "我们区建几所小学", "上虞 落户 归口", "上虞區租房能落戶嗎", "上虞落互要几天",
    "上虞落户要什么材料", "上虞局长是谁", "给我讲个笑话", "今天星期几", "😀", "2025",
)  # fmt: skip
SAMPLE_QUESTIONS = (
    "鲤城落户归谁管", "鲤城保障房多少套", "鲤城医保参保率", "三明随迁子女入学凭什么",
    "三明灵活就业公积金", "三元区落户有门槛吗", "成武消防队几个人", "成武门诊报销提高多少",
    "成武5G基站多少个", "青海城镇化率2030年", "青海里子工程是什么", "随迁子女入学要居住证吗",
    "落户还有限制吗", "老旧小区改造归谁管", "西宁内涝治理", "泉州七中什么级别",
    "鲤城和成武落户有什么不同", "农民工年纪大会被清退吗", "老年食堂", "城镇化率目标是多少",
    "鲤城落户要几个工作日", "写一首诗", "厦门落户", "鲤城雨水管改造多少公里",
)  # fmt: skip
CHATS = (
    ("上虞租房能落户吗", "归谁管", "那远安呢", "那医保呢", "谢谢", "公租房多少套"),
    ("远安老年食堂有补贴吗", "谁牵头", "上虞呢", "几家", "换个问题，保租房多少套"),
    ("外地孩子能上学吗", "要居住证吗", "那上虞呢", "新增多少学位", "它归谁管"),
)


@pytest.mark.parametrize("question", TOWN_QUESTIONS)
@pytest.mark.parametrize("area", [None, SHANGYU, YUANAN], ids=["all", "上虞", "远安"])
def test_town(town: Service, question: str, area: str | None) -> None:
    """Quotes and related clauses, with and without a picked area."""
    assert_verbatim(town, town.answer(question, area=area))


@pytest.mark.parametrize("question", SAMPLE_QUESTIONS)
def test_samples(samples: Service, question: str) -> None:
    """The same over the shipped digests."""
    assert_verbatim(samples, samples.answer(question))


@pytest.mark.parametrize("chat", CHATS, ids=[chat[0] for chat in CHATS])
@pytest.mark.parametrize("area", [None, SHANGYU], ids=["all", "上虞"])
def test_chats(town: Service, chat: tuple[str, ...], area: str | None) -> None:
    """Every turn of a chat."""
    for turn, question in enumerate(chat):
        assert_verbatim(town, town.answer(question, history=chat[:turn], area=area))


@pytest.mark.parametrize("question", TOWN_QUESTIONS)
def test_without_a_model(town_by_words: Service, question: str) -> None:
    """The lexical service keeps the same promise."""
    assert_verbatim(town_by_words, town_by_words.answer(question))


def test_the_questions_reach_every_kind_of_answer(town: Service) -> None:
    """These tests are not empty: most questions are answered, and other statuses occur."""
    counts = Counter(town.answer(question).status for question in TOWN_QUESTIONS)
    assert counts[Status.ANSWERED] >= 30
    assert {Status.RELATED_ONLY, Status.OTHER_AREA, Status.OFF_TOPIC, Status.CLARIFY} <= set(counts)


def test_quotes_are_short(town: Service) -> None:
    """On average at most 120 characters for a clause."""
    totals: list[int] = []
    for question in TOWN_QUESTIONS:
        lengths: Counter[str] = Counter()
        for part in town.answer(question).parts:
            lengths[part.citation.clause_id] += len(part.quote)
        totals.extend(lengths.values())
    assert sum(totals) / len(totals) <= 120
