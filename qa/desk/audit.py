"""Who changed what, and when: a table that only grows."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

FILE: Final = "audit.sqlite3"
ACTIONS: Final = {
    "upload": "加入文件",
    "replace": "替换文件",
    "discard": "放弃替换",
    "withdraw": "撤下文件",
    "restore": "恢复文件",
    "build": "更新索引",
    "lexicon": "修改词表",
    "preview": "试用词表",
    "evaluate": "运行评测",
    "draft": "起草题目",
    "remove_feedback": "删除评价",
}
_BUSY_MS: Final = 5_000
# The table itself refuses to forget: not even this program can change or delete a line.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL,
    action TEXT NOT NULL, target TEXT NOT NULL, detail TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS audit_never_changed BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;
CREATE TRIGGER IF NOT EXISTS audit_never_deleted BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;
"""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change: ``at`` is a UTC time in ISO form, ``action`` a key of `ACTIONS`."""

    id: int
    at: str
    who: str
    action: str
    target: str
    detail: Mapping[str, Any] = field(default_factory=dict)


class AuditLog:
    """The changes made in one home. Safe for threads and for several processes."""

    def __init__(self, path: Path) -> None:
        """Open the database file at ``path``, making it if missing; use `open_audit`."""
        self._lock = threading.Lock()
        self._database = sqlite3.connect(path, check_same_thread=False)
        self._database.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.executescript(_SCHEMA)

    def record(self, who: str, action: str, target: str, **detail: Any) -> int:  # noqa: ANN401
        """Write down one change and return its id; ``detail`` must be JSON values.

        :raises KeyError: for an action that has no name in `ACTIONS`.
        """
        ACTIONS[action]
        at = datetime.now(UTC).isoformat(timespec="seconds")
        values = (at, who, action, target, json.dumps(detail, ensure_ascii=False))
        with self._lock, self._database:
            added = self._database.execute(
                "INSERT INTO audit (at, who, action, target, detail) VALUES (?,?,?,?,?)", values
            ).lastrowid
        assert added is not None
        return added

    def entries(
        self, *, action: str | None = None, limit: int = 50, before: int | None = None
    ) -> tuple[AuditEntry, ...]:
        """Changes, the latest first; ``before``: only those with a smaller id (the next page)."""
        where, values = ["1"], list[object]()
        if action is not None:
            where, values = [*where, "action = ?"], [*values, action]
        if before is not None:
            where, values = [*where, "id < ?"], [*values, before]
        sql = f"SELECT * FROM audit WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT ?"
        with self._lock:
            rows = self._database.execute(sql, (*values, limit)).fetchall()
        return tuple(
            AuditEntry(number, at, who, action, target, json.loads(detail))
            for number, at, who, action, target, detail in rows
        )

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._database.close()


def open_audit(home: Path) -> AuditLog:
    """Open the record of changes of a home folder."""
    home.mkdir(parents=True, exist_ok=True)
    return AuditLog(home / FILE)
