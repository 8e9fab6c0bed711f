"""The database of the documents: older and newer forms, damage, disks that refuse, marks."""

from __future__ import annotations

import logging
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from corpus import CorpusStore, build_document, database, ingest
from corpus.errors import DamagedError, NewerStoreError, StorageError
from corpus.loading import source_of
from corpus.owners import Owner
from corpus.types import Role
from tests.corpus.hostile import TEXT
from tests.disks import read_only, small_disk

# As release 0.1 made it, word for word: what an upgrade meets.
RELEASE_0_1 = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE documents (
    doc_id TEXT PRIMARY KEY, sort_key TEXT NOT NULL, sha256 TEXT NOT NULL, fields TEXT NOT NULL,
    text TEXT NOT NULL, raw_text TEXT NOT NULL, raw BLOB NOT NULL,
    repairs TEXT NOT NULL, warnings TEXT NOT NULL);
CREATE TABLE clauses (
    clause_id TEXT PRIMARY KEY,
    doc_id TEXT NOT NULL REFERENCES documents(doc_id) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, role TEXT NOT NULL, fields TEXT NOT NULL);
CREATE INDEX clauses_by_document ON clauses(doc_id, start);
"""


def form(home: Path) -> int:
    with closing(sqlite3.connect(home / "corpus.sqlite3")) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def filled(home: Path) -> CorpusStore:
    store = CorpusStore.open(home, samples=False)
    store.add(*build_document(source_of(TEXT.encode(), "a.txt")))
    return store


@pytest.fixture
def old_home(tmp_path: Path) -> Path:
    """A home of release 0.1 with one document."""
    filled(tmp_path / "new").close()
    home = tmp_path / "home"
    home.mkdir()
    with closing(sqlite3.connect(home / "corpus.sqlite3")) as connection:
        connection.executescript(RELEASE_0_1)
        connection.execute("ATTACH ? AS new", (str(tmp_path / "new" / "corpus.sqlite3"),))
        for table in ("meta", "documents", "clauses"):
            connection.execute(f"INSERT INTO {table} SELECT * FROM new.{table}")
        connection.commit()
    return home


def test_a_home_of_an_older_release_is_brought_up(
    old_home: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Everything is kept, a copy of the file as it was is put aside, and the operator is told."""
    assert form(old_home) == 0
    with caplog.at_level(logging.WARNING):
        store = CorpusStore.open(old_home, samples=False)
    assert form(old_home) == len(database.MIGRATIONS)
    new = CorpusStore.open(tmp_path / "new", samples=False)
    assert store.documents() == new.documents()
    assert store.clauses(roles=Role) == new.clauses(roles=Role)
    copied = old_home / "corpus.sqlite3.v0"
    assert str(copied) in caplog.text
    with closing(sqlite3.connect(copied)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == 0
        assert connection.execute("SELECT count(*) FROM documents").fetchone()[0] == 1
    caplog.clear()
    CorpusStore.open(old_home, samples=False)
    assert not caplog.records
    assert [path.name for path in old_home.glob("*.v*")] == [copied.name]


def test_a_migration_that_fails_changes_nothing(
    old_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = (*database.MIGRATIONS, ("DELETE FROM documents", "INSERT INTO nowhere VALUES (1)"))
    before = database.problems(old_home / "corpus.sqlite3")
    monkeypatch.setattr(database, "MIGRATIONS", bad)
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        CorpusStore.open(old_home, samples=False)
    assert form(old_home) == 0
    monkeypatch.undo()
    assert database.problems(old_home / "corpus.sqlite3") == before == []
    assert len(CorpusStore.open(old_home, samples=False).documents()) == 1


def test_two_processes_upgrade_at_once(old_home: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom corpus import CorpusStore\n"
        "print(len(CorpusStore.open(Path(sys.argv[1]), samples=False).documents()))\n"
    )
    command = [sys.executable, "-c", code, str(old_home)]
    root = Path(__file__).parents[2]
    running = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE) for _ in range(3)]
    assert [process.communicate(timeout=120)[0].strip() for process in running] == [b"1"] * 3


def test_a_home_of_a_later_release_is_not_touched(tmp_path: Path) -> None:
    filled(tmp_path).close()
    path = tmp_path / "corpus.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before, files = path.read_bytes(), sorted(os.listdir(tmp_path))
    with pytest.raises(NewerStoreError, match=r"格式 99.*没有改动它.*请升级条问"):
        CorpusStore.open(tmp_path)
    assert path.read_bytes() == before
    assert sorted(os.listdir(tmp_path)) == files


def test_damage_is_found_and_the_way_back_is_told(tmp_path: Path) -> None:
    """Pages overwritten in the middle; a file that is no database at all."""
    store = filled(tmp_path)
    for number in range(60):
        text = TEXT.replace("3号", f"{number}号")
        store.add(*build_document(source_of(text.encode(), "a.txt")))
    store.close()
    path = tmp_path / "corpus.sqlite3"
    assert database.problems(path) == []
    data = bytearray(path.read_bytes())
    for page in range(2, len(data) // 4096, 2):
        data[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    path.write_bytes(bytes(data))
    assert database.problems(path)
    path.write_bytes(b"no database" * 500)
    assert database.problems(path)
    with pytest.raises(DamagedError, match="tiaowen restore"):
        CorpusStore.open(tmp_path)


def test_a_full_disk_takes_no_half_document(tmp_path: Path) -> None:
    """Each file that finds no room is refused by name; the ones before stay; room mends it."""
    folder = tmp_path / "policies"
    folder.mkdir()
    for number in range(12):
        more = "".join(f"{n}.第{n}项要求。\n" for n in range(1, 700))
        text = TEXT.replace("3号", f"{number}号") + more
        (folder / f"{number:02}.txt").write_text(text, encoding="utf-8")
    with small_disk(tmp_path / "disk", 2) as disk:
        store = CorpusStore.open(disk / "home", samples=False)
        reports = ingest(store, [folder])
        stored = [r for r in reports if r.error is None]
        refused = [r for r in reports if r.error is not None]
        assert stored
        assert refused
        for report in refused:
            assert "磁盘空间不足" in (report.error or "")
            assert "腾出空间" in (report.error or "")
        store.close()
        again = CorpusStore.open(disk / "home", samples=False)
        assert {d.doc_id for d in again.documents()} == {r.doc_id for r in stored}
        for document in again.documents():
            _, clauses = build_document(source_of(document.raw, document.file))
            assert again.clauses(document.doc_id, Role) == clauses
        assert database.problems(again.path) == []
        subprocess.run(["mount", "-o", "remount,size=60m", str(disk)], check=True)
        assert {r.outcome for r in ingest(again, [folder])} == {"added", "unchanged"}
        again.close()


@pytest.mark.parametrize("killed", [False, True], ids=["closed", "killed"])
def test_a_read_only_home_is_read(tmp_path: Path, killed: bool) -> None:
    """Also where the last writer was killed and its log lies beside the database."""
    with small_disk(tmp_path / "disk", 20) as disk:
        home = disk / "home"
        filled(home).close()
        if killed:
            code = (
                "import os, sys\nfrom pathlib import Path\n"
                "from corpus import CorpusStore, build_document\n"
                "from corpus.loading import source_of\n"
                "s = CorpusStore.open(Path(sys.argv[1]), samples=False)\n"
                "text = '某市通知\\n某教〔2025〕9号\\n一、甲。'\n"
                "s.add(*build_document(source_of(text.encode(), 'b.txt')))\nos._exit(9)\n"
            )
            root = Path(__file__).parents[2]
            subprocess.run([sys.executable, "-c", code, str(home)], cwd=root, check=False)
            assert (home / "corpus.sqlite3-wal").stat().st_size
        with read_only(disk):
            store = CorpusStore.open(home)
            assert len(store.documents()) == 1 + killed
            with pytest.raises(StorageError, match="只能读，不能写"):
                store.add(*build_document(source_of(TEXT.encode(), "a.txt")))
            with pytest.raises(StorageError, match="只能读，不能写"):
                ingest(store, [Path(__file__).parents[2] / "LICENSE"])
            store.close()
            with pytest.raises(StorageError, match="建立"):
                CorpusStore.open(disk / "other")


def test_an_import_that_was_broken_off_is_told_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Once, by the next import, and only when its process is gone."""
    store = filled(tmp_path)
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom corpus import CorpusStore\n"
        "with CorpusStore.open(Path(sys.argv[1])).importing(7):\n    os._exit(9)\n"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=root, check=False)
    (owner,) = store.unfinished()
    assert owner.gone
    with caplog.at_level(logging.WARNING), store.importing(1):
        assert "没有做完就中断了" in caplog.text
        assert f"进程 {owner.pid}" in caplog.text
        caplog.clear()
        with store.importing(1):  # ours is at work: nothing to tell
            assert not caplog.records
    assert store.unfinished() == ()


def test_owners() -> None:
    """A process that lives, one that is gone, one elsewhere, and one with a used-again number."""
    own = Owner.this()
    assert Owner.read(own.dump()) == own
    assert not own.gone
    assert Owner(own.pid, own.host, own.since, "0").gone
    assert not Owner(own.pid, "elsewhere", own.since, "0").gone
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    assert Owner(process.pid, own.host, own.since, own.started).gone
    for broken in ("", "{}", "[]", '{"pid": 1}', '{"pid":1,"host":"","since":"x","started":""}'):
        assert Owner.read(broken) is None
    later = Owner(1, "h", "2999-01-01T00:00:00+00:00")
    assert later.age() == "不到 1 分钟"  # the clock was set back since
    assert Owner(1, "h", "2020-01-01T00:00:00+00:00").age().endswith("天")


def test_what_is_no_storage_error_stays_what_it_is(tmp_path: Path) -> None:
    store = filled(tmp_path)
    document, clauses = build_document(source_of(TEXT.encode(), "b.txt"))
    with pytest.raises(sqlite3.IntegrityError):
        store.add(replace(document, sha256="x"), (*clauses, clauses[0]))
