"""Help in narrow terminals: whole, and broken as Chinese is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, TypeAlias

import pytest
import typer
from rich.cells import cell_len
from typer.testing import CliRunner

from qa.cli.main import app
from qa.cli.wrapping import breaks

Path: TypeAlias = tuple[str, ...]


def _lines(text: str, width: int) -> list[str]:
    cuts = [0, *breaks(text, width), len(text)]
    return [text[a:b] for a, b in pairwise(cuts)]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        pytest.param("重新打分", 8, ["重新打分"], id="fits"),
        pytest.param("重新打分", 7, ["重新打", "分"], id="between-characters"),
        pytest.param("打印分数。", 8, ["打印分", "数。"], id="no-full-stop-first"),
        pytest.param("看（默认）", 8, ["看（默", "认）"], id="no-closing-bracket-first"),
        pytest.param("先看（默认）", 6, ["先看", "（默", "认）"], id="no-opening-bracket-last"),
        pytest.param("写成 Markdown 表格", 10, ["写成 ", "Markdown ", "表格"], id="words-whole"),
        pytest.param("以 1 退出", 4, ["以 1 ", "退出"], id="blank-at-the-end-takes-no-room"),
        pytest.param("sentence-transformers", 8, ["sentence", "-transfo", "rmers"], id="too-long"),
        pytest.param("。。。", 2, ["。", "。", "。"], id="no-other-way"),
        pytest.param("分", 1, ["分"], id="wider-than-the-column"),
        pytest.param("", 8, [""], id="empty"),
    ],
)
def test_lines_are_broken_as_chinese_is(text: str, width: int, lines: list[str]) -> None:
    assert _lines(text, width) == lines


def _commands(command: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:  # noqa: ANN401 - Typer's own
    yield path, command
    for name, child in getattr(command, "commands", {}).items():
        yield from _commands(child, (*path, name))


def _all_commands() -> list[tuple[Path, Any]]:
    from eval.cli import app as evaluation

    program = typer.main.get_command(app)
    mounted = typer.main.get_command(evaluation)
    return [*_commands(program), *_commands(mounted, ("eval",))]


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("width", [80, 100])
def test_no_help_is_cut(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every character of every help text is there, in its place, in the lines of its table."""
    monkeypatch.setattr("typer.rich_utils.MAX_WIDTH", width)
    for path, command in _all_commands():
        result = CliRunner().invoke(app, [*path, "--help"])
        assert result.exit_code == 0
        lines = result.stdout.splitlines()
        assert max(map(cell_len, lines)) <= width
        shown = _squeezed("".join(line.strip("│ ").rpartition("  ")[2] for line in lines))
        wanted = [param.help for param in command.params if getattr(param, "help", None)]
        wanted += [child.help for child in getattr(command, "commands", {}).values()]
        for text in filter(None, wanted):
            assert _squeezed(text.split("\n\n")[0]) in shown, (path, text)
        assert not any(line.rstrip("│ ").endswith("…") for line in lines), path
