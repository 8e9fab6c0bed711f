"""One build at a time under a root: the lock, who holds it, and what a killed one left.

The lock is the system's (`filelock`), so it ends with its process, however that ends. The file
``build.owner`` beside it names the process; a build that finds one there was preceded by a build
that did not get to the end, clears what that one left, and says so.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.owners import Owner
from corpus.storage import telling
from index.errors import BuildBusyError

_LOG = logging.getLogger(__name__)
_WAIT = 0.5  # seconds: a build that just ends is waited for
KEPT = "原来的索引照常使用"


@contextmanager
def building(root: Path) -> Iterator[None]:
    """Hold the right to build under ``root``; first clear what a killed build left.

    :raises BuildBusyError: another process is building here; names it.
    :raises StorageError: the disk refused.
    """
    with telling(root, "建立索引", KEPT):
        root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(root / "build.lock")
        try:
            with lock.acquire(timeout=_WAIT):
                _clear(root)
                (root / "build.owner").write_text(Owner.this().dump(), encoding="utf-8")
                try:
                    yield
                finally:
                    (root / "build.owner").unlink(missing_ok=True)
        except Timeout:
            raise BuildBusyError(str(root), builder(root)) from None


def builder(root: Path) -> Owner | None:
    """Who is building under ``root``, or was when it was killed; None when nobody is known."""
    with contextlib.suppress(OSError):
        return Owner.read((root / "build.owner").read_text(encoding="utf-8"))
    return None


def leftovers(root: Path) -> list[Path]:
    """Files and folders of builds that did not get to the end (or of one that is at work)."""
    found = [*root.glob(".current-*")]
    with contextlib.suppress(OSError):
        found += [path for path in (root / "snapshots").iterdir() if path.name.startswith(".")]
    return found


def _clear(root: Path) -> None:
    """Remove what killed builds left; the lock is held, so none of it is in use."""
    before, found = builder(root), leftovers(root)
    if before is None and not found:
        return
    for path in found:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    who = f"（{before}）" if before is not None else ""
    _LOG.warning(
        "上一次建立索引没有做完就中断了%s，已清理它留下的 %d 个临时文件；现在重新建立。",
        who, len(found),
    )  # fmt: skip


def temporary(root: Path) -> Path:
    """Where this process puts a snapshot together."""
    return root / "snapshots" / f".building-{os.getpid()}"
