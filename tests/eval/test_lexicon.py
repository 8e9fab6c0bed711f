"""`tiaowen lexicon`: check and try from the outside."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from corpus import CorpusStore
from eval.caseset import load_cases
from eval.cli_lexicon import app
from eval.lexicon import try_synonyms
from eval.session import Plan
from eval.types import Case
from tests.eval.conftest import FakeEngine, FakeStore

RUNNER = CliRunner()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home with the shipped samples and one line of its own."""
    monkeypatch.delenv("TIAOWEN_SAMPLES", raising=False)
    folder = tmp_path / "home" / "lexicon"
    folder.mkdir(parents=True)
    (folder / "synonyms.tsv").write_text("办大事\t落户\n办大事\t入学\n", encoding="utf-8")
    return folder.parent


def test_check_fails_on_errors_of_the_home(home: Path) -> None:
    result = RUNNER.invoke(app, ["check", "--home", str(home)])
    assert result.exit_code == 1, result.output
    assert "办大事" in result.stdout
    assert "第 1 行写作「落户」，请并成一行" in result.stdout
    assert "错误 1 条" in result.stdout


def test_check_of_one_file_as_json(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.tsv"
    file.write_text("坐飞船\t航天\n上户口\t落户\n", encoding="utf-8")
    result = RUNNER.invoke(app, ["check", str(file), "--home", str(home), "--json"])
    assert result.exit_code == 0, result.output
    (only,) = json.loads(result.stdout)
    assert (only["word"], only["fault"], only["error"]) == ("坐飞船", "文件里没有", False)


def test_try_names_what_is_gained(
    store: FakeStore, engine: FakeEngine, cases: tuple[Case, ...]
) -> None:
    """The same cases are put to both engines, one after the other."""
    asked: list[None] = []
    plan = Plan("digests", "dev", cases, date(2031, 1, 1), "mine")
    comparison = try_synonyms(FakeEngine(store), engine, plan, lambda: asked.append(None))
    assert "t-1" in [new.case.id for _, new in comparison.gained]
    assert [new.case.id for _, new in comparison.lost] == ["t-4"]
    assert len(asked) == 2 * len(cases)


def test_try_from_the_outside(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without synonyms that fit, cases are lost; the index stays as it is."""
    monkeypatch.setenv("TIAOWEN_MODEL_DIR", str(home / "none"))
    monkeypatch.setattr("qa.service.open_encoder", lambda *args, **named: None)
    monkeypatch.setattr("eval.caseset.load_cases", lambda split: load_cases(split)[:4])
    CorpusStore.open(home).close()
    file = home / "mine.tsv"
    file.write_text("无关的说法\t无关\n", encoding="utf-8")
    result = RUNNER.invoke(app, ["try", str(file), "--corpus", str(home), "--json"])
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert record["entries"] == 1
    assert {"gained", "lost", "moved", "measures"} <= set(record)
    shown = RUNNER.invoke(app, ["try", str(file), "--corpus", str(home)])
    assert shown.exit_code == 0, shown.output
    assert "多答对（" in shown.stdout


def test_try_refuses_a_file_without_entries(tmp_path: Path) -> None:
    file = tmp_path / "empty.tsv"
    file.write_text("# 空\n", encoding="utf-8")
    result = RUNNER.invoke(app, ["try", str(file)], standalone_mode=False)
    assert result.exit_code != 0
