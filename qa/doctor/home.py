"""The home folder: can it be written, is there room, are its databases whole."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator

from corpus import CorpusStore, database
from corpus.errors import NewerStoreError, TiaowenError
from corpus.storage import refusal
from qa.backup import UNFINISHED
from qa.doctor.types import Check, Patient, fail, ok, warn

_TIGHT, _OUT = 500e6, 50e6  # bytes free: an index of 150 documents with its cache takes 200 MB
_CACHE = "embeddings.sqlite3"
_RESTORE = "请用 tiaowen restore 备份文件 --force 恢复；没有备份时先留一份副本"


def writable(patient: Patient) -> Iterator[Check]:
    """Check that the home can be written."""
    home = patient.home
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        why = refusal(error) or error.strerror
        if patient.corpus.exists() and (home / "index" / "current").exists():
            mend = "可以继续提问；要加入文件或更新索引，请改好权限或换一个 --home"
            yield warn("资料文件夹", f"{home} 不能写入：{why}", mend)
        else:
            yield fail("资料文件夹", f"{home} 不能写入：{why}", "请改好权限，或换一个 --home")
        return
    state = "可写" if home.exists() else "还没有，第一次使用时建立"
    yield ok("资料文件夹", f"{home}（{state}）")


def room(patient: Patient) -> Iterator[Check]:
    """Check the space on the disk of the home."""
    there = next(path for path in (patient.home, *patient.home.parents) if path.exists())
    free = shutil.disk_usage(there).free
    said = f"剩 {free / 1e9:.1f} GB" if free > 1e9 else f"只剩 {free / 1e6:.0f} MB"
    if free < _OUT:
        yield fail("磁盘空间", said, "请腾出空间：满了就不能加入文件、更新索引、记录评价")
    elif free < _TIGHT:
        yield warn("磁盘空间", said, "请腾出空间：建立索引可能不够")
    else:
        yield ok("磁盘空间", said)


def databases(patient: Patient) -> Iterator[Check]:
    """Check every database of the home with SQLite's own check."""
    for path in sorted(patient.home.glob("*.sqlite3")):
        if path.name == _CACHE:
            continue
        if not os.access(path, os.R_OK):
            yield fail(path.name, "没有读取权限", f"请改好 {path} 的权限")
        elif found := database.problems(path):
            yield fail(path.name, f"已损坏：{found[0]}", _RESTORE)
        else:
            yield ok(path.name, "完好")
    if (patient.home / UNFINISHED).exists():
        yield fail("恢复", "上一次恢复没有做完", "请用同一个备份文件再运行 tiaowen restore --force")


def documents(patient: Patient) -> Iterator[Check]:
    """Check the form of the documents' database, and whether an import was broken off."""
    if not patient.corpus.exists():
        yield warn("文档", "还没有文档库", "第一次使用时自动建立；用 tiaowen corpus add 加入文件")
        return
    try:
        with existing_store(patient) as store:
            form = store.form()
            count = len(store.documents())
            gone = store.unfinished() if form >= len(database.MIGRATIONS) else ()
    except NewerStoreError as error:
        yield fail("文档", f"由更新的版本写成（格式 {error.found}）", "请升级条问")
        return
    except (TiaowenError, sqlite3.DatabaseError) as error:
        yield fail("文档", str(error), _RESTORE)
        return
    if form < len(database.MIGRATIONS):
        mend = "下次使用时自动升级，升级前的副本会留下"
        yield warn("文档", f"{count} 份，旧格式 {form}", mend)
    for owner in gone:
        mend = "已收下的文件都完整；请再加入一次同一个文件夹，补上没有收下的"
        yield warn("加入文件", f"有一次没有做完就中断了（{owner}）", mend)
    if form == len(database.MIGRATIONS) and not gone:
        yield ok("文档", f"{count} 份")


def existing_store(patient: Patient) -> CorpusStore:
    """Open the documents as they are: nothing is made, migrated or parsed again."""
    return CorpusStore.existing(patient.corpus)
