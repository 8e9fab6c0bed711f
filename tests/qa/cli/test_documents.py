from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.cli.documents import export_names
from tests.qa.cli.conftest import Run
from tests.qa.cli.fakes import DOC_ID, TEXT, FakeService, document

CLAUSE = ["clause_id", "doc_id", "file", "path", "label", "heading", "span", "text", "units"]


def test_clauses_as_json_lines(run: Run) -> None:
    records = [json.loads(line) for line in run("corpus", "clauses", "--json").stdout.splitlines()]
    assert [record["path"] for record in records] == [
        ["一", "（一）"],
        ["一", "（二）"],
        ["二", "（三）"],
    ]
    for record in records:
        assert list(record) == CLAUSE
        start, end = record["span"]
        assert record["text"] == TEXT[start:end]
    assert records[1]["units"] == ["县公安局", "县住建局"]


def test_all_passages_say_their_role(run: Run) -> None:
    lines = run("corpus", "clauses", "--json", "--all").stdout.splitlines()
    roles = [json.loads(line)["role"] for line in lines]
    assert roles == ["preamble", "clause", "clause", "clause"]


@pytest.mark.parametrize(
    "name", [DOC_ID, "云政办〔2025〕1号", "云山县落户办法", "办法/云山县落户办法.txt"]
)
def test_a_document_goes_by_any_of_its_names(run: Run, name: str) -> None:
    assert run("corpus", "clauses", name).stdout.count("\n") == 3


def test_unknown_document_is_a_message_not_a_traceback(run: Run) -> None:
    result = run("corpus", "show", "没有的")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "出错：文档库里没有「没有的」\n"


def test_list(run: Run) -> None:
    assert "云山县落户办法" in run("corpus", "list").stdout
    (record,) = json.loads(run("corpus", "list", "--json").stdout)["documents"]
    assert (record["clauses"], record["validity"], record["origin"]) == (3, "lapsed", "digest")


def test_empty_corpus_is_exit_code_1(run: Run, service: FakeService) -> None:
    service.store.held = []
    for command in (("list",), ("clauses",), ("export", "x")):
        assert run("corpus", *command).exit_code == 1
    assert json.loads(run("corpus", "list", "--json").stdout) == {"documents": []}


def test_show_draws_the_tree(run: Run) -> None:
    shown = run("corpus", "show", DOC_ID).stdout
    assert "文号：云政办〔2025〕1号" in shown
    tree = shown[shown.index("《") :].splitlines()
    depth = {
        line.lstrip("│├└─ ").split(" ")[0]: len(line) - len(line.lstrip("│├└─ ")) for line in tree
    }
    assert depth["一"] == depth["二"] < depth["（一）"] == depth["（三）"]
    assert "编号跳号" in shown


def test_check_tells_notices_from_errors(run: Run) -> None:
    result = run("corpus", "check")
    assert result.exit_code == 0
    assert "注意：云山县落户办法：编号跳号" in result.stdout
    assert "已过期" in result.stdout
    assert json.loads(run("corpus", "check", "--json").stdout)["errors"] == []


def test_remove(run: Run, service: FakeService) -> None:
    result = run("corpus", "remove", DOC_ID)
    assert "已删除：《云山县落户办法》（云政办〔2025〕1号）" in result.stdout
    assert service.store.held == []


def test_export_writes_the_bytes_as_read(run: Run, tmp_path: Path) -> None:
    assert run("corpus", "export", tmp_path / "out").exit_code == 0
    written = tmp_path / "out" / "办法" / "云山县落户办法.txt"
    assert written.read_bytes() == TEXT.encode()
    assert run("corpus", "export", tmp_path / "out").exit_code == 0  # the same again does no harm
    written.write_text("mine")
    assert run("corpus", "export", tmp_path / "out").exit_code == 2
    assert written.read_text() == "mine"


def test_export_names_stay_apart_and_inside() -> None:
    names = export_names(
        [
            document(doc_id="1", file="a.txt"),
            document(doc_id="2", file="A.txt"),
            document(doc_id="3", file="../../etc/x.txt"),
            document(doc_id="4", file="/"),
        ]
    )
    assert list(names) == ["a.txt", "A-2.txt", "etc/x.txt", "4.txt"]


def test_diff_does_not_call_removed_what_is_only_no_clause_any_more(
    run: Run, tmp_path: Path
) -> None:
    new = tmp_path / "new.txt"
    new.write_text(TEXT.replace("二、入学\n（三）", "附：").rstrip("\n") + "\n", encoding="utf-8")
    record = json.loads(run("corpus", "diff", DOC_ID, str(new), "--json").stdout)
    gone = [entry["path"] for entry in (*record["removed"], *record["unlisted"])]
    assert gone == [["二", "（三）"]]
    assert record["removed"] == []
    shown = run("corpus", "diff", DOC_ID, str(new)).stdout
    assert "文字还在，不再单独成条 二（三）" in shown
    assert "删去 0 条" in shown


def test_diff_with_a_file_on_disk(run: Run, tmp_path: Path) -> None:
    new = tmp_path / "new.txt"
    new.write_text(
        "云山县落户办法\n云政办〔2025〕1号\n一、落户\n（一）租房落户。租房满两年的可以落户。\n"
        "（二）办理时限。五个工作日办结。\n（四）另行规定。\n二、入学\n（三）随迁子女可以入学。\n",
        encoding="utf-8",
    )
    record = json.loads(run("corpus", "diff", DOC_ID, str(new), "--json").stdout)
    assert [entry["path"] for entry in record["added"]] == [["一", "（四）"]]
    assert record["changed"][0]["after"].startswith("（一）租房落户。租房满两年")
    shown = run("corpus", "diff", DOC_ID, str(new)).stdout
    assert "新增 一（四）" in shown
    assert "新增 1 条" in shown
