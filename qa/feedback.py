"""What residents say about answers: kept on this machine, without personal data."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from corpus.database import READ_ONLY, WAY, is_writable, read_only
from corpus.errors import StorageError
from corpus.storage import telling
from qa.privacy import personal_data

Verdict = Literal["up", "down"]

REASONS: Final = {
    "off_point": "答非所问",
    "wrong_clause": "引错了条款",
    "outdated": "内容过时",
    "incomplete": "不完整",
    "unclear": "看不明白",
    "other": "其他",
}
_MOST: Final = 50_000  # entries kept; the oldest make room, so that nobody can fill the disk
_BUSY_MS: Final = 5_000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    id INTEGER PRIMARY KEY,
    day TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('up', 'down')),
    reason TEXT,
    comment TEXT NOT NULL,
    question TEXT,
    status TEXT,
    area TEXT,
    clause_ids TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS feedback_verdict ON feedback (verdict, id);
"""


class PersonalDataError(ValueError):
    """A text holds a personal number; nothing of it was stored. ``kind`` names the number."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Feedback:
    """One opinion on one answer.

    ``question`` is None unless the visitor sent it along; ``reason`` is a key of `REASONS`;
    ``status`` is that of the answer. Who said it, from where and at what hour is not known.
    """

    verdict: Verdict
    reason: str | None = None
    comment: str = ""
    question: str | None = None
    status: str | None = None
    area: str | None = None
    clause_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored opinion; ``day`` is a UTC date (2026-03-01), no finer, so that nobody is traced."""

    id: int
    day: str
    feedback: Feedback


class FeedbackStore:
    """Feedback of one home in SQLite (WAL). Safe for threads and for several processes."""

    def __init__(self, path: Path) -> None:
        """Open the database file at ``path``, making it if missing; use `open_feedback`.

        Where nothing can be written, what is there can be read and `add` says so.

        :raises DamagedError: the file is no database, or a damaged one.
        """
        self.path = path
        self.writable = is_writable(path)
        self._lock = threading.Lock()
        with telling(path, "打开评价"):
            if self.writable:
                self._database = sqlite3.connect(path, check_same_thread=False)
                self._database.execute("PRAGMA journal_mode = WAL")
            else:
                there = read_only(path) if path.exists() else ":memory:"
                self._database = sqlite3.connect(there, uri=True, check_same_thread=False)
            self._database.row_factory = sqlite3.Row
            self._database.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
            if self.writable or not path.exists():
                self._database.executescript(_SCHEMA)

    def add(self, feedback: Feedback) -> int:
        """Store an opinion and return its id.

        :raises PersonalDataError: when question, comment or area holds a personal number.
        :raises StorageError: the disk is full or cannot be written; nothing was stored.
        """
        for text in (feedback.question, feedback.comment, feedback.area):
            if text and (kind := personal_data(text)):
                raise PersonalDataError(kind)
        if not self.writable:
            raise StorageError(self.path, "保存评价", READ_ONLY, WAY)
        day = datetime.now(UTC).date().isoformat()
        with telling(self.path, "保存评价", "已有的评价都在"), self._lock, self._database:
            added = self._database.execute(
                "INSERT INTO feedback (day, verdict, reason, comment, question, status, area,"
                " clause_ids) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    day,
                    feedback.verdict,
                    feedback.reason,
                    feedback.comment.strip(),
                    feedback.question,
                    feedback.status,
                    feedback.area,
                    json.dumps(feedback.clause_ids),
                ),
            ).lastrowid
            assert added is not None
            self._database.execute("DELETE FROM feedback WHERE id <= ?", (added - _MOST,))
        return added

    def entries(
        self,
        *,
        verdict: Verdict | None = None,
        statuses: Sequence[str] = (),
        limit: int = 100,
        before: int | None = None,
    ) -> tuple[Entry, ...]:
        """Stored opinions, newest first.

        :param statuses: only those on answers with one of these statuses; empty for all.
        :param before: only those with a smaller id: the next page.
        """
        where, values = ["1"], list[object]()
        if verdict is not None:
            where, values = [*where, "verdict = ?"], [*values, verdict]
        if statuses:
            marks = ", ".join("?" * len(statuses))
            where, values = [*where, f"status IN ({marks})"], [*values, *statuses]
        if before is not None:
            where, values = [*where, "id < ?"], [*values, before]
        sql = f"SELECT * FROM feedback WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT ?"
        with self._lock:
            rows = self._database.execute(sql, (*values, limit)).fetchall()
        return tuple(_entry(row) for row in rows)

    def counts(self) -> dict[str, int]:
        """How many opinions there are of each verdict."""
        with self._lock:
            rows = self._database.execute(
                "SELECT verdict, count(*) FROM feedback GROUP BY verdict"
            ).fetchall()
        return {"up": 0, "down": 0, **dict(map(tuple, rows))}

    def remove(self, entry_id: int) -> bool:
        """Delete one opinion for good; whether there was one."""
        with self._lock, self._database:
            return (
                self._database.execute("DELETE FROM feedback WHERE id = ?", (entry_id,)).rowcount
                > 0
            )

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._database.close()


def open_feedback(home: Path) -> FeedbackStore:
    """Open the feedback of a home folder."""
    with telling(home, "建立资料文件夹"):
        home.mkdir(parents=True, exist_ok=True)
    return FeedbackStore(home / "feedback.sqlite3")


def _entry(row: sqlite3.Row) -> Entry:
    said = Feedback(
        verdict=row["verdict"],
        reason=row["reason"],
        comment=row["comment"],
        question=row["question"],
        status=row["status"],
        area=row["area"],
        clause_ids=tuple(json.loads(row["clause_ids"])),
    )
    return Entry(row["id"], row["day"], said)
