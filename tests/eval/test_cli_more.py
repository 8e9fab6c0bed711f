"""The smaller commands, each once from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.cli import app
from eval.readme import END, START
from eval.runs import Run, write_run

RUNNER = CliRunner()


@pytest.fixture
def work(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder to work in with a run ``r``; caches stay inside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    write_run(tmp_path / "r", run)
    return tmp_path


def test_every_command_has_help() -> None:
    names = {"run", "score", "report", "compare", "gate", "ablate", "table", "beir", "squad",
             "ncp", "draft", "train", "adapt"}  # fmt: skip
    assert {command.name or command.callback.__name__ for command in app.registered_commands
            if command.callback} == names  # fmt: skip
    for name in names:
        result = RUNNER.invoke(app, [name, "--help"])
        assert result.exit_code == 0, name


def test_table_goes_between_the_marks(work: Path) -> None:
    (work / "README.md").write_text(f"上文\n{START}\n旧\n{END}\n下文\n", encoding="utf-8")
    result = RUNNER.invoke(app, ["table", "r", "r", "--into", "README.md"])
    assert result.exit_code == 0, result.output
    text = (work / "README.md").read_text(encoding="utf-8")
    assert text.startswith(f"上文\n{START}\n| 指标 | 要点摘编，dev（6 题） |")
    assert text.endswith(f"\n{END}\n下文\n")
    assert "| 答对 | 33.3%（" in text
    again = RUNNER.invoke(app, ["table", "r", "r", "--into", "README.md"])
    assert "没有变化" in again.stderr


def test_table_without_marks_is_said(work: Path) -> None:
    (work / "README.md").write_text("无标记", encoding="utf-8")
    result = RUNNER.invoke(app, ["table", "r", "--into", "README.md"])
    assert result.exit_code != 0
    assert START in result.stderr


def test_beir_lexical(work: Path) -> None:
    (work / "b" / "qrels").mkdir(parents=True)
    (work / "b" / "corpus.jsonl").write_text('{"_id": "a", "text": "按时支付工资"}', "utf-8")
    (work / "b" / "queries.jsonl").write_text('{"_id": "q", "text": "支付工资"}', "utf-8")
    (work / "b" / "qrels" / "test.tsv").write_text("q\t0\ta\t1", encoding="utf-8")
    result = RUNNER.invoke(app, ["beir", "b", "--json"])
    assert json.loads(result.stdout)["legs"]["lexical"]["nDCG@10"] == 1.0
    assert "lexical" in RUNNER.invoke(app, ["beir", "b"]).stdout


def test_squad_without_model(work: Path) -> None:
    qas = [{"id": "q", "question": "哪年通车？", "answers": [{"text": "2031年"}]}]
    paragraph = {"context": "桥长三百米。大桥2031年通车。", "qas": qas}
    record = {"data": [{"paragraphs": [paragraph]}]}
    (work / "s.json").write_text(json.dumps(record), encoding="utf-8")
    result = RUNNER.invoke(app, ["squad", "s.json", "--lexical", "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["questions"] == 1
    assert "题数" in RUNNER.invoke(app, ["squad", "s.json", "--lexical"]).stdout


def test_draft(work: Path) -> None:
    line = {"question": "青溪坐公交要几块钱", "status": "related_only"}
    (work / "use.jsonl").write_text(json.dumps(line), encoding="utf-8")
    result = RUNNER.invoke(app, ["draft", "use.jsonl", "--out", "d.jsonl"])
    assert result.exit_code == 0, result.output
    assert "1 条草稿" in result.stderr
    assert json.loads((work / "d.jsonl").read_text(encoding="utf-8"))["draft"]
    (work / "use.jsonl").write_text("", encoding="utf-8")
    assert RUNNER.invoke(app, ["draft", "use.jsonl"]).exit_code == 1
