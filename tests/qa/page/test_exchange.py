from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date

import pytest

from corpus.errors import TiaowenError
from corpus.types import Clause
from qa.page.exchange import SORRY, Ask, read_ask, reply_to
from qa.types import Answer
from tests.qa.page.fake_service import SCHOOL_QUOTE, FakeService

AREAS = FakeService().areas()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(None, Ask(""), id="nothing"),
        pytest.param(["问"], Ask(""), id="list"),
        pytest.param(
            {"question": 7, "history": "x", "area": [], "token": "9"}, Ask(""), id="types"
        ),
        pytest.param({"question": "问", "area": "火星"}, Ask("问"), id="unknown-area"),
        pytest.param(
            {"question": "问", "area": AREAS[1], "history": ["一", 2, " ", "三"], "token": 4},
            Ask("问", ("一", "三"), AREAS[1], 4),
            id="all",
        ),
        pytest.param(
            {"question": "问", "history": list("甲乙丙丁戊己庚")},
            Ask("问", tuple("丙丁戊己庚")),
            id="last-five",
        ),
    ],
)
def test_events_are_read_strictly(data: object, expected: Ask) -> None:
    assert read_ask(data, AREAS) == expected


def test_oversized_input_is_cut() -> None:
    huge = "问" * 1_000_000
    ask = read_ask({"question": huge, "history": [huge]}, AREAS)
    assert len(ask.question) == len(ask.history[0]) == 20_000


def test_a_question_reaches_the_service_and_comes_back() -> None:
    service = FakeService()
    data = {"question": "孩子能上小学吗", "history": ["先前"], "area": AREAS[1], "token": 3}
    reply = reply_to(data, service)
    assert service.asked == [("孩子能上小学吗", ("先前",), AREAS[1])]
    assert reply["token"] == 3
    assert reply["remember"]
    assert f"<mark>{SCHOOL_QUOTE}</mark>" in reply["html"]
    assert SCHOOL_QUOTE in reply["says"]


@pytest.mark.parametrize("question", ["", "   ", "我的身份证号是123", "崩溃"])
def test_what_is_not_remembered(question: str) -> None:
    assert not reply_to({"question": question}, FakeService())["remember"]


def test_a_failing_service_is_answered_for(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        reply = reply_to({"question": "崩溃，我叫张三", "token": 8}, FakeService())
    assert SORRY in reply["html"]
    assert reply["token"] == 8
    assert "RuntimeError" in caplog.text
    assert "张三" not in caplog.text


class _Broken(FakeService):
    """Fails in one way at a time."""

    def __init__(self, way: str) -> None:
        super().__init__()
        self.way = way

    def areas(self) -> tuple[str, ...]:
        if self.way == "areas":
            raise OSError
        return super().areas()

    def answer(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        area: str | None = None,
        as_of: date | None = None,
    ) -> Answer:
        if self.way == "known":
            raise TiaowenError("索引还没有建好，请先运行 tiaowen build。")
        if self.way == "nonsense":
            return None  # type: ignore[return-value]
        return super().answer(question, history=history, area=area)

    def clause(self, clause_id: str) -> Clause:
        if self.way == "clause":
            raise KeyError(clause_id)
        return super().clause(clause_id)


@pytest.mark.parametrize("way", ["areas", "nonsense"])
def test_no_failure_escapes(way: str) -> None:
    assert SORRY in reply_to({"question": "能上小学吗"}, _Broken(way))["html"]


def test_errors_meant_for_people_are_shown() -> None:
    assert "请先运行 tiaowen build" in reply_to({"question": "问"}, _Broken("known"))["html"]


def test_a_vanished_clause_keeps_the_answer() -> None:
    assert SCHOOL_QUOTE in reply_to({"question": "能上小学吗"}, _Broken("clause"))["html"]
