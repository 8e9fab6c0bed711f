"""The record of changes: it grows, and nothing in it can be changed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from qa.desk.audit import ACTIONS, FILE, open_audit


def test_what_was_done_comes_back_the_latest_first(tmp_path: Path) -> None:
    log = open_audit(tmp_path)
    for number, action in enumerate(("upload", "withdraw", "upload")):
        log.record("林", action, f"文件{number}", number=number)
    log.close()
    again = open_audit(tmp_path)
    assert [entry.target for entry in again.entries()] == ["文件2", "文件1", "文件0"]
    assert [entry.target for entry in again.entries(action="upload")] == ["文件2", "文件0"]
    first = again.entries(limit=1)
    assert [e.detail["number"] for e in again.entries(before=first[0].id)] == [1, 0]
    assert first[0].at.endswith("+00:00")
    assert ACTIONS[first[0].action] == "加入文件"
    again.close()


def test_an_action_without_a_name_is_not_written(tmp_path: Path) -> None:
    log = open_audit(tmp_path)
    with pytest.raises(KeyError):
        log.record("林", "hack", "文件")
    assert log.entries() == ()
    log.close()


@pytest.mark.parametrize("sql", ["UPDATE audit SET who = 'x'", "DELETE FROM audit"])
def test_nothing_written_can_be_changed(tmp_path: Path, sql: str) -> None:
    log = open_audit(tmp_path)
    log.record("林", "upload", "文件")
    database = sqlite3.connect(tmp_path / FILE)
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        database.execute(sql)
    database.close()
    assert log.entries()[0].who == "林"
    log.close()
