"""The commands, with a fake engine behind them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from eval.caseset import write_cases
from eval.cli import app
from eval.engine import Engine, Setup
from eval.runs import Run, read_run, write_run
from eval.types import Case
from qa.types import Status

if TYPE_CHECKING:
    from eval.runs import RunConfig
    from tests.eval.conftest import FakeEngine

RUNNER = CliRunner()


@pytest.fixture
def home(
    tmp_path: Path, engine: Engine, cases: tuple[Case, ...], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Return an empty folder to work in; every corpus opens the fake engine."""

    @contextmanager
    def opened(_: Setup) -> Iterator[Engine]:
        yield engine

    monkeypatch.setattr("eval.engine.open_engine", opened)
    monkeypatch.setattr("eval.gate_run.open_engine", opened)
    monkeypatch.setattr("eval.gate_run.load_cases", lambda _: cases)
    monkeypatch.chdir(tmp_path)
    write_cases(tmp_path / "town.jsonl", cases)
    return tmp_path


def test_run_writes_a_folder_and_prints_scores(home: Path) -> None:
    result = RUNNER.invoke(app, ["run", "--cases", "town.jsonl", "--out", "r"])
    assert result.exit_code == 0, result.output
    assert "答对" in result.stdout
    assert "33.3%" in result.stdout
    assert "结果已写入 r" in result.stderr
    assert {path.name for path in (home / "r").iterdir()} == {
        "cases.jsonl", "clauses.json", "config.json", "predictions.jsonl", "scores.json",
    }  # fmt: skip


def test_run_as_json_is_one_object(home: Path) -> None:
    result = RUNNER.invoke(app, ["run", "--cases", "town.jsonl", "--out", "r", "--json"])
    record = json.loads(result.stdout)
    assert record["cases"] == 6
    assert record["measures"]["hit@1"]["n"] == 4
    assert record["per_case"]["t-2"]["outcome"] == "facts_missing"
    assert record["statuses"]["answered"]["given"] == 3


def test_score_reads_and_does_not_ask_again(
    home: Path, run: Run, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_run(home / "r", run)
    monkeypatch.setattr("eval.engine.open_engine", None)
    result = RUNNER.invoke(app, ["score", "r", "--json"])
    assert json.loads(result.stdout)["measures"]["correct"]["n"] == 3


def test_score_of_no_run_is_an_error_in_words(home: Path) -> None:
    result = RUNNER.invoke(app, ["score", "town"])
    assert result.exit_code != 0
    assert "config.json" in result.stderr
    assert "Traceback" not in result.stderr


def test_report_writes_both_forms(home: Path, run: Run) -> None:
    write_run(home / "r", run)
    result = RUNNER.invoke(app, ["report", "r"])
    assert result.exit_code == 0, result.output
    assert (home / "r" / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (home / "r" / "report.md").read_text(encoding="utf-8").startswith("# 条问评测")


def test_compare_lists_what_was_lost(home: Path, run: Run) -> None:
    write_run(home / "a", run)
    lost = replace(run.predictions[0], status=Status.OFF_TOPIC, quotes=())
    write_run(home / "b", replace(run, predictions=(lost, *run.predictions[1:])))
    result = RUNNER.invoke(app, ["compare", "a", "b"])
    assert result.exit_code == 0, result.output
    assert "新答错（1）" in result.stdout
    assert "t-1  租房能落户吗" in result.stdout
    record = json.loads(RUNNER.invoke(app, ["compare", "a", "b", "--json"]).stdout)
    assert record["lost"][0]["id"] == "t-1"


def test_gate_pins_holds_and_falls(home: Path, engine: FakeEngine) -> None:
    base = ["gate", "--corpus", "digests", "--baseline", "b.json"]
    nothing = RUNNER.invoke(app, base)
    assert nothing.exit_code != 0
    assert "--update" in nothing.stderr
    assert RUNNER.invoke(app, [*base, "--update"]).exit_code == 0
    assert RUNNER.invoke(app, base).exit_code == 0
    engine.rankings = {}  # break the ranking on purpose
    broken = RUNNER.invoke(app, base)
    assert broken.exit_code == 1
    assert "未通过" in broken.stdout
    refused = RUNNER.invoke(app, [*base, "--update"])
    assert refused.exit_code != 0
    assert "--lower" in refused.stderr
    lowered = RUNNER.invoke(app, [*base, "--update", "--lower", "试验", "--json"])
    assert lowered.exit_code == 0, lowered.output
    assert json.loads(lowered.stdout)[0]["ok"]
    history = json.loads((home / "b.json").read_text(encoding="utf-8"))["history"]
    assert history[0]["reason"] == "试验"


def test_gate_skips_originals_that_are_not_there(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIAOWEN_SHARED", str(home))
    result = RUNNER.invoke(app, ["gate", "--baseline", "b.json", "--update"])
    assert result.exit_code == 0, result.output
    assert "跳过" in result.stdout


@pytest.mark.parametrize(
    "arguments", [["gate", "--corpus", "moon"], ["gate", "--lower", "why"], ["run", "--nope"]]
)
def test_wrong_usage_ends_with_2(home: Path, arguments: list[str]) -> None:
    assert RUNNER.invoke(app, arguments).exit_code == 2


def test_run_folder_can_be_read_back(home: Path) -> None:
    RUNNER.invoke(app, ["run", "--cases", "town.jsonl", "--out", "r", "--label", "mine"])
    config: RunConfig = read_run(home / "r").config
    assert (config.label, config.split) == ("mine", "town.jsonl")
