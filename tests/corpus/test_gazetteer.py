"""Places in text."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from corpus import Gazetteer, build_document, is_within, zones_of
from corpus.loading import source_of

GAZETTEER = Gazetteer.load()


@pytest.mark.parametrize(
    ("text", "name", "path"),
    [
        pytest.param("能在鲤城上小学吗", "鲤城", "福建省/泉州市/鲤城区", id="short-name"),
        pytest.param("成武那边有没有食堂", "成武", "山东省/菏泽市/成武县", id="county"),
        pytest.param("泉州市鲤城区政府", "泉州市鲤城区", "福建省/泉州市/鲤城区", id="joined"),
        pytest.param("福建泉州落户", "福建泉州", "福建省/泉州市", id="short-names-joined"),
        pytest.param(
            "福州鼓楼区入学", "福州鼓楼区", "福建省/福州市/鼓楼区", id="narrowed-by-parent"
        ),
        pytest.param("北京朝阳积分", "北京朝阳", "北京市/朝阳区", id="everyday-word-beside-parent"),
        pytest.param("深圳的南山区", "深圳的南山区", "广东省/深圳市/南山区", id="with-of"),
        pytest.param("厦门怎么落户", "厦门", "福建省/厦门市", id="prefecture"),
        pytest.param("青海那边", "青海", "青海省", id="province"),
        pytest.param("恩施能落户吗", "恩施", "湖北省/恩施土家族苗族自治州", id="autonomous"),
        pytest.param("内蒙古的补贴", "内蒙古", "内蒙古自治区", id="region"),
        pytest.param("神农架有医院吗", "神农架", "湖北省/神农架林区", id="forest-district"),
        pytest.param("浦东上学", "浦东", "上海市/浦东新区", id="new-area"),
        pytest.param("临安市的房子", "临安市", "浙江省/杭州市/临安区", id="former-name"),
        pytest.param(
            "长沙县入学", "长沙县", "湖南省/长沙市/长沙县", id="county-in-city-of-the-name"
        ),
        pytest.param("沙县区", "沙县区", "福建省/三明市/沙县区", id="renamed"),
    ],
)
def test_found(text: str, name: str, path: str) -> None:
    match = GAZETTEER.find(text)[0]
    assert match.text == name == text[slice(*match.span)]
    assert match.candidates[0] == path


@pytest.mark.parametrize(
    "text",
    [
        "三明治多少钱",
        "南京西路怎么走",
        "上海银行开户",
        "合作办学",
        "资源回收",
        "县公安局电话",
        "平安过年",
        "和平年代",
        "朝阳产业",
        "友好协商",
        "大方一点",
        "永安险",
        "江南水乡",
        "新华书店",
        "文明城市",
        "通道畅通",
    ],
)
def test_everyday_words_are_no_places(text: str) -> None:
    assert GAZETTEER.find(text) == ()


def test_a_name_of_many_has_many_candidates() -> None:
    (match,) = GAZETTEER.find("鼓楼区怎么入学")
    assert len(match.candidates) == 4
    assert GAZETTEER.path_of("鼓楼区") is None


def test_several_places() -> None:
    found = GAZETTEER.find("从三元区搬到沙县区，再到厦门")
    assert [match.text for match in found] == ["三元区", "沙县区", "厦门"]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("鲤城", "福建省/泉州市/鲤城区"),
        ("福建省/三明市", "福建省/三明市"),
        ("月球", None),
        ("", None),
    ],
)
def test_path_of(name: str, path: str | None) -> None:
    assert GAZETTEER.path_of(name) == path


def test_within() -> None:
    assert is_within("福建省/泉州市/鲤城区", "福建省/泉州市")
    assert is_within("福建省", "福建省")
    assert is_within("福建省", "")
    assert not is_within("福建省/泉州市", "福建省/泉")
    assert not is_within("福建省", "福建省/泉州市")


def test_extra_names() -> None:
    zone = "福建省/泉州市/鲤城区/江南新区"
    found = Gazetteer.load({"江南新区": zone}).find("江南新区的医院")
    assert [match.candidates for match in found] == [(zone,)]


def test_every_division_lies_in_a_known_one() -> None:
    assert len(GAZETTEER.paths) > 3200
    for path in GAZETTEER.paths:
        parent = path.rpartition("/")[0]
        assert not parent or parent in GAZETTEER.paths


def test_a_question_takes_less_than_a_millisecond() -> None:
    question = "我户口在四川，现在在泉州市鲤城区打工租房，孩子想在这边上小学要什么条件" * 2
    started = time.perf_counter()
    for _ in range(100):
        GAZETTEER.find(question)
    assert (time.perf_counter() - started) / 100 < 0.001


def test_zones_that_documents_name() -> None:
    text = (
        "某某县方案\n江南新区修路。江南新区建校。\n县经济开发区管委会负责。\n"
        "推进国家新区建设，国家新区。新区开发、工业园区。"
    )
    document, _clauses = build_document(source_of(text.encode(), "a.txt"))
    zones = zones_of([replace(document, area="山东省/菏泽市/成武县")])
    assert zones == {
        "江南新区": "山东省/菏泽市/成武县/江南新区",
        "成武经济开发区": "山东省/菏泽市/成武县/成武县经济开发区",
        "成武县经济开发区": "山东省/菏泽市/成武县/成武县经济开发区",
    }
    assert zones_of([replace(document, area="")]) == {}
