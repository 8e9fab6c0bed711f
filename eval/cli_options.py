"""Options that several evaluation commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from qa.cli.output import Bars

Corpus: TypeAlias = Annotated[
    str,
    typer.Option(
        "--corpus",
        metavar="digests|originals|HOME",
        help="评测用的语料：随附的要点摘编、共享目录里的五份原文，或一个资料文件夹",
    ),
]
Split: TypeAlias = Annotated[
    str, typer.Option("--split", metavar="dev|test|all", help="用哪一组题（test 不得用于调参）")
]
Folder: TypeAlias = Annotated[Path, typer.Argument(metavar="DIR", help="评测结果目录")]
Cases: TypeAlias = Annotated[
    Path | None,
    typer.Option("--cases", metavar="FILE", dir_okay=False, help="改用这个题目文件"),
]


def counter(bars: Bars, total: int, step: str = "评测") -> Callable[[], None]:
    """Return a function that moves a progress bar on by one each time it is called."""
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        bars(step, done, total)

    return count
