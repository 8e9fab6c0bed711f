"""Which place a question is about, and which documents speak for it."""

from __future__ import annotations

import pytest

from corpus import Gazetteer
from index.tokens import default_tokenizer
from qa.places import (
    PlaceFinder,
    Places,
    areas_for,
    areas_hinted,
    find_places,
    local_names,
    others_named,
    readable,
    without_places,
)
from tests.qa.town import SHANGYU, YUANAN

HUBEI = "湖北省"
GULOU = "江苏省/南京市/鼓楼区"
SANMING = "福建省/三明市"
AREAS = (GULOU, SHANGYU, HUBEI, YUANAN, SANMING)


def places(question: str, areas: tuple[str, ...] = AREAS) -> Places:
    return find_places(question, areas, PlaceFinder(Gazetteer.load(), default_tokenizer()))


@pytest.mark.parametrize(
    ("question", "covered"),
    [
        pytest.param("上虞怎么落户", (SHANGYU,), id="short-name"),
        pytest.param("上虞区怎么落户", (SHANGYU,), id="full-name"),
        pytest.param("浙江省绍兴市上虞区怎么落户", (SHANGYU,), id="whole-path"),
        pytest.param("绍兴上虞怎么落户", (SHANGYU,), id="with-its-city"),
        pytest.param("绍兴怎么落户", (SHANGYU,), id="parent"),
        pytest.param("浙江怎么落户", (SHANGYU,), id="province"),
        pytest.param("远安怎么落户", (HUBEI, YUANAN), id="place-and-its-province"),
        pytest.param("湖北怎么落户", (HUBEI, YUANAN), id="province-and-its-county"),
        pytest.param("武汉怎么落户", (HUBEI,), id="child-of-a-province"),
        pytest.param("三明市三元区怎么落户", (SANMING,), id="child-of-a-city"),
        pytest.param("上虞和远安哪边好落户", (SHANGYU, HUBEI, YUANAN), id="two-in-corpus-order"),
        pytest.param("远安和上虞哪边好落户", (SHANGYU, HUBEI, YUANAN), id="two-the-other-way"),
        pytest.param("鼓楼区怎么落户", (GULOU,), id="ambiguous-and-one-covered"),
        pytest.param("南京鼓楼怎么落户", (GULOU,), id="doubtful-name-beside-its-city"),
        pytest.param("上虞比杭州好落户吗", (SHANGYU,), id="covered-one-of-two"),
        pytest.param("厦门户口能在上虞上学吗", (SHANGYU,), id="origin-by-hukou"),
        pytest.param("我是远安人,想在上虞落户", (SHANGYU,), id="origin-by-person"),
        pytest.param("老家在远安，人在上虞，能落户吗", (SHANGYU,), id="origin-by-home"),
        pytest.param("从远安来上虞打工", (SHANGYU,), id="origin-by-from"),
        pytest.param("户口在三明，在上虞上班", (SHANGYU,), id="origin-by-hukou-in"),
        pytest.param("把户口从上虞迁到三明", (SANMING,), id="move"),
        pytest.param("上虞户籍的孩子能去三明上学吗", (SANMING,), id="origin-of-a-child"),
        pytest.param("我是上虞人，想落户", (SHANGYU,), id="origin-alone-is-the-place"),
        pytest.param("上虞人口有多少", (SHANGYU,), id="population-is-no-origin"),
        pytest.param("上虞户口好迁吗", (SHANGYU,), id="hukou-of-the-place"),
        pytest.param("上虞區怎麼落戶", (SHANGYU,), id="traditional-not-yet-folded"),
        pytest.param(
            "孩子在远安出生，能在上虞落户吗", (SHANGYU,), id="birthplace",
        ),
    ],
)  # fmt: skip
def test_covered_places(question: str, covered: tuple[str, ...]) -> None:
    """The documents of the place itself, of what holds it and of what it holds."""
    found = places(question)
    assert found.covered == covered
    assert found.uncovered is None
    assert found.named


@pytest.mark.parametrize(
    ("question", "name"),
    [
        pytest.param("厦门怎么落户", "厦门", id="city"),
        pytest.param("福州鼓楼区怎么落户", "福州鼓楼区", id="namesake-of-a-covered-one"),
        pytest.param("朝阳区怎么落户", "朝阳区", id="ambiguous"),
        pytest.param("我是厦门人，想在杭州落户", "杭州", id="origin-is-not-named-back"),
        pytest.param("我是上虞人，想在杭州落户", "杭州", id="covered-origin"),
        pytest.param("杭州、宁波怎么落户", "杭州", id="first-of-two"),
    ],
)
def test_uncovered_places(question: str, name: str) -> None:
    """A place without documents is named back as it was written."""
    found = places(question)
    assert found.uncovered == name
    assert found.covered == ()


@pytest.mark.parametrize(
    "question",
    [
        "三明治怎么做", "租房能落户吗", "南京路步行街", "厦门大学学费", "海南航空", "中国公民", "",
        "大理石地板", "医保怎么报销",
        pytest.param("上海青怎么炒", id="a-vegetable"),
        pytest.param("成武将军是谁", id="a-general"),
        "远安静一点的小区", "学校谁来安排", "广安门医院合作",
    ],
)  # fmt: skip
def test_names_inside_other_words(question: str) -> None:
    """A word that holds the letters of a place is no place."""
    assert places(question) == Places()


@pytest.mark.parametrize(
    ("question", "wider"),
    [
        pytest.param("上虞怎么落户", (), id="exact"),
        pytest.param("绍兴怎么落户", (("绍兴", SHANGYU),), id="document-of-a-part"),
        pytest.param("武汉怎么落户", (("武汉", HUBEI),), id="document-of-the-whole"),
        pytest.param("湖北怎么落户", (), id="exact-beside-a-part"),
    ],
)
def test_another_level_is_told(question: str, wider: tuple[tuple[str, str], ...]) -> None:
    """Where only another level has documents, the place and that area are kept for a warning."""
    assert places(question).wider == wider


@pytest.mark.parametrize(
    ("question", "areas"),
    [
        pytest.param("咱县建多少套公租房", (YUANAN,), id="our-county"),
        pytest.param("县里有老年食堂吗", (YUANAN,), id="in-the-county"),
        pytest.param("我们区怎么落户", (GULOU, SHANGYU), id="our-district"),
        pytest.param("我们这个区怎么落户", (GULOU, SHANGYU), id="this-district-of-ours"),
        pytest.param("本市公交怎么样", (SANMING,), id="this-city"),
        pytest.param("全省医保一样吗", (HUBEI,), id="whole-province"),
        pytest.param("我区教育局在哪", (GULOU, SHANGYU), id="before-a-bureau"),
        pytest.param("市民怎么办", (), id="citizen"),
        pytest.param("大区别", (), id="difference"),
        pytest.param("县长是谁", (), id="head-of-county"),
        pytest.param("小区停车难", (), id="housing-estate"),
    ],
)
def test_level_without_a_name(question: str, areas: tuple[str, ...]) -> None:
    """«咱县» means the areas of that level."""
    assert areas_hinted(question, AREAS) == areas


def test_areas_for_go_up_and_down_but_not_sideways() -> None:
    """Parents and children speak for a place; a sibling and a name that only begins alike do not.

    湖北省 is the beginning of the text 湖北省X, which is no child.
    """
    areas = ("甲省", "甲省/乙市", "甲省/乙市/丙县", "甲省/丁市", "甲省X")
    assert areas_for("甲省/乙市", areas) == ("甲省", "甲省/乙市", "甲省/乙市/丙县")
    assert areas_for("戊省", areas) == ()


def test_spans_cut_the_names_out() -> None:
    """What is left is the question without its places, in order."""
    question = "上虞和远安落户有什么不同"
    assert without_places(question, places(question).spans) == "和落户有什么不同"
    assert without_places(question, ()) == question


def test_readable_areas() -> None:
    """The last part with its parent, joined for reading."""
    assert readable([SHANGYU, HUBEI]) == "绍兴市上虞区、湖北省"
    assert readable([]) == ""


@pytest.mark.parametrize(
    ("question", "quote", "others"),
    [
        pytest.param("永安市有门槛吗", "三元区、沙县区零门槛。", ("三元区", "沙县区"), id="others"),
        pytest.param("沙县区有门槛吗", "三元区、沙县区零门槛。", (), id="named"),
        pytest.param("永安市有门槛吗", "全市推行，三元区先行。", (), id="all-of-the-city"),
        pytest.param("永安市有门槛吗", "取消落户限制。", (), id="names-none"),
        pytest.param("三明有门槛吗", "三元区、沙县区零门槛。", (), id="the-city-was-asked"),
    ],
)
def test_a_quote_about_other_counties(question: str, quote: str, others: tuple[str, ...]) -> None:
    """A list of counties speaks for those in it alone."""
    finder = PlaceFinder(Gazetteer.load(), default_tokenizer())
    assert others_named(quote, places(question), SANMING, finder) == others


def test_a_city_keeps_its_short_name() -> None:
    """芜湖 is the city with documents, not the former 芜湖县 in it."""
    names = local_names(Gazetteer.load(), ["安徽省/芜湖市"])
    assert "芜湖" not in names
    assert names["无为"] == "安徽省/芜湖市/无为市"
