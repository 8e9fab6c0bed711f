from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import EntryPoint

import pytest
import typer
from typer.testing import CliRunner

from corpus.errors import LoadError
from index.errors import SnapshotError
from qa.cli import app as app_module
from qa.cli.app import ENTRY_POINTS, Command, Root, new_app
from qa.cli.main import app

HEAVY = ("torch", "gradio", "pandas", "sentence_transformers", "faiss", "tantivy", "sklearn")


def raising(error: Exception) -> typer.Typer:
    """Return a program with one command that fails."""
    program = new_app("试验")

    @program.command(cls=Command)
    def go() -> None:
        raise error

    program.command("other", cls=Command)(lambda: None)
    return program


@pytest.mark.parametrize(
    ("error", "code"),
    [
        pytest.param(LoadError("a.txt", "是空的"), 2, id="input"),
        pytest.param(SnapshotError("x", "缺少文件"), 1, id="failure"),
        pytest.param(PermissionError(13, "Permission denied", "/x"), 2, id="file-system"),
    ],
)
def test_expected_errors_are_one_message(error: Exception, code: int) -> None:
    result = CliRunner().invoke(raising(error), ["go"])
    assert result.exit_code == code
    assert result.stderr.startswith("出错：")
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_defects_are_not_hidden() -> None:
    result = CliRunner().invoke(raising(ZeroDivisionError("defect")), ["go"])
    assert isinstance(result.exception, ZeroDivisionError)


@pytest.fixture
def mount(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Register a group under the name `extra`."""

    def register(value: str) -> None:
        points = {"extra": EntryPoint("extra", value, ENTRY_POINTS)}
        monkeypatch.setattr(app_module, "mounted", lambda: points)

    return register


def test_broken_group_costs_only_itself(mount: Callable[[str], None]) -> None:
    mount("no_such_room.cli:app")
    listing = CliRunner().invoke(app, ["--help"])
    assert listing.exit_code == 0
    assert "extra" in listing.stdout
    result = CliRunner().invoke(app, ["extra", "run"])
    assert result.exit_code == 2
    assert "命令「extra」装不上" in result.stderr


def test_mounted_group_runs(mount: Callable[[str], None]) -> None:
    mount("qa.cli.documents:app")
    assert "clauses" in CliRunner().invoke(app, ["extra", "--help"]).stdout


def test_own_commands_cannot_be_replaced(mount: Callable[[str], None]) -> None:
    assert isinstance(typer.main.get_command(app), Root)
    mount("no_such_room.cli:app")
    assert CliRunner().invoke(app, ["ask", "--help"]).exit_code == 0


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["corpus", "--help"]])
def test_start_is_light(arguments: list[str]) -> None:
    code = (
        "import sys; from qa.cli.main import app; app(sys.argv[1:], standalone_mode=False);"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    assert done.stderr.strip() == "[]"
