"""Where output goes: results on stdout, everything said on the way on stderr."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from rich.progress import Progress, TaskID

_PIPED_WIDTH = 200  # columns; into a file or pipe, tables shall not be folded at 80
_STEPS = {
    "fetch": "下载向量模型",
    "lexical": "建立全文索引",
    "embed": "计算向量",
    "dense": "整理向量",
    "store": "送入 Milvus",
    "import": "导入文档",
    "batch": "回答问题",
}
_IN_BYTES = ("fetch",)


def stdout() -> Console:
    """Return the console for results. Looked up on each call, since tests swap the streams."""
    return _console(sys.stdout)


def stderr() -> Console:
    """Return the console for notices, errors and progress bars."""
    return _console(sys.stderr)


def _console(stream: IO[str]) -> Console:
    from rich.console import Console

    width = None if stream.isatty() else _PIPED_WIDTH
    # Documents hold [ ] and :x: of their own: nothing in a shown text is markup.
    return Console(file=stream, width=width, markup=False, emoji=False, highlight=False)


def line(text: str, style: str = "") -> None:
    """Print one line of result with a style; it is never folded, so quotes stay whole."""
    stdout().print(text, style=style, soft_wrap=True)


def say(text: str = "") -> None:
    """Print one line of result."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """Tell the person at the terminal something that is not a result."""
    sys.stderr.write(text + "\n")


def fail(text: str) -> None:
    """Print an error message, in red where the terminal has colours."""
    stderr().print(f"出错：{text}", style="red", soft_wrap=True)


def say_json(value: object) -> None:
    """Print one JSON value on one line."""
    say(json.dumps(value, ensure_ascii=False))


def write_lines(target: Path, lines: Iterable[str]) -> None:
    """Write a whole text file or nothing: it appears under its name when it is complete."""
    with _replacing(target) as stream:
        stream.writelines(line + "\n" for line in lines)


@contextmanager
def _replacing(target: Path) -> Iterator[IO[str]]:
    """Open a file beside ``target`` that takes its place when the block ends well."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    temporary = Path(name)
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(_mode(target))
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _mode(target: Path) -> int:
    """Permissions for a written file: those of the one it replaces, else the usual ones."""
    try:
        return target.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _rate(speed: float, in_bytes: bool) -> str:
    """How many a second, with as many places as say something."""
    if in_bytes:
        return f"{speed / 1e6:.1f} MB"
    return f"{speed:.0f}" if speed >= 10 else f"{speed:.1f}"


class Bars:
    """Progress bars on stderr, drawn from the first report on and one at a time.

    Serves both ways in which the rooms report: ``start``, ``advance``, ``finish`` for the fetch
    of a file, and a call with ``(step, done, total)`` for anything else.
    """

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._step = ""
        self._bytes = False

    def __enter__(self) -> Self:
        """Return itself; nothing is drawn yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the bars as they stand."""
        self.close()

    def close(self) -> None:
        """Stop drawing."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def start(self, name: str, total: int) -> None:
        """Begin the fetch of ``name``, ``total`` bytes."""
        self._begin(f"下载 {name}", total)
        self._bytes = True
        self._show()

    def advance(self, n: int) -> None:
        """Report ``n`` more bytes."""
        if self._progress is not None and self._task is not None:
            self._progress.advance(self._task, n)
            self._show()

    def finish(self) -> None:
        """End the fetch begun last."""
        self._task = None

    def __call__(self, step: str, done: int, total: int) -> None:
        """Report that ``done`` of ``total`` are finished: bytes of a fetch, else items."""
        if not total:
            return
        if step != self._step or self._task is None:
            self._begin(_STEPS.get(step, step), total)
            self._step, self._bytes = step, step in _IN_BYTES
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=done, total=total)
            self._show()

    def _begin(self, name: str, total: int) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        if self._progress is None:
            columns = (
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                TextColumn("{task.fields[amount]}", markup=False),
                TimeRemainingColumn(),
            )
            self._progress = Progress(*columns, console=stderr())
            self._progress.start()
        self._task = self._progress.add_task(name, total=total, amount="")
        self._bytes, self._step = False, ""

    def _show(self) -> None:
        if self._progress is None or self._task is None:
            return
        task = next(task for task in self._progress.tasks if task.id == self._task)
        done, total = task.completed, task.total or 0
        amount = (
            f"{done / 1e6:.1f}/{total / 1e6:.1f} MB" if self._bytes else f"{done:.0f}/{total:.0f}"
        )
        if task.speed:
            amount += f"，每秒 {_rate(task.speed, self._bytes)}"
        self._progress.update(self._task, amount=amount)
