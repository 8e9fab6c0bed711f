from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa.cli.main import app
from tests.qa.cli.conftest import Run
from tests.qa.cli.fakes import DOC_ID, TEXT, FakeService


def test_quote_source_and_validity_are_shown_whole(run: Run) -> None:
    result = run("ask", "租房能落户吗")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert "租房满一年[含]的可以落户。" in lines  # brackets are text, not markup
    assert "  —— 《云山县落户办法》（云政办〔2025〕1号）一（一）" in lines
    assert "     责任单位：县公安局" in lines
    assert "     效力：已过期（有效期至2020年12月31日）" in lines
    assert "     要点摘编，非官方原文，办理以原文为准" in lines
    assert "注意：已过期" in lines


def test_options_reach_the_service(run: Run, service: FakeService) -> None:
    run("ask", "q", "--area", "a", "--history", "1", "--history", "2", "--as-of", "2026-02-03")
    assert service.asked == [("q", ("1", "2"), "a", date(2026, 2, 3))]


def test_json_is_one_object_and_its_quote_a_slice(run: Run) -> None:
    result = run("ask", "租房能落户吗", "--json")
    record = json.loads(result.stdout)
    assert list(record) == [
        "question", "status", "parts", "related", "warnings", "message", "confidence",
        "resolved_question", "ms",
    ]  # fmt: skip
    (part,) = record["parts"]
    start, end = part["citation"]["span"]
    assert part["quote"] == part["citation"]["quote"] == TEXT[start:end]
    assert part["citation"]["clause_id"] == f"{DOC_ID}-1.1"
    assert part["citation"]["published"] == "2025-03-01"
    assert part["citation"]["validity"] == "lapsed"
    assert record["confidence"] == 0.8765


def test_explain_says_what_was_found_and_why_not_used(run: Run) -> None:
    shown = run("ask", "租房能落户吗", "--explain").stdout
    assert "理解：主题：落户" in shown
    assert "没有写到租房" in shown
    trace = json.loads(run("ask", "租房能落户吗", "--explain", "--json").stdout)["trace"]
    assert trace["hits"][0] == {"clause_id": f"{DOC_ID}-1.1", "score": 0.9}
    assert trace["steps_ms"] == {"retrieve": 1.23}


def test_no_answer_is_exit_code_1(run: Run) -> None:
    assert run("ask", "今天下雨吗").exit_code == 1
    assert json.loads(run("ask", "今天下雨吗", "--json").stdout)["status"] == "off_topic"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["ask"], "缺少参数 QUESTION", id="no-question"),
        pytest.param(["ask", "a", "b"], "多了 b", id="unquoted"),
        pytest.param(["ask", "q", "--as-of", "昨天"], "「昨天」不是日期", id="bad-date"),
        pytest.param(["ask", "q", "--nope"], "没有 --nope", id="unknown-option"),
        pytest.param(["akk", "q"], "没有「akk」，是不是 'ask'", id="unknown-command"),
        pytest.param(["search", "q", "--limit", "0"], "不能小于 1", id="out-of-range"),
    ],
)
def test_wrong_usage_is_told_in_chinese(run: Run, arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_a_reranker_that_does_not_load_is_told(tmp_path: Path) -> None:
    """As a model that does not load: one message with what to do next, exit code 1."""
    missing = tmp_path / "no-model"
    arguments = ["ask", "q", "--home", str(tmp_path / "home")]
    for result in (
        CliRunner().invoke(app, [*arguments, "--reranker", str(missing)]),
        CliRunner().invoke(app, arguments, env={"TIAOWEN_RERANKER": str(missing)}),
    ):
        assert result.exit_code == 1
        assert f"重排模型「{missing}」装不上：没有这个文件夹" in result.stderr
        assert "CrossEncoder" in result.stderr
