"""Backup and restore of a home: one zip of what cannot be made again.

That is every database but the cache of embeddings (documents, feedback, accounts) and the home's
own word lists. The index is left out: it is built from the documents. Databases are copied through
SQLite, so a backup is of one moment even while others write. ``manifest.json`` in the archive
names each file with its size and SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, Final

from corpus import database
from corpus.errors import DamagedError, TiaowenError
from corpus.storage import is_damaged, telling
from qa.workplace import sync, workplace

FORMAT: Final = 1
_KIND, _MANIFEST = "tiaowen-backup", "manifest.json"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}\.sqlite3|lexicon/[A-Za-z0-9_-]{1,60}\.tsv")
_CACHE = "embeddings.sqlite3"
_MOST_FILES, _MOST_MANIFEST = 200, 1 << 20
_BLOCK = 1 << 20
UNFINISHED = "restore-unfinished.json"  # while files are being put in place
_RETRY = "请重新做一份备份，或换一份备份文件。"


class BackupError(TiaowenError):
    """An archive cannot be used, or there is nothing to back up or something in the way."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a backup: name in the home, bytes, SHA-256 in hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Backup:
    """What an archive holds. ``created``: ISO time with zone; ``version``: of the program."""

    created: str
    version: str
    files: tuple[Entry, ...]


def back_up(home: Path, target: Path) -> Backup:
    """Write the backup of a home to ``target``, whole or not at all; readable by its owner only.

    :raises BackupError: there is nothing to back up.
    :raises DamagedError: a database is damaged; the earlier backup is not overwritten.
    :raises StorageError: the disk refused.
    """
    names = _worth_keeping(home)
    if not names:
        raise BackupError(f"「{home}」里没有可以备份的内容。请用 --home 指明资料文件夹。")
    with (
        telling(target, "备份", "原有的备份没有变化"),
        workplace(target.parent, "backup") as beside,
    ):
        made = _write(beside / "part", home, names, beside)
        os.replace(beside / "part", target)
        sync(target.parent)
    return made


def _worth_keeping(home: Path) -> list[str]:
    """Names in the home, sorted."""
    found = [path for path in home.glob("*.sqlite3") if path.name != _CACHE]
    found += (home / "lexicon").glob("*.tsv")
    names = (path.relative_to(home).as_posix() for path in found if path.is_file())
    return sorted(name for name in names if _NAME.fullmatch(name))


def _write(part: Path, home: Path, names: list[str], beside: Path) -> Backup:
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "wb") as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            entries = []
            for name in names:
                source = home / name
                if name.endswith(".sqlite3"):
                    source = beside / "copy"
                    _copy(home / name, source)
                with source.open("rb") as data, archive.open(name, "w", force_zip64=True) as out:
                    size, digest = _copied(data, out)
                entries.append(Entry(name, size, digest))
            created = datetime.now(UTC).isoformat(timespec="seconds")
            made = Backup(created, version("tiaowen"), tuple(entries))
            archive.writestr(_MANIFEST, json.dumps(_record(made), ensure_ascii=False, indent=1))
        stream.flush()
        os.fsync(stream.fileno())
    return made


def _copy(database_file: Path, target: Path) -> None:
    """Copy a database; a damaged one is no backup."""
    try:
        database.copy(database_file, target)
    except sqlite3.DatabaseError as error:
        if is_damaged(error):
            raise DamagedError(database_file) from error
        raise
    if database.problems(target):
        raise DamagedError(database_file)


def read_backup(source: Path) -> Backup:
    """What an archive says that it holds; see `restore` for the check of its bytes.

    :raises BackupError: it is no backup of ours, or of a later release, or damaged.
    """
    with _opened(source) as archive:
        return _manifest(archive, source)


def restore(source: Path, home: Path, *, force: bool = False) -> tuple[Backup, Path | None]:
    """Put a backup into a home; everything is unpacked and checked before anything is replaced.

    :param force: also where the home holds documents; its files are kept in a folder of the home.
    :return: what was restored, and the folder with the files that were there before.
    :raises BackupError: the archive cannot be used, the home is not empty, or it is in use.
    :raises StorageError: the disk refused.
    """
    before = _worth_keeping(home) if home.is_dir() else []
    if before and not force:
        raise BackupError(
            f"「{home}」里已有内容（{'、'.join(before)}），没有动它。"
            "请换一个空的 --home，或加上 --force：原有的文件会留在其中的 replaced-… 文件夹里。"
        )
    with telling(home, "恢复", "已有的文件都还在"):
        home.mkdir(parents=True, exist_ok=True)
        with workplace(home, "restore") as folder:
            found = _unpacked(source, folder)
            return found, _put_in_place(found, folder, home, before)


def _unpacked(source: Path, folder: Path) -> Backup:
    """Unpack into a folder, comparing every byte with the manifest."""
    with _opened(source) as archive:
        found = _manifest(archive, source)
        for entry in found.files:
            target = folder / entry.name
            target.parent.mkdir(exist_ok=True)
            with archive.open(entry.name) as data, target.open("wb") as out:
                size, digest = _copied(data, out, entry.size)
                out.flush()
                os.fsync(out.fileno())
            if (size, digest) != (entry.size, entry.sha256):
                raise _damaged(source, f"{entry.name} 的内容与清单不符")
            if entry.name.endswith(".sqlite3") and database.problems(target):
                raise _damaged(source, f"{entry.name} 不是完好的数据库")
            if entry.name == "corpus.sqlite3":
                with closing(sqlite3.connect(target)) as connection:
                    database.version(connection, target)  # a later one is refused here
    return found


def _put_in_place(found: Backup, folder: Path, home: Path, before: list[str]) -> Path | None:
    """Replace file by file; each name holds the old or the new one at any time."""
    for name in before:
        if name.endswith(".sqlite3"):
            _let_go(home / name)
    aside = None
    if before:
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        aside = Path(tempfile.mkdtemp(prefix=f"replaced-{stamp}-", dir=home))
        for name in before:
            (aside / name).parent.mkdir(exist_ok=True)
            shutil.copy2(home / name, aside / name)
            sync(aside / name)
    (home / UNFINISHED).write_text(json.dumps(_record(found)), encoding="utf-8")
    for entry in found.files:
        (home / entry.name).parent.mkdir(exist_ok=True)
        os.replace(folder / entry.name, home / entry.name)
    for name in set(before) - {entry.name for entry in found.files}:
        (home / name).unlink()
    sync(home)
    (home / UNFINISHED).unlink()
    return aside


def _let_go(path: Path) -> None:
    """Write the log of a database back into its file, which works when nobody else has it open.

    :raises BackupError: a program is using it.
    """
    try:
        with closing(sqlite3.connect(path, timeout=2)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        raise BackupError(
            f"有程序正在使用 {path}，没有恢复。请先停止 tiaowen chat 等程序再试。"
        ) from error
    except sqlite3.DatabaseError:  # damaged: that may be why it is being replaced
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


@contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except FileNotFoundError:
        raise BackupError(f"没有备份文件「{source}」。请检查路径后再试。") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, KeyError) as error:
        raise _damaged(source, str(error)) from error
    except RuntimeError as error:  # what zipfile says of a locked archive
        raise _damaged(source, str(error)) from error


def _manifest(archive: zipfile.ZipFile, source: Path) -> Backup:
    try:
        info = archive.getinfo(_MANIFEST)
        with archive.open(info) as stream:
            values = json.loads(stream.read(_MOST_MANIFEST))
        if values["kind"] != _KIND:
            raise ValueError
        release, form = str(values["version"]), int(values["format"])
        files = tuple(
            Entry(str(e["name"]), int(e["size"]), str(e["sha256"])) for e in values["files"]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BackupError(f"「{source}」不是条问的备份文件。请检查路径后再试。") from error
    if form > FORMAT:
        raise BackupError(f"「{source}」由更新的版本（{release}）备份。请先升级条问再恢复。")
    names = [entry.name for entry in files]
    listed = [info.filename for info in archive.infolist() if info.filename != _MANIFEST]
    if sorted(names) != sorted(listed) or len(set(names)) != len(names) or not names:
        raise _damaged(source, "清单与内容不符")
    if len(names) > _MOST_FILES or not all(map(_NAME.fullmatch, names)):
        raise _damaged(source, "里面有不该有的文件名")
    return Backup(str(values["created"]), release, files)


def _record(made: Backup) -> dict[str, Any]:
    return {
        "kind": _KIND,
        "format": FORMAT,
        "created": made.created,
        "version": made.version,
        "files": [{"name": e.name, "size": e.size, "sha256": e.sha256} for e in made.files],
    }


def _copied(data: IO[bytes], out: IO[bytes], most: int | None = None) -> tuple[int, str]:
    """Copy a stream; return bytes and SHA-256. It ends at the first byte beyond ``most``."""
    digest, size = hashlib.sha256(), 0
    while block := data.read(_BLOCK):
        size += len(block)
        if most is not None and size > most:
            break
        digest.update(block)
        out.write(block)
    return size, digest.hexdigest()


def _damaged(source: Path, why: str) -> BackupError:
    return BackupError(f"备份文件「{source}」已损坏或被改动（{why}），没有恢复任何内容。{_RETRY}")
