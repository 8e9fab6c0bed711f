"""Metadata and validity, on invented documents."""

from __future__ import annotations

from datetime import date

import pytest

from corpus import Origin, build_document, figures, read_metadata, validity
from corpus.blocks import Kind, classify, read_date
from corpus.loading import source_of
from corpus.titles import kind_of

HEAD = (
    "泉州市某某局关于印发《某某办法》的通知\n泉某〔2025〕3号\n"
    "各单位：\n现印发给你们。\n泉州市某某局\n2025年5月9日\n"
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param(HEAD, "泉某〔2025〕3号", id="own-line"),
        pytest.param(HEAD.replace("〔2025〕", "[2025]"), "泉某〔2025〕3号", id="square"),
        pytest.param(HEAD.replace("〔2025〕", "（2025）"), "泉某〔2025〕3号", id="round"),
        pytest.param(
            HEAD.replace("泉某〔2025〕3号", "（泉某〔2025〕3号）"),
            "泉某〔2025〕3号",
            id="in-brackets",
        ),
        pytest.param(
            "文 号：泉某〔2025〕3号\n关于某事的通知\n一、甲", "泉某〔2025〕3号", id="page-table"
        ),
        pytest.param("文号：无\n关于某事的通知\n一、甲", None, id="none-stated"),
        pytest.param(
            "某某办法\n（2024年6月1日某市人民政府令第18号公布）\n第一条 甲\n第二条 乙",
            "某市人民政府令第18号",
            id="order",
        ),
        pytest.param(
            "关于某事的通知\n根据《某办法》（某发〔2020〕1号）办理。\n一、甲", None, id="cited"
        ),
        pytest.param(
            "云山市人民政府第18号令\n云山市人民政府\n《云山市某某办法》已经通过，现予发布。\n"
            "市长 某某\n2024年6月1日\n云山市某某办法\n第一条 甲\n第二条 乙",
            "云山市人民政府令第18号",
            id="order-number-first",
        ),
        pytest.param(
            "云山市人民政府令\n第 18 号\n《云山市某某办法》已经通过，现予公布。\n云山市某某办法\n"
            "第一条 甲\n第二条 乙",
            "云山市人民政府令第18号",
            id="order-on-two-lines",
        ),
        pytest.param(
            "云山市某某办法\n云山市人民政府令\n第18号 《云山市某某办法》已经通过，现予公布。\n"
            "第一条 甲\n第二条 乙",
            "云山市人民政府令第18号",
            id="order-before-its-text",
        ),
        pytest.param(
            "云山市第五届人民代表大会常务委员会公告\n（第十二号）\n《云山市某某条例》已经通过。\n"
            "云山市某某条例\n第一条 甲\n第二条 乙",
            "云山市第五届人民代表大会常务委员会公告第12号",
            id="notice-of-the-congress",
        ),
        pytest.param(
            "云山市人民代表大会常务委员会公告\n〔十五届〕第3号\n"
            "云山市某某条例\n第一条 甲\n第二条 乙",
            "云山市人民代表大会常务委员会公告〔十五届〕第3号",
            id="notice-with-its-term",
        ),
        pytest.param(
            "某某总局公告2023年第5号\n关于某事的公告\n第一条 甲\n第二条 乙",
            "某某总局公告2023年第5号",
            id="notice-of-a-year",
        ),
        pytest.param(
            "云山市某某办法\n（1999年4月9日以云山市人民政府第58号令发布，根据2002年9月6日"
            "《关于修改某某办法的决定》修订）\n第一条 甲\n第二条 乙",
            "云山市人民政府令第58号",
            id="order-in-the-history",
        ),
        pytest.param(
            "某某条例\n（2004年8月1日某某院、某某军事委员会令第４１３号公布）\n"
            "第一条 甲\n第二条 乙",
            "某某院、某某军事委员会令第413号",
            id="joint-order",
        ),
        pytest.param(
            "【发文字号】：沪府令8号\n上海市某某办法\n第一条 甲\n第二条 乙",
            "沪府令第8号",
            id="short-order",
        ),
        pytest.param(
            "云山市人民政府文件\n云政发〔2024〕8号　　签发人：某某某\n"
            "云山市人民政府关于某事的通知\n各县：\n一、甲",
            "云政发〔2024〕8号",
            id="beside-who-signs",
        ),
        pytest.param(
            "关于贯彻《某某条例》（某某院令第18号）的通知\n各县：\n一、甲", None, id="cited-order"
        ),
    ],
)
def test_numbers(text: str, number: str | None) -> None:
    assert read_metadata(text, "a.txt").doc_number == number


def test_orders_are_counted_afresh_by_every_government() -> None:
    """第2号 of one term and 第2号 of the next one are two documents."""
    order = "云山市人民政府令\n第2号\n云山市甲办法\n第一条 甲。\n第二条 乙。\n"
    later = order.replace("甲办法", "乙办法")
    one, two, again = (
        build_document(source_of(text.encode(), file))[0].doc_id
        for text, file in ((order, "a.txt"), (later, "b.txt"), (order, "c.txt"))
    )
    assert one != two
    assert one == again


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param(HEAD, "泉州市某某局关于印发《某某办法》的通知", id="line"),
        pytest.param(
            "标题：甲乙丙丁的通知 发布日期：2024年1月2日\n别的标题的意见\n一、甲",
            "甲乙丙丁的通知",
            id="page-table",
        ),
        pytest.param(
            "某市人民政府文件\n某市人民政府办公室\n关于做好某事的\n实施意见\n各县：\n一、甲",
            "某市人民政府办公室关于做好某事的实施意见",
            id="several-lines",
        ),
        pytest.param(
            "某市 某某 方案\n（2024—2025年）\n一、甲",
            "某市某某方案（2024—2025年）",
            id="period-line",
        ),
        pytest.param("一、甲。\n二、乙。", "入学须知全文", id="file-name"),
    ],
)
def test_titles(text: str, title: str) -> None:
    assert read_metadata(text, "入学须知全文.txt").title == title


@pytest.mark.parametrize(
    ("text", "file", "title"),
    [
        pytest.param(
            "云山居住证可享多项服务\n昨天，办法已经公布。\n居住证办理指南\n一、甲。\n二、乙。",
            "b/云山居住证可享多项服务.docx",
            "云山居住证可享多项服务",
            id="first-line",
        ),
        pytest.param(
            "云山市某某局转发某某部门\n关于做好某事的通知\n各县：\n一、甲。\n二、乙。",
            "云山市某某局转发某某部门.docx",
            "云山市某某局转发某某部门关于做好某事的通知",
            id="first-line-of-several",
        ),
        pytest.param(
            "西城区\n所需材料\t五证\n居住地\n证明如下：\n一、甲。\n二、乙。",
            "北京各区某某政策汇总.docx",
            "北京各区某某政策汇总",
            id="a-place-and-a-table",
        ),
        pytest.param("《某某工作规范》\n一、甲。\n二、乙。", "a.txt", "某某工作规范", id="marks"),
        pytest.param(
            "关于某事的若干意见(全文)\n一、甲。\n二、乙。",
            "a.txt",
            "关于某事的若干意见",
            id="whole",
        ),
    ],
)
def test_titles_and_file_names(text: str, file: str, title: str) -> None:
    assert read_metadata(text, file).title == title


@pytest.mark.parametrize(
    "text",
    [
        "泉州市入学政策无法找到权威版本，只找到《泉州市教育局关于某事的通知》。",
        "泉州市住房和城乡建设委员会\nhttp://www.example.gov.cn/index.htm",
        "泉州网\nhttp://www.example.com/",
    ],
)
def test_a_remark_or_link_is_named_after_its_file(text: str) -> None:
    about = read_metadata(text, "泉州/备注.txt")
    assert (about.title, about.kind, about.issuer) == ("备注", "其他", None)
    assert about.area == "福建省/泉州市"


def test_a_short_document_is_no_remark() -> None:
    about = read_metadata("泉州市教育局关于某事的通告\n即日起受理申请。\n2016年4月1日", "a.txt")
    assert (about.kind, about.issuer) == ("通告", "泉州市教育局")


LAW = "第一章 总则\n第一条 甲。\n第二条 乙。\n"


@pytest.mark.parametrize(
    ("head", "file", "title", "issuer"),
    [
        pytest.param(
            "云山市第五届人民代表大会常务委员会公告\n第1号\n某年某月通过的《云山市某某条例》，"
            "已经某某省人民代表大会常务委员会批准，现予公布，自公布之日起施行。\n2012年4月19日\n"
            "某某省人民代表大会常务委员会关于批准\n《云山市某某条例》的决定\n"
            "（2012年3月31日某某省人民代表大会常务委员会通过）\n某某省人民代表大会常务委员会决定："
            "批准该条例，由云山市人民代表大会常务委员会公布施行。",
            "a.txt",
            "云山市某某条例",
            "云山市人民代表大会常务委员会",
            id="approved-by-the-province",
        ),
        pytest.param(
            "云山市人民代表大会常务委员会公告\n第八十四号\n云山市人民代表大会常务委员会关于修改"
            "《云山市某某条例》的决定，已由云山市人民代表大会常务委员会通过，现予公布。\n"
            "云山市人民代表大会常务委员会\n2006年11月7日",
            "a.txt",
            "云山市某某条例",
            "云山市人民代表大会常务委员会",
            id="amended",
        ),
        pytest.param(
            "云山市人民政府令\n第8号\n本办法已经通过，现予公布。\n市长 某某\n2006年11月7日",
            "云山市某某办法.docx",
            "云山市某某办法",
            "云山市人民政府",
            id="named-by-its-file",
        ),
        pytest.param(
            "云山市某某局公告\n第8号\n现将有关事项公告如下。", "a.txt", "云山市某某局公告",
            "云山市某某局", id="a-notice-of-its-own",
        ),
    ],
)  # fmt: skip
def test_a_regulation_is_no_paper_that_puts_it_in_force(
    head: str, file: str, title: str, issuer: str
) -> None:
    about = read_metadata(f"{head}\n{LAW}", file)
    assert (about.title, about.issuer) == (title, issuer)


def test_an_interpretation_is_named_after_what_it_explains() -> None:
    text = (
        "为落实《国家某某规划纲要》，我市制定了《某市某某实施方案》（以下简称《方案》），"
        "现解读如下：\n一、背景\n甲。\n二、《方案》内容\n乙，《方案》好。"
    )
    about = read_metadata(text, "a.txt")
    assert (about.title, about.kind) == ("《某市某某实施方案》政策解读", "解读")


@pytest.mark.parametrize(
    ("status", "declared"),
    [
        ("有效", "有效"),
        ("现行有效", "有效"),
        ("废止", "废止"),
        ("失效", "失效"),
        ("", None),
        ("其他", None),
    ],
)
def test_declared_status(status: str, declared: str | None) -> None:
    text = f"有效性：{status}\n有效性：{status}\n关于某事的通知\n一、甲"
    assert read_metadata(text, "a.txt").declared_status == declared


def test_a_list_of_all_options_declares_nothing() -> None:
    text = "有效性:有效\n有效性:有效\n有效性:失效\n有效性:废止\n关于某事的通知\n一、甲"
    assert read_metadata(text, "a.txt").declared_status is None


DAY = date(2025, 5, 9)


@pytest.mark.parametrize(
    ("sentence", "starts", "ends"),
    [
        pytest.param(
            "本办法自印发之日起施行，有效期至2028年底。", DAY, date(2028, 12, 31), id="end-of-year"
        ),
        pytest.param(
            "本办法自2026年1月1日起施行，有效期至2030年12月31日。",
            date(2026, 1, 1),
            date(2030, 12, 31),
            id="until-day",
        ),
        pytest.param(
            "本办法自2026年1月1日起施行，有效期5年。",
            date(2026, 1, 1),
            date(2030, 12, 31),
            id="five-years",
        ),
        pytest.param(
            "本办法自发布之日起30日后施行，有效期为三年。",
            date(2025, 6, 8),
            date(2028, 6, 7),
            id="delayed",
        ),
        pytest.param(
            "本办法自二〇二五年七月一日起施行。", date(2025, 7, 1), None, id="chinese-date"
        ),
        pytest.param(
            "本办法自2025年6月1日起试行，试行期两年。",
            date(2025, 6, 1),
            date(2027, 5, 31),
            id="trial",
        ),
        pytest.param(
            "第八条本办法自2025年6月1日起施行，2027年5月31日废止。",
            date(2025, 6, 1),
            date(2027, 5, 31),
            id="own-repeal",
        ),
        pytest.param(
            "本办法自2025年6月1日起施行，2020年1月1日印发的《某办法》同时废止。",
            date(2025, 6, 1),
            None,
            id="repeal-of-another",
        ),
        pytest.param(
            "本办法自印发之日起实施，有效期至2028年12月31日。",
            DAY,
            date(2028, 12, 31),
            id="the-end-is-no-start",
        ),
        pytest.param(
            "15.本措施自2025年6月1日起施行。", date(2025, 6, 1), None, id="after-a-numeral"
        ),
        pytest.param("本办法从2025年元月1日起执行。", date(2025, 1, 1), None, id="first-month"),
        pytest.param(
            "本办法由某局负责解释，自印发之日起30日后施行。",
            date(2025, 6, 8),
            None,
            id="after-comma",
        ),
        pytest.param("从2026年1月1日起，实施三年行动。", None, None, id="an-action"),
        pytest.param("居住证自签发之日起有效期1年。", None, None, id="not-about-the-document"),
    ],
)
def test_effect(sentence: str, starts: date | None, ends: date | None) -> None:
    about = read_metadata(f"{HEAD}一、甲。\n二、乙。\n{sentence}\n", "a.txt")
    assert (about.effective_from, about.effective_until) == (starts, ends)


@pytest.mark.parametrize(
    ("title", "until"),
    [
        pytest.param("某市某某方案（2024—2025年）", date(2025, 12, 31), id="span"),
        pytest.param("2023年全市某某工作要点", date(2023, 12, 31), id="year"),
        pytest.param("某市行动方案（2026年）", date(2026, 12, 31), id="bracketed-year"),
        pytest.param("某市“十四五”教育发展规划", date(2025, 12, 31), id="five-year-plan"),
        pytest.param("2016某市某区小学招生意见", date(2016, 12, 31), id="intake-bare-year"),
        pytest.param("某市2015小升初政策", date(2015, 12, 31), id="intake-in-the-title"),
        pytest.param("某市居住证管理办法（2020年修订）", None, id="revision"),
        pytest.param("某市居住证管理办法", None, id="none"),
    ],
)
def test_plan_period(title: str, until: date | None) -> None:
    assert read_metadata(f"{title}\n一、甲", "a.txt").plan_until == until


@pytest.mark.parametrize(
    ("text", "area"),
    [
        pytest.param(HEAD, "福建省/泉州市", id="issuer"),
        pytest.param(
            HEAD.replace("泉州市某某局", "泉州市鲤城区教育局"),
            "福建省/泉州市/鲤城区",
            id="district",
        ),
        pytest.param(
            "适用地区：福建省/三明市\n关于某事的通知\n一、甲", "福建省/三明市", id="stated"
        ),
        pytest.param("关于某事的通知\n沪某〔2025〕3号\n一、甲", "上海市", id="number"),
        pytest.param("国务院关于某事的意见\n国发〔2019〕3号\n一、甲", "", id="national"),
        pytest.param(
            "青山县某某局关于某事的通知\n青某〔2025〕3号\n一、甲", "", id="unknown-county"
        ),
    ],
)
def test_area(text: str, area: str) -> None:
    assert read_metadata(text, "a.txt").area == area


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("某局关于印发《某某工作要点》的通知", "工作要点"),
        ("关于印发某某方案（2024—2025年）的通知", "方案"),
        ("某某管理办法（试行）", "管理办法"),
        ("关于做好某事的通知", "通知"),
        ("某某", "其他"),
        ("无法找到的某某", "其他"),
    ],
)
def test_kinds(title: str, kind: str) -> None:
    assert kind_of(title) == kind


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("索 引 号：AB-1 分  类：文件", Kind.TABLE),
        ("泉某〔2025〕3号", Kind.NUMBER),
        ("2025年5月9日", Kind.DATE),
        ("二〇二五年五月九日", Kind.DATE),
        ("（此件主动公开）", Kind.NOTE),
        ("某县人民政府办公室文件", Kind.HEADER),
        ("各乡镇人民政府，县政府各部门：", Kind.ADDRESSEE),
        ("关于做好某事的通知", Kind.TITLE),
        ("某市发展和改革委员会", Kind.SIGN),
        ("经研究，现通知如下。", Kind.BODY),
        ("联系人姓名的来源：户籍登记的姓名为准，不得更改。", Kind.BODY),
    ],
)
def test_line_kinds(line: str, kind: Kind) -> None:
    assert classify(line) == kind


def test_digests_are_marked() -> None:
    text = "某某办法\n要点摘编，非官方原文，办理以原文为准\n文号：某发〔2025〕1号\n一、甲"
    assert read_metadata(text, "a.txt").origin == Origin.DIGEST
    assert read_metadata("某某办法\n一、甲", "a.txt").origin == Origin.OFFICIAL


@pytest.mark.parametrize(
    ("lines", "day", "state", "words"),
    [
        pytest.param("有效性：废止", DAY, "repealed", "废止", id="repealed"),
        pytest.param("有效性：失效", DAY, "lapsed", "失效", id="declared-lapsed"),
        pytest.param("有效性：有效", DAY, "in_force", "标明有效", id="declared"),
        pytest.param("", DAY, "unknown", "没有写明", id="unknown"),
        pytest.param(
            "失效日期：2025年5月8日\n有效性：有效", DAY, "lapsed", "2025年5月8日", id="past-day"
        ),
        pytest.param("失效日期：2025年5月9日", DAY, "in_force", "2025年5月9日", id="last-day"),
        pytest.param(
            "生效日期：2025年6月1日\n有效性：有效", DAY, "unknown", "尚未施行", id="not-yet"
        ),
    ],
)
def test_validity(lines: str, day: date, state: str, words: str) -> None:
    text = f"{lines}\n关于某事的通知\n一、甲。\n二、乙。"
    found = validity(build_document(source_of(text.encode(), "a.txt"))[0], day)
    assert (found.state.value, found.as_of) == (state, day)
    assert words in found.reason


def test_a_past_plan_has_lapsed_though_the_page_says_otherwise() -> None:
    text = "有效性：有效\n某市某某方案（2024—2025年）\n一、甲。\n二、乙。"
    document = build_document(source_of(text.encode(), "a.txt"))[0]
    assert validity(document, date(2026, 1, 1)).state.value == "lapsed"
    assert validity(document, date(2025, 12, 31)).state.value == "in_force"
    assert validity(document).as_of == date.today()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("新增就业2万人", [("2万人", 20000.0, "人", "新增就业")], id="people"),
        pytest.param("覆盖率达到90%以上", [("90%", 90.0, "%", "覆盖率")], id="percent"),
        pytest.param("占比达百分之九十六", [("百分之九十六", 96.0, "%", "占比")], id="in-words"),
        pytest.param("租金不超过每月1,200元", [("1,200元", 1200.0, "元", "租金")], id="thousands"),
        pytest.param("连续居住满三年", [("三年", 3.0, "年", "连续居住")], id="years-in-words"),
        pytest.param("到2028年底", [("2028年", 2028.0, "年", "")], id="year"),
        pytest.param("2025年5月9日前", [("2025年5月9日", 20250509.0, "日期", "")], id="date"),
        pytest.param("第三条第2款规定", [], id="references"),
        pytest.param("打造一批亮点，深化一网通办", [], id="articles"),
    ],
)
def test_figures(text: str, expected: list[tuple[str, float, str, str]]) -> None:
    found = figures(text, (0, len(text)))
    assert [(f.text, f.value, f.unit, f.noun) for f in found] == expected
    assert all(text[slice(*figure.span)] == figure.text for figure in found)


@pytest.mark.parametrize(
    "printed",
    [
        "2025年5月9日",
        "2025-05-09",
        "2025.5.9",
        "２０２５年５月９日",
        "20 25年5月9日",
        "2 0 2 5 年 5 月 9 日",
        "二〇二五年五月九日",
        "二○二五年五月九日",
        "二0二五年五月九日",
        "二O二五年五月九日",
        "二◯二五年五月九日",
        "二 ○二 五 年 五 月 九 日",
    ],
)
def test_days_as_they_are_printed(printed: str) -> None:
    assert read_date(printed) == DAY
    assert classify(printed) == Kind.DATE
    text = f"关于某事的通知\n各单位：\n现通知如下。\n云山市某某局\n{printed}\n"
    assert read_metadata(text, "a.txt").published == DAY


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("二 〇 一 二 年 十 二 月 三 十 一 日", date(2012, 12, 31)),
        ("2012年1 2月3 1日", date(2012, 12, 31)),
        ("2012年13月1日", None),
        ("20 12-1-1", None),
        ("1900-1-1", None),
    ],
)
def test_days_set_apart(printed: str, day: date | None) -> None:
    assert read_date(printed) == day


def test_a_page_that_knows_no_date_gives_none() -> None:
    """«1900-1-1» is what a database prints for an empty field; the line beside it counts."""
    text = "生效日期：1900-1-1\n执行日期：2004-8-15\n关于某事的通知\n一、甲。\n二、乙。"
    assert read_metadata(text, "a.txt").effective_from == date(2004, 8, 15)
