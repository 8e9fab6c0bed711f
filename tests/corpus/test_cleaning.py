"""Cleaning steps: what they repair, and what they must leave alone."""

from __future__ import annotations

import pytest

from corpus import clean
from corpus.cleaning import STEPS

INDENTED = "".join(f"\u3000\u3000{n}号窗口负责登记居民的住房情况；\n" for n in "甲乙丙丁")
WRAPPED = "第一行是正文，说明了情况。后面的话还没有说"
CASES = [
    pytest.param("甲\r\n乙\r丙", "甲\n乙\n丙", "line_ends", id="line-ends"),
    pytest.param("\ufeff甲\u200b乙\u00a0丙", "甲乙 丙", "invisible", id="invisible"),
    pytest.param("# 标题\n> 引文\n正文", "标题\n引文\n正文", "markdown", id="marks"),
    pytest.param(
        "---\n标题: 甲\n文号: 乙\n---\n> 采集说明\n\n# 甲",
        "标题: 甲\n文号: 乙\n\n甲",
        "markdown",
        id="front-matter",
    ),
    pytest.param("见[官网](https://a.gov.cn/b)。", "见官网。", "markdown", id="link"),
    pytest.param("办好。**（责任单位：甲局）**", "办好。（责任单位：甲局）", "bold", id="bold"),
    pytest.param(
        "首页 > 公开\n浏览量: 12\n正文\n打印 关闭\n扫一扫在手机打开",
        "正文\n",
        "furniture",
        id="furniture",
    ),
    pytest.param(
        "正文\n打印 关闭\n后文", "正文\n打印 关闭\n后文", "furniture", id="furniture-inside-stays"
    ),
    pytest.param(
        "上文\n— 3 —\n下文\n第 4 页 共 9 页\n完",
        "上文\n下文\n完",
        "page_numbers",
        id="page-numbers",
    ),
    pytest.param(
        "上文\n－ 7 －\t（全文结束）\n", "上文\n", "page_numbers", id="number-of-the-last-page"
    ),
    pytest.param(
        "上文\n☀☀☀☀☀☀☀☀☀☀\n下文\n□□\n", "上文\n下文\n□□\n", "rulers", id="rows-of-ornaments"
    ),
    pytest.param("上文\n二-7\n下文\n", "上文\n下文\n", "page_numbers", id="numbers-of-a-part"),
    pytest.param(
        "窗体顶端\n上文\n 窗体底端 \n窗体底端的文字\n",
        "上文\n窗体底端的文字\n",
        "form_marks",
        id="form-marks",
    ),
    pytest.param("上文\n2025\n下文", "上文\n2025\n下文", "page_numbers", id="a-bare-number-stays"),
    pytest.param(
        "到 2028 年供给 500 套，占 96%", "到2028年供给500套，占 96%", "number_spaces", id="spaces"
    ),
    pytest.param("第 三 条 甲", "第三条 甲", "number_spaces", id="split-article"),
    pytest.param(
        "第一条 2024年起", "第一条 2024年起", "number_spaces", id="space-after-a-label-stays"
    ),
    pytest.param("政務(wù)公開，區(qū)級，解讀(dú)", "政務公開，區級，解讀", "pinyin", id="pinyin"),
    pytest.param(
        "系統(tǒng)（CIM）與注音(zhù yīn)",
        "系統（CIM）與注音(zhù yīn)",
        "pinyin",
        id="other-brackets-stay",
    ),
    pytest.param("重(zhòng)点(hǎo)", "重点(hǎo)", "pinyin", id="wrong-reading-stays"),
    pytest.param(
        "要求,確?！秾嵤┓桨浮坟熑蚊魑?、落實有力",
        "要求,確保《實施方案》責任明晰、落實有力",
        "shifted_bytes",
        id="shifted",
    ),
    pytest.param("可以吗?可以吗?可以", "可以吗?可以吗?可以", "shifted_bytes", id="questions-stay"),
    pytest.param(
        f"{WRAPPED}\n\n完就换了页。", f"{WRAPPED}完就换了页。", "wrapped_lines", id="page-break"
    ),
    pytest.param(
        "办好。（责任单位：甲局、\n\n乙局）",
        "办好。（责任单位：甲局、乙局）",
        "wrapped_lines",
        id="in-a-bracket",
    ),
    pytest.param(
        "依据《交通规\n划研究》办理", "依据《交通规划研究》办理", "wrapped_lines", id="in-a-title"
    ),
    pytest.param(
        "一、积极促进发展，全面提升质量\n坚持稳中求进，做好工作。",
        "一、积极促进发展，全面提升质量\n坚持稳中求进，做好工作。",
        "wrapped_lines",
        id="heading-stays",
    ),
    pytest.param(
        "关于某事的通知\n各单位，请办理。",
        "关于某事的通知\n各单位，请办理。",
        "wrapped_lines",
        id="title-stays",
    ),
    pytest.param(
        f"{WRAPPED}\n（一）下一条。",
        f"{WRAPPED}\n（一）下一条。",
        "wrapped_lines",
        id="label-stays",
    ),
    pytest.param(
        f"{WRAPPED}\n（责任单位：甲局）",
        f"{WRAPPED}\n（责任单位：甲局）",
        "wrapped_lines",
        id="trailer-stays",
    ),
    pytest.param(
        "某某市教育局\n2025年5月9日",
        "某某市教育局\n2025年5月9日",
        "wrapped_lines",
        id="signature-stays",
    ),
    pytest.param(
        f"{INDENTED}\u3000\u3000第七条　取得《某市租房补贴资格证明》的低收入家庭\n的成员可以申请。",
        f"{INDENTED}\u3000\u3000第七条　取得《某市租房补贴资格证明》的低收入家庭的成员可以申请。",
        "wrapped_lines",
        id="indented-text-goes-on-without-indent",
    ),
    pytest.param(
        f"{INDENTED}\u3000\u3000第七条　窗口的设置\n窗口设在大厅，方便居民。",
        f"{INDENTED}\u3000\u3000第七条　窗口的设置\n窗口设在大厅，方便居民。",
        "wrapped_lines",
        id="a-short-heading-in-indented-text-stays",
    ),
    pytest.param(
        "第二条　租金实行政府定价，由主管\n部门会同财政部门制定。",
        "第二条　租金实行政府定价，由主管部门会同财政部门制定。",
        "wrapped_lines",
        id="an-article-is-not-headed-by-half-a-sentence",
    ),
    pytest.param(
        "第九条 本办法有效期至2039年\n12月31日。",
        "第九条 本办法有效期至2039年12月31日。",
        "wrapped_lines",
        id="a-date-in-two",
    ),
    pytest.param(
        "鉴定医院：\n甲医院、乙医院、\n丙医院。\n（一）办理，\n1.交表",
        "鉴定医院：\n甲医院、乙医院、丙医院。\n（一）办理，\n1.交表",
        "wrapped_lines",
        id="an-enumeration-goes-on",
    ),
    pytest.param(
        "语文\t一百五十分钟的闭卷考试，满分一百五十分\n数学\t一百二十分钟，闭卷。",
        "语文\t一百五十分钟的闭卷考试，满分一百五十分\n数学\t一百二十分钟，闭卷。",
        "wrapped_lines",
        id="rows-of-a-table-stay",
    ),
    pytest.param(
        "文号：某政发〔2024〕3号\n某政发〔20243\n正文",
        "文号：某政发〔2024〕3号\n某政发〔2024〕3号\n正文",
        "stated_elsewhere",
        id="number",
    ),
    pytest.param(
        "成文日期：2024年07月04日\n某政府\n202474",
        "成文日期：2024年07月04日\n某政府\n2024年7月4日",
        "stated_elsewhere",
        id="date",
    ),
    pytest.param(
        "某方案（2024—2025年）\n印发《某方案(20242025年)》",
        "某方案（2024—2025年）\n印发《某方案(2024—2025年)》",
        "stated_elsewhere",
        id="period",
    ),
    pytest.param(
        "正文。\n?\n联系人：邬 ?某", "正文。\n联系人：邬 某", "lone_marks", id="lost-blanks"
    ),
]


@pytest.mark.parametrize(("raw", "text", "step"), CASES)
def test_steps(raw: str, text: str, step: str) -> None:
    cleaned = clean(raw, [step])
    assert cleaned.text == text
    assert all(repair.kind == step for repair in cleaned.repairs)
    assert bool(cleaned.repairs) == (raw != text)


@pytest.mark.parametrize(("raw", "text", "step"), CASES)
def test_a_step_has_nothing_left_to_do(raw: str, text: str, step: str) -> None:
    assert clean(text, [step]).text == text


def test_steps_have_names_of_their_own() -> None:
    names = [name for name, _step in STEPS]
    assert len(set(names)) == len(names)


def test_a_heading_shifted_by_one_byte_in_a_traditional_page() -> None:
    raw = (
        "完成建設任務，落實責任。\n?。ㄒ唬?shí)施新一輪農業行動。"
        "\n?。ㄎ澹┙∪滦统擎?zhèn)化推進體制。"
    )
    text = "完成建設任務，落實責任。\n（一）實施新一輪農業行動。\n（五）健全新型城鎮化推進體制。"
    assert clean(raw).text == text


def test_fixed_width_text_is_joined() -> None:
    words = (
        "本办法所称的公共租赁住房是指由政府投资或者提供政策支持"
        "限定建设标准和租金水平面向符合条件的家庭供应的保障性住房"
    )
    lines = [words[:30]] * 15
    raw = "一、定义。\n" + "\n".join(lines) + "\n完。"
    assert clean(raw).text.count("\n") == 1


def test_unknown_steps_do_nothing() -> None:
    assert clean("甲\r\n", ["nothing"]).text == "甲\r\n"
