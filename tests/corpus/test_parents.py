"""Nothing of a text is lost: lead-ins, tables and guides are passages, items know their parents."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from corpus import Clause, CorpusError, CorpusStore, Role, build_document, parent_lines, parse
from corpus.loading import source_of
from corpus.parsing.leads import states

from .conftest import REASON, SHARED, built
from .coverage import uncited
from .test_properties import SLOW, TEXTS

CITIES = sorted(path for path in (SHARED / "city-policies").rglob("*") if path.is_file())


def of(text: str, role: Role) -> list[Clause]:
    return [clause for clause in parse(text).clauses if clause.role is role]


def quoted(text: str, spans: tuple[tuple[int, int], ...]) -> list[str]:
    return [text[slice(*span)] for span in spans]


@pytest.mark.parametrize(
    ("words", "stating"),
    [
        pytest.param("符合下列条件之一的考生，总分加20分参加录取", True, id="condition"),
        pytest.param("申请人须同时具备：", True, id="must"),
        pytest.param("办理程序：", True, id="a-colon-announces"),
        pytest.param("录取分两个阶段进行。", True, id="statement"),
        pytest.param("主要任务", False, id="name"),
        pytest.param("坚持为民，优化服务。", False, id="slogan"),
        pytest.param("2016年工作安排", False, id="year"),
        pytest.param("入学须知", False, id="notice"),
    ],
)
def test_headings_that_say_something(words: str, stating: bool) -> None:
    assert states(words) is stating


def test_a_line_that_announces_is_a_section_and_counts_stay() -> None:
    text = "一、加分\n（一）下列考生加20分\n1.甲；\n2.乙。\n（二）主要任务\n1.丙；\n2.丁。"
    assert [c.text for c in of(text, Role.SECTION)] == ["（一）下列考生加20分"]
    assert len(of(text, Role.CLAUSE)) == 4


def test_parent_lines_of_a_clause() -> None:
    text = (
        "第一章 总则\n一、补贴。说明一句。补贴对象如下：\n"
        "1.老人；\n2.儿童。\n二、路灯\n（一）修。好。\n"
    )
    first, last = of(text, Role.CLAUSE)[0], of(text, Role.CLAUSE)[-1]
    assert quoted(text, parent_lines(first)) == ["第一章 总则", "一、补贴。", "补贴对象如下："]
    assert quoted(text, parent_lines(last)) == ["第一章 总则", "二、路灯"]
    assert parent_lines(of(text, Role.SECTION)[0]) == (parent_lines(first)[0],)


ARTICLE = (
    "第一条 甲。\n第二条 总的说明。有下列情形之一的，可以申请：\n（一）有住所；\n"
    "（二）有工作，包括：\n1.签合同；\n2.做生意。\n（三）其他。\n前款的人应当登记。"
)


@pytest.mark.parametrize(
    ("word", "above"),
    [
        pytest.param("签合同", ["有下列情形之一的，可以申请：", "（二）有工作，包括："], id="two"),
        pytest.param("其他", ["有下列情形之一的，可以申请："], id="one"),
        pytest.param("前款", [], id="a-paragraph-after-the-list"),
        pytest.param("总的", [], id="the-first-line"),
    ],
)
def test_parent_lines_inside_an_article(word: str, above: list[str]) -> None:
    clause = of(ARTICLE, Role.CLAUSE)[-1]
    at = ARTICLE.index(word)
    found = quoted(ARTICLE, parent_lines(clause, (at, at + 2)))
    assert [line.removeprefix("第二条 总的说明。") for line in found] == above


def test_a_list_without_sections_knows_what_announces_it() -> None:
    text = "购房入户\n以购房合同为准。需提供材料：（与户口簿一致）\n1、甲。\n2、乙。"
    assert quoted(text, parent_lines(of(text, Role.CLAUSE)[0])) == ["需提供材料：（与户口簿一致）"]
    formal = "关于登记的通知\n各单位：\n现将有关事项通知如下：\n1、甲。\n2、乙。"
    assert parent_lines(of(formal, Role.CLAUSE)[0]) == ()


def test_parents_are_stored(tmp_path: Path) -> None:
    text = "某市补贴办法\n一、下列人员可以申请：\n1.老人。\n2.儿童。\n"
    document, clauses = build_document(source_of(text.encode(), "a.txt"))
    store = CorpusStore.open(tmp_path, samples=False)
    store.add(document, clauses)
    assert store.clauses(document.doc_id, roles=Role) == clauses
    assert any(clause.parents for clause in clauses)
    store.close()


HEAD = "一、甲。\n二、乙。\n三、丙。\n"
SCHEDULE = "".join(f"{month}月1日\t完成第{month}批办理工作。\n" for month in range(2, 8))


def test_a_schedule_after_the_last_clause_is_sections() -> None:
    text = HEAD + "附件：日程\n某市教育局\n2016年2月1日\n" + SCHEDULE
    assert [c.text[:2] for c in of(text, Role.SECTION)] == [
        "2月",
        "3月",
        "4月",
        "5月",
        "6月",
        "7月",
    ]
    assert [c.text[:2] for c in of(text, Role.CLOSING)] == ["附件"]
    assert len({c.clause_id for c in parse(text).clauses}) == len(parse(text).clauses)


@pytest.mark.parametrize(
    ("tail", "last"),
    [
        pytest.param(
            "四、附则\n按规定执行。\n主题词：教育　通知", "按规定执行。", id="subject-words"
        ),
        pytest.param("四、附则\n按规定执行。\n抄送：市政府。", "按规定执行。", id="copies"),
        pytest.param("四、某校\n抄送：市政府。", "某校", id="copies-below-a-name"),
        pytest.param(
            "四、附则\n按规定执行。\n某市教育局办公室           2039年4月1日印发",
            "按规定执行。",
            id="imprint",
        ),
        pytest.param("四、附则\n按规定执行。\n 2039年4月1日印发", "按规定执行。", id="printed"),
        pytest.param(
            "四、附则\n按规定执行。\n附件1：甲登记表\n附件2：乙核定表", "按规定执行。", id="annexes"
        ),
        pytest.param(
            "四、地点\n甲区\t甲区教育局\n乙区\t乙区教育局", "乙区\t乙区教育局", id="cells"
        ),
    ],
)
def test_where_the_last_clause_ends(tail: str, last: str) -> None:
    assert of(HEAD + tail, Role.CLAUSE)[-1].text.endswith(last)


def test_a_table_with_a_title_of_its_own_is_a_section() -> None:
    table = "2039年跨区就读学生\n登记地点一览表\n区\t地点\n甲区\t甲路1号\n说明：先打电话。"
    text = f"{HEAD}四、办理\n到窗口办理。\n{table}\n某市教育局\n2039年4月1日\n"
    assert [c.text for c in of(text, Role.SECTION)] == [table]
    assert of(text, Role.CLAUSE)[-1].text == "四、办理\n到窗口办理。"
    assert [c.text for c in of(text, Role.CLOSING)] == ["某市教育局\n2039年4月1日"]


def test_an_article_whose_text_begins_below_its_label() -> None:
    text = "第一条　\n甲。\n第二条　\n本规定自2020年1月1日起施行。"
    assert of(text, Role.CLAUSE)[-1].text.endswith("施行。")


def test_a_report_without_labels_is_sections() -> None:
    text = "居住证启用\n" + "".join(f"持证人可享有第{n}项服务，{'详' * 200}。\n" for n in range(4))
    assert len(of(text, Role.SECTION)) == 4


def test_a_contents_page_is_no_passage() -> None:
    entries = "一、注册" + "." * 40 + "3\n二、查看" + "." * 40 + "4\n"
    text = "使用手册\n目录\n" + entries + "一、注册\n填写信息。\n二、查看\n登录系统。"
    assert [c.path for c in parse(text).clauses] == [("一",), ("二",)]


def test_the_introduction_below_a_contents_page_is_a_passage() -> None:
    contents = "一、背景\n二、目标\n"
    text = f"某市规划\n目录\n{contents}引言。\n本规划由某局编制。\n{contents}乙。"
    assert [c.text for c in of(text, Role.PREAMBLE)] == ["引言。\n本规划由某局编制。"]


def test_a_sentence_that_is_short_by_chance_is_no_heading() -> None:
    long = "继续推进各项工作，完善机制，加强协调，落实责任，按期完成全部任务目标要求"
    items = [f"{n}.{long}。再做。\n" for n in range(1, 13)]
    items[4] = "5.推动集中连片开发，配置公共资源。再做。\n"
    items[6] = "7.新人参保。再做。\n"
    found = {c.label: c.heading for c in of("一、任务\n" + "".join(items), Role.CLAUSE)}
    assert (found["5"], found["7"]) == ("", "新人参保")


def test_nothing_is_lost_in_the_shared_documents(originals: list[Path], govdocs: Path) -> None:
    if not CITIES:
        pytest.skip(REASON)
    lost = []
    paths = [*CITIES, *originals, *sorted(govdocs.glob("0*.*"))]
    for path in paths:
        try:
            document, clauses = built(path)
        except CorpusError:
            continue  # a format whose converter is missing here
        reasons = uncited(document.text, clauses)
        lost += [(path.name, line.text) for reason, line in reasons if reason == "lost"]
    assert len(paths) > 150
    assert lost == []


def test_an_annex_of_one_line_of_prose_is_a_passage() -> None:
    text = "一、总体目标\n附件1\n\u3000\u3000段落开头有空格，结尾没有句号"
    (only,) = of(text, Role.SECTION)
    assert only.text.endswith("结尾没有句号")


@SLOW
@given(TEXTS)
def test_nothing_is_lost(text: str) -> None:
    lost = [line.text for reason, line in uncited(text, parse(text).clauses) if reason == "lost"]
    assert lost == []
