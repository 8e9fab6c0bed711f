"""The commands over the real rooms, in their own process, in a new home, words only."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.qa.rents import RENT

Run = Callable[..., subprocess.CompletedProcess[str]]

POLICY = """云山县租房落户办法
云政办〔2025〕1号

各乡镇人民政府：
为方便群众落户，制定本办法。
一、落户
（一）租房落户。租房满一年的可以落户。（责任单位：县公安局）
（二）办理时限。五个工作日办结落户。（责任单位：县公安局、县住建局）
二、入学
（三）子女入学。随迁子女可以在云山县入学。（责任单位：县教育局）

云山县人民政府办公室
2025年3月1日
"""


@pytest.fixture
def tiaowen(tmp_path: Path) -> Run:
    """Run the program in a new home without samples, where no model can be fetched."""
    folder = tmp_path / "no-model"
    folder.touch()  # a file in the place of the model folder: no fetch, at once
    variables = {
        **os.environ,
        "TIAOWEN_HOME": str(tmp_path / "home"),
        "TIAOWEN_SAMPLES": "0",
        "TIAOWEN_MODEL_DIR": str(folder / "model"),
        "PYTHONWARNINGS": "ignore",
    }

    def run(*arguments: object, **changes: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "qa.cli", *map(str, arguments)],
            cwd=Path(__file__).parents[3],
            env={**variables, **changes},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """Return a folder with one good document and one that cannot be read."""
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "落户.txt").write_text(POLICY, encoding="gbk")
    (folder / "坏.txt").write_bytes(bytes(range(256)) * 8)
    return folder


def test_from_documents_to_answers(tiaowen: Run, policies: Path, tmp_path: Path) -> None:
    added = tiaowen("corpus", "add", policies, "--report", tmp_path / "report.json")
    assert added.returncode == 1, added.stderr  # one of two files was bad
    assert "坏.txt" in added.stderr
    outcomes = {
        entry["file"]: entry["outcome"]
        for entry in json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["files"]
    }
    assert outcomes == {"落户.txt": "added", "坏.txt": "failed"}

    listed = tiaowen("corpus", "clauses", "--json").stdout.splitlines()
    assert [json.loads(line)["path"] for line in listed] == [
        ["一", "（一）"], ["一", "（二）"], ["二", "（三）"],
    ]  # fmt: skip

    asked = tiaowen("ask", "租房多久可以落户", "--json")
    record = json.loads(asked.stdout)
    assert asked.returncode == (0 if record["status"] == "answered" else 1)
    for part in record["parts"]:
        assert part["quote"] in POLICY

    (tmp_path / "in.jsonl").write_text('{"id": "1", "question": "租房多久可以落户"}\nx\n')
    assert tiaowen("batch", tmp_path / "in.jsonl", tmp_path / "out.jsonl").returncode == 2
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    first, second = map(json.loads, lines)
    assert first["parts"] == record["parts"]
    assert (second["id"], second["status"]) == (None, "error")

    hits = json.loads(tiaowen("search", "落户", "--unit", "住建局", "--json").stdout)["hits"]
    assert [hit["label"] for hit in hits] == ["（二）"]


def test_index_is_built_told_of_and_checked(tiaowen: Run, policies: Path, tmp_path: Path) -> None:
    assert tiaowen("verify").returncode == 1  # nothing built yet
    tiaowen("corpus", "add", policies / "落户.txt")
    before = json.loads(tiaowen("status", "--json").stdout)
    assert (before["documents"], before["clauses"], before["index"]) == (1, 3, None)
    built = tiaowen("build", "--json")
    assert built.returncode == 0, built.stderr
    assert json.loads(built.stdout)["model"] is None
    after = json.loads(tiaowen("status", "--json").stdout)
    assert (after["stale"], after["model"]["ready"]) == (False, False)
    assert tiaowen("verify").returncode == 0

    snapshots = tmp_path / "home" / "index" / "snapshots"
    victim = next(path for path in snapshots.rglob("passages.jsonl"))
    victim.write_bytes(b"damaged")
    checked = tiaowen("verify", "--json")
    assert checked.returncode == 1
    assert "passages.jsonl" in json.loads(checked.stdout)["problems"][0]


def test_documents_can_leave_and_come_back(tiaowen: Run, policies: Path, tmp_path: Path) -> None:
    tiaowen("corpus", "add", policies / "落户.txt")
    ids = [json.loads(x)["clause_id"] for x in clauses_of(tiaowen)]
    assert tiaowen("corpus", "export", tmp_path / "out").returncode == 0
    assert (tmp_path / "out" / "落户.txt").read_bytes() == POLICY.encode("gbk")
    assert tiaowen("corpus", "remove", "云政办〔2025〕1号").returncode == 0
    assert tiaowen("corpus", "list").returncode == 1
    assert tiaowen("corpus", "add", tmp_path / "out").returncode == 0
    assert [json.loads(x)["clause_id"] for x in clauses_of(tiaowen)] == ids


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        pytest.param(
            "UPDATE documents SET text = replace(text, '一年', '两年')", "文本", id="text"
        ),
        pytest.param(
            "UPDATE clauses SET start = start + 1 WHERE role = 'clause'", "条款", id="span"
        ),
        pytest.param("DELETE FROM clauses WHERE role = 'clause'", "条款", id="clause-gone"),
        pytest.param("UPDATE documents SET raw = x'00'", "原件", id="bytes"),
    ],
)
def test_damage_in_the_store_is_found(
    tiaowen: Run, policies: Path, tmp_path: Path, statement: str, message: str
) -> None:
    tiaowen("corpus", "add", policies / "落户.txt")
    assert json.loads(tiaowen("corpus", "check", "--json").stdout)["errors"] == []
    with closing(sqlite3.connect(tmp_path / "home" / "corpus.sqlite3")) as store, store:
        assert store.execute(statement).rowcount > 0
    checked = tiaowen("corpus", "check", "--json")
    assert checked.returncode == 1
    assert message in json.loads(checked.stdout)["errors"][0]["message"]


def clauses_of(tiaowen: Run) -> list[str]:
    return tiaowen("corpus", "clauses", "--json").stdout.splitlines()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["corpus", "add", "no-such-file.txt"], "no-such-file.txt", id="no-file"),
        pytest.param(["corpus", "show", "x"], "没有文件「x」", id="no-document"),
    ],
)
def test_bad_input_is_a_message(tiaowen: Run, arguments: list[str], message: str) -> None:
    done = tiaowen(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_folder_without_documents(tiaowen: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = tiaowen("corpus", "add", tmp_path / "empty")
    assert done.returncode == 2
    assert "没有找到可以导入的文件" in done.stderr


def test_home_that_cannot_be_written(tiaowen: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = tiaowen("corpus", "list", TIAOWEN_HOME=str(tmp_path / "file" / "home"))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_new_home_starts_with_the_samples(tiaowen: Run) -> None:
    listed = json.loads(tiaowen("corpus", "list", "--json", TIAOWEN_SAMPLES="1").stdout)
    assert len(listed["documents"]) == 5
    assert {entry["origin"] for entry in listed["documents"]} == {"digest"}


def test_answers_start_without_what_only_the_page_needs(tiaowen: Run, tmp_path: Path) -> None:
    code = (
        "import sys; from qa.cli.main import app; app(sys.argv[1:], standalone_mode=False);"
        "print([m for m in ('torch', 'gradio', 'pandas') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "ask", "怎么落户", "--json", "--home", tmp_path / "home",
         "--model-dir", tmp_path / "no-model" / "model"],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr.splitlines()[-1] == "[]", done.stderr


def test_the_edition_in_force_on_a_day(tiaowen: Run, tmp_path: Path) -> None:
    folder = tmp_path / "editions"
    folder.mkdir()
    for name, text in RENT.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert tiaowen("corpus", "add", folder).returncode == 0
    question = "远安租房补贴每人每月多少钱"
    for day, amount in (("2020-06-01", "300"), ("2024-06-01", "400"), ("2026-03-01", "500")):
        asked = tiaowen("ask", question, "--as-of", day, "--json")
        assert asked.returncode == 0, asked.stderr
        answer = json.loads(asked.stdout)
        assert [f"{amount}元" in part["quote"] for part in answer["parts"]] == [True]
    assert [c["doc_number"] for c in answer["related"]][:2] == [
        "远政规〔2022〕1号",
        "远政规〔2019〕3号",
    ]
    shown = tiaowen("ask", question, "--as-of", "2026-03-01").stdout
    assert "500元" in shown
    assert "旧的版本" in shown
