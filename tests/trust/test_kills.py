"""kill -9 in the middle of everything that writes: nothing is lost, and the next run repairs it.

Half of the kills come after random delays, half right after points that matter (a file flushed,
renamed or removed, a statement given to SQLite). `make trust` kills 200 times, `make test` some.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from corpus import CorpusStore, build_document, database
from corpus.loading import source_of
from corpus.types import Role
from index import snapshot
from index.building import builder, leftovers
from index.policy_index import PolicyIndex
from qa.backup import UNFINISHED
from qa.feedback import open_feedback
from qa.service import Service
from qa.types import Status
from tests.trust.conftest import Ended, Run, Scene

QUESTION = "远安公租房有多少套"
Tried = Callable[..., None]
# Kills of each kind: in `make test`, in `make trust`.
SOME = [
    pytest.param(3, id="some"),
    pytest.param(60, id="many", marks=[pytest.mark.trust, pytest.mark.timeout(1800)]),
]
FEW = [
    pytest.param(2, id="some"),
    pytest.param(30, id="many", marks=[pytest.mark.trust, pytest.mark.timeout(1800)]),
]
FEWER = [
    pytest.param(2, id="some"),
    pytest.param(25, id="many", marks=[pytest.mark.trust, pytest.mark.timeout(1800)]),
]


@pytest.fixture
def fresh(tmp_path: Path) -> Callable[[Path], Path]:
    """Return what copies a home, in place of the copy before."""

    def copy(home: Path) -> Path:
        shutil.rmtree(tmp_path / "home", ignore_errors=True)
        return shutil.copytree(home, tmp_path / "home")

    return copy


def kills(
    count: int, whole: Ended, seed: int, last: float = 1.0
) -> Iterator[dict[str, float | int]]:
    """When to kill: by turns after a random delay and right after a chosen point."""
    assert whole.code == 0, whole.said
    assert whole.points > 5
    chance = random.Random(seed)
    for number in range(count):
        if number % 2:
            yield {"point": 1 + (number // 2 * whole.points) // max(1, count // 2)}
        else:
            yield {"after": chance.uniform(0.0, whole.seconds * last)}


def whole_documents(home: Path) -> set[str | None]:
    """文号 of the documents of a home, each with exactly the passages that its bytes give."""
    assert database.problems(home / "corpus.sqlite3") == []
    with CorpusStore.open(home, samples=False) as store:
        for document in store.documents():
            anew, clauses = build_document(source_of(document.raw, document.file))
            assert document == anew
            assert store.clauses(document.doc_id, Role) == clauses
        return {document.doc_number for document in store.documents()}


def serves(home: Path) -> str:
    """Ask a question over the published index, every byte of which is checked; return its name."""
    root = home / "index"
    name = snapshot.current(root)
    assert name is not None
    snapshot.verify(snapshot.snapshot_folder(root, name))
    with CorpusStore.open(home, samples=False) as store:
        answer = Service(home, store, None).answer(QUESTION)
    assert answer.status is Status.ANSWERED
    assert any("320套" in part.quote for part in answer.parts)
    return name


def done(ended: Ended) -> Ended:
    assert ended.code == 0, ended.said
    return ended


@pytest.mark.parametrize("count", SOME)
def test_killed_imports(
    run: Run, scene: Scene, fresh: Callable[[Path], Path], tried: Tried, count: int
) -> None:
    """Every document is stored whole or not at all; the next import completes and says so."""
    job: dict[str, Any] = {"folder": str(scene.folder)}
    home = fresh(scene.home)
    before = whole_documents(home)
    whole = run("import", home, **job)
    everything = whole_documents(home)
    assert len(everything) == len(before) + 6
    told = 0
    for number, when in enumerate(kills(count, whole, 1)):
        home = fresh(scene.home)
        real = number % 20 == 10  # with the process that reads files
        ended = run("import", home, **job, **when, reader=real)
        found = whole_documents(home)
        assert before <= found <= everything
        serves(home)
        with CorpusStore.open(home, samples=False) as store:
            broken_off = bool(store.unfinished())
        again = done(run("import", home, **job))
        assert ("没有做完就中断了" in again.said) == broken_off
        assert ended.code in (-9, 0)
        assert broken_off <= (ended.code == -9)
        told += broken_off
        assert whole_documents(home) == everything
    assert told or count < 20  # a few delays may all fall outside
    tried("加入文件时 kill -9", count)


@pytest.mark.parametrize("count", SOME)
def test_killed_builds(
    run: Run, scene: Scene, fresh: Callable[[Path], Path], tried: Tried, count: int
) -> None:
    """The old index or the whole new one is published; the next build clears up and says so."""
    home = fresh(scene.grown)
    old = serves(home)
    whole = run("build", home)
    new = serves(home)
    assert new != old
    told = 0
    for when in kills(count, whole, 2):
        told += _build_killed(run, fresh(scene.grown), when, {}, old, new)
    assert told or count < 20  # a few delays may all fall outside
    tried("建立索引时 kill -9", count)


@pytest.mark.parametrize("count", FEW)
def test_killed_full_builds(
    run: Run, scene: Scene, fresh: Callable[[Path], Path], tried: Tried, count: int
) -> None:
    """A rebuild of the same inputs never touches what is published."""
    home = fresh(scene.home)
    old = serves(home)
    whole = run("build", home, full=True)
    new = serves(home)
    assert new == f"{old}_2"
    for when in kills(count, whole, 3):
        _build_killed(run, fresh(scene.home), when, {"full": True}, old, new)
    tried("全部重建索引时 kill -9", count)


def _build_killed(
    run: Run, home: Path, when: dict[str, Any], job: dict[str, Any], old: str, new: str
) -> bool:
    """Kill a build, look, build again; return whether there was something to clear up."""
    root = home / "index"
    run("build", home, **job, **when)
    assert serves(home) in (old, new)
    for name in snapshot.names(root):  # what has a name is whole, published or not
        snapshot.verify(snapshot.snapshot_folder(root, name))
    left = bool(leftovers(root)) or builder(root) is not None
    again = done(run("build", home))
    assert ("没有做完就中断了" in again.said) == left
    assert not leftovers(root)
    assert builder(root) is None
    assert serves(home) in (old, new)
    index = PolicyIndex.load(root, None)
    with CorpusStore.open(home, samples=False) as store:
        assert index.manifest.corpus_digest == store.digest()
    return left


@pytest.mark.parametrize("count", FEWER)
def test_killed_upgrades(
    run: Run, scene: Scene, fresh: Callable[[Path], Path], tried: Tried, count: int
) -> None:
    """A database is of the old form or of the new one, with all documents; opening goes on."""

    def older() -> Path:
        home = fresh(scene.home)
        with closing(sqlite3.connect(home / "corpus.sqlite3")) as connection:
            connection.execute("DROP TABLE imports")
            connection.execute("PRAGMA user_version = 0")
            connection.execute("UPDATE meta SET value = '0' WHERE key = 'parser'")
            connection.commit()
        return home

    wanted = whole_documents(fresh(scene.home))
    whole = run("open", older())
    assert "已从格式 0 升级" in whole.said
    for when in kills(count, whole, 4):
        home = older()
        run("open", home, **when)
        with closing(sqlite3.connect(home / "corpus.sqlite3")) as connection:
            form = connection.execute("PRAGMA user_version").fetchone()[0]
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        assert form == (len(database.MIGRATIONS) if "imports" in tables else 0)
        done(run("open", home))
        assert whole_documents(home) == wanted
        serves(home)
    tried("升级文档库时 kill -9", count)


@pytest.mark.parametrize("count", FEWER)
def test_killed_restores(
    run: Run, scene: Scene, fresh: Callable[[Path], Path], tried: Tried, count: int
) -> None:
    """Each file is the old one or the new one; the same restore again completes it."""
    job = {"archive": str(scene.archive)}
    home = fresh(scene.home)
    before = whole_documents(home)
    whole = run("restore", home, **job)
    after = whole_documents(home)
    assert before < after
    for when in kills(count, whole, 5):
        home = fresh(scene.home)
        ended = run("restore", home, **job, **when)
        assert whole_documents(home) in (before, after)
        said = open_feedback(home)
        assert {entry.feedback.comment for entry in said.entries()} >= {"原来的"}
        said.close()
        if ended.code == 0:
            assert not (home / UNFINISHED).exists()
        done(run("restore", home, **job))
        assert whole_documents(home) == after
        said = open_feedback(home)
        assert len(said.entries()) == 2
        said.close()
        assert not (home / UNFINISHED).exists()
        assert not list(home.glob(".tiaowen-*"))
    tried("恢复备份时 kill -9", count)
