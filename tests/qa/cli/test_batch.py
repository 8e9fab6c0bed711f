from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qa.cli.batch import BadLine, Case, read_cases
from tests.qa.cli.conftest import Run
from tests.qa.cli.fakes import FakeService

FIELDS = ["id", "question", "status", "parts", "related", "warnings", "message", "confidence", "ms"]
CITATION = [
    "clause_id", "doc_id", "file", "title", "doc_number", "issuer", "published", "validity",
    "area", "path", "label", "heading", "units", "span", "quote",
]  # fmt: skip


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write(path: Path, *lines: str) -> Path:
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def test_answers_keep_the_order_and_the_contract(run: Run, tmp_path: Path) -> None:
    source = write(
        tmp_path / "in.jsonl",
        '{"id": "b", "question": "租房能落户吗", "history": ["你好"], "area": "某省"}',
        "",
        '{"id": 7, "question": "今天下雨吗", "history": [], "area": null}',
    )
    result = run("batch", source, tmp_path / "out.jsonl")
    assert result.exit_code == 0, result.stderr
    first, second = lines_of(tmp_path / "out.jsonl")
    assert list(first) == FIELDS
    assert set(CITATION) <= set(first["parts"][0]["citation"])
    assert (first["id"], first["status"]) == ("b", "answered")
    assert (second["id"], second["status"], second["parts"]) == (7, "off_topic", [])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_history_and_area_reach_the_service(run: Run, service: FakeService, tmp_path: Path) -> None:
    line = '{"id": "1", "question": "q", "history": ["a", "b"], "area": "某省"}'
    run("batch", write(tmp_path / "in", line), tmp_path / "out", "--as-of", "2026-01-01")
    ((question, history, area, as_of),) = service.asked
    assert (question, history, area, str(as_of)) == ("q", ("a", "b"), "某省", "2026-01-01")


def test_bad_lines_are_named_and_the_others_answered(run: Run, tmp_path: Path) -> None:
    source = write(
        tmp_path / "in.jsonl",
        '{"id": "a", "question": "落户"}',
        "{not json",
        '{"id": "c", "question": 5}',
        '{"id": "d", "question": "崩溃"}',
        '{"id": "e", "question": "落户"}',
    )
    result = run("batch", source, tmp_path / "out.jsonl")
    assert result.exit_code == 2
    assert "第 2 行：不是 JSON" in result.stderr
    assert "第 3 行（id「c」）：缺少 question" in result.stderr
    assert "第 4 行（id「d」）：RuntimeError" in result.stderr
    records = lines_of(tmp_path / "out.jsonl")
    assert [record["id"] for record in records] == ["a", None, "c", "d", "e"]
    statuses = [record["status"] for record in records]
    assert statuses == ["answered", "error", "error", "error", "answered"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"\xff\xfe{}", "不是 UTF-8", id="not-utf8"),
        pytest.param(b"[1]", "应是一个 JSON 对象", id="not-an-object"),
        pytest.param(b'{"question": "q"}', "缺少 id", id="no-id"),
        pytest.param(b'{"id": true, "question": "q"}', "缺少 id", id="boolean-id"),
        pytest.param(b'{"id": "1"}', "缺少 question", id="no-question"),
        pytest.param(b'{"id": "1", "question": "q", "history": "h"}', "history", id="history"),
        pytest.param(b'{"id": "1", "question": "q", "history": [1]}', "history", id="history-of"),
        pytest.param(b'{"id": "1", "question": "q", "area": 3}', "area", id="area"),
        pytest.param(b"[" * 100_000, "不是 JSON", id="deep"),
    ],
)
def test_bad_line(data: bytes, reason: str) -> None:
    (entry,) = read_cases(data)
    assert isinstance(entry, BadLine)
    assert reason in str(entry)


def test_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    (entry,) = read_cases(b'\xef\xbb\xbf{"id": 1, "question": "q"}\r\n\r\n')
    assert entry == Case(1, 1, "q", (), None)


def test_failed_run_leaves_the_old_output(
    run: Run, service: FakeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(service, "answer", stop)
    out = write(tmp_path / "out", "old")
    result = run("batch", write(tmp_path / "in", '{"id": 1, "question": "q"}'), out)
    assert result.exit_code == 130
    assert out.read_text() == "old\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        pytest.param("gone", "out", "无法读写", id="no-input"),
        pytest.param(".", "out", "是文件夹", id="input-is-a-folder"),
        pytest.param("in", "nowhere/out", "没有「", id="no-output-folder"),
        pytest.param("empty", "out", "共 0 行", id="empty-input"),
    ],
)
def test_unusable_files(run: Run, tmp_path: Path, source: str, target: str, message: str) -> None:
    write(tmp_path / "in", '{"id": 1, "question": "q"}')
    write(tmp_path / "empty")
    result = run("batch", tmp_path / source, tmp_path / target)
    assert result.exit_code == 2
    assert message in result.stderr


def test_streams(run: Run) -> None:
    result = run("batch", "-", "-", input='{"id": 1, "question": "落户"}\n')
    assert json.loads(result.stdout)["status"] == "answered"
