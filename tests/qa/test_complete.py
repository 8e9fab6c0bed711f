"""Quotes that can be understood by themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.types import Clause, Role, Span, Unit
from qa.complete import Completer, Slice
from qa.service import Service
from qa.types import in_reading_order


def clause(
    text: str, path: tuple[str, ...], start: int = 0, role: Role = Role.CLAUSE, unit: str = ""
) -> Clause:
    """Return a clause that starts at ``start``; ``unit`` must stand in its text."""
    at = text.find(unit) if unit else 0
    units = (Unit(unit, lead=False, span=(start + at, start + at + len(unit))),) if unit else ()
    span = (start, start + len(text))
    return Clause(
        "-".join(path), "d", role, path, path[-1], "", ("",) * len(path), span, text, units
    )


LEAD = clause("（五）加强培训。培训课程包括：", ("四", "（五）"), role=Role.SECTION)
ITEMS = (
    clause("1.家政服务；", ("四", "（五）", "1"), 20),
    clause("2.电工和焊工；", ("四", "（五）", "2"), 30),
    clause("3.电子商务。（责任单位：区人社局）", ("四", "（五）", "3"), 40, unit="区人社局"),
)
LIST = Completer((LEAD, *ITEMS))


def quoted(text: str, *wanted: str) -> list[str]:
    """Return the quotes that ``wanted`` pieces of one clause are completed to."""
    one = clause(text, ("一",))
    spans = [(text.index(piece), text.index(piece) + len(piece)) for piece in wanted]
    return [text[slice(*found.span)] for found in Completer((one,)).complete(0, spans)]


def test_an_item_brings_the_line_that_announces_it() -> None:
    """«2.电工和焊工» is nothing without «培训课程包括：»."""
    first, second = LIST.complete(2, [(0, len(ITEMS[1].text))])
    assert first.row == 0
    assert LEAD.text[slice(*first.span)] == "培训课程包括："
    assert second == Slice(2, (0, len(ITEMS[1].text)))


LONG = "建设各类公共服务设施，" * 8


@pytest.mark.parametrize(
    ("line", "item", "brought"),
    [
        pytest.param("着重把握两点：", f"一是统筹城乡。{LONG}补齐短板。",
                     False, id="a-passage-of-its-own"),
        pytest.param("着重把握两点：", "一是统筹城乡。", True, id="short"),
        pytest.param("着重把握两点：", f"一是{LONG}补齐短板；", True,
                     id="not-a-whole-sentence"),
        pytest.param("有下列情形之一的：", f"一是{LONG}补齐短板。", True,
                     id="a-condition"),
    ],
)  # fmt: skip
def test_a_passage_of_its_own_needs_no_announcement(line: str, item: str, brought: bool) -> None:
    """«注重把握五点：» above a paragraph says nothing of it; «下列情形之一» above one does."""
    lead = clause(line, ("三",), role=Role.SECTION)
    found = Completer((lead, clause(item, ("三", "一是"), 60))).complete(1, [(0, len(item))])
    assert [s.row for s in found] == ([0, 1] if brought else [1])


def test_an_announcement_brings_its_items() -> None:
    """All of them, without the bracket of units that nobody asked for."""
    start = LEAD.text.index("培训课程")
    found = LIST.complete(0, [(start, len(LEAD.text))])
    texts = [(LEAD, *ITEMS)[s.row].text[slice(*s.span)] for s in found]
    assert texts == ["培训课程包括：", "1.家政服务；", "2.电工和焊工；", "3.电子商务。"]


def test_units_of_the_last_item_are_those_of_the_list() -> None:
    """For the lead-in and every item."""
    assert [LIST.unit_row(row) for row in range(4)] == [3, 3, 3, 3]
    assert Completer((LEAD, *ITEMS[:2])).unit_row(0) is None


@pytest.mark.parametrize(
    ("text", "wanted", "expected"),
    [
        pytest.param("建设三所学校。其中小学两所。", "其中小学两所。",
                     ["建设三所学校。其中小学两所。"], id="of-which"),
        pytest.param("持居住证的人员可以入学。该人员凭证办理。", "该人员凭证办理。",
                     ["持居住证的人员可以入学。该人员凭证办理。"], id="that"),
        pytest.param("困难家庭可以申请。前款规定的家庭免费。", "前款规定的家庭免费。",
                     ["困难家庭可以申请。前款规定的家庭免费。"], id="preceding-paragraph"),
        pytest.param("提供两种材料：身份证；居住证。", "提供两种材料：身份证；",
                     ["提供两种材料：身份证；"], id="colon-inside"),
        pytest.param("甲事。乙事。", "乙事。", ["乙事。"], id="nothing-to-add"),
        pytest.param("该县城东部。乙事。", "该县城东部。", ["该县城东部。"], id="first-sentence"),
        pytest.param("其他人员可办。", "其他人员可办。", ["其他人员可办。"], id="others"),
    ],
)  # fmt: skip
def test_what_a_sentence_leans_on(text: str, wanted: str, expected: list[str]) -> None:
    """The sentence before is quoted with one that speaks of it."""
    assert quoted(text, wanted) == expected


@given(
    st.text(alphabet="甲乙其中该、，：。；（）\n", min_size=1, max_size=60),
    st.lists(st.tuples(st.integers(0, 59), st.integers(1, 60)), min_size=1, max_size=4),
)
def test_completing_only_adds(text: str, ends: list[Span]) -> None:
    """Every chosen character stays, in order, once, inside the clause."""
    spans = [(min(a, len(text) - 1), 0) for a, _ in ends]
    spans = [(a, min(len(text), a + b)) for (a, _), (_, b) in zip(spans, ends, strict=True)]
    found = Completer((clause(text, ("一",)),)).complete(0, spans)
    kept = [position for s in found for position in range(*s.span)]
    assert kept == sorted(set(kept))
    assert {p for a, b in spans for p in range(a, b)} <= set(kept) <= set(range(len(text)))


def test_the_answering_clause_comes_first_and_is_read_in_order(town: Service) -> None:
    """Whoever takes the first part gets what answers; on the page the line above it leads."""
    answer = town.answer("上虞有没有电工焊工课")
    assert [part.quote for part in answer.parts] == ["电工和焊工；", "培训课程包括："]
    assert answer.parts[0].citation.label == "2"
    assert [part.quote for part in in_reading_order(answer.parts)] == [
        "培训课程包括：",
        "电工和焊工；",
    ]
