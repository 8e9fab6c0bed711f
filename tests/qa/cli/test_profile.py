"""`--profile`: what is booked under which step, and what is shown."""

from __future__ import annotations

import time
from typing import Any, cast

import pytest

from qa.cli.output import Bars
from qa.cli.profile import NAMES, Profile, ProfiledBars, since_process_start, tell_answer
from qa.types import Answer, Status, Trace
from tests.qa.cli.conftest import Run
from tests.qa.cli.fakes import FakeService


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the readings that the next looks at the clock give, in seconds."""
    readings: list[float] = []
    monkeypatch.setattr("qa.cli.profile.perf_counter", lambda: readings.pop(0))
    monkeypatch.setattr("qa.cli.profile.since_process_start", lambda: 0.5)
    return readings


def test_time_is_booked_under_the_step_that_ends(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    clock += [10.0, 10.25, 11.25, 11.5, 12.0]
    profile = Profile(wanted=True)
    profile.lap("store")
    profile.lap("load")
    profile.answered({"retrieve": 8.0})  # measured by the engine
    profile.lap("show")
    assert profile.steps == pytest.approx(
        {"start": 500.0, "store": 250.0, "load": 1000.0, "retrieve": 8.0, "show": 500.0}
    )
    profile.show()
    shown = capsys.readouterr().err.splitlines()
    assert [line.split()[0] for line in shown[1:]] == [
        *(NAMES[step].split()[0] for step in profile.steps), "合计",
    ]  # fmt: skip
    assert "2258.0" in shown[-1]


def test_nothing_is_kept_or_shown_unless_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    profile = Profile(wanted=False)
    profile.lap("store")
    profile.answered({"rank": 1.0})
    profile.show()
    assert profile.steps == {}
    assert capsys.readouterr().err == ""


def test_reports_of_a_build_divide_its_time(clock: list[float]) -> None:
    """Before the first report clauses are read; after that, time is of the step that reports."""
    seen: list[tuple[str, int, int]] = []
    clock += [0.0, 2.0, 3.0, 7.0, 7.5]
    profile = Profile(wanted=True)
    bars: Any = lambda *report: seen.append(report)  # noqa: E731
    report = ProfiledBars(cast(Bars, bars), profile)
    report("lexical", 0, 9)
    report("lexical", 9, 9)
    report("embed", 5, 5)
    profile.lap("finish")
    del profile.steps["start"]
    assert profile.steps == pytest.approx(
        {"prepare": 2000.0, "lexical": 1000.0, "embed": 4000.0, "finish": 500.0}
    )
    assert seen == [("lexical", 0, 9), ("lexical", 9, 9), ("embed", 5, 5)]


def test_process_began_before_now() -> None:
    """Where the system does not tell, the first step is left at nothing."""
    seconds = since_process_start()
    assert seconds >= 0
    if seconds:
        assert seconds >= time.process_time() * 0.2  # threads can use more than has passed


def test_ask_lists_the_steps_of_its_answer(run: Run) -> None:
    result = run("ask", "租房能落户吗", "--profile")
    assert result.exit_code == 0
    assert "用时（毫秒）" in result.stderr
    assert any(
        line.split()[:2] == ["检索（含问题的向量）", "1.2"] for line in _lines(result.stderr)
    )
    assert "用时（毫秒）" not in run("ask", "租房能落户吗").stderr


def _lines(text: str) -> list[str]:
    return text.splitlines()


def test_chat_tells_of_its_start_and_of_answers(
    run: Run, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa.page import app

    monkeypatch.setattr(app, "launch", lambda _, on_ready, **__: on_ready("http://127.0.0.1:1/"))
    result = run("chat", "--profile")
    assert "搭好页面，开始监听" in result.stderr
    assert service.on_answer is tell_answer


def test_a_told_answer_holds_nothing_of_the_question(capsys: pytest.CaptureFixture[str]) -> None:
    trace = Trace(understood=("主题：落户",), steps_ms={"retrieve": 7.0, "cite": 0.5})
    tell_answer(Answer(Status.OFF_TOPIC, "不在范围里", trace=trace))
    assert capsys.readouterr().err == "作答 7.5 毫秒：检索（含问题的向量） 7.0，引用 0.5\n"
