from __future__ import annotations

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.page.marks import inner_spans, marked_html


@pytest.mark.parametrize(
    ("quotes", "expected"),
    [
        pytest.param([(12, 15)], ((2, 5),), id="inside"),
        pytest.param([(18, 19), (12, 15)], ((2, 5), (8, 9)), id="sorted"),
        pytest.param([(12, 15), (14, 18)], ((2, 8),), id="overlapping"),
        pytest.param([(12, 15), (15, 18)], ((2, 8),), id="touching"),
        pytest.param([(12, 18), (13, 14)], ((2, 8),), id="nested"),
        pytest.param([(5, 12), (18, 30)], ((0, 2), (8, 10)), id="cut-at-both-ends"),
        pytest.param([(0, 10), (20, 25)], (), id="outside"),
        pytest.param([], (), id="none"),
    ],
)
def test_spans_move_into_the_clause(
    quotes: list[tuple[int, int]], expected: tuple[tuple[int, int], ...]
) -> None:
    assert inner_spans((10, 20), quotes) == expected


def test_marked_text_is_escaped() -> None:
    assert marked_html("a<b>&c", [(1, 4)]) == "a<mark>&lt;b&gt;</mark>&amp;c"


@given(
    st.text(alphabet="甲乙<>&\"'/ \n", max_size=30),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4),
)
def test_marking_never_changes_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    html = marked_html(text, inner_spans((0, len(text)), spans))
    assert html.count("<mark>") == html.count("</mark>")
    assert unescape(html.replace("<mark>", "").replace("</mark>", "")) == text
