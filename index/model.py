"""The embedding model as content: which files, where they live, how they get there.

BAAI/bge-small-zh-v1.5 (MIT), exported to ONNX. The hub is often unreachable for the people who
run this, so the table below pins what the files are, and any mirror that has them will do.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from filelock import FileLock

from index.errors import Failure, MirrorError, ModelFetchError, ModelFolderError
from index.files import ModelFile, describe, part_path, sha256_of
from index.progress import NoProgress, Progress

if TYPE_CHECKING:
    from index.mirrors import Mirror

MODEL_NAME = "bge-small-zh-v1.5"
# Small first: a mirror whose tokenizer is another one is dropped before 95 MB were fetched.
MODEL_FILES = (
    ModelFile(
        "tokenizer.json",
        439_125,
        "48cea5d44424912a6fd1ea647bf4fe50b55ab8b1e5879c3275f80e339e8fae26",
    ),
    ModelFile(
        "model_optimized.onnx",
        94_781_076,
        "1294ea4b6331115a353d81f96b85e8c8d7fdcc284453d5b2fab5b016230aad38",
    ),
)
_MARKER = ".verified.json"  # what was hashed and found good: {name: [size, mtime_ns, sha256]}
_LOCK = ".fetch.lock"
_SPARE = 1 << 20  # bytes left over on the disk beyond the files: marker, lock, folder entries


class FileState(StrEnum):
    """Whether a model file is there and is the pinned one."""

    PRESENT = "present"
    MISSING = "missing"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class FileStatus:
    """One file of the model: ``size`` in bytes as found (0 when missing)."""

    file: ModelFile
    state: FileState
    size: int


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """The model in a folder."""

    folder: Path
    files: tuple[FileStatus, ...]

    @property
    def ready(self) -> bool:
        """Whether every file is there and is the pinned one."""
        return all(entry.state is FileState.PRESENT for entry in self.files)

    @property
    def wanted(self) -> tuple[ModelFile, ...]:
        """The files to fetch: missing and bad ones."""
        return tuple(e.file for e in self.files if e.state is not FileState.PRESENT)


def model_dir(explicit: Path | None = None) -> Path:
    """Return the model folder: ``explicit``, else TIAOWEN_MODEL_DIR, else the user's cache."""
    if explicit is not None:
        return explicit.expanduser()
    if named := os.environ.get("TIAOWEN_MODEL_DIR"):
        return Path(named).expanduser()
    return Path(platformdirs.user_cache_dir("tiaowen")) / "models" / MODEL_NAME


def status(
    folder: Path, *, verify: bool = False, files: Sequence[ModelFile] = MODEL_FILES
) -> ModelStatus:
    """Return which files are there and good.

    A file whose size and modification time are those it had when it was last hashed counts as
    good without being read (0.1 ms instead of 0.1 s or more); ``verify`` reads every byte.
    """
    marks = {} if verify else _read_marks(folder)
    found = tuple(_file_status(folder, file, marks) for file in files)
    good = {e.file.name: _stamp(folder, e.file) for e in found if e.state is FileState.PRESENT}
    if verify or any(marks.get(name) != stamp for name, stamp in good.items()):
        _write_marks(folder, good)
    return ModelStatus(folder, found)


def fetch(
    folder: Path,
    mirrors: Sequence[Mirror] | None = None,
    progress: Progress | None = None,
    *,
    files: Sequence[ModelFile] = MODEL_FILES,
) -> Path:
    """Bring the missing files into ``folder``, trying each mirror for what is still missing.

    A second process that fetches into the same folder waits and then finds the files there.

    :return: ``folder``, complete.
    :raises ModelFetchError: no mirror delivered; names each and its reason.
    :raises ModelFolderError: the folder cannot be written or has no room.
    """
    if status(folder, files=files).ready:
        return folder
    _prepare(folder)
    if mirrors is None:
        from index.mirrors import default_mirrors  # httpx, 0.2 s: only when something is fetched

        mirrors = default_mirrors()
    with FileLock(folder / _LOCK):
        failures = []
        for mirror in mirrors:
            wanted = status(folder, files=files).wanted
            if not wanted:
                break
            _check_room(folder, wanted)
            try:
                mirror.deliver(wanted, folder, progress or NoProgress())
            except MirrorError as error:
                failures.append(Failure(mirror.name, str(error)))
        result = status(folder, files=files)
    if not result.ready:
        raise ModelFetchError(MODEL_NAME, [file.name for file in result.wanted], failures)
    return folder


def _file_status(folder: Path, file: ModelFile, marks: dict[str, list[object]]) -> FileStatus:
    path = folder / file.name
    try:
        size = path.stat().st_size
        if size != file.size:
            return FileStatus(file, FileState.BAD, size)
        good = marks.get(file.name) == _stamp(folder, file) or sha256_of(path) == file.sha256
    except (FileNotFoundError, NotADirectoryError):
        return FileStatus(file, FileState.MISSING, 0)
    except OSError:  # there, but not readable: as useless as wrong bytes
        return FileStatus(file, FileState.BAD, 0)
    return FileStatus(file, FileState.PRESENT if good else FileState.BAD, size)


def _stamp(folder: Path, file: ModelFile) -> list[object]:
    found = (folder / file.name).stat()
    return [found.st_size, found.st_mtime_ns, file.sha256]


def _read_marks(folder: Path) -> dict[str, list[object]]:
    try:
        marks = json.loads((folder / _MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return marks if isinstance(marks, dict) else {}


def _write_marks(folder: Path, marks: dict[str, list[object]]) -> None:
    """Remember what was hashed. Where that cannot be written, the next start hashes again."""
    temporary = folder / f"{_MARKER}.{os.getpid()}"
    try:
        temporary.write_text(json.dumps(marks), encoding="utf-8")
        os.replace(temporary, folder / _MARKER)
    except OSError:
        return


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _LOCK).touch()
    except OSError as error:
        raise ModelFolderError(folder, describe(error)) from error


def _check_room(folder: Path, wanted: Sequence[ModelFile]) -> None:
    """Say that the disk is too small before, not after, most of the model was fetched."""
    parts = (part_path(folder, file) for file in wanted)
    have = sum(part.stat().st_size for part in parts if part.exists())
    need = sum(file.size for file in wanted) - have + _SPARE
    free = shutil.disk_usage(folder).free
    if free < need:
        raise ModelFolderError(
            folder, f"磁盘空间不够（还要 {need / 1e6:.1f} MB，只剩 {free / 1e6:.1f} MB）"
        )
