"""Dialogues over the shipped samples: ellipsis, pronouns, corrections, changes of topic."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus import Gazetteer
from index.tokens import default_tokenizer
from qa import messages
from qa.followup import FollowUps
from qa.places import PlaceFinder
from qa.service import Service
from qa.types import Status
from tests.qa.town import SHANGYU, assert_verbatim

# Earlier questions, the last one, the area (or the status) of the answer, a fact it must quote.
DIALOGUES: tuple[tuple[tuple[str, ...], str, str, str], ...] = (
    # where somebody comes from is no change of place
    (("鲤城外地户口能领救助吗",), "我老公户口在晋江，一起申得上吗", "鲤城区", "共同生活"),
    (("鲤城落户有限制吗",), "厦门朋友说还卡名额，我们这边卡吗", "鲤城区", ""),
    (("鲤城落户有限制吗",), "那厦门呢", "other_area", ""),
    (("鲤城落户有限制吗",), "归谁管", "鲤城区", "公安分局"),
    (("鲤城落户有限制吗",), "手机上能办吗", "鲤城区", "掌上办"),
    (("鲤城落户有限制吗",), "孩子上学咋弄", "鲤城区", "随迁子女"),
    (
        (
            "鲤城落户有限制吗",
            "孩子上学咋弄",
        ),
        "公办的能上吗",
        "鲤城区",
        "100%",
    ),
    (
        (
            "鲤城落户有限制吗",
            "孩子上学咋弄",
        ),
        "这事找哪个单位",
        "鲤城区",
        "区教育局",
    ),
    (("鲤城保障性租赁住房收入有要求吗",), "新增多少套", "鲤城区", "500套"),
    (("鲤城保障性租赁住房收入有要求吗",), "主要给谁住", "鲤城区", "新就业年轻人"),
    (
        (
            "鲤城保障性租赁住房收入有要求吗",
            "新增多少套",
        ),
        "到哪年",
        "鲤城区",
        "2028年",
    ),
    (
        (
            "鲤城保障性租赁住房收入有要求吗",
            "新增多少套",
        ),
        "谁负责",
        "鲤城区",
        "区住建局",
    ),
    (("三明农民进城落户后地还在吗",), "宅基地呢", "三明市", "宅基地使用权"),
    (
        (
            "三明农民进城落户后地还在吗",
            "土地承包到期了怎么办",
        ),
        "这归谁",
        "三明市",
        "农业农村局",
    ),
    (("三明灵活就业人员能交公积金吗",), "失业保险呢", "三明市", "失业保险"),
    (("三明灵活就业人员能交公积金吗",), "送外卖受伤了有保障不", "三明市", "职业伤害"),
    (
        ("三明灵活就业人员能交公积金吗",),
        "鲤城的灵活就业人员医保要本地户口吗",
        "鲤城区",
        "取消户籍限制",
    ),
    (("成武一年新增多少就业",), "培训呢，多少人次", "成武县", "900"),
    (("成武一年新增多少就业",), "那鲤城", "鲤城区", "2万人"),
    (("成武普通门诊报销提高多少",), "跟哪年比", "成武县", "2020年"),
    (("成武普通门诊报销提高多少",), "那三明异地就医能结算不", "三明市", "异地就医"),
    (("成武5G基站到2025年要建多少个",), "鲤城建多少", "鲤城区", "100个"),
    (
        (
            "成武5G基站到2025年要建多少个",
            "鲤城建多少",
        ),
        "哪个单位负责",
        "鲤城区",
        "区工信局",
    ),
    (("鲤城雨水管网一年改多长",), "三明乡镇污水管网新建多少公里", "三明市", "130公里"),
    (("三明2023年供水投资多少",), "水厂建几个", "三明市", "8个"),
    (("三明2023年供水投资多少",), "管网呢", "三明市", "800公里"),
    (
        (
            "三明2023年供水投资多少",
            "水厂建几个",
        ),
        "哪家牵头",
        "三明市",
        "市水利局",
    ),
    (("三明老旧燃气管改多少",), "那条的原文给我看看", "三明市", "200公里"),
    (("鲤城怎么帮困难群众",), "外地户口的能申请吗", "鲤城区", "非本地户籍"),
    (("鲤城找工作有什么平台",), "线下呢", "鲤城区", "零工市场"),
    (("鲤城找工作有什么平台",), "有补贴吗", "鲤城区", "补贴"),
    (("鲤城江南片区要建三甲医院吗",), "检查结果别的医院认不认", "鲤城区", "互认"),
    (("青海一共多少项重点任务",), "几大行动", "青海省", "6大行动"),
    (("青海一共多少项重点任务",), "咨询电话多少", "青海省", "6305730"),
    (("青海这个方案的联系人是谁",), "电话呢", "青海省", "6305730"),
    (("成武小城镇人口目标",), "不对，我问的是养老中心覆盖率", "成武县", "覆盖率"),
    (("鲤城医保参保率目标",), "有居住证的补助一样吗", "鲤城区", "相同财政补助"),
    (("我在三明打工想让孩子上幼儿园",), "普惠的有没有", "三明市", "普惠"),
    (
        (
            "我在三明打工想让孩子上幼儿园",
            "普惠的有没有",
        ),
        "小学凭什么入学",
        "三明市",
        "居住证",
    ),
    (("三明棚户区改造谁能享受",), "要多少户以上", "三明市", "50户"),
    (("三明老小区会拆吗",), "停车难怎么办", "三明市", "停车场"),
    (
        (
            "三明老小区会拆吗",
            "停车难怎么办",
        ),
        "充电桩也装吗",
        "三明市",
        "充电",
    ),
    (("成武每年派多少城市人才下乡",), "三支一扶还搞吗", "成武县", "三支一扶"),
    (("成武快递到村吗",), "覆盖率要到多少", "成武县", "100%"),
    (("鲤城智改数转搞哪些行业",), "目标是多少家", "鲤城区", "25家"),
    (
        (
            "鲤城智改数转搞哪些行业",
            "目标是多少家",
        ),
        "什么时候完成",
        "鲤城区",
        "2026",
    ),
    (("鲤城普通高中要提升哪些学校",), "职校呢", "鲤城区", "职"),
    (("鲤城落户有限制吗",), "要带什么材料", "related_only", ""),
    (("鲤城落户有限制吗",), "几个工作日办好", "related_only", ""),
    (("鲤城落户有限制吗",), "厦门呢", "other_area", ""),
    (("鲤城落户有限制吗",), "今天天气咋样", "off_topic", ""),
    (("鲤城落户有限制吗",), "给我讲个故事", "off_topic", ""),
    (("鲤城保障性租赁住房收入有要求吗",), "房租一个月多少钱", "related_only", ""),
    (("鲤城保障性租赁住房收入有要求吗",), "建在哪条路", "related_only", ""),
    (("成武一年新增多少就业",), "工资大概多少", "related_only", ""),
    (("三明积分入学怎么算",), "最低要多少分", "related_only", ""),
    (("鲤城落户有限制吗",), "谢谢啊", "off_topic", ""),
    (("鲤城找工作有什么平台",), "世界杯谁赢了", "off_topic", ""),
)
STATUSES = frozenset(status.value for status in Status)


@pytest.mark.parametrize(
    ("history", "question", "expected", "fact"),
    [pytest.param(*row, id=f"{'-'.join(row[0])}-{row[1]}") for row in DIALOGUES],
)
def test_dialogue(
    samples: Service, history: tuple[str, ...], question: str, expected: str, fact: str
) -> None:
    """The last turn is understood from those before it, and nothing else is dragged in."""
    answer = samples.answer(question, history=history)
    assert_verbatim(samples, answer)
    if expected in STATUSES:
        assert answer.status.value == expected
        return
    assert answer.status is Status.ANSWERED
    assert {part.citation.area.rsplit("/", 1)[-1] for part in answer.parts} == {expected}
    assert fact in "".join(part.quote for part in answer.parts)


def test_something_else(town: Service) -> None:
    """«还有别的吗» passes over what was quoted, until nothing is left."""
    history = ["上虞租房能落户吗"]
    quoted = {part.citation.clause_id for part in town.answer(history[0]).parts}
    again = town.answer("还有别的吗", history=history)
    assert not quoted & {part.citation.clause_id for part in again.parts}
    history += ["还有别的吗"] * 40
    assert town.answer("还有别的吗", history=history[-40:]).status is not Status.ERROR
    second = town.answer("第二条呢", history=("上虞租房能落户吗",))
    assert [part.citation for part in second.parts] == [part.citation for part in again.parts]


@pytest.mark.parametrize("question", ["给我讲个笑话", "世界杯谁赢了", "红烧肉怎么做"])
def test_what_no_document_speaks_of_is_not_dragged_in(town: Service, question: str) -> None:
    """An earlier question does not turn a stray one into policy."""
    answer = town.answer(question, history=("上虞租房能落户吗",))
    assert answer.status is Status.OFF_TOPIC
    assert answer.message == messages.OFF_TOPIC


def test_place_beside_a_longer_word(town: Service) -> None:
    """«上虞外地» and the like are cut at the name of the place."""
    answer = town.answer("上虞租房能落户吗", history=("远安外地人能落户吗",))
    assert {part.citation.area for part in answer.parts} == {SHANGYU}


TOKENIZER = default_tokenizer()
FOLLOWUPS = FollowUps(PlaceFinder(Gazetteer.load(), TOKENIZER), TOKENIZER)
TURN = st.text(
    alphabet="上虞远安厦门租房落户医保老年食堂归谁管多少套那呢这个还有别的吗第二条？，。 ",
    max_size=24,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(st.lists(TURN, max_size=8), TURN)
def test_resolving_never_raises(history: list[str], question: str) -> None:
    """Whatever stands before, a question has a text, and it is told when that was changed."""
    resolved = FOLLOWUPS.resolve(question, history)
    assert (resolved.shown is None) or resolved.shown == resolved.text
    if not history:
        assert resolved.text == question


@settings(deadline=None, max_examples=40)
@given(st.lists(TURN, max_size=6))
def test_a_whole_question_is_left_alone(history: list[str]) -> None:
    """A new topic with its place is asked as it was typed."""
    question = "远安外来务工人员的随迁子女能不能就近上公办小学"
    assert FOLLOWUPS.resolve(question, history).text == question


def test_a_document_comes_before_its_interpretation(samples: Service) -> None:
    """Both say it; the 解读 is quoted when it is asked for."""
    answer = samples.answer("我家娃户口在外地，能在鲤城上小学吗")
    assert answer.parts[0].citation.label == "（三）"
    assert "解读" not in answer.parts[0].citation.title
    asked = samples.answer("鲤城的解读里怎么讲随迁子女入学")
    assert asked.status is Status.ANSWERED
    assert "解读" in asked.parts[0].citation.title
