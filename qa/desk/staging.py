"""New versions that wait for a yes: kept aside, never half in the documents."""

from __future__ import annotations

import secrets
import sqlite3
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from qa.desk.errors import StaleError

FILE: Final = "staging.sqlite3"
_KEPT: Final = timedelta(days=7)  # long enough for a weekend between look and decision
_MOST: Final = 100  # of up to 50 MB each at worst; the oldest make room
_BUSY_MS: Final = 5_000
_GONE: Final = "这次比较已经确认、放弃或过期。请重新选择文件比较。"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS staged (
    token TEXT PRIMARY KEY, doc_id TEXT NOT NULL, base TEXT NOT NULL, file TEXT NOT NULL,
    who TEXT NOT NULL, at TEXT NOT NULL, raw BLOB NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Staged:
    """A new version of ``doc_id``; ``base`` is the SHA-256 of the version it was compared with."""

    token: str
    doc_id: str
    base: str
    file: str
    who: str
    at: str
    raw: bytes


class Staging:
    """New versions of one home that wait for a decision. Safe for threads and processes."""

    def __init__(self, path: Path) -> None:
        """Open the database file at ``path``, making it if missing; use `open_staging`."""
        self._lock = threading.Lock()
        self._database = sqlite3.connect(path, check_same_thread=False)
        self._database.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.executescript(_SCHEMA)

    def put(self, doc_id: str, base: str, file: str, who: str, raw: bytes) -> Staged:
        """Keep a new version; another one of the same document that waited is given up."""
        now = datetime.now(UTC)
        at = now.isoformat(timespec="seconds")
        staged = Staged(secrets.token_urlsafe(12), doc_id, base, file, who, at, raw)
        old = (now - _KEPT).isoformat(timespec="seconds")
        with self._lock, self._database:
            self._database.execute("DELETE FROM staged WHERE doc_id = ? OR at < ?", (doc_id, old))
            self._database.execute(
                "INSERT INTO staged VALUES (?,?,?,?,?,?,?)",
                (staged.token, doc_id, base, file, who, at, raw),
            )
            self._database.execute(
                "DELETE FROM staged WHERE token NOT IN"
                " (SELECT token FROM staged ORDER BY rowid DESC LIMIT ?)",
                (_MOST,),
            )
        return staged

    def get(self, token: str) -> Staged:
        """Return a version that waits.

        :raises StaleError: when it does not wait any more.
        """
        with self._lock:
            row = self._database.execute(
                "SELECT * FROM staged WHERE token = ?", (token,)
            ).fetchone()
        if row is None:
            raise StaleError(_GONE)
        return Staged(*row)

    def waiting(self) -> dict[str, str]:
        """Tokens of the versions that wait, by document id."""
        with self._lock:
            return dict(self._database.execute("SELECT doc_id, token FROM staged").fetchall())

    def drop(self, token: str) -> bool:
        """Give a version up or mark it as dealt with; whether it waited."""
        with self._lock, self._database:
            found = self._database.execute("DELETE FROM staged WHERE token = ?", (token,)).rowcount
        return found > 0

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._database.close()


def open_staging(home: Path) -> Staging:
    """Open the waiting versions of a home folder."""
    home.mkdir(parents=True, exist_ok=True)
    return Staging(home / FILE)
