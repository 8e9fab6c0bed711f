"""Responsible units: trailers found, prefixes shared, remarks and ordinary brackets left out."""

from __future__ import annotations

import pytest

from corpus import units_of
from corpus.units import first_unit_leads

CASES = [
    pytest.param(
        "办好。（责任单位：区教育局、人社局，区委编办）",
        "区教育局 区人社局 区委编办",
        id="prefix-is-shared",
    ),
    pytest.param("办好。(市发改委、财政局)", "市发改委 市财政局", id="bare-list"),
    pytest.param(
        "办好。（县委组织部、县公安局按职责分工负责）", "县委组织部 县公安局", id="own-prefixes"
    ),
    pytest.param(
        "办好。（责任单位：某某公安分局，区财政局）", "某某公安分局 区财政局", id="branch-office"
    ),
    pytest.param(
        "办好。（责任单位：某某公安分局、医保分局）",
        "某某公安分局 医保分局",
        id="no-prefix-to-share",
    ),
    pytest.param(
        "办好。(责任单位：区统计局，区直有关部门，各街道办事处等)",
        "区统计局 区直有关部门 各街道办事处",
        id="broad",
    ),
    pytest.param(
        "办好。(县工业和信息化局县大数据局负责)", "县工业和信息化局 县大数据局", id="run-together"
    ),
    pytest.param(
        "办好。(县综合行政执法局县交通运输局、市生态环境局某县分局负责)",
        "县综合行政执法局 县交通运输局 市生态环境局某县分局",
        id="branch-is-not-cut",
    ),
    pytest.param(
        "办好。（市住房城乡建设管理委市重大办、市交通委负责）",
        "市住房城乡建设管理委 市重大办 市交通委",
        id="committee-office",
    ),
    pytest.param(
        "办好。（税务总局、海关总署负责，排在第一位的部门为牵头部门，下同）",
        "*税务总局 海关总署",
        id="remark-in-bracket",
    ),
    pytest.param(
        "办好。（科技部、财政部负责。列第一位者为牵头单位，下同）",
        "*科技部 财政部",
        id="remark-after-stop",
    ),
    pytest.param(
        "办好。（发展改革委、财政部会同有关部门负责）",
        "发展改革委 财政部 有关部门",
        id="together-with",
    ),
    pytest.param(
        "办好。（商务部、海关总署等有关部门和单位负责）",
        "商务部 海关总署 有关部门和单位",
        id="and-others",
    ),
    pytest.param(
        "办好。（市民政局牵头，市财政局、卫健委配合）",
        "*市民政局 市财政局 市卫健委",
        id="lead-and-support",
    ),
    pytest.param(
        "办好。（牵头单位：区住建局；配合单位：区财政局、各街道）",
        "*区住建局 区财政局 各街道",
        id="keyed-roles",
    ),
    pytest.param(
        "办好。\n牵头单位：区住建局\n配合单位：区财政局", "*区住建局 区财政局", id="keys-on-lines"
    ),
    pytest.param(
        "办好。责任单位：市水务局（海洋局）、市气象局",
        "市水务局（海洋局） 市气象局",
        id="bracket-in-name",
    ),
    pytest.param(
        "办好。县发改局、县统计局牵头，县公安局、县委组织部按职责分工负责",
        "*县发改局 *县统计局 县公安局 县委组织部",
        id="no-bracket",
    ),
    pytest.param(
        "办好。（市应急局、地震局,市粮储局）", "市应急局 市地震局 市粮储局", id="half-width-comma"
    ),
    pytest.param(
        "办好。（市金融监管局、人行某某中心支行）",
        "市金融监管局 人行某某中心支行",
        id="bank-branch",
    ),
    pytest.param("办好。(市邮政管理局、供销社)", "市邮政管理局 市供销社", id="supply-co-op"),
    pytest.param(
        "办好。（责任部门：市规划资源局、各区政府、同济大学、上规公司）",
        "市规划资源局 各区政府 同济大学 上规公司",
        id="university",
    ),
    pytest.param("办好。（团区委、区妇联）", "团区委 区妇联", id="league"),
    pytest.param(
        "办好。（市文化和旅游局、市教育和体育局负责）",
        "市文化和旅游局 市教育和体育局",
        id="and-in-a-name",
    ),
    pytest.param("办好。（市发改委和市财政局负责）", "市发改委 市财政局", id="and-between-names"),
    pytest.param("完善住所（含租赁）的政策", "", id="ordinary-bracket"),
    pytest.param("适用于各县（市、区）", "", id="divisions"),
    pytest.param("修缮历史建筑（传统风貌建筑）。", "", id="explanation"),
    pytest.param("按规定办理（以下简称补贴）。", "", id="short-name"),
    pytest.param("由某某管理局（以下简称市某局）", "", id="short-name-of-a-unit"),
    pytest.param("第三条（管理部门）\n市某局负责管理。", "", id="heading-of-an-article"),
    pytest.param("第三条  （申请单位） \n个人可以申请。", "", id="heading-set-apart"),
    pytest.param("一式两份（第一联申请人收执联）", "", id="slip"),
    pytest.param("由原学校出具（或拟转入学校）", "", id="alternative"),
    pytest.param("每年签注1次。(云山市局）", "", id="source-of-the-news"),
    pytest.param("（业务经办）\n由社保机构经办（挂失和补办）", "", id="doing"),
    pytest.param("水务部门负责督促供水企业维护。", "", id="duty-in-a-sentence"),
    pytest.param("由用人单位负责缴纳。", "", id="no-list"),
    pytest.param("提交材料（身份证、户口簿）", "", id="papers"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_units(text: str, expected: str) -> None:
    units = units_of(text, (0, len(text)))
    assert " ".join("*" * unit.lead + unit.name for unit in units) == expected
    for unit in units:
        printed = text[slice(*unit.span)]
        assert unit.name.endswith(printed)


def test_first_unit_leads_throughout_a_document() -> None:
    text = "（科技部、财政部负责。列第一位者为牵头单位，下同）\n（教育部、财政部负责）"
    assert first_unit_leads(text)
    units = units_of(text, (text.index("\n") + 1, len(text)), first_leads=True)
    assert [(unit.name, unit.lead) for unit in units] == [("教育部", True), ("财政部", False)]
