"""Paragraphs after a list are cited under what the list stands under, not under its last item."""

from __future__ import annotations

import pytest

from corpus import Role, parent_lines, parse

PAPERS = "1.户口簿；\n2.房产证；\n3.学籍材料。\n"
KINDS = "（一）烈士子女；\n（二）军人子女；\n"
CASES = [
    pytest.param(
        f"一、材料\n申请人准备：\n{PAPERS}学校核对以后登记。\n二、其他\n甲。",
        {"学校": "一"},
        id="a-list-that-is-one-sentence",
    ),
    pytest.param(
        "一、对象\n下列人员可以申请：\n1.老人，满六十岁的。\n2.儿童。\n居民自愿申请，不收费。\n二、其他\n甲。",
        {"居民": "一"},
        id="an-announced-list-of-lines",
    ),
    pytest.param(
        "一、方式\n1.派位\n学校派位。\n2.直升\n本校直升。\n以上各种方式只能选一种。\n二、其他\n甲。",
        {"以上": "一"},
        id="words-about-all-items",
    ),
    pytest.param(
        f"一、照顾\n{KINDS}（三）下列人员：\n1.劳模；\n2.侨胞。\n以上三类人员加分。\n二、其他\n甲。",
        {"以上": "一"},
        id="as-many-items-as-it-counts",
    ),
    pytest.param(
        "一、照顾\n（一）下列考生加分：\n1.烈士子女。\n2.侨胞。\n"
        "（二）下列考生优先：\n1.退役的。\n2.残疾的。\n同时符合多项加分条件的，不重复。\n二、其他\n甲。",
        {"同时": "一"},
        id="the-list-that-has-the-word",
    ),
    pytest.param(
        "一、登记\n（一）条件\n申请人应当诚信，具备下列条件：\n1.有住所；\n2.有工作。\n如实填报，并提交下列材料：\n"
        "1.合同；\n2.证明。\n外籍人员凭护照登记。\n（二）其他。",
        {"外籍": "一/（一）"},
        id="not-under-a-line-that-announces",
    ),
    pytest.param(
        "一、登记\n下列情形之一：\n1.购房的，提供合同。\n2.租住私房的，提供合同。\n租住公房的，提供证明。\n二、其他\n甲。",
        {"租住公房": "一/2"},
        id="a-case-beside-that-of-the-item",
    ),
    pytest.param(
        "一、登记\n1.报名\n学校报名。\n2.验证\n学校验证。\n不收费用。\n二、其他\n甲。",
        {"不收": "一/2"},
        id="items-of-many-lines-stay-whole",
    ),
    pytest.param(
        f"第一条 甲。\n第二条 提交：\n{PAPERS}以上各种材料各一份。",
        {"以上": "第二条"},
        id="an-article-stays-whole",
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_where_a_paragraph_after_a_list_is_cited(text: str, expected: dict[str, str]) -> None:
    for words, path in expected.items():
        at = text.index(words)
        (clause,) = [c for c in parse(text).clauses if c.span[0] <= at < c.span[1]]
        assert "/".join(clause.path) == path


def test_such_a_paragraph_has_an_id_and_parents_of_its_own() -> None:
    text = CASES[0].values[0]
    assert isinstance(text, str)
    found = {clause.clause_id: clause for clause in parse(text).clauses}
    resumed = found["-1.r"]
    assert (resumed.role, resumed.text) == (Role.SECTION, "学校核对以后登记。")
    assert [text[slice(*span)] for span in parent_lines(resumed)] == ["一、材料"]
    assert found["-1.s"].text == "一、材料\n申请人准备："
    assert found["-1.3"].text == "3.学籍材料。"
