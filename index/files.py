"""Files known by content: what a good one is, and how one gets into a folder.

A file is named by its SHA-256, so it does not matter where its bytes came from. Bytes are
collected in a ``.part`` file beside the target and renamed into place only after the digest
was checked; a part belongs to a digest, so any mirror may continue what another one began.
"""

from __future__ import annotations

import errno
import hashlib
import os
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from zipfile import BadZipFile

from index.errors import MirrorError, ModelFolderError
from index.progress import Progress

CHUNK = 1 << 20  # bytes read at once: large enough that hashing, not Python, sets the speed

# What NumPy, zip and JSON raise over bytes that are not an archive of arrays as we write them.
UNREADABLE = (
    OSError, ValueError, KeyError, TypeError, EOFError, RuntimeError, BadZipFile, zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model: its name in the folder, size in bytes, SHA-256 in lower-case hex."""

    name: str
    size: int
    sha256: str


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in lower-case hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def part_path(folder: Path, file: ModelFile) -> Path:
    """Return where the bytes of ``file`` are collected."""
    return folder / f"{file.name}.{file.sha256[:12]}.part"


def write_all(folder: Path, stream: FileIO, data: bytes) -> None:
    """Write ``data``; a full disk is the folder's fault, not the mirror's.

    :raises ModelFolderError: the disk refused the bytes.
    """
    try:
        rest = memoryview(data)
        while rest:  # an unbuffered write may take less than it was given
            rest = rest[stream.write(rest) :]
    except OSError as error:
        raise ModelFolderError(folder, describe(error)) from error


def publish(folder: Path, file: ModelFile, collected: Path) -> None:
    """Check the bytes in ``collected`` and rename it into place; wrong bytes are deleted.

    :raises MirrorError: the bytes are not the pinned ones.
    :raises ModelFolderError: the folder refused the rename.
    """
    try:
        digest = sha256_of(collected)
        if digest != file.sha256:
            collected.unlink()
            raise MirrorError(f"{file.name} 内容不符，已丢弃（SHA-256 是 {digest[:12]}…）")
        os.replace(collected, folder / file.name)
    except OSError as error:
        raise ModelFolderError(folder, describe(error)) from error


def take(folder: Path, file: ModelFile, chunks: Iterable[bytes], progress: Progress) -> None:
    """Put a file whose bytes are at hand (a cache, an archive) into the folder.

    A download that was broken off is left alone until this has worked, then it is not needed.

    :raises MirrorError: the bytes are not the pinned ones.
    :raises ModelFolderError: the folder refused them.
    """
    part = part_path(folder, file)
    copy = part.with_suffix(".copy")
    progress.start(file.name, file.size)
    try:
        with open_at(folder, copy, 0) as stream:
            for chunk in chunks:
                write_all(folder, stream, chunk)
                progress.advance(len(chunk))
        publish(folder, file, copy)
        part.unlink(missing_ok=True)
    finally:
        copy.unlink(missing_ok=True)
        progress.finish()


def open_at(folder: Path, path: Path, keep: int) -> FileIO:
    """Open ``path`` for writing after its first ``keep`` bytes; unbuffered: errors show at once.

    :raises ModelFolderError: the folder refused it.
    """
    try:
        stream = path.open("r+b" if keep else "wb", buffering=0)
        stream.seek(keep)
        stream.truncate()
    except OSError as error:
        raise ModelFolderError(folder, describe(error)) from error
    return stream


def describe(error: OSError) -> str:
    """Return the cause of an operating-system error in words an operator can act on."""
    return _CAUSES.get(error.errno or 0) or error.strerror or str(error)


_CAUSES = {
    errno.EPERM: "没有权限",
    errno.EACCES: "没有权限",
    errno.EEXIST: "有同名的文件挡住了",
    errno.ENOTDIR: "路径中间有一段不是文件夹",
    errno.EFBIG: "文件大小超过系统限制",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "只读文件系统",
    errno.EDQUOT: "超出磁盘配额",
}
