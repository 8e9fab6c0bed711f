"""The window of a clause, and its marks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.lexical import characters
from qa.search.snippet import WINDOW, folded, snippet

LONG = "甲" * 200 + "。租房可以落户。" + "乙" * 200 + "。落户不收费。" + "丙" * 200


def shown(text: str, needles: dict[str, float]) -> tuple[str, list[str]]:
    found = snippet(text, needles)
    return text[slice(*found.span)], [text[slice(*mark)] for mark in found.marks]


def test_marks_are_slices_of_the_clause_text() -> None:
    """Full width, traditional script and line breaks fold away; the marks hold what is printed."""
    text = "（一）放寬落\n戶限制，達到９６％。"
    assert shown(text, {"落户限制": 1.0, "96%": 1.0}) == (text, ["落\n戶限制", "９６％"])


def test_the_window_with_the_most_weight_is_shown() -> None:
    window, marks = shown(LONG, {"落户": 1.0, "租房": 1.0})
    assert window.startswith("租房可以落户。")
    assert marks == ["租房", "落户"]
    window, marks = shown(LONG, {"落户": 1.0, "不收费": 3.0})
    assert window.startswith("落户不收费。")


def test_the_earlier_of_equal_windows() -> None:
    assert shown(LONG, {"落户": 1.0})[0].startswith("租房可以落户")


def test_without_a_mark_the_beginning_is_shown() -> None:
    assert shown(LONG, {"没有": 1.0}) == ("甲" * WINDOW, [])
    assert shown("", {"没有": 1.0}) == ("", [])


def test_longest_needle_first() -> None:
    assert shown("取消落户限制", {"落户": 1.0, "落户限制": 1.0})[1] == ["落户限制"]


_CHARS = st.sampled_from("落户租房條件ＡＢ㎡①。；\n　 ﷺ")


@given(st.text(_CHARS, max_size=400), st.dictionaries(st.text(_CHARS, max_size=3), st.just(1.0)))
def test_window_and_marks_lie_inside(text: str, needles: dict[str, float]) -> None:
    needles = {"".join(characters(needle)): 1.0 for needle in needles}
    found = snippet(text, needles)
    (start, end), previous = found.span, found.span[0]
    assert 0 <= start <= end <= len(text)
    assert end - start <= WINDOW
    for first, last in found.marks:
        assert previous <= first < last <= end
        assert folded(text[first:last])[0] != ""
        previous = last


@given(st.text(_CHARS, max_size=50))
def test_folding_keeps_places(text: str) -> None:
    form, origins = folded(text)
    assert len(form) == len(origins)
    assert origins == sorted(origins)
    assert all(form[i] in "".join(characters(text[at])) for i, at in enumerate(origins))
