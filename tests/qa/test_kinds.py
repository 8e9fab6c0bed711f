"""A clause about a sibling of what was asked is no answer."""

from __future__ import annotations

import re

import pytest

from index.tokens import search_form
from qa.kinds import kinds
from qa.service import Service
from qa.types import Status


@pytest.mark.parametrize(
    ("question", "text", "heading", "another"),
    [
        pytest.param("住院能报多少", "普通门诊报销提高。", "", "门诊", id="sibling"),
        pytest.param("住院能报多少", "门诊和住院都提高。", "", None, id="both-are-there"),
        pytest.param("能报多少", "普通门诊报销提高。", "", None, id="no-kind-asked"),
        pytest.param("住院能报多少", "报销比例提高。", "", None, id="no-kind-in-the-clause"),
        pytest.param("养老保险怎么交", "职工社会保险费按月缴纳。", "", None, id="the-whole-group"),
        pytest.param("小学怎么上", "保障接受义务教育。", "", None, id="a-word-for-two-kinds"),
        pytest.param("水管换多少", "新建排水管5公里。", "", "排水", id="inside-another-word"),
        pytest.param(
            "老旧小区改多少", "改造棚户区50户。", "老旧小区和棚户区", "棚户区", id="heading-of-many"
        ),
        pytest.param("老旧小区改多少", "改造3处。", "老旧小区", None, id="heading-of-one"),
    ],
)
def test_another_kind(question: str, text: str, heading: str, another: str | None) -> None:
    """Only a clause that names a sibling, and not what was asked, is about another kind."""
    table = kinds()
    assert table.another(table.asked(search_form(question)), text, heading) == another


def test_this_turn_counts_before_earlier_ones() -> None:
    """«问的是水管不是煤气管»: of two kinds in a joined question, the one said now is meant."""
    table = kinds()
    assert table.meant("门诊能报多少,住院", "住院呢") == {("就医", "住院")}
    assert table.meant("门诊能报多少", "也一样吗") == {("就医", "门诊")}


@pytest.mark.parametrize(
    ("before", "own", "after"),
    [
        ("门诊能报多少", "住院", "住院能报多少"),
        ("妇女有啥培训", "男的", "男的有啥培训"),
        ("门诊和住院能报多少", "住院", None),
        ("落户有限制吗", "住院", None),
    ],
)
def test_swapping(before: str, own: str, after: str | None) -> None:
    """A follow-up that names a sibling asks the earlier question of it."""
    assert kinds().swapped(before, own) == after


def test_the_table_is_sound() -> None:
    """Every pattern compiles, names something, and no group has a single kind."""
    for group, members in kinds().groups.items():
        assert len(members) > 1, group
        for kind, names in members.items():
            assert isinstance(names, re.Pattern)
            assert names.search("") is None, kind


@pytest.mark.parametrize(
    ("history", "question"),
    [
        ((), "成武住院报销比例是多少"),
        (("成武普通门诊报销能涨多少",), "那住院呢"),
        (("三明燃气管换多少公里",), "错了，问的是水管不是煤气管"),
    ],
)
def test_the_sibling_is_not_quoted(
    samples: Service, history: tuple[str, ...], question: str
) -> None:
    """Half of a pair that the documents state is not given for the half that they do not.

    Nor is the other half another topic: its sibling is shown as what is nearest.
    """
    answer = samples.answer(question, history=history)
    assert answer.status is Status.RELATED_ONLY
    assert answer.related


def test_what_was_not_meant_is_dropped(samples: Service) -> None:
    """«我问的是小学不是高中» asks of primary schools alone."""
    answer = samples.answer("我问的是小学不是高中", history=["鲤城孩子上高中咋办"])
    assert answer.resolved_question == "鲤城孩子上小学咋办"
