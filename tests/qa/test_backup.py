"""Backup and restore: the round trip, writers meanwhile, archives that must not be trusted."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
import threading
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from corpus import CorpusStore, build_document
from corpus.errors import DamagedError, NewerStoreError, StorageError
from corpus.loading import source_of
from corpus.types import Role
from index.lexicon import lexicon_of
from qa.backup import UNFINISHED, BackupError, back_up, read_backup, restore
from qa.feedback import Feedback, open_feedback
from tests.disks import small_disk

TEXT = "某市教育局关于入学的通知\n某教〔2025〕3号\n各学校：\n一、对象。六周岁。\n二、时间。六月。\n"


def fill(home: Path, number: str = "3号") -> None:
    store = CorpusStore.open(home, samples=False)
    store.add(*build_document(source_of(TEXT.replace("3号", number).encode(), "a.txt")))
    store.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a document, feedback, accounts, own words, and things that are made again."""
    made = tmp_path / "home"
    fill(made)
    feedback = open_feedback(made)
    feedback.add(Feedback("up", comment="很清楚"))
    feedback.close()
    with closing(sqlite3.connect(made / "users.sqlite3")) as users:
        users.execute("CREATE TABLE users (name TEXT)")
        users.execute("INSERT INTO users VALUES ('甲')")
        users.commit()
    (made / "lexicon").mkdir()
    (made / "lexicon" / "synonyms.tsv").write_text("娃儿\t适龄儿童\n", encoding="utf-8")
    (made / "index").mkdir()
    (made / "index" / "embeddings.sqlite3").write_bytes(b"x")
    (made / "embeddings.sqlite3").write_bytes(b"x")
    return made


def contents(home: Path) -> tuple[object, ...]:
    """All that a backup has to bring back."""
    with CorpusStore.open(home, samples=False) as store:
        documents, clauses = store.documents(), store.clauses(roles=Role)
    feedback = open_feedback(home)
    entries = feedback.entries()
    feedback.close()
    with closing(sqlite3.connect(home / "users.sqlite3")) as users:
        names = users.execute("SELECT * FROM users").fetchall()
    return documents, clauses, entries, names, lexicon_of(home).digest


def test_the_round_trip(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.zip"
    made = back_up(home, target)
    assert [entry.name for entry in made.files] == [
        "corpus.sqlite3", "feedback.sqlite3", "lexicon/synonyms.tsv", "users.sqlite3",
    ]  # fmt: skip
    assert read_backup(target) == made
    assert stat.S_IMODE(target.stat().st_mode) == 0o600  # it holds what residents wrote
    found, aside = restore(target, tmp_path / "new")
    assert (found, aside) == (made, None)
    assert contents(tmp_path / "new") == contents(home)
    assert sorted(path.name for path in (tmp_path / "new").iterdir() if path.suffix != "") == [
        "corpus.sqlite3", "feedback.sqlite3", "users.sqlite3",
    ]  # fmt: skip


def test_a_home_that_holds_something_needs_force(home: Path, tmp_path: Path) -> None:
    back_up(home, tmp_path / "b.zip")
    wanted = contents(home)
    other = tmp_path / "other"
    fill(other, "9号")
    (other / "extra.sqlite3").touch()
    with pytest.raises(BackupError, match="--force"):
        restore(tmp_path / "b.zip", other)
    with CorpusStore.open(other, samples=False) as store:
        assert [d.doc_number for d in store.documents()] == ["某教〔2025〕9号"]
    _, aside = restore(tmp_path / "b.zip", other, force=True)
    assert contents(other) == wanted
    assert aside is not None
    with CorpusStore.open(aside, samples=False) as store:
        assert [d.doc_number for d in store.documents()] == ["某教〔2025〕9号"]
    assert (aside / "extra.sqlite3").exists()
    assert not (other / "extra.sqlite3").exists()
    assert not (other / UNFINISHED).exists()


def test_a_backup_while_others_write_is_of_one_moment(home: Path, tmp_path: Path) -> None:
    """Each of several backups taken meanwhile restores to whole documents."""
    done = threading.Event()

    def write() -> None:
        store = CorpusStore.open(home, samples=False)
        number = 100
        while not done.is_set():
            number += 1
            text = TEXT.replace("3号", f"{number}号")
            store.add(*build_document(source_of(text.encode(), f"{number}.txt")))
        store.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(4):
            back_up(home, tmp_path / f"{number}.zip")
    finally:
        done.set()
        writer.join()
    for number in range(4):
        restore(tmp_path / f"{number}.zip", tmp_path / f"home{number}")
        with CorpusStore.open(tmp_path / f"home{number}", samples=False) as store:
            for document in store.documents():
                _, clauses = build_document(source_of(document.raw, document.file))
                assert store.clauses(document.doc_id, Role) == clauses


def test_what_a_killed_writer_left_in_the_log_is_in_the_backup(home: Path, tmp_path: Path) -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom corpus import CorpusStore, build_document\n"
        "from corpus.loading import source_of\n"
        "s = CorpusStore.open(Path(sys.argv[1]), samples=False)\n"
        "text = '某市通知\\n某教〔2025〕9号\\n一、甲。'\n"
        "s.add(*build_document(source_of(text.encode(), 'b.txt')))\n"
        "os._exit(9)\n"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", code, str(home)], cwd=root, check=False)
    back_up(home, tmp_path / "b.zip")
    restore(tmp_path / "b.zip", tmp_path / "new")
    with CorpusStore.open(tmp_path / "new", samples=False) as store:
        assert len(store.documents()) == 2


def test_a_home_in_use_is_not_replaced(home: Path, tmp_path: Path) -> None:
    back_up(home, tmp_path / "b.zip")
    with CorpusStore.open(home, samples=False) as store:
        store.documents()
        with pytest.raises(BackupError, match="正在使用"):
            restore(tmp_path / "b.zip", home, force=True)
        assert len(store.documents()) == 1
    assert not list(home.glob("replaced-*"))


def test_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="没有可以备份"):
        back_up(tmp_path, tmp_path / "b.zip")
    assert not list(tmp_path.iterdir())


def test_a_damaged_database_does_not_replace_a_good_backup(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.zip"
    back_up(home, target)
    before = target.read_bytes()
    (home / "users.sqlite3").write_bytes(b"no database" * 400)
    with pytest.raises(DamagedError, match=r"users\.sqlite3"):
        back_up(home, target)
    assert target.read_bytes() == before
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_full_disk(home: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1) as disk:
        (home / "big.sqlite3").unlink(missing_ok=True)
        with closing(sqlite3.connect(home / "big.sqlite3")) as big:
            big.execute("CREATE TABLE t AS SELECT randomblob(3000000) AS b")
            big.commit()
        with pytest.raises(StorageError, match="磁盘空间不足"):
            back_up(home, disk / "b.zip")
        assert list(disk.iterdir()) == []
        back_up(home, tmp_path / "b.zip")
        with pytest.raises(StorageError, match="磁盘空间不足"):
            restore(tmp_path / "b.zip", disk / "home")
        assert list((disk / "home").iterdir()) == []


def test_every_turned_bit_is_noticed(home: Path, tmp_path: Path) -> None:
    """Whatever byte of an archive is changed: refused, or exactly what was backed up."""
    target = tmp_path / "b.zip"
    back_up(home, target)
    whole = target.read_bytes()
    wanted = contents(home)
    refused = 0
    for number in range(60):
        data = bytearray(whole)
        data[len(data) * number // 60] ^= 1 << (number % 8)
        target.write_bytes(bytes(data))
        try:
            restore(target, tmp_path / f"home{number}")
        except (BackupError, NewerStoreError):
            refused += 1
            left = tmp_path / f"home{number}"
            assert not left.exists() or list(left.iterdir()) == []
        else:  # a time or an attribute in the archive's own lists
            assert contents(tmp_path / f"home{number}") == wanted
    assert refused > 40


def rewritten(target: Path, made: Path, change: object) -> Path:
    """Copy an archive with another manifest or further members."""
    with zipfile.ZipFile(target) as old, zipfile.ZipFile(made, "w") as new:
        manifest = json.loads(old.read("manifest.json"))
        more = change(manifest) or {}  # type: ignore[operator]
        for name in old.namelist():
            data = old.read(name) if name != "manifest.json" else json.dumps(manifest).encode()
            new.writestr(name, data)
        for name, data in more.items():
            new.writestr(name, data)
    return made


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(lambda m: m.update(kind="x"), "不是条问的备份", id="foreign"),
        pytest.param(lambda m: m.update(format=2), "请先升级", id="later-format"),
        pytest.param(lambda m: m["files"].pop() and None, "清单与内容不符", id="one-missing"),
        pytest.param(lambda _: {"../evil.sqlite3": b""}, "清单与内容不符", id="one-more"),
        pytest.param(
            lambda m: (
                m["files"].append({"name": "../evil.sqlite3", "size": 0, "sha256": ""})
                or {"../evil.sqlite3": b""}
            ),
            "不该有的文件名",
            id="out-of-the-home",
        ),
        pytest.param(lambda m: m["files"][0].update(size=10), "与清单不符", id="size"),
    ],
)
def test_archives_that_are_not_ours(
    home: Path, tmp_path: Path, change: object, reason: str
) -> None:
    back_up(home, tmp_path / "b.zip")
    made = rewritten(tmp_path / "b.zip", tmp_path / "bad.zip", change)
    with pytest.raises(BackupError, match=reason):
        restore(made, tmp_path / "new")
    assert not (tmp_path / "new").exists() or os.listdir(tmp_path / "new") == []
    assert not (tmp_path / "evil.sqlite3").exists()


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x05\x06" + b"\x00" * 18])
def test_what_is_no_archive(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(BackupError):
        restore(tmp_path / "x", tmp_path / "new")
    with pytest.raises(BackupError, match="没有备份文件"):
        restore(tmp_path / "none", tmp_path / "new")


def test_a_later_corpus_is_refused(home: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(home / "corpus.sqlite3")) as connection:
        connection.execute("PRAGMA user_version = 99")
    back_up(home, tmp_path / "b.zip")
    with pytest.raises(NewerStoreError):
        restore(tmp_path / "b.zip", tmp_path / "new")
    assert os.listdir(tmp_path / "new") == []
