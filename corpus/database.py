"""The database file of the documents: opened for writing or reading, brought to the present form.

``PRAGMA user_version`` counts the migrations that a file has been through. An older file is
migrated in one transaction, after a copy of it was put aside; one from a later release is refused
untouched.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import quote

from corpus.errors import NewerStoreError, StorageError
from corpus.records import SCHEMA
from corpus.storage import refusal, telling

_LOG = logging.getLogger(__name__)
_BUSY_MS = 30_000  # another process may be importing a folder; each document is a short transaction
# What each version adds to the one before. Files of release 0.1 have the first and say 0.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    tuple(statement for statement in SCHEMA.split(";") if statement.strip()),
    ("CREATE TABLE imports (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, files INTEGER NOT NULL)",),
)
READ_ONLY: Final = "这里只能读，不能写"
WAY: Final = "请检查磁盘是否以只读方式挂载、权限是否足够，或用 --home 换一个资料文件夹"


def refused_by(path: Path) -> str | None:
    """Why a database file cannot be written by its permissions or disk; None when it can."""
    return None if is_writable(path) else READ_ONLY


def is_writable(path: Path) -> bool:
    """Whether the database file can be written, or made where there is none."""
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def connect(path: Path, writable: bool = True) -> sqlite3.Connection:
    """Open a connection; ``writable=False`` for a disk or folder that takes no writing."""
    connection = sqlite3.connect(
        f"file:{quote(str(path))}" if writable else read_only(path),
        uri=True, timeout=_BUSY_MS / 1000, isolation_level=None,
    )  # fmt: skip
    connection.row_factory = sqlite3.Row
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def read_only(path: Path) -> str:
    """The address of a database on a disk or in a folder that takes no writing."""
    log = path.with_name(f"{path.name}-wal")
    # To read beside a writer SQLite needs a file of its own there. Where none can be made, and no
    # killed writer left its own, it has to be told that nobody writes.
    mode = "mode=ro" if log.exists() and log.stat().st_size else "immutable=1"
    return f"file:{quote(str(path))}?{mode}"


def prepare(path: Path) -> str | None:
    """Make the database or bring it to the present form; return why it cannot be written.

    :return: None when it can. Otherwise what is there can be read all the same.
    :raises NewerStoreError: a later release wrote it.
    :raises DamagedError: it is no database, or a damaged one.
    :raises StorageError: it cannot be made or read.
    """
    refused = refused_by(path)
    if refused is not None and not path.exists():
        raise StorageError(path.parent, "建立文档库", refused, WAY)
    with telling(path, "打开文档库"):
        if refused is None:
            try:
                _bring_up(path)
            except sqlite3.OperationalError as error:
                # A disk without any room does not even take what SQLite puts beside the file.
                if (refused := refusal(error)) is None or not path.exists():
                    raise
        if refused is not None:
            with closing(connect(path, writable=False)) as connection:
                version(connection, path)
    return refused


def _bring_up(path: Path) -> None:
    with closing(connect(path)) as connection:
        if version(connection, path) < len(MIGRATIONS):
            connection.execute("PRAGMA journal_mode = WAL")
            _migrate(connection, path)


def version(connection: sqlite3.Connection, path: Path) -> int:
    """How many migrations a file has been through.

    :raises NewerStoreError: more than this release knows.
    """
    found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if found > len(MIGRATIONS):
        raise NewerStoreError(path, found, len(MIGRATIONS))
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # fails where damaged
    return found


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Do what is missing, all or nothing; the copy is made while nobody else can write."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = version(connection, path)  # another process may have been quicker
        copied = path.with_name(f"{path.name}.v{found}")
        old = connection.execute("SELECT 1 FROM sqlite_master").fetchone() is not None
        if old and found < len(MIGRATIONS):
            copy(path, copied)
        for statements in MIGRATIONS[found:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    if old and found < len(MIGRATIONS):
        _LOG.warning(
            "文档库已从格式 %d 升级到 %d；升级前的副本是 %s，确认无误后可以删除。",
            found, len(MIGRATIONS), copied,
        )  # fmt: skip


def copy(path: Path, target: Path) -> None:
    """Copy a database as it is at this moment, also while others write; whole or not at all."""
    part = target.with_name(f".{target.name}.part")
    try:
        _discard(part)  # of a copy that was broken off
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(part)) as made:
            source.backup(made)
            made.execute("PRAGMA journal_mode = DELETE")  # one file, which can be copied as it is
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
        os.replace(part, target)
    finally:
        _discard(part)


def _discard(path: Path) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def problems(path: Path) -> list[str]:
    """What SQLite finds wrong in a database file, in its own words; empty when all is well."""
    try:
        with closing(connect(path, is_writable(path))) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(5)")]
            broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [text for text in found if text != "ok"] + ["foreign key"] * bool(broken)
