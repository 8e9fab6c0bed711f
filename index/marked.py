"""A file made here once and used at every start: known by its digest without being read.

Beside it lies ``NAME.sha256.json`` with its size, modification time and SHA-256. While size and
time are those, it counts as good (0.1 ms); where they differ, because the file was written to,
copied or restored, all of it is hashed (95 MB: 0.05 s with SHA instructions in the processor, more
without) and compared. What turns bits without touching the time is found by `intact`, which
`tiaowen doctor` asks. The same rule holds for the files of the model (`index.model`).
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from index.files import sha256_of

_ENDING = ".sha256.json"


def write_marked(target: Path, data: bytes) -> None:
    """Write a file whole or not at all, whoever else writes it too, and its mark after it.

    :raises OSError: it cannot be written; nothing of it is left.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        temporary.write_bytes(data)
        digest = sha256_of(temporary)  # of what is on the disk
        os.replace(temporary, target)
        _write_mark(target, digest)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def sound(target: Path) -> bool:
    """Whether a file is there and is what was written: by its mark, or read and compared."""
    try:
        mark, found = _mark(target), target.stat()
        if mark is None:
            return False
        if mark[:2] == [found.st_size, found.st_mtime_ns]:
            return True
        if mark[0] != found.st_size or sha256_of(target) != mark[2]:
            return False
    except OSError:
        return False
    with contextlib.suppress(OSError):  # else it is hashed again at the next start
        _write_mark(target, str(mark[2]))
    return True


def intact(target: Path) -> bool:
    """Whether every byte of a file is what was written."""
    try:
        mark = _mark(target)
        return mark is not None and sha256_of(target) == mark[2]
    except OSError:
        return False


def remove(target: Path) -> None:
    """Remove a file and its mark, where they are there."""
    for path in (target, _mark_path(target)):
        path.unlink(missing_ok=True)


def _mark_path(target: Path) -> Path:
    return target.with_name(target.name + _ENDING)


def _mark(target: Path) -> list[object] | None:
    """Size, modification time and digest as written; None where that cannot be read."""
    try:
        mark = json.loads(_mark_path(target).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return mark if isinstance(mark, list) and len(mark) == 3 else None


def _write_mark(target: Path, digest: str) -> None:
    found = target.stat()
    aside = target.with_name(f".{target.name}{_ENDING}.{os.getpid()}")
    aside.write_text(json.dumps([found.st_size, found.st_mtime_ns, digest]), encoding="utf-8")
    os.replace(aside, _mark_path(target))
