"""Turned bits, disks without room and mangled files, many times over (`make trust`)."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus import CorpusStore, build_document, database, ingest
from corpus.confined import Reader
from corpus.errors import StorageError
from corpus.importing import import_bytes
from corpus.limits import Limits
from corpus.loading import source_of
from corpus.types import Role
from index import snapshot
from index.errors import SnapshotError
from index.policy_index import PolicyIndex, build_index
from qa.backup import BackupError, restore
from tests.corpus import hostile
from tests.disks import fill, small_disk
from tests.index.factories import HashEncoder
from tests.trust.conftest import Scene

pytestmark = [pytest.mark.trust, pytest.mark.timeout(1800)]
Tried = Callable[..., None]


def turned(data: bytes, chance: random.Random) -> bytes:
    """One bit turned."""
    out = bytearray(data)
    out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def test_turned_bits_in_a_snapshot(scene: Scene, tmp_path: Path, tried: Tried) -> None:
    """500 bits over all files: each is found by `verify` and when the snapshot is loaded."""
    home = shutil.copytree(scene.home, tmp_path / "home")
    root = home / "index"
    folder = snapshot.snapshot_folder(root, snapshot.current(root) or "")
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size]
    files = [path for path in files if path.name != ".verified.json"]
    chance = random.Random(1)
    for number in range(500):
        path = files[number % len(files)]
        whole = path.read_bytes()
        path.write_bytes(turned(whole, chance))
        for look in (snapshot.verify, lambda _: PolicyIndex.load(root, HashEncoder())):
            with pytest.raises(SnapshotError):
                look(folder)
        path.write_bytes(whole)
    snapshot.verify(folder)
    tried("翻转索引快照里的一个比特", 500)


def test_turned_bits_in_a_backup(scene: Scene, tmp_path: Path, tried: Tried) -> None:
    """300 bits: refused with nothing written, or exactly what was backed up."""
    whole = scene.archive.read_bytes()
    restore(scene.archive, tmp_path / "good")
    wanted = documents(tmp_path / "good")
    chance = random.Random(2)
    for number in range(300):
        (tmp_path / "b.zip").write_bytes(turned(whole, chance))
        home = tmp_path / f"home{number}"
        try:
            restore(tmp_path / "b.zip", home)
        except BackupError:
            assert not home.exists() or not list(home.iterdir())
        else:
            assert documents(home) == wanted
    tried("翻转备份文件里的一个比特", 300)


def documents(home: Path) -> object:
    with CorpusStore.open(home, samples=False) as store:
        return store.documents(), store.clauses(roles=Role)


def test_disks_without_room(scene: Scene, tmp_path: Path, tried: Tried) -> None:
    """40 disks that fill up at another place each: what was there serves, and room mends it."""
    chance = random.Random(3)
    refused = 0
    for number in range(40):
        with small_disk(tmp_path / f"disk{number}", 8) as disk:
            home = shutil.copytree(scene.home, disk / "home")
            root = home / "index"
            filler = fill(disk, chance.randrange(0, 1_500_000))
            with CorpusStore.open(home, samples=False) as store:
                try:
                    ingest(store, [scene.folder])
                    build_index(store, root, HashEncoder())
                except StorageError:
                    refused += 1
            name = snapshot.current(root)
            assert name is not None
            snapshot.verify(snapshot.snapshot_folder(root, name))
            assert PolicyIndex.load(root, None).retrieve("公租房", {"公租房": 1.0}).rows
            filler.unlink()
            with CorpusStore.open(home, samples=False) as store:
                assert database.problems(store.path) == []
                for document in store.documents():
                    anew = build_document(source_of(document.raw, document.file))
                    assert anew == (document, store.clauses(document.doc_id, Role))
                ingest(store, [scene.folder])
                build_index(store, root, HashEncoder())
                assert PolicyIndex.load(root, None).manifest.corpus_digest == store.digest()
    assert refused > 10
    tried("磁盘写满（不同余量）", 40)


def test_mangled_files(tmp_path: Path, tried: Tried) -> None:
    """400 files cut, turned or stitched together: read or refused by name, in bounded time."""
    chance = random.Random(4)
    seeds = {
        "a.docx": hostile.docx(hostile.word("一、对象。六周岁的儿童入学。" * 20)),
        "a.pdf": hostile.pdf(),
        "a.html": "<html><body><p>一、对象。</p><table><tr><td>甲</td></tr></table>".encode() * 9,
        "a.txt": hostile.TEXT.encode(),
        "a.zip": hostile.tricks(),
        "a.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 40,
        "a.rtf": rb"{\rtf1\ansi {\fonttbl x}\u19968?\u12289? \par}" * 30,
        "a.mht": b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n"
        b"Content-Type: text/html\n\n<p>" + "一、对象。".encode() + b"</p>\n--x--\n",
    }
    store = CorpusStore.open(tmp_path / "home", samples=False)
    outside = {path for path in tmp_path.rglob("*") if "home" not in path.parts}
    with Reader(Limits(seconds=60.0, cpu=40, memory=1 << 30)) as reader:
        for number in range(400):
            file = sorted(seeds)[number % len(seeds)]
            data = mangled(seeds[file], seeds, chance)
            reports = import_bytes(store, data, file, reader)
            assert reports
            for one in reports:
                assert one.error is None or one.error.startswith(f"无法导入「{file}")
    assert {path for path in tmp_path.rglob("*") if "home" not in path.parts} == outside
    store.close()
    tried("导入被破坏的文件（截断、翻转、拼接）", 400)


def mangled(data: bytes, others: dict[str, bytes], chance: random.Random) -> bytes:
    """Cut, turned in several places, or grown together with another file."""
    kind = chance.randrange(3)
    if kind == 0:
        return data[: chance.randrange(1, len(data))]
    if kind == 1:
        for _ in range(chance.randrange(1, 30)):
            data = turned(data, chance)
        return data
    place = chance.randrange(len(data))
    return data[:place] + chance.choice(sorted(others.values())) + data[place:]
