"""What a follow-up says of the last answer is no part of the next question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.service import Service
from qa.smalltalk import without_reaction


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("噢噢，那它归谁管", "那它归谁管"),
        ("哦这样啊，那太好了，电话有没有，我想问问", "电话有没有"),
        ("听起来不错，一共几项", "一共几项"),
        ("看不太懂啊，找谁解释", "找谁解释"),
        ("好的好的！那要多久", "那要多久"),
        ("知道了，老人呢", "老人呢"),
    ],
)
def test_reaction_is_left_out(said: str, asked: str) -> None:
    """The question that follows is all that is read."""
    assert without_reaction(said) == asked


@pytest.mark.parametrize(
    "said", ["好的", "谢谢", "好学校有哪些", "可以网上办吗", "不错的学校，怎么报名", "明白纸在哪领"]
)
def test_what_is_no_reaction_stays(said: str) -> None:
    """A reaction alone, and words that only begin like one."""
    assert without_reaction(said) == said


@given(st.text(alphabet="好的哦啊，,。行这样了谢听起来不错归谁管\n ", max_size=60))
def test_never_empty_and_only_cut(said: str) -> None:
    """What is left is a stretch of what was said, and something unless nothing was said."""
    left = without_reaction(said)
    assert left in said
    assert bool(left.strip()) == bool(said.strip())


def test_reaction_changes_no_answer(town: Service) -> None:
    """With a reaction before it a follow-up is answered as without."""
    history = ["老人吃饭有补贴吗"]
    plain = town.answer("归谁管", history=history)
    said = town.answer("哦这样啊，那太好了，归谁管", history=history)
    assert plain.parts
    assert said.parts == plain.parts
