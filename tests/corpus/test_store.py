"""The store: replacing, removing, failing half-way, threads and processes."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from corpus import (
    Clause,
    CorpusError,
    CorpusStore,
    Document,
    Origin,
    Role,
    UnknownDocument,
    build_document,
)
from corpus.loading import source_of
from corpus.samples import sample_documents

TEXT = (
    "某市教育局关于入学的通知\n某教〔2025〕3号\n"
    "各学校：\n请办理。\n一、对象。六周岁。\n二、时间。六月。\n"
)


def made(text: str = TEXT, file: str = "a.txt") -> tuple[Document, tuple[Clause, ...]]:
    return build_document(source_of(text.encode(), file))


@pytest.fixture
def store(tmp_path: Path) -> CorpusStore:
    return CorpusStore.open(tmp_path, samples=False)


def test_a_new_home_starts_with_the_samples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TIAOWEN_SAMPLES", raising=False)
    store = CorpusStore.open(tmp_path / "new" / "home")
    assert len(store.documents()) == 5
    store.remove(store.documents()[0].doc_id)
    assert len(CorpusStore.open(tmp_path / "new" / "home").documents()) == 4  # not brought back
    monkeypatch.setenv("TIAOWEN_SAMPLES", "0")
    assert CorpusStore.open(tmp_path / "empty").documents() == ()


def test_what_is_stored_comes_back_equal(store: CorpusStore) -> None:
    document, clauses = made()
    result = store.add(document, clauses)
    assert (result.kind, result.doc_id) == ("added", document.doc_id)
    assert [i.split("-")[1] for i in result.added] == ["1", "2"]
    assert store.document(document.doc_id) == document
    assert store.documents() == (document,)
    assert store.clauses(roles=Role) == clauses
    assert store.clauses() == tuple(c for c in clauses if c.role == Role.CLAUSE)
    assert store.clause(clauses[1].clause_id) == clauses[1]


def test_samples_come_back_equal(tmp_path: Path) -> None:
    store = CorpusStore.open(tmp_path, samples=True)
    for document, clauses in sample_documents():
        assert store.document(document.doc_id) == document
        assert store.clauses(document.doc_id, Role) == clauses


def test_adding_again_changes_nothing(store: CorpusStore) -> None:
    store.add(*made())
    digest = store.digest()
    assert store.add(*made()).kind == "unchanged"
    assert store.digest() == digest


def test_an_edition_with_the_same_number_replaces(store: CorpusStore) -> None:
    document, _clauses = made()
    store.add(*made())
    digest = store.digest()
    edited = TEXT.replace("六月", "七月").replace("一、对象。六周岁。\n", "") + "三、地点。学校。\n"
    result = store.add(*made(edited, "b.txt"))
    assert (result.kind, result.replaced_doc_id) == ("replaced", document.doc_id)
    ids = [
        [i.split("-")[1] for i in group] for group in (result.added, result.removed, result.changed)
    ]
    assert ids == [["3"], ["1"], ["2"]]
    assert len(store.documents()) == 1
    assert store.digest() != digest


def test_an_official_text_replaces_its_digest_but_never_the_other_way(store: CorpusStore) -> None:
    document, clauses = made()
    digest = replace(document, origin=Origin.DIGEST, sha256="0")
    store.add(digest, clauses[:1])
    assert store.add(document, clauses).kind == "replaced"
    assert store.add(digest, clauses[:1]).kind == "kept"
    assert store.document(document.doc_id).origin == Origin.OFFICIAL
    assert len(store.clauses()) == 2


def test_originals_take_the_place_of_their_digests(tmp_path: Path, originals: list[Path]) -> None:
    from corpus import ingest

    store = CorpusStore.open(tmp_path, samples=True)
    reports = ingest(store, originals)
    assert {report.outcome for report in reports} == {"replaced"}
    assert {document.origin for document in store.documents()} == {Origin.OFFICIAL}
    assert len(store.clauses()) == 12 + 32 + 49 + 27 + 14


def test_removing(store: CorpusStore) -> None:
    document, _clauses = made()
    store.add(*made())
    store.remove(document.doc_id)
    assert not store.documents()
    assert not store.clauses(roles=Role)
    with pytest.raises(UnknownDocument, match="corpus list"):
        store.remove(document.doc_id)


@pytest.mark.parametrize(
    "name", ["某教〔2025〕3号", "某教[2025]3号", "关于入学", "a.txt", "某市教育局关于入学的通知"]
)
def test_finding_by_any_name(store: CorpusStore, name: str) -> None:
    document, _clauses = made()
    store.add(*made())
    assert store.find(name) == document


def test_not_finding_says_what_to_do(store: CorpusStore) -> None:
    store.add(*made())
    store.add(*made(TEXT.replace("3号", "4号"), "b.txt"))
    with pytest.raises(UnknownDocument, match="corpus list"):
        store.find("没有这份")
    with pytest.raises(UnknownDocument, match="多份"):
        store.find("关于入学")
    with pytest.raises(UnknownDocument):
        store.find("")
    with pytest.raises(UnknownDocument):
        store.document("0000000000")
    with pytest.raises(UnknownDocument):
        store.clause("0000000000-1")


def test_documents_stand_in_order_of_area(store: CorpusStore) -> None:
    for area, number in (("乙省", "1号"), ("甲省/甲市", "2号"), ("甲省", "3号")):
        document, clauses = made(TEXT.replace("3号", number))
        store.add(replace(document, area=area), clauses)
    areas = [document.area for document in store.documents()]
    assert areas == sorted(areas)


def test_a_failure_half_way_leaves_the_old_document(store: CorpusStore) -> None:
    document, clauses = made()
    store.add(document, clauses)
    doubled = (*clauses, clauses[-1])  # the same clause id twice breaks the insertion
    with pytest.raises(sqlite3.IntegrityError):
        store.add(replace(document, sha256="other"), doubled)
    assert store.document(document.doc_id) == document
    assert store.clauses(roles=Role) == clauses


def test_a_killed_process_leaves_the_old_document(tmp_path: Path) -> None:
    store = CorpusStore.open(tmp_path, samples=False)
    document, clauses = made()
    store.add(document, clauses)
    script = (
        "import os, sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('PRAGMA foreign_keys = ON')\n"
        "c.execute('BEGIN IMMEDIATE')\n"
        "c.execute('DELETE FROM documents')\n"
        "os._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(store.path)], check=False)
    assert CorpusStore.open(tmp_path, samples=False).clauses(roles=Role) == clauses


def test_two_processes_may_add_at_once(tmp_path: Path) -> None:
    CorpusStore.open(tmp_path, samples=False)
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from corpus import CorpusStore, build_document\nfrom corpus.loading import source_of\n"
        "store = CorpusStore.open(Path(sys.argv[1]), samples=False)\n"
        "for n in range(20):\n"
        "    text = f'通知\\n某教〔2025〕{sys.argv[2]}{n}号\\n一、甲。\\n二、乙。'\n"
        "    store.add(*build_document(source_of(text.encode(), f'{n}.txt')))\n"
    )
    root = Path(__file__).parents[2]
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path), mark], cwd=root)
        for mark in ("1", "2")
    ]
    assert [process.wait(timeout=120) for process in running] == [0, 0]
    assert len(CorpusStore.open(tmp_path, samples=False).documents()) == 40


def test_two_processes_may_open_a_new_home_at_once(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom corpus import CorpusStore\n"
        "print(len(CorpusStore.open(Path(sys.argv[1])).documents()))\n"
    )
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", script, str(tmp_path / "home")]
    running = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE) for _ in range(3)]
    assert [process.communicate(timeout=120)[0].strip() for process in running] == [b"5"] * 3


def test_threads_share_a_store(store: CorpusStore) -> None:
    store.add(*made())
    seen: list[int] = []

    def read() -> None:
        seen.extend(len(store.clauses()) for _ in range(20))
        store.close()

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [2] * 80


def test_opening_and_listing_the_samples_is_quick(tmp_path: Path) -> None:
    CorpusStore.open(tmp_path, samples=True).close()
    started = time.perf_counter()
    store = CorpusStore.open(tmp_path, samples=True)
    assert len(store.documents()) == 5
    assert len(store.clauses()) == 134
    assert time.perf_counter() - started < 0.2  # some 10 ms alone; CI machines are shared


def test_a_new_parser_reads_stored_documents_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = CorpusStore.open(tmp_path, samples=False)
    document, clauses = made()
    store.add(document, clauses[:1])  # as an older parser might have left it
    digest = store.digest()
    monkeypatch.setattr("corpus.store.PARSER_VERSION", "next")
    renewed = CorpusStore.open(tmp_path, samples=False)
    assert renewed.clauses(roles=Role) == clauses
    assert renewed.digest() != digest


def test_a_broken_file_is_said_to_be_broken(tmp_path: Path) -> None:
    (tmp_path / "corpus.sqlite3").write_bytes(b"not a database" * 100)
    with pytest.raises(CorpusError, match="打不开"):
        CorpusStore.open(tmp_path, samples=False)
