"""Outlines beside the usual ones: decimals, headings without numbers, glued and missed labels."""

from __future__ import annotations

import pytest

from corpus import Role, build_document, parse
from corpus.loading import source_of

CASES = [
    pytest.param(
        "1 总则\n1.1 目的\n甲。\n1.2 依据\n1.2.1 法律\n乙。\n2 体系\n2.1 机构\n投入\n3.5 亿元。",
        "1/1.1 1/1.2/1.2.1 2/2.1",
        id="decimals",
    ),
    pytest.param(
        "一、总则\n1.1 目的\n甲。\n1.2 依据\n乙。\n二、体系\n2.1 机构\n丙。",
        "一/1.1 一/1.2 二/2.1",
        id="decimals-below-sections",
    ),
    pytest.param(
        "某市办事指南\n【办理条件】\n满半年。\n【办理材料】\n1.身份证\n2.照片\n【办理流程】\n1.申请\n2.受理",
        "办理条件 办理材料/1 办理材料/2 办理流程/1 办理流程/2",
        id="framed-headings",
    ),
    pytest.param(
        "某市办理须知\n请看下文。\n所需资料\n一、甲。\n二、乙。\n申报方式：\n一、丙。\n二、丁。",
        "所需资料/一 所需资料/二 申报方式/一 申报方式/二",
        id="headings-above-restarts",
    ),
    pytest.param(
        "一、总则\n（一）甲：\n1.乙。\n2.丙。\n需提供材料\n1.丁。\n2.戊。\n（二）己。\n二、庚。",
        "一/（一）/需提供材料/1 一/（一）/需提供材料/2 一/（二） 二",
        id="a-heading-stays-in-its-item",
    ),
    pytest.param(
        "一、条件\n符合下列之一：（一）甲。\n（二）乙。\n（三）丙。（四）丁。\n（五）戊。\n二、材料。己。",
        "一/（一） 一/（二） 一/（三） 一/（四） 一/（五）",
        id="glued-items",
    ),
    pytest.param(
        "第一条 甲。\n第二条 乙。\n第三条第一条、第二条规定的情形除外。\n笫四条 丙。\n第六条 丁。",
        "第一条 第二条 第三条 第四条 第六条",
        id="an-article-that-begins-with-a-reference",
    ),
    pytest.param(
        "第一章 甲\n第一条 乙。\n第二条 丙。第三条　丁。\n"
        "第二章 戊\n第四条 己。\n二条 错。\n五条 庚。第六条本办法自公布之日起施行。",
        "第一章/第一条 第一章/第二条 第一章/第三条 第二章/第四条 第二章/第五条 第二章/第六条",
        id="articles-glued-and-articles-that-lost-their-sign",
    ),
    pytest.param(
        "第一条 甲。\n第二条 依照规定办理。第三条规定的情形除外，第五条同。",
        "第一条 第二条",
        id="references-after-a-full-stop",
    ),
    pytest.param(
        "一、待遇\n（一）甲。\n（二）乙。\n（三）丙。（四）账户。\n继续使用。\n二、基金\n（一）丁。\n（二）戊。",
        "一/（一） 一/（二） 一/（三） 一/（四） 二/（一） 二/（二）",
        id="last-item-glued",
    ),
    pytest.param(
        "一、落户\n（一）提供材料：\n▲落家庭户的，提供：\n（1）甲；\n（2）乙；\n▲落集体户的，提供证明；\n"
        "▲落公共户的，提供：\n（1）丙。\n（2）丁。\n（二）其他。戊。",
        "一/（一）/落家庭户的/（1） 一/（一）/落家庭户的/（2） 一/（一）/落集体户的 "
        "一/（一）/落公共户的/（1） 一/（一）/落公共户的/（2） 一/（二）",
        id="marks-in-place-of-numbers",
    ),
    pytest.param(
        "一、落户\n（一）甲。\n▲免费。\n▲网上可查。\n（二）乙。",
        "一/（一） 一/（二）",
        id="marks-that-adorn",
    ),
    pytest.param(
        "一、优待\n1、下列子女：\n（1）烈士的子女。（2）军人的子女。（3）警察的子女。\n2、其他人员。\n二、附则\n戊。",
        "一/1/（1） 一/1/（2） 一/1/（3） 一/2",
        id="a-list-in-one-paragraph",
    ),
    pytest.param(
        "一、优待\n（一）甲。依照（二）办理。\n（二）乙。\n二、附则\n（一）丙。见（二）。（二）丁。",
        "一/（一） 一/（二） 二/（一）",
        id="two-items-in-one-paragraph-may-be-a-reference",
    ),
    pytest.param(
        "一、待遇\n（一）条件。年满六十周岁的可以领取。其中1、不足十五年的，应当补缴。\n2、超过十五年的，不补缴。\n二、附则\n戊。",
        "一/（一）/1 一/（一）/2 二",
        id="a-list-that-begins-in-a-sentence",
    ),
    pytest.param(
        "一、待遇\n1、甲。按标准计发：\n（1）子；\n（2）丑。??2、乙：\n（1）寅；\n（2）卯。\n3、丙。\n??二、基金\n丁。\n三、其他\n戊。",
        "一/1/（1） 一/1/（2） 一/2/（1） 一/2/（2） 一/3 二 三",
        id="marks-of-a-scan-before-labels",
    ),
    pytest.param(
        "一、登记\n（一）条件\n家庭应当符合下列条件：\n1、甲；\n2、乙。\n家庭推选一人申请，如实填报，并提交下列材料：\n1、丙；\n2、丁。\n（二）程序\n戊。",
        "一/（一）/1 一/（一）/2 一/（一）/提交下列材料/1 一/（一）/提交下列材料/2 一/（二）",
        id="two-lists-of-one-item",
    ),
    pytest.param(
        "某市办证须知\n登记\n条件\n来本市居住的应当登记。\n材料\n一、甲。\n二、乙。\n就业办证\n条件\n一、丙。\n"
        "二、丁。\n材料\n一、戊。\n二、己。\n就读办证\n条件\n一、庚。\n二、辛。",
        "登记/条件 登记/材料/一 登记/材料/二 就业办证/条件/一 就业办证/条件/二 "
        "就业办证/材料/一 就业办证/材料/二 就读办证/条件/一 就读办证/条件/二",
        id="the-first-topic-as-the-others",
    ),
    pytest.param(
        "一、报名\n甲。\n二、测试\n乙。\n附件1\n某市报名表\n项目\t必测\n（一）\t□跳绳\n□立定跳远\n（二）\t□实心球\n"
        "附件2\n采集要求\n1.丙。\n2.丁。\n样表\n某市登记表\n姓名\n（一）\t□男\t□女\n附件3\n目录\n1.戊。\n2.己。",
        "一 二 附件2/1 附件2/2 附件3/1 附件3/2",
        id="the-choices-of-a-form",
    ),
    pytest.param(
        "甲区\n材料\t五证\n请备齐：\n1.子。\n2.丑。\n乙区\n材料\t五证\n请备齐：\n1.寅。\n2.卯。\n"
        "丙县\n材料\t四证\n请备齐：\n1.辰。\n2.巳。\n丁山\n材料\t五证\n午。",
        "甲区/请备齐/1 甲区/请备齐/2 乙区/请备齐/1 乙区/请备齐/2 丙县/请备齐/1 丙县/请备齐/2 丁山",
        id="districts-with-the-same-rows",
    ),
    pytest.param(
        "夫妻投靠申报\n受理条件：\n1、甲。\n2、乙。\n所需材料：\n申请书；\n结婚证。",
        "受理条件/1 受理条件/2 所需材料",
        id="headings-of-a-guide",
    ),
    pytest.param(
        "一、报名\n1、2016年入学对象为儿童。\n2、2月25日前登记。\n3.60周岁以上免交。\n二、其他。甲。",
        "一/1 一/2 一/3",
        id="numbers-after-labels",
    ),
    pytest.param(
        "附件1\n某市招生意见\n一、甲。\n二、乙。",
        "一 二",
        id="a-file-that-is-an-annex",
    ),
    pytest.param(
        "1、怎么招生？\n答：如下：\n（1）甲；\n（2）乙。\n2、何时报名？\n答：六月。\n3、要什么？\n答：丙。",
        "1 2 3",
        id="answers-stay-whole",
    ),
    pytest.param(
        "一、凭证件办理：\n（一）甲；\n（二）乙；\n（三）丙。\n二、户口迁移证应当由户籍所在地派出所出具。没有的可以申请。",
        "一/（一） 一/（二） 一/（三） 二",
        id="a-section-without-heading-is-an-item",
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_paths(text: str, expected: str) -> None:
    clauses = [c for c in parse(text).clauses if c.role == Role.CLAUSE]
    paths = ["/".join(clause.path) for clause in clauses]
    if "需提供材料" in expected:  # the items before the heading keep their own path
        paths = [path for path in paths if path not in {"一/（一）/1", "一/（一）/2"}]
    assert " ".join(paths) == expected
    assert len({clause.clause_id for clause in clauses}) == len(clauses)


def test_named_articles_have_headings() -> None:
    found = parse("第一条（立法目的）\n为了甲。\n第二条 【范围】乙。\n第三条（略）、丙。").clauses
    assert [clause.heading for clause in found] == ["立法目的", "范围", ""]


def test_an_article_is_headed_by_a_line_of_its_own() -> None:
    text = (
        "第一条 目的和依据\n为了甲，制定本办法。\n第二条 （不得同时申请公租房、廉租房）\n乙。\n"
        "第三条 下列人员可以申请：\n（一）丙。\n第四条 登记的，应当补办\n手续。\n"
        "第五条 本办法自公布之日起施行\n某市教育局\n"
    )
    found = [c.heading for c in parse(text).clauses if c.label]
    assert found == ["目的和依据", "不得同时申请公租房、廉租房", "", "", ""]


HEADS = [
    pytest.param(
        "云山市人民政府令\n第2号\n《云山市居住证办法》已经通过，现予公布。\n市长 某某\n"
        "2013年5月28日\n"
        "云山市居住证办法\n（2013年5月28日云山市人民政府令第2号公布）\n第一条 甲。\n第二条 乙。\n",
        ("云山市居住证办法", "云山市人民政府令第2号", "云山市人民政府", "2013-05-28"),
        id="decree",
    ),
    pytest.param(
        "云山市教育委员会关于2016年本市中等学校\n高中阶段考试招生工作的若干意见\n一、甲。\n二、乙。\n"
        "云山市教育委员会\n二O一六年三月五日\n",
        ("云山市教育委员会关于2016年本市中等学校高中阶段考试招生工作的若干意见", None,
         "云山市教育委员会", "2016-03-05"),
        id="title-over-two-lines-and-round-zeros",
    ),
    pytest.param(
        "【标题】关于放宽条件的通知\n【发布部门】云山市房管局\n【发文字号】云房〔2009〕13号\n一、甲。\n二、乙。\n",
        ("关于放宽条件的通知", "云房〔2009〕13号", "云山市房管局", None),
        id="framed-keys",
    ),
    pytest.param(
        "关于入学工作的通知\n高 教〔2016〕55号\n各学校：\n一、甲。\n二、乙。\n"
        "云山市教育局　　云山市公安局\n2016年4月1日\n",
        ("关于入学工作的通知", "高教〔2016〕55号", "云山市教育局等2个部门", "2016-04-01"),
        id="joint-signature",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), HEADS)
def test_heads(text: str, expected: tuple[str | None, ...]) -> None:
    document, _ = build_document(source_of(text.encode(), "a.txt"))
    day = str(document.published) if document.published else None
    assert (document.title, document.doc_number, document.issuer, day) == expected
