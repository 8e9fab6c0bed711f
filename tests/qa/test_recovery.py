"""Opening a home after something went wrong: what is whole serves, and what is not is told."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from corpus import Clause, CorpusStore, Document, ingest
from corpus.errors import StorageError
from index import snapshot
from index.errors import BuildBusyError
from index.policy_index import build_index
from qa.encoding import _recent
from qa.service import Service, index_root, open_service
from qa.types import Status
from tests.disks import fill, read_only, small_disk
from tests.qa.town import POINTS, write_documents

HOUSING = "上虞保障性租赁住房筹集多少套"


@pytest.fixture(autouse=True)
def words_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No model, and none is fetched."""
    monkeypatch.setattr("qa.service.open_encoder", lambda *_args, **_more: None)


def make(home: Path) -> Path:
    with CorpusStore.open(home, samples=False) as store:
        ingest(store, write_documents(home.parent / "originals"))
        build_index(store, index_root(home), None)
    return home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make(tmp_path / "home")


def answers(service: Service) -> bool:
    answer = service.answer(HOUSING)
    service.close()
    return answer.status is Status.ANSWERED and "1500套" in answer.parts[0].quote


def damage(home: Path) -> str:
    """Turn a bit of the published snapshot; return its name."""
    name = snapshot.current(index_root(home))
    assert name is not None
    file = snapshot.snapshot_folder(index_root(home), name) / "passages.jsonl"
    data = bytearray(file.read_bytes())
    data[100] ^= 1
    file.write_bytes(bytes(data))
    return name


def again(home: Path) -> None:
    """Publish a second snapshot of the same documents."""
    with CorpusStore.open(home) as store:
        build_index(store, index_root(home), None, full=True)


def test_a_damaged_index_is_built_again(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    name = damage(home)
    with caplog.at_level(logging.WARNING):
        assert answers(open_service(home))
    assert "passages.jsonl 已损坏" in caplog.text
    assert snapshot.current(index_root(home)) == f"{name}_2"


def test_the_one_before_serves_where_nothing_can_be_built(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    again(home)
    name = damage(home)
    with caplog.at_level(logging.WARNING), FileLock(index_root(home) / "build.lock"):
        service = open_service(home)
        assert service.index.manifest.snapshot != name
        assert answers(service)
    assert "暂用上一个完好的索引" in caplog.text


def test_an_index_of_an_older_format_is_built_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade of the program: the old one is not read, a new one is made and published."""
    old = snapshot.current(index_root(home))
    with monkeypatch.context() as patch:
        patch.setattr(snapshot, "FORMAT", snapshot.FORMAT + 1)
        assert answers(open_service(home))
        new = snapshot.current(index_root(home))
        assert new != old
    # And back again: a downgrade finds its own beside it.
    assert answers(open_service(home))
    assert snapshot.current(index_root(home)) == old


def test_a_build_elsewhere_does_not_stop_answers(
    home: Path, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    (tmp_path / "new.txt").write_text(
        POINTS.replace("虞政办发〔2025〕7号", "虞政办发〔2025〕8号"), encoding="utf-8"
    )
    with CorpusStore.open(home) as store:
        ingest(store, [tmp_path / "new.txt"])
    with caplog.at_level(logging.WARNING), FileLock(index_root(home) / "build.lock"):
        assert answers(open_service(home))
    assert "先用已有的索引" in caplog.text


def test_without_any_index_a_build_elsewhere_is_told(tmp_path: Path) -> None:
    home = tmp_path / "home"
    CorpusStore.open(home, samples=False).close()
    index_root(home).mkdir()
    with FileLock(index_root(home) / "build.lock"), pytest.raises(BuildBusyError):
        open_service(home)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", 30) as mounted:
        yield mounted


def test_a_read_only_home_answers(disk: Path, caplog: pytest.LogCaptureFixture) -> None:
    home = make(disk / "home")
    with read_only(disk):
        assert answers(open_service(home))
        assert "不能写入" in caplog.text
    with CorpusStore.open(home) as store:  # stale, and nothing can be built: the old one serves
        store.add(*_more())
    with read_only(disk):
        assert answers(open_service(home))
    assert "先用已有的索引" in caplog.text


def test_a_full_disk_answers(disk: Path, caplog: pytest.LogCaptureFixture) -> None:
    home = make(disk / "home")
    with CorpusStore.open(home) as store:
        store.add(*_more())
    fill(disk)
    assert answers(open_service(home))
    assert "不能写入" in caplog.text
    with CorpusStore.open(home) as store, pytest.raises(StorageError, match="磁盘空间不足"):
        build_index(store, index_root(home), None)


def _more() -> tuple[Document, tuple[Clause, ...]]:
    from corpus import build_document
    from corpus.loading import source_of

    text = "远安县通知\n远政办发〔2021〕9号\n各乡镇：\n一、时间。三天。\n"
    return build_document(source_of(text.encode(), "more.txt"))


@pytest.mark.parametrize(
    ("age", "waits"),
    [
        pytest.param(10, True, id="just-failed"),
        pytest.param(3600, False, id="long-ago"),
        pytest.param(-86400, False, id="clock-set-back"),
    ],
)
def test_a_failed_fetch_is_remembered_by_a_clock_that_may_jump(
    tmp_path: Path, age: float, waits: bool
) -> None:
    mark = tmp_path / "model-fetch-failed"
    mark.touch()
    os.utime(mark, (time.time() - age, time.time() - age))
    assert _recent(mark) is waits
