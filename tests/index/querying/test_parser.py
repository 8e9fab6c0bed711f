"""The query language: what means what, what is an error and where, and its printed form."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.querying import (
    And,
    Field,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    QueryError,
    Word,
    Words,
    parse,
    printed,
)

READ = [
    pytest.param("落户 条件", Words("落户 条件"), id="words-side-by-side"),
    pytest.param('"落户条件"', Phrase("落户条件"), id="straight-quotes"),
    pytest.param("“落户条件”", Phrase("落户条件"), id="curly-quotes"),
    pytest.param("”落户条件”", Phrase("落户条件"), id="two-closing-quotes"),
    pytest.param("「落户条件」", Phrase("落户条件"), id="corner-quotes"),
    pytest.param("教育*", Prefix("教育"), id="prefix"),
    pytest.param("教育＊", Prefix("教育"), id="full-width-star"),
    pytest.param("落户 AND 租房", And((Word("落户"), Word("租房"))), id="and"),
    pytest.param("落户 且 租房", And((Word("落户"), Word("租房"))), id="and-in-chinese"),
    pytest.param("落户&租房", And((Word("落户"), Word("租房"))), id="and-sign"),
    pytest.param("落户 或 租房", Or((Word("落户"), Word("租房"))), id="or-in-chinese"),
    pytest.param("落户||租房", Or((Word("落户"), Word("租房"))), id="or-sign"),
    pytest.param("落户或租房", Words("落户或租房"), id="an-operator-stands-alone"),
    pytest.param("落户 -租房", And((Words("落户"), Not(Word("租房")))), id="minus"),
    pytest.param("落户 不含 租房", And((Words("落户"), Not(Word("租房")))), id="not-in-chinese"),
    pytest.param("非“租房”", Not(Phrase("租房")), id="not-before-a-quote"),
    pytest.param("非常 2023-2025", Words("非常 2023-2025"), id="no-operator-inside-a-word"),
    pytest.param(
        "NOT 租房 落户", And((Words("落户"), Not(Word("租房")))), id="not-takes-one-word"
    ),
    pytest.param(
        "落户 “租房” 条件", And((Words("落户 条件"), Phrase("租房"))), id="one-bag-of-words"
    ),
    pytest.param(
        "a AND b OR c d",
        Or((And((Word("a"), Word("b"))), And((Word("c"), Word("d"))))),
        id="or-binds-least",
    ),
    pytest.param(
        "(a OR b) AND c", And((Or((Word("a"), Word("b"))), Word("c"))), id="parentheses"
    ),
    pytest.param("（a｜b）c", And((Words("c"), Or((Word("a"), Word("b"))))), id="full-width"),
    pytest.param(
        "落户 地区:鲤城", And((Words("落户"), Field("area", "鲤城"))), id="field-beside-words"
    ),
    pytest.param("Area：鲤城", Field("area", "鲤城"), id="english-name-full-width-colon"),
    pytest.param("年份:2023-2025", Field("year", "2023-2025"), id="range-of-years"),
    pytest.param("文号:鲤政(2025)6号", Field("number", "鲤政(2025)6号"), id="year-brackets"),
    pytest.param("标题:“工作要点 2025”", Field("title", "工作要点 2025"), id="quoted-value"),
    pytest.param("三明方案 第二章（一）", Words("三明方案 第二章（一）"), id="label-brackets"),
    pytest.param("10:30", Words("10:30"), id="figures-are-no-field"),
    pytest.param("落户 — ？ 租房", Words("落户 租房"), id="marks-are-left-out"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "expected"), READ)
def test_reads(query: str, expected: Node) -> None:
    assert parse(query) == expected


@pytest.mark.parametrize(
    ("query", "reason", "position"),
    [
        pytest.param("", "没有可查的词", 0, id="empty"),
        pytest.param(" ？！", "没有可查的词", 0, id="marks-alone"),
        pytest.param("落户 “租房", "引号没有关上", 3, id="open-quote"),
        pytest.param("落户」", "多出来的引号「」」", 2, id="closing-quote"),
        pytest.param("落户 “。”", "引号里没有字", 3, id="empty-quote"),
        pytest.param("(落户 租房", "括号没有关上", 0, id="open-bracket"),
        pytest.param("落户 (", "括号没有关上", 3, id="bracket-at-the-end"),
        pytest.param("落户) 租房", "多出来的右括号", 2, id="closing-bracket"),
        pytest.param("落户 ()", "括号里没有要查的词", 3, id="empty-brackets"),
        pytest.param("落户 OR", "「OR」后面缺少要查的词", 3, id="nothing-after"),
        pytest.param("落户 AND OR 租房", "「AND」后面缺少要查的词", 3, id="two-operators"),
        pytest.param("或 落户", "「或」前面缺少要查的词", 0, id="nothing-before"),
        pytest.param("教*育", "星号只能放在词的末尾", 1, id="star-inside"),
        pytest.param("落户 *", "星号前面要有字", 3, id="star-alone"),
        pytest.param("落户 地区:", "「地区:」后面没有写内容", 5, id="no-value"),
        pytest.param("(" * 30 + "a" + ")" * 30, "套得太深了", 20, id="too-deep"),
        pytest.param("a" * 501, "查询超过了 500 个字", 500, id="too-long"),
    ],
)
def test_errors_point_at_the_character(query: str, reason: str, position: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert (caught.value.reason, caught.value.position) == (reason, position)


def test_unknown_field_lists_the_known_ones() -> None:
    with pytest.raises(QueryError, match="没有「颜色」这个字段，可以用：地区、单位、文件、文号"):
        parse("颜色:红")


def test_caret_stands_under_the_character() -> None:
    """A Chinese character takes two columns."""
    error = QueryError("落户 OR", "", 3)
    assert error.pointer() == "  落户 OR\n       ^"


_PIECES = st.sampled_from(
    ["落户", "租房 ", "教育*", "“短语", "”", '"', "「", "」", "(", ")", "（一）", "(2025)", " AND ",
     " 或 ", " NOT ", "-", "非", "&", "||", "地区:", "year:2024", "颜色：", "*",
     " ", "\ud800", "？"]
)  # fmt: skip
_TEXTS = st.one_of(st.text(max_size=40), st.lists(_PIECES, max_size=14).map("".join))


def _read(text: str) -> Node | QueryError:
    try:
        return parse(text)
    except QueryError as error:
        return error


@settings(max_examples=600)
@given(st.one_of(_TEXTS, st.lists(_PIECES, max_size=150).map("".join)))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    """What is read prints to a query that means the same; what is not has a place inside."""
    read = _read(text)
    if isinstance(read, QueryError):
        assert read.reason
        assert 0 <= read.position < max(1, len(text))
    else:
        assert parse(printed(read)) == read
