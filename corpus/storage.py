"""What a disk refuses, told in words: full, read-only, no permission, damaged."""

from __future__ import annotations

import errno
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import DamagedError, StorageError

_FULL, _READ_ONLY = "磁盘空间不足", "这里只能读，不能写"
_CAUSES = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: "超出磁盘配额",
    errno.EFBIG: "文件大小超过系统允许的上限",
    errno.EROFS: _READ_ONLY,
    errno.EACCES: "没有写入权限",
    errno.EPERM: "没有写入权限",
    errno.EIO: "磁盘读写出错",
}
_SQLITE = {
    "SQLITE_FULL": _FULL,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_CANTOPEN": "数据库文件打不开或不能新建",
    "SQLITE_IOERR": "磁盘读写出错（可能已满或有故障）",
    "SQLITE_BUSY": "另一个程序一直占用着数据库",
    "SQLITE_LOCKED": "另一个程序一直占用着数据库",
}
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
# Libraries written in other languages only hand on the system's words, or its number.
_SAID = (
    (re.compile(r"No space left on device|os error 28|code: 28\b"), _FULL),
    (re.compile(r"Read-only file system|os error 30|code: 30\b"), _READ_ONLY),
    (re.compile(r"File too large|os error 27|code: 27\b"), _CAUSES[errno.EFBIG]),
    (re.compile(r"Disk quota exceeded|os error 122|code: 122\b"), _CAUSES[errno.EDQUOT]),
    (re.compile(r"write error in .+: \d+ != \d+"), _FULL),  # FAISS, of a short write
)
_WAYS = {
    _FULL: "请腾出空间后重试",
    "超出磁盘配额": "请腾出空间或提高配额后重试",
    _READ_ONLY: "请检查磁盘是否以只读方式挂载，或用 --home 换一个资料文件夹",
}
_WAY = "请检查磁盘和权限后重试，或用 --home 换一个资料文件夹"


def refusal(error: BaseException) -> str | None:
    """Why the disk refused, in Chinese; None when ``error`` is about something else."""
    if isinstance(error, OSError) and error.errno is not None:
        return _CAUSES.get(error.errno)
    if isinstance(error, sqlite3.OperationalError):
        name = getattr(error, "sqlite_errorname", "")
        return next((why for mark, why in _SQLITE.items() if name.startswith(mark)), None)
    if isinstance(error, (RuntimeError, ValueError)):
        return next((why for said, why in _SAID if said.search(str(error))), None)
    return None


def is_damaged(error: BaseException) -> bool:
    """Whether SQLite found its file damaged."""
    name = getattr(error, "sqlite_errorname", None) or ""
    return isinstance(error, sqlite3.DatabaseError) and name.startswith(_DAMAGED)


@contextmanager
def telling(place: Path, doing: str, kept: str = "") -> Iterator[None]:
    """Turn what the disk refuses into one message.

    :param place: the file or folder that is written.
    :param doing: what was being done, such as «建立索引».
    :param kept: what is still as it was, such as «原来的索引照常使用».
    :raises StorageError: the disk refused; DamagedError: a database is damaged.
    """
    try:
        yield
    except Exception as error:
        if is_damaged(error):
            raise DamagedError(place) from error
        why = refusal(error)
        if why is None:
            raise
        raise StorageError(place, doing, f"{why}{_room(place, why)}", _WAYS.get(why, _WAY), kept) \
            from error  # fmt: skip


def _room(place: Path, why: str) -> str:
    if why != _FULL:
        return ""
    there = next((folder for folder in (place, *place.parents) if folder.exists()), Path())
    try:
        return f"，只剩 {shutil.disk_usage(there).free / 1e6:.1f} MB"
    except OSError:
        return ""
