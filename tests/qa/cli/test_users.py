"""`tiaowen user`: real files, a real terminal for the password."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from qa.accounts import BadLogin, Door, open_accounts
from qa.cli.main import app

PASSWORD = "海上生明月 天涯共此时"
User = Callable[..., Any]


@pytest.fixture
def user(tmp_path: Path) -> User:
    """Run `tiaowen user` over a home of its own; ``said`` is what comes from stdin."""
    runner = CliRunner()

    def run(*words: str, said: str = "") -> Any:  # noqa: ANN401 - Typer's own result
        return runner.invoke(app, ["user", *words, "--home", str(tmp_path)], input=said)

    return run


def logs_in(home: Path, name: str, password: str) -> bool:
    store = open_accounts(home)
    try:
        return Door(store).sign_in(name, password, "192.0.2.1") != ""
    except BadLogin:
        return False
    finally:
        store.close()


def test_the_life_of_a_user(user: User, tmp_path: Path) -> None:
    added = user("add", "lin", "--role", "editor", "--password-stdin", said=PASSWORD)
    assert (added.exit_code, added.stdout) == (0, "")
    assert "已添加用户「lin」（编辑）" in added.stderr
    assert logs_in(tmp_path, "lin", PASSWORD)

    listed = json.loads(user("list", "--json").stdout)["users"]
    assert [(u["name"], u["role"]) for u in listed] == [("lin", "editor")]
    assert listed[0]["last_login"] is not None

    assert user("role", "lin", "reader").exit_code == 0
    assert "查看" in user("list").stdout

    changed = user("passwd", "lin", "--password-stdin", said=f"{PASSWORD}2\n")
    assert changed.exit_code == 0
    assert not logs_in(tmp_path, "lin", PASSWORD)
    assert logs_in(tmp_path, "lin", f"{PASSWORD}2")

    removed = user("remove", "lin")
    assert "只有本机能打开" in removed.stderr
    assert json.loads(user("list", "--json").stdout) == {"users": []}
    assert "还没有用户" in user("list").stderr


@pytest.mark.parametrize(
    ("words", "said", "told"),
    [
        (("add", "lin", "--password-stdin"), "short", "密码要有 10"),
        (("add", "lin", "--password-stdin"), "", "没有密码"),
        (("add", "lin"), PASSWORD, "--password-stdin"),
        (("add", "a b", "--password-stdin"), PASSWORD, "不能作用户名"),
        (("add", "lin", "--role", "admin", "--password-stdin"), PASSWORD, "--role"),
        (("passwd", "nobody", "--password-stdin"), PASSWORD, "没有用户「nobody」"),
        (("remove", "nobody"), "", "没有用户「nobody」"),
    ],
)
def test_what_is_wrong_is_said(user: User, words: tuple[str, ...], said: str, told: str) -> None:
    answer = user(*words, said=said)
    assert answer.exit_code == 2, answer.stderr
    assert told in answer.stderr
    assert not said or said not in answer.stderr


@pytest.mark.parametrize(("again", "code"), [(PASSWORD, 0), (f"{PASSWORD}!", 2)])
def test_a_password_is_asked_twice_and_not_shown(tmp_path: Path, again: str, code: int) -> None:
    terminal, line_end = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "qa.cli", "user", "add", "lin", "--home", str(tmp_path)],
        stdin=line_end,
        stdout=line_end,
        stderr=line_end,
        start_new_session=True,
    )
    os.close(line_end)
    shown = b""
    for prompt, line in (("密码（".encode(), PASSWORD), ("再输入一次".encode(), again)):
        deadline = time.monotonic() + 60
        while prompt not in shown and time.monotonic() < deadline:
            shown += os.read(terminal, 4096)
        os.write(terminal, line.encode() + b"\n")
    try:
        while chunk := os.read(terminal, 4096):
            shown += chunk
    except OSError:  # the end of a terminal on Linux
        pass
    os.close(terminal)
    assert child.wait(timeout=60) == code
    assert PASSWORD not in shown.decode()
    assert logs_in(tmp_path, "lin", PASSWORD) is (code == 0)
