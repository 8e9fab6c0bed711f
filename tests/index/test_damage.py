"""Turned bits, full and read-only disks, jumping clocks, readers and builders at once."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from corpus.errors import StorageError
from index import sealing, snapshot
from index.building import leftovers
from index.cache import EmbeddingCache
from index.errors import SnapshotError
from index.policy_index import PolicyIndex, load_sound
from index.tokens import default_tokenizer
from index.types import Manifest
from tests.disks import fill, read_only, small_disk
from tests.index.factories import HashEncoder, passages


def build(root: Path, corpus: str = "c1", *, full: bool = False) -> Manifest:
    return snapshot.build(
        root, passages(), HashEncoder(), default_tokenizer(), corpus, full=full
    )  # fmt: skip


def flip(path: Path, place: float = 0.5, bit: int = 0) -> None:
    """Turn one bit at a place (0 to 1) of a file."""
    data = bytearray(path.read_bytes())
    data[min(len(data) - 1, int(len(data) * place))] ^= 1 << bit
    path.write_bytes(bytes(data))


def files_of(folder: Path) -> list[Path]:
    """Every file of a snapshot that holds something."""
    found = sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.endswith(".lock"))
    return [path for path in found if path.name != ".verified.json"]


def test_a_turned_bit_is_found_in_every_file(tmp_path: Path) -> None:
    """At the begin, in the middle and at the end, by `verify` and when the snapshot is loaded."""
    manifest = build(tmp_path)
    folder = snapshot.snapshot_folder(tmp_path, manifest.snapshot)
    names = {path.relative_to(folder).as_posix() for path in files_of(folder)}
    assert {"manifest.json", "checksums.json", "checksums.sha256", "passages.jsonl"} <= names
    assert len(names) > 10
    for path in files_of(folder):
        whole = path.read_bytes()
        for place in (0.0, 0.5, 1.0):
            flip(path, place)
            with pytest.raises(SnapshotError):
                snapshot.verify(folder)
            with pytest.raises(SnapshotError):
                PolicyIndex.load(tmp_path, HashEncoder())
            path.write_bytes(whole)
        snapshot.verify(folder)
    assert len(PolicyIndex.load(tmp_path, HashEncoder()).passages) == len(passages())


def test_a_missing_or_cut_file_is_found(tmp_path: Path) -> None:
    folder = snapshot.snapshot_folder(tmp_path, build(tmp_path).snapshot)
    for path in files_of(folder):
        whole = path.read_bytes()
        path.unlink()
        with pytest.raises(SnapshotError):
            snapshot.verify(folder)
        path.write_bytes(whole[:-1])
        with pytest.raises(SnapshotError):
            snapshot.verify(folder)
        path.write_bytes(whole)


def test_a_large_file_is_hashed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then its size, time and inode vouch for it; a change of one of them has it hashed again."""
    folder = snapshot.snapshot_folder(tmp_path, build(tmp_path).snapshot)
    monkeypatch.setattr(sealing, "SMALL", 100)
    hashed: list[str] = []
    digest = sealing.file_digest

    def noted(path: Path) -> str:
        hashed.append(path.name)
        return digest(path)

    monkeypatch.setattr(sealing, "file_digest", noted)
    snapshot.check(folder)
    assert "passages.jsonl" in hashed
    hashed.clear()
    snapshot.check(folder)
    assert "passages.jsonl" not in hashed
    os.utime(folder / "passages.jsonl", ns=(0, 0))
    snapshot.check(folder)
    assert "passages.jsonl" in hashed
    flip(folder / "passages.jsonl")
    with pytest.raises(SnapshotError, match=r"passages\.jsonl"):
        snapshot.check(folder)


def test_a_damaged_snapshot_is_built_again_beside_itself(tmp_path: Path) -> None:
    """The build finds it unsound; the new one has a name of its own and replaces it."""
    first = build(tmp_path)
    flip(snapshot.snapshot_folder(tmp_path, first.snapshot) / "passages.jsonl")
    second = build(tmp_path)
    assert second.snapshot == f"{first.snapshot}_2"
    assert snapshot.current(tmp_path) == second.snapshot
    snapshot.verify(snapshot.snapshot_folder(tmp_path, second.snapshot))


def test_the_one_before_can_serve(tmp_path: Path) -> None:
    first, second = build(tmp_path, "c1"), build(tmp_path, "c2")
    flip(snapshot.snapshot_folder(tmp_path, second.snapshot) / "manifest.json")
    found = load_sound(tmp_path, HashEncoder())
    assert found.manifest.snapshot == first.snapshot
    flip(snapshot.snapshot_folder(tmp_path, first.snapshot) / "passages.jsonl")
    with pytest.raises(SnapshotError, match=second.snapshot):
        load_sound(tmp_path, HashEncoder())


@pytest.mark.parametrize("said", [b"\xff\xfe\x00", b"", b"../../etc", b"0123456789abcdef"])
def test_a_damaged_name_of_the_current_one(tmp_path: Path, said: bytes) -> None:
    """It is an error that names what to do, never another folder; the next build mends it."""
    first = build(tmp_path)
    (tmp_path / "current").write_bytes(said)
    with pytest.raises(SnapshotError):
        PolicyIndex.load(tmp_path, HashEncoder())
    assert build(tmp_path) == first
    PolicyIndex.load(tmp_path, HashEncoder())


def test_a_damaged_cache_is_thrown_away(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    build(tmp_path, "c1")
    (tmp_path / "embeddings.sqlite3").write_bytes(b"no database at all" * 1000)
    build(tmp_path, "c2")
    assert "向量缓存" in caplog.text
    PolicyIndex.load(tmp_path, HashEncoder())


def test_a_kept_vector_that_is_no_unit_vector_is_not_used(tmp_path: Path) -> None:
    encoder = HashEncoder()
    cache = EmbeddingCache(tmp_path / "e.sqlite3")
    cache.encode(encoder, ["甲", "乙"])
    with cache._db:
        cache._db.execute("UPDATE vector SET row = zeroblob(256)")
    cache.encode(encoder, ["甲", "乙"])
    cache.close()
    assert encoder.encoded == ["甲", "乙", "甲", "乙"]


def test_leftovers_of_a_killed_build_are_cleared_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    live = build(tmp_path)
    (tmp_path / "snapshots" / ".building-1").mkdir()
    (tmp_path / ".current-1").touch()
    (tmp_path / "build.owner").write_text(
        '{"pid": 1, "host": "elsewhere", "since": "2026-01-01T00:00:00+00:00", "started": ""}'
    )
    with caplog.at_level(logging.WARNING):
        build(tmp_path, "c2")
    assert "没有做完" in caplog.text
    assert "机器 elsewhere" in caplog.text
    assert not leftovers(tmp_path)
    assert not (tmp_path / "build.owner").exists()
    snapshot.verify(snapshot.snapshot_folder(tmp_path, live.snapshot))


def test_a_clock_that_jumps_costs_no_snapshot(tmp_path: Path) -> None:
    """The published one and the one before stay, whatever the times of their folders say."""
    first = build(tmp_path, "c1")
    future = time.time() + 10 * 365 * 86400
    os.utime(snapshot.snapshot_folder(tmp_path, first.snapshot), (future, future))
    second = build(tmp_path, "c2")
    os.utime(snapshot.snapshot_folder(tmp_path, second.snapshot), (0, 0))
    third = build(tmp_path, "c3")
    assert snapshot.names(tmp_path) == [third.snapshot, second.snapshot]
    for seconds in (0, future):
        os.utime(tmp_path / "current", (seconds, seconds))
        assert PolicyIndex.load(tmp_path, HashEncoder()).manifest == third


def test_a_reader_during_builds_always_gets_a_whole_index(tmp_path: Path) -> None:
    """Snapshots are published and cleared away beneath it, faster than any operator would."""
    build(tmp_path, "c0")
    done = threading.Event()
    seen: set[str] = set()
    errors: list[BaseException] = []

    def read() -> None:
        while not done.is_set():
            try:
                index = PolicyIndex.load(tmp_path, HashEncoder())
                assert index.retrieve("补贴", {"补贴": 1.0}).rows
                seen.add(index.manifest.snapshot)
            except BaseException as error:
                errors.append(error)
                return

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 12):
        build(tmp_path, f"c{number}")
    done.set()
    reader.join()
    assert not errors
    assert len(seen) > 1


def test_a_full_disk(tmp_path: Path) -> None:
    """The build ends with one message; what was published stays whole, and room mends it."""
    with small_disk(tmp_path / "disk", 20) as disk:
        root = disk / "index"
        old = snapshot.build(root, passages(), None, default_tokenizer(), "c1")
        filler = fill(disk, 40_000)  # in which a build begins and does not end
        with pytest.raises(StorageError, match=r"磁盘空间不足.*腾出空间"):
            build(root, "c2")
        assert snapshot.current(root) == old.snapshot
        snapshot.verify(snapshot.snapshot_folder(root, old.snapshot))
        assert PolicyIndex.load(root, None).retrieve("学位", {"学位": 1.0}).rows == (1,)
        filler.unlink()
        snapshot.verify(snapshot.snapshot_folder(root, build(root, "c2").snapshot))


def test_a_read_only_index_serves(tmp_path: Path) -> None:
    """Loading writes nothing that it needs; a build says what is the matter."""
    with small_disk(tmp_path / "disk", 20) as disk:
        root = disk / "index"
        live = build(root)
        with read_only(disk):
            index = PolicyIndex.load(root, HashEncoder())
            assert index.manifest == live
            assert index.retrieve("老人吃饭补贴多少", {"老人": 1.0, "补贴": 1.0}).rows[0] == 2
            with pytest.raises(StorageError, match="只能读，不能写"):
                build(root, "c2")


_LIMITED_BUILD = """
import resource, sys
from pathlib import Path
from corpus.errors import StorageError
from tests.index.test_damage import build
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    build(Path(sys.argv[1]), "c2")
except StorageError as error:
    print(error)
"""


@pytest.mark.parametrize("most", [100, 4000])
def test_a_limit_of_file_size(tmp_path: Path, most: int) -> None:
    """The other way in which a disk says no; needs no root."""
    old = build(tmp_path)
    (tmp_path / "embeddings.sqlite3").unlink()
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED_BUILD, str(tmp_path), str(most)],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "建立索引没有完成" in done.stdout
    assert "原来的索引照常使用" in done.stdout
    assert snapshot.current(tmp_path) == old.snapshot
    snapshot.verify(snapshot.snapshot_folder(tmp_path, old.snapshot))
    build(tmp_path, "c3")
