"""What is said around the quotes."""

from __future__ import annotations

from datetime import date

import pytest

from qa import messages
from qa.service import Service
from qa.types import Status
from tests.qa.town import PLAN_TITLE

IN_TIME = date(2021, 7, 1)
AFTER = date(2026, 1, 15)


@pytest.mark.parametrize(
    ("question", "as_of", "warnings"),
    [
        pytest.param("远安公租房有多少套", IN_TIME, (), id="plan-in-its-period"),
        pytest.param("远安公租房有多少套", date(2022, 12, 31), (), id="last-day"),
        pytest.param(
            "远安公租房有多少套", date(2023, 1, 1), ("规划期至2022年12月31日，已经期满",),
            id="day-after",
        ),
        pytest.param("上虞老年食堂归谁管", AFTER, (), id="in-force"),
        pytest.param(
            "上虞老年食堂归谁管", date(2030, 1, 1), ("有效期至2029年12月31日，已经过期",),
            id="expired",
        ),
        pytest.param("上虞办事满意率目标是多少", AFTER, ("到2029年的工作目标",), id="target"),
        pytest.param("绍兴老年食堂归谁管", AFTER, ("您问的是绍兴",), id="wider-place"),
        pytest.param(
            "宜昌公租房有多少套", AFTER, ("已经期满", "您问的是宜昌"), id="lapsed-and-wider"
        ),
        pytest.param(
            "远安城镇化率目标是多少", AFTER, ("已经期满", "到2022年的工作目标"),
            id="lapsed-before-target",
        ),
        pytest.param(
            "上虞的要点什么时候开始施行", AFTER, (), id="period-is-no-target",
        ),
    ],
)  # fmt: skip
def test_warnings(town: Service, question: str, as_of: date, warnings: tuple[str, ...]) -> None:
    """Each once, the gravest first, with its date; the quotes stay."""
    answer = town.answer(question, as_of=as_of)
    assert answer.status is Status.ANSWERED
    assert len(answer.warnings) == len(warnings)
    assert all(part in said for part, said in zip(warnings, answer.warnings, strict=True))


def test_lapsed_warning_names_the_document(town: Service) -> None:
    """A resident reads which document it is, since when, and what to do."""
    (said,) = town.answer("远安公租房有多少套", as_of=AFTER).warnings
    assert PLAN_TITLE in said
    assert "请以最新规定为准" in said


def test_one_warning_for_several_quotes(town: Service) -> None:
    """Two places, one of them lapsed: one warning."""
    answer = town.answer("老年食堂归谁管", as_of=AFTER)
    assert len(answer.parts) == 2
    assert len([said for said in answer.warnings if "已经期满" in said]) == 1


@pytest.mark.parametrize("question", ["鲤城保障性住房新增多少套", "三明随迁子女凭什么入学"])
def test_digest_is_told(samples: Service, question: str) -> None:
    """The shipped texts are digests, and every answer says so, once."""
    answer = samples.answer(question)
    assert answer.status is Status.ANSWERED
    assert answer.warnings.count(messages.DIGEST_NOTICE) == 1


def test_official_text_is_no_digest(town: Service) -> None:
    """No digest notice on an official text."""
    assert messages.DIGEST_NOTICE not in town.answer("上虞老年食堂归谁管").warnings


def test_related_names_whom_to_ask(town: Service) -> None:
    """Not stated: the unit of the nearest clause is named."""
    answer = town.answer("上虞落户要什么材料")
    assert answer.status is Status.RELATED_ONLY
    assert "区公安分局" in answer.message
    assert answer.warnings == ()


def test_uncovered_place_is_named_back(town: Service) -> None:
    """The message holds the place and what is covered; nothing is quoted."""
    answer = town.answer("厦门落户要什么条件")
    assert answer.status is Status.OTHER_AREA
    assert "厦门" in answer.message
    assert "绍兴市上虞区、宜昌市远安县" in answer.message
    assert (answer.parts, answer.related, answer.warnings) == ((), (), ())


def test_the_units_of_another_matter_are_not_named(samples: Service) -> None:
    """Nobody is sent to the bureau of a clause that does not speak of what was asked."""
    named = samples.answer("鲤城低保每月发多少钱")
    assert "区民政局" in named.message
    unnamed = samples.answer("鲤城公租房怎么申请")
    assert unnamed.status is Status.RELATED_ONLY
    assert "咨询" not in unnamed.message


def test_the_head_of_a_document_is_told(town: Service) -> None:
    """The number stands in no clause, but it would be untrue that it is not stated."""
    answer = town.answer("远安三年行动计划的文号是多少")
    assert answer.status is Status.RELATED_ONLY
    assert "远政办发〔2020〕4号，发布日期是2020年3月16日" in answer.message


def test_a_quote_that_names_the_place_needs_no_warning(samples: Service) -> None:
    """沙县 lies in 三明, whose document says 沙县区 in the very sentence."""
    answer = samples.answer("沙县落户有门槛吗")
    assert answer.status is Status.ANSWERED
    assert not [said for said in answer.warnings if said.startswith("您问的是")]
