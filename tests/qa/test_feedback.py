"""What residents say: stored without personal data."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from corpus.errors import DamagedError, StorageError
from qa import feedback as module
from qa.feedback import Feedback, FeedbackStore, PersonalDataError, open_feedback
from tests.disks import fill, read_only, small_disk


@pytest.fixture
def store(tmp_path: Path) -> FeedbackStore:
    return open_feedback(tmp_path)


def test_what_was_said_comes_back(tmp_path: Path) -> None:
    said = Feedback(
        "down", "incomplete", " 少了时间 ", "租房", "answered", "甲省/乙市", ("c1", "c2")
    )
    store = open_feedback(tmp_path)
    number = store.add(said)
    store.close()
    again = open_feedback(tmp_path)
    entry = again.entries()[0]
    assert entry.id == number
    assert entry.feedback.comment == "少了时间"
    assert entry.feedback.clause_ids == ("c1", "c2")
    assert len(entry.day) == len("2026-03-01")
    again.close()


@pytest.mark.parametrize(
    "said",
    [
        Feedback("up", question="我叫张三，身份证350500199001011234"),
        Feedback("up", comment="电话 138 0013 8000"),
        Feedback("up", area="6222020200001111222"),
    ],
)
def test_personal_numbers_are_refused(store: FeedbackStore, said: Feedback) -> None:
    with pytest.raises(PersonalDataError):
        store.add(said)
    assert store.counts() == {"up": 0, "down": 0}
    store.close()


def test_filters_pages_and_counts(store: FeedbackStore) -> None:
    for number in range(6):
        verdict: module.Verdict = "up" if number % 2 else "down"
        status = "answered" if number < 4 else "related_only"
        store.add(Feedback(verdict, question=str(number), status=status))
    asked = [entry.feedback.question for entry in store.entries()]
    assert asked == ["5", "4", "3", "2", "1", "0"]
    down = store.entries(verdict="down", statuses=("answered",))
    assert [entry.feedback.question for entry in down] == ["2", "0"]
    first = store.entries(limit=2)
    later = store.entries(limit=2, before=first[-1].id)
    assert [entry.feedback.question for entry in later] == ["3", "2"]
    assert store.counts() == {"up": 3, "down": 3}
    assert store.remove(first[0].id)
    assert not store.remove(first[0].id)
    assert store.counts() == {"up": 2, "down": 3}
    store.close()


def test_the_oldest_make_room(store: FeedbackStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 3)
    for number in range(5):
        store.add(Feedback("up", question=str(number)))
    assert [entry.feedback.question for entry in store.entries()] == ["4", "3", "2"]
    store.close()


def test_the_file_is_in_wal_mode_and_knows_no_visitor(tmp_path: Path) -> None:
    open_feedback(tmp_path).close()
    database = sqlite3.connect(tmp_path / "feedback.sqlite3")
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    columns = {row[1] for row in database.execute("PRAGMA table_info(feedback)")}
    assert not columns & {"ip", "address", "user", "agent", "time", "session"}
    database.close()


def test_a_full_disk_says_so_and_keeps_what_is_there(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1) as disk:
        store = open_feedback(disk)
        store.add(Feedback("up"))
        filler = fill(disk)
        with pytest.raises(StorageError, match="磁盘空间不足"):
            _ = [store.add(Feedback("down", comment="长" * 900)) for _ in range(1000)]
        kept = len(store.entries(limit=2000))
        assert kept >= 1
        filler.unlink()
        store.add(Feedback("up"))
        assert len(store.entries(limit=2000)) == kept + 1
        store.close()


def test_a_read_only_home_is_read_and_takes_nothing(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 2) as disk:
        store = open_feedback(disk)
        store.add(Feedback("up"))
        store.close()
        (disk / "other").mkdir()
        with read_only(disk):
            for home, count in ((disk, 1), (disk / "other", 0)):
                store = open_feedback(home)
                assert len(store.entries()) == count
                with pytest.raises(StorageError, match="只能读"):
                    store.add(Feedback("down"))
                store.close()


def test_a_damaged_file_names_the_way_back(tmp_path: Path) -> None:
    (tmp_path / "feedback.sqlite3").write_bytes(b"no database" * 400)
    with pytest.raises(DamagedError, match="tiaowen restore"):
        open_feedback(tmp_path)
