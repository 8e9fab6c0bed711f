"""The clause parser on small invented documents, one rule each."""

from __future__ import annotations

import pytest

from corpus import Clause, ParsedDocument, Role, clean, parse


def listed(parsed: ParsedDocument) -> list[str]:
    return ["/".join(c.path) for c in parsed.clauses if c.role == Role.CLAUSE]


def only(parsed: ParsedDocument, role: Role) -> list[Clause]:
    return [clause for clause in parsed.clauses if clause.role == role]


ORDINARY = (
    "一、目标\n到明年办好。\n二、任务\n（一）修路。修好。"
    "\n（二）建校。建好。\n（三）供水。\n（四）供电。\n"
)
CASES = [
    pytest.param(
        ORDINARY, "二/（一） 二/（二） 二/（三） 二/（四）", id="prose-section-is-not-listed"
    ),
    pytest.param("一、修路。\n二、建校。\n三、供水。", "一 二 三", id="top-level-clauses"),
    pytest.param(
        "一、路\n(一)甲。\n二、水\n(二)乙。\n(三)丙。",
        "一/（一） 二/（二） 二/（三）",
        id="runs-on-over-sections",
    ),
    pytest.param("一、路\n1.甲。\n2．乙。\n3、丙。", "一/1 一/2 一/3", id="three-dots"),
    pytest.param(
        "一、路\n（一）甲\n1.子。\n2.丑。\n（二）乙\n正文。",
        "一/（一）/1 一/（一）/2 一/（二）",
        id="uneven-depth",
    ),
    pytest.param(
        "（一）甲\n（1）子；\n（2）丑。\n（二）乙。",
        "（一）/（1） （一）/（2） （二）",
        id="arabic-brackets",
    ),
    pytest.param("㈠甲。\n㈡乙。", "㈠ ㈡", id="bracketed-in-one-character"),
    pytest.param(
        "1.甲\n（一）子。\n（二）丑。\n2.乙\n（一）寅。",
        "1/（一） 1/（二） 2/（一）",
        id="arabic-above-brackets",
    ),
    pytest.param(
        "1.序一。\n2.序二。\n一、甲。\n1.子。\n二、乙。", "1 2 一/1 二", id="list-before-sections"
    ),
    pytest.param(
        "第一章　总则\n第一条　甲。\n第二条　乙：\n"
        "（一）子；\n（二）丑。\n第二章　附则\n第三条　丙。",
        "第一章/第一条 第一章/第二条 第二章/第三条",
        id="items-stay-in-their-article",
    ),
    pytest.param(
        "第一章 总则\n第一节 一般\n第一条 甲。\n第二条 乙。\n"
        "第二节 特别\n第三条 丙。\n第二章 细则\n第一节 申领\n第四条 丁。",
        "第一章/第一节/第一条 第一章/第一节/第二条 第一章/第二节/第三条 第二章/第一节/第四条",
        id="articles-run-on-over-sections",
    ),
    pytest.param(
        "第一千一百六十四条 甲。\n第一千一百六十五条 乙。",
        "第一千一百六十四条 第一千一百六十五条",
        id="part-of-a-code",
    ),
    pytest.param(
        "第一条 甲。\n第一条之一 乙。\n第二条 丙。",
        "第一条 第一条之一 第二条",
        id="inserted-article",
    ),
    pytest.param(
        "第一条 甲。\n依照\n第二条的规定办理。\n第二条 乙。",
        "第一条 第二条",
        id="reference-at-a-line-start",
    ),
    pytest.param("一、甲\n见\n第三条规定。\n二、乙。", "一 二", id="lone-reference-in-a-notice"),
    pytest.param("第11.5条的试验合格。\n一、甲。\n二、乙。", "一 二", id="decimal-reference"),
    pytest.param(
        "一、甲。\n2.5万人受益，继续努力。\n二、乙。", "一 二", id="decimal-at-a-line-start"
    ),
    pytest.param(
        "一、甲。深化“一网通办”。\n二、乙。\n一、二、三类人员。",
        "一 二",
        id="enumeration-is-no-label",
    ),
    pytest.param(
        "目　录\n第一章　总则\n第二章　附则\n"
        "第一章　总则\n第一条　甲。\n第二章　附则\n第二条　乙。",
        "第一章/第一条 第二章/第二条",
        id="contents-page",
    ),
    pytest.param("一、甲。\n二、乙。\n附件：1.申请表\n2.承诺书", "一 二", id="list-of-annexes"),
    pytest.param(
        "一、甲。\n二、乙。\n附件：\n1.某市申请表\n2.承诺书\n2039年4月2日",
        "一 二",
        id="list-of-annexes-below-its-name",
    ),
    pytest.param(
        "一、甲。\n二、乙。\n附件：\n1.提交申请。\n2.核对材料。\n",
        "一 二 附件/1 附件/2",
        id="an-annex-that-is-a-list",
    ),
    pytest.param(
        "一、甲。\n二、乙。\n附件1\n办理清单\n1.子。\n2.丑。\n附件2\n材料\n1.寅。",
        "一 二 附件1/1 附件1/2 附件2/1",
        id="annexes-count-afresh",
    ),
    pytest.param(
        "一、甲。一是快。二是好。\n二、乙。一是多。二是省。",
        "一 二",
        id="inline-enumeration-does-not-split",
    ),
    pytest.param(
        "第一部分　总体\n一、甲。\n二、乙。\n第二部分　任务\n一、丙。",
        "第一部分/一 第一部分/二 第二部分/一",
        id="parts",
    ),
    pytest.param(
        "编制办法\n第一編　總則\n第一條　甲。\n第二條　乙。",
        "第一编/第一条 第一编/第二条",
        id="traditional-script",
    ),
    pytest.param("没有编号的通知正文。", "", id="no-labels"),
    pytest.param("", "", id="empty"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_clauses(text: str, expected: str) -> None:
    assert " ".join(listed(parse(text))) == expected


QUESTIONS = "问：谁能申请？\n答：本市居民。一是甲，二是乙。\n问：多少钱？\n答：不收费。"
EXPLAINED = (
    "一、背景\n为了办好。\n二、内容\n（一）修路。好。\n（二）建校。好。\n三、联系人\n联系人：小王。"
)
LINES = (
    "一、考虑\n注重三点：\n一是快。要快。\n二是好。要好。\n"
    "三是省。要省。\n二、任务\n共两项。一是修路。修好。二是建校。建好。"
)
ASKED = (
    "一、为什么要改？因为需要。一是快。二是好。"
    "二、怎么改？分步改。（一）先试。（二）再推。三、谁来改？各部门。"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(EXPLAINED, "一 二/（一） 二/（二） 三", id="every-leaf-section-counts"),
        pytest.param(LINES, "一/一是 一/二是 一/三是 二/一是 二/二是", id="enumerations-split"),
        pytest.param(QUESTIONS, "问1 问2", id="questions-and-answers"),
        pytest.param(
            "一、甲\n先做好。一是快。二是好。\n另一段。\n再一段。", "一", id="one-paragraph-of-many"
        ),
    ],
)
def test_interpretations(text: str, expected: str) -> None:
    assert " ".join(listed(parse(text, kind="解读"))) == expected


def test_questions_without_line_breaks_stay_whole() -> None:
    text = (ASKED + "说明" * 450 + "。").replace("三、", "三、")
    assert listed(parse(text, kind="解读")) == ["一", "二", "三"]


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        pytest.param("（一）全面取消限制。健全制度。", "全面取消限制", id="run-on"),
        pytest.param("（一）全面取消限制\n健全制度。", "全面取消限制", id="own-line"),
        pytest.param("（一）全面取消限制。\n健全制度。", "全面取消限制", id="own-line-with-stop"),
        pytest.param("一、申请条件：\n有住所。", "申请条件", id="colon"),
        pytest.param(
            "1.坚持尊重意愿、存量优先、循序渐进，推动在城镇稳定就业居住的人口愿落尽落。再做。",
            "",
            id="content",
        ),
        pytest.param(
            "第三条 【适用范围】本办法适用于本市。\n第四条 乙。", "适用范围", id="named-article"
        ),
        pytest.param("一、谁可以申请？本市居民。", "谁可以申请？", id="question"),
        pytest.param("（1）有住所。", "", id="item"),
    ],
)
def test_headings(text: str, heading: str) -> None:
    text = text if "第三条" not in text else "第一条 甲。\n第二条 乙。\n" + text
    clause = next(c for c in parse(text).clauses if not heading or c.heading)
    assert clause.heading == heading


def test_item_knows_the_headings_above_it() -> None:
    clause = parse("一、补贴\n（一）对象\n1.老人。\n2.儿童。").clauses[-1]
    assert clause.path == ("一", "（一）", "2")
    assert clause.headings == ("补贴", "对象", "")


def test_lead_in_prose_is_a_section_passage() -> None:
    parsed = parse("一、补贴\n发放补贴如下。\n1.老人。\n2.儿童。")
    assert [(c.clause_id, c.text) for c in only(parsed, Role.SECTION)] == [
        ("-1.s", "一、补贴\n发放补贴如下。")
    ]


NOTICE = """某县人民政府文件

某政发〔2025〕3号

关于印发《某县方案》的通知

各乡镇人民政府：
现将方案印发给你们。

某县人民政府
2025年5月9日

某县方案

为了办好，制定本方案。

一、修路。（县交通局负责）

二、建校。（县教育局负责）

各乡镇要抓好落实。

本方案自印发之日起施行，有效期至2028年底。
"""


def test_head_and_tail_are_passages_of_their_own() -> None:
    parsed = parse(NOTICE)
    assert [c.text[:6] for c in only(parsed, Role.PREAMBLE)] == ["各乡镇人民政", "为了办好，制"]
    assert [c.text[-6:] for c in only(parsed, Role.PREAMBLE)] == ["5年5月9日", "制定本方案。"]
    assert [c.text[:6] for c in only(parsed, Role.CLOSING)] == ["各乡镇要抓好", "本方案自印发"]
    assert [c.clause_id for c in only(parsed, Role.CLOSING)] == ["-z1", "-z2"]
    assert listed(parsed) == ["一", "二"]


def test_a_title_over_two_lines_below_the_date_is_no_preamble() -> None:
    text = (
        "关于印发方案的通知\n各乡镇：\n现将方案印发给你们。\n某县教育局\n2039年5月9日\n"
        "某县适龄儿童少年及其监护人\n登记工作方案\n为了办好，制定本方案。\n一、甲。\n二、乙。"
    )
    found = [c.text[-6:] for c in only(parse(text), Role.PREAMBLE)]
    assert found == ["9年5月9日", "制定本方案。"]


def test_cover_notice_with_its_own_numbers() -> None:
    cover = (
        "关于印发办法的通知\n各单位：\n一、认真学习。\n"
        "二、抓好落实。\n某局\n2025年1月2日\n某某管理办法\n"
    )
    parsed = parse(cover + "为了规范，制定本办法。\n一、总则。\n二、细则。")
    assert [c.clause_id for c in only(parsed, Role.CLAUSE)] == ["-1", "-2", "-1~2", "-2~2"]
    assert [c.text for c in only(parsed, Role.PREAMBLE)][-1] == "为了规范，制定本办法。"
    assert [c.text for c in only(parsed, Role.CLOSING)] == ["某局\n2025年1月2日"]


def test_general_paragraph_after_the_last_item_is_closing() -> None:
    items = "".join(f"（{n}）标题{n}\n正文。\n" for n in "一二三四")
    parsed = parse(f"一、要求\n{items}各单位要充分认识重要性。\n")
    assert [c.text for c in only(parsed, Role.CLOSING)] == ["各单位要充分认识重要性。"]


def test_a_contact_section_keeps_its_contact() -> None:
    parsed = parse("一、甲\n正文。\n二、联系人及电话\n联系人：小王，电话：123。", kind="解读")
    assert parsed.clauses[-1].text.endswith("电话：123。")
    assert parsed.clauses[-1].role == Role.CLAUSE


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        pytest.param("一、甲。\n三、乙。", "编号跳号 一→三", 2, id="gap"),
        pytest.param("一、甲。\n一、乙。", "编号重新开始 一→一", 2, id="restart"),
        pytest.param(
            "（一）甲。\n（二）乙。\n  （二）丙。", "编号重复 （二）→（二）", 3, id="repeat"
        ),
        pytest.param("二、甲。\n三、乙。", "编号不从一开始 二", 1, id="start"),
    ],
)
def test_odd_numbering_is_reported_with_its_place(text: str, message: str, line: int) -> None:
    warning = parse(text).warnings[0]
    assert (warning.message, warning.line) == (message, line)
    assert warning.column == (3 if "  " in text else 1)


def test_ids_survive_edits_elsewhere() -> None:
    before = {c.clause_id for c in parse(NOTICE, "d").clauses}
    after = {c.clause_id for c in parse(NOTICE.replace("修路", "修桥、修路"), "d").clauses}
    assert before == after


CRAWLED = (
    "某市人民政府关于支持企业的若干措施 某政发〔2020〕7号 "
    "各县人民政府： 为支持企业，制定以下措施。 "
    "一、减轻负担 1.减免房租。减免三个月。（市财政局负责） "
    "2.缓缴税款。可缓三个月。（市税务局负责） "
    "二、加大支持 3.增加贷款。不得抽贷。（市金融局负责） "
    "4.稳定岗位。返还保费。（市人社局负责） " + "以上措施" * 60
)


def test_a_page_that_lost_its_line_breaks() -> None:
    text = clean(CRAWLED).text
    assert listed(parse(text)) == ["一/1", "一/2", "二/3", "二/4"]
    assert [c.text for c in only(parse(text), Role.PREAMBLE)] == [
        "各县人民政府：\n为支持企业，制定以下措施。"
    ]


def test_a_page_without_any_white_space() -> None:
    items = "（一）减免房租。减免三个月。（二）缓缴税款。可缓三个月。"
    text = (
        f"为支持企业，制定以下措施。一、减轻负担。{items}二、加大支持。{items}"
        + "措施" * 400
        + "。"
    )
    assert listed(parse(text)) == ["一/（一）", "一/（二）", "二/（一）", "二/（二）"]
