"""Checksums of a snapshot: written last, compared in full by `verify`, cheaply by `check`.

``checksums.json`` has the SHA-256 of every file, the manifest's too; ``checksums.sha256`` has that
of ``checksums.json``. So no bit of a snapshot can turn without being found.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path

from index.errors import SnapshotError
from index.types import Manifest

_SUMS, _SUM_OF_SUMS = "checksums.json", "checksums.sha256"
_SEEN = (
    ".verified.json"  # large files that were hashed and found good: {name: [size, mtime, inode]}
)
# Hashed whenever the snapshot is loaded: 4 MB take 3 ms. A larger file is hashed once and then
# known by its size, time and inode; what turns bits without touching those is found by `verify`.
SMALL = 4 * 1024 * 1024


def seal(work: Path, manifest: Manifest) -> None:
    """Write manifest and checksums last, and push everything to disk."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    (work / "manifest.json").write_text(text, encoding="utf-8")
    sums = {
        str(path.relative_to(work)): file_digest(path)
        for path in sorted(work.rglob("*"))
        if path.is_file() and not path.name.endswith(".lock")
    }
    (work / _SUMS).write_text(json.dumps(sums, indent=0), encoding="utf-8")
    (work / _SUM_OF_SUMS).write_text(file_digest(work / _SUMS) + "\n", encoding="ascii")
    for path in work.rglob("*"):
        sync(path)
    sync(work)


def verify(folder: Path) -> None:
    """Compare every file of a snapshot with its checksum.

    :raises SnapshotError: naming the first file that differs or is missing.
    """
    for name, expected in _sums(folder).items():
        _compare(folder, name, expected)


def check(folder: Path) -> None:
    """Compare small files with their checksums, and large ones that were not seen before.

    :raises SnapshotError: naming the first file that differs or is missing.
    """
    seen = _seen(folder)
    good: dict[str, list[int]] = {}
    for name, expected in _sums(folder).items():
        mark = _mark(folder, name)
        if mark[0] <= SMALL:
            _compare(folder, name, expected)
            continue
        if seen.get(name) != mark:
            _compare(folder, name, expected)
        good[name] = mark
    if good != seen:
        _remember(folder, good)


def file_digest(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Flush a file or folder to disk, so that a power cut cannot undo the rename after it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sums(folder: Path) -> dict[str, str]:
    """Checksums by file name, themselves checked."""
    try:
        raw = (folder / _SUMS).read_bytes()
        expected = (folder / _SUM_OF_SUMS).read_bytes()
    except OSError as error:
        raise SnapshotError(folder.name, f"校验和读不到（{error.strerror}）") from error
    if hashlib.sha256(raw).hexdigest().encode() + b"\n" != expected:
        raise SnapshotError(folder.name, f"文件 {_SUMS} 已损坏")
    sums: dict[str, str] = json.loads(raw)
    return sums


def _compare(folder: Path, name: str, expected: str) -> None:
    try:
        found = file_digest(folder / name)
    except FileNotFoundError:
        raise SnapshotError(folder.name, f"缺少文件 {name}") from None
    except OSError as error:
        raise SnapshotError(folder.name, f"文件 {name} 读不出（{error.strerror}）") from error
    if found != expected:
        raise SnapshotError(folder.name, f"文件 {name} 已损坏")


def _mark(folder: Path, name: str) -> list[int]:
    try:
        found = (folder / name).stat()
    except OSError:
        raise SnapshotError(folder.name, f"缺少文件 {name}") from None
    return [found.st_size, found.st_mtime_ns, found.st_ino]


def _seen(folder: Path) -> dict[str, list[int]]:
    try:
        marks = json.loads((folder / _SEEN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return marks if isinstance(marks, dict) else {}


def _remember(folder: Path, good: dict[str, list[int]]) -> None:
    """Keep what was found good; where that cannot be written, the next load hashes again."""
    temporary = folder / f"{_SEEN}.{os.getpid()}"
    with contextlib.suppress(OSError):
        temporary.write_text(json.dumps(good), encoding="utf-8")
        os.replace(temporary, folder / _SEEN)
