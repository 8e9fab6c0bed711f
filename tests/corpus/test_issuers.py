"""Who issued a document and when: signatures, orders, mastheads, imprints; on invented texts."""

from __future__ import annotations

from datetime import date

import pytest

from corpus import read_metadata
from corpus.bodies import abbreviates, bodies_of, full_name, government_of

CLAUSES = "一、甲。\n二、乙。\n"
NOTICE = f"关于某事的通知\n各单位：\n现通知如下。\n{CLAUSES}"


@pytest.mark.parametrize(
    ("lines", "bodies"),
    [
        pytest.param(["云山市教育局"], ["云山市教育局"], id="one"),
        pytest.param(
            ["云山市教育局    云山市公安局", "云山市财政局"],
            ["云山市教育局", "云山市公安局", "云山市财政局"],
            id="columns",
        ),
        pytest.param(
            ["云山市教育局 国家某某监督管理局云山监管局"],
            ["云山市教育局", "国家某某监督管理局云山监管局"],
            id="one-space",
        ),
        pytest.param(
            ["云山市教育局云山市公安局"], ["云山市教育局", "云山市公安局"], id="run-together"
        ),
        pytest.param(
            ["云山市公安局西湖区分局  云山市西湖区财政局"],
            ["云山市公安局西湖区分局", "云山市西湖区财政局"],
            id="a-branch-is-one",
        ),
        pytest.param(
            ["云山市人力资源和社会保障局     云 山 市 财 政 局"],
            ["云山市人力资源和社会保障局", "云山市财政局"],
            id="letters-set-apart",
        ),
        pytest.param(
            [
                "云山市教育局      中共云山市委",
                "机构编制委员会办公室",
                "云山市公安局      云山市财政局",
            ],
            [
                "云山市教育局",
                "中共云山市委机构编制委员会办公室",
                "云山市公安局",
                "云山市财政局",
            ],
            id="wrapped-in-its-column",
        ),
        pytest.param(
            ["云山市教育局      云山市公安局", "某某银行云山分行"],
            ["云山市教育局", "云山市公安局", "某某银行云山分行"],
            id="another-body-below",
        ),
        pytest.param(["云山市教育局", "云山市教育局"], ["云山市教育局"], id="twice"),
    ],
)
def test_bodies_of_a_signature(lines: list[str], bodies: list[str]) -> None:
    assert list(bodies_of(lines)) == bodies


@pytest.mark.parametrize(
    ("name", "area", "full"),
    [
        ("市教育局", "福建省/泉州市", "泉州市教育局"),
        ("市政府", "福建省/泉州市", "泉州市人民政府"),
        ("市政府办公室", "福建省/泉州市", "泉州市人民政府办公室"),
        ("区教育局", "福建省/泉州市/鲤城区", "泉州市鲤城区教育局"),
        ("区教育局", "上海市/静安区", "上海市静安区教育局"),
        ("市教育局", "福建省/泉州市/鲤城区", "泉州市教育局"),
        ("省教育厅", "福建省/泉州市", "福建省教育厅"),
        ("县公安局", "山东省/菏泽市/成武县", "成武县公安局"),
        ("区教育局", "福建省/泉州市", "区教育局"),
        ("市场监督管理局", "福建省/泉州市", "市场监督管理局"),
        ("市南区教育局", "山东省/青岛市", "市南区教育局"),
        ("泉州市教育局", "福建省/泉州市", "泉州市教育局"),
        ("市教育局", "", "市教育局"),
    ],
)
def test_short_names_get_their_place(name: str, area: str, full: str) -> None:
    assert full_name(name, area) == full


def test_short_names_stand_for_full_ones() -> None:
    assert abbreviates("市教委", "云山市教育委员会")
    assert abbreviates("市政府", "云山市人民政府")
    assert not abbreviates("市政府", "云山市人民政府办公厅")
    assert not abbreviates("市招委", "云山市教育考试院")
    assert not abbreviates("区教委", "云山市教育委员会")


@pytest.mark.parametrize(
    ("number", "area", "text", "body"),
    [
        ("沪府发〔2009〕29号", "上海市", "上海市某某办法", "上海市人民政府"),
        ("京政办发〔2003〕9号", "北京市", "北京市某某办法", "北京市人民政府办公厅"),
        ("渝府令〔2002〕9号", "重庆市", "重庆市某某办法", "重庆市人民政府"),
        ("沪府令第8号", "上海市", "上海市某某办法", "上海市人民政府"),
        ("宁政发〔2004〕9号", "江苏省/南京市", "南京市某某办法", None),
        ("津政发〔2004〕9号", "天津市", "某某办法", None),
        ("京政容发〔2004〕9号", "北京市", "北京市某某办法", None),
        (None, "北京市", "北京市某某办法", None),
    ],
)
def test_governments_behind_a_number(
    number: str | None, area: str, text: str, body: str | None
) -> None:
    assert government_of(number, area, text) == body


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        pytest.param(
            "泉州市人民政府第8号令\n泉州市某某办法\n第一条 甲。\n第二条 乙。",
            "泉州市人民政府",
            id="order",
        ),
        pytest.param(
            "泉州市某某办法\n（2009年11月27日市政府第8号令发布）\n第一条 甲。\n第二条 乙。",
            "泉州市人民政府",
            id="order-with-a-short-name",
        ),
        pytest.param(
            "泉州市某某办法\n《泉州市某某办法》已经审议通过，现予公布。\n市  长：某某某\n"
            "2011年2月10日\n泉州市某某办法\n第一条 甲。\n第二条 乙。",
            "泉州市人民政府",
            id="the-mayor-promulgates",
        ),
        pytest.param(
            "泉州市第十五届人民代表大会常务委员会公告\n第8号\n泉州市某某条例\n"
            "第一条 甲。\n第二条 乙。",
            "泉州市人民代表大会常务委员会",
            id="congress",
        ),
        pytest.param(
            "中华人民共和国主席令第8号\n中华人民共和国某某法\n第一条 甲。\n第二条 乙。",
            None,
            id="the-president-makes-no-law",
        ),
        pytest.param(
            f"泉州市教育委员会文件\n泉教〔2016〕8号\n市教委{NOTICE}2016年4月1日",
            "泉州市教育委员会",
            id="masthead-in-full",
        ),
        pytest.param(
            f"市教委{NOTICE}2016年4月7日\n泉州市教育委员会办公室 2016年4月8日印发",
            "泉州市教育委员会",
            id="imprint-in-full",
        ),
        pytest.param(
            f"鲤城区教育局{NOTICE}泉州市鲤城区教育局\n2016年4月7日",
            "泉州市鲤城区教育局",
            id="signature-in-full",
        ),
        pytest.param(
            f"泉教〔2016〕8号\n{NOTICE}泉州市教育局办公室　　2016年4月8日印发",
            "泉州市教育局",
            id="imprint-and-number",
        ),
        pytest.param(
            f"泉招委〔2016〕8号\n{NOTICE}泉州市教育考试院办公室　　2016年4月8日印发",
            None,
            id="imprint-of-another-body",
        ),
        pytest.param(
            "泉州市某某办法\n泉州市人民政府关于印发泉州市某某办法的通知\n泉政〔2004〕8号\n各县：\n"
            "第一条 甲。\n第二条 乙。",
            "泉州市人民政府",
            id="second-title",
        ),
        pytest.param(
            f"泉州市教育局 泉州市公安局{NOTICE}", "泉州市教育局等2个部门", id="joint-title"
        ),
        pytest.param(
            f"泉州市教育局、泉州市公安局{NOTICE}",
            "泉州市教育局、泉州市公安局",
            id="joint-title-as-printed",
        ),
        pytest.param(f"【颁布单位】 有关委局\n泉州市{NOTICE}", None, id="nobody-in-particular"),
        pytest.param(
            "居住证可享多项服务\n昨天记者从有关部门获悉，办法已经明确。\n可享受的服务\n市公安局\n"
            "办理牌照\n市教育局\n安排入学。\n一、甲。\n二、乙。",
            None,
            id="headings-sign-nothing",
        ),
        pytest.param(
            f"泉州市人民政府\n关于某事的通知\n各县：\n现通知如下。\n泉州市人民政府\n2016年7月2日\n{CLAUSES}",
            "泉州市人民政府",
            id="named-twice",
        ),
        pytest.param(
            f"{NOTICE}泉州市教育局　　2016年4月7日", "泉州市教育局", id="body-and-date-on-a-line"
        ),
        pytest.param(f"{NOTICE}区教育局\n2016年4月7日", "区教育局", id="no-area-known"),
    ],
)
def test_issuers(text: str, issuer: str | None) -> None:
    assert read_metadata(text, "a.txt").issuer == issuer


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param(
            f"来源：云山市人民政府办公厅日期：2007-11-07\n云山市某某办法\n{CLAUSES}",
            date(2007, 11, 7),
            id="beside-the-source",
        ),
        pytest.param(
            f"某某问答\n来源：云山市教育局  2016-04-16\n{CLAUSES}",
            date(2016, 4, 16),
            id="behind-the-source",
        ),
        pytest.param(
            f"某某办法\n来源： 本站原创 \t更新时间：2011-06-02\n{CLAUSES}", None, id="last-changed"
        ),
        pytest.param(
            f"某某办法\n云山市某某局办公室\n2015年5月28日印发\n{CLAUSES}",
            date(2015, 5, 28),
            id="imprint",
        ),
        pytest.param(
            f"{NOTICE}云山市教育局\n2016年4月25日\n云山市教育局办公室 2016年4月26日印发",
            date(2016, 4, 25),
            id="signature-before-imprint",
        ),
        pytest.param(
            "关于某事的通知\n2016-04-30\n各单位：\n现印发给你们。\n云山市教育局\n2016年4月25日\n"
            f"{CLAUSES}",
            date(2016, 4, 25),
            id="signature-before-page",
        ),
        pytest.param(
            f"关于某事的通知\n2016-04-30\n各单位：\n{CLAUSES}", date(2016, 4, 30), id="page"
        ),
        pytest.param(
            "（2011年12月28日云山市人民代表大会常务委员会通过）\n"
            "云山市人民代表大会常务委员会公告\n第1号\n《云山市某某条例》已经批准，现予公布。\n"
            "2012年4月19日\n云山市某某条例\n第一条 甲。\n第二条 乙。",
            date(2012, 4, 19),
            id="promulgated-after-it-was-passed",
        ),
        pytest.param(
            "云山市人民政府令\n第1号\n《云山市某某办法》已经通过，现予公布。\n云山市人民政府\n"
            "市长 某某\n2012年4月19日\n云山市某某办法\n第一条 甲。\n第二条 乙。",
            date(2012, 4, 19),
            id="signed-by-the-mayor",
        ),
    ],
)
def test_days_of_documents(text: str, day: date | None) -> None:
    assert read_metadata(text, "a.txt").published == day
