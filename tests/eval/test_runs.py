"""Run folders."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from eval.compare import compare_runs
from eval.errors import CaseError, RunError
from eval.report.content import facts_about
from eval.runs import Run, commit_of, read_run, write_run
from eval.score import score_run
from eval.tables import heading


def test_round_trip(tmp_path: Path, run: Run) -> None:
    write_run(tmp_path / "r", run)
    again = read_run(tmp_path / "r")
    assert again == run
    assert [s.outcome for s in score_run(again)] == [s.outcome for s in score_run(run)]


def test_folder_that_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"config\.json"):
        read_run(tmp_path)


def test_killed_run_is_seen_as_unfinished(tmp_path: Path, run: Run) -> None:
    write_run(tmp_path, run)
    (tmp_path / "config.json").unlink()
    with pytest.raises(RunError, match="中断"):
        read_run(tmp_path)


def test_missing_prediction(tmp_path: Path, run: Run) -> None:
    write_run(tmp_path, run)
    path = tmp_path / "predictions.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(lines[1:]), encoding="utf-8")
    with pytest.raises(RunError, match="缺少 t-1 等 1 题"):
        read_run(tmp_path)


def test_doubled_prediction(tmp_path: Path, run: Run) -> None:
    write_run(tmp_path, run)
    path = tmp_path / "predictions.jsonl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text.splitlines()[0], encoding="utf-8")
    with pytest.raises(RunError, match="重复"):
        read_run(tmp_path)


@pytest.mark.parametrize(
    ("field", "value"), [("ms", None), ("quotes", [{}]), ("status", "great"), ("resolved", 3)]
)
def test_bad_prediction_names_its_line(tmp_path: Path, run: Run, field: str, value: object) -> None:
    write_run(tmp_path, run)
    bad = asdict(run.predictions[0]) | {field: value}
    (tmp_path / "predictions.jsonl").write_text(json.dumps(bad), encoding="utf-8")
    with pytest.raises(CaseError, match="第 1 行"):
        read_run(tmp_path)


@pytest.mark.parametrize("change", [{"format": 99}, {"label": None, "corpus": ...}])
def test_unusable_config(tmp_path: Path, run: Run, change: dict[str, object]) -> None:
    write_run(tmp_path, run)
    values = {k: v for k, v in (asdict(run.config) | change).items() if v is not ...}
    (tmp_path / "config.json").write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(RunError):
        read_run(tmp_path)


def test_no_commit_outside_of_a_working_copy(tmp_path: Path) -> None:
    assert commit_of(tmp_path) is None


def test_the_reranker_of_a_run_is_kept_and_told(tmp_path: Path, run: Run) -> None:
    """A run of an earlier version says nothing of one: there was none."""
    judged = replace(run, config=replace(run.config, reranker="some/cross-encoder"))
    write_run(tmp_path / "judged", judged)
    write_run(tmp_path / "plain", run)
    path = tmp_path / "plain" / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    assert config.pop("reranker") is None
    path.write_text(json.dumps(config), encoding="utf-8")
    plain, again = read_run(tmp_path / "plain"), read_run(tmp_path / "judged")
    assert (plain, again) == (run, judged)
    assert "重排模型不同（A 无，B some/cross-encoder）" in compare_runs(plain, again).notes
    assert ["重排模型", "some/cross-encoder"] in facts_about(again)
    assert "重排 some/cross-encoder" in heading(again.config)
