"""Users and sessions of one home, in SQLite."""

from __future__ import annotations

import secrets
import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from qa.accounts.errors import AccountError
from qa.accounts.passwords import check_password, hash_password
from qa.accounts.types import Role, User, checked_name, user_key

IDLE: Final = 2 * 3600  # seconds without a request after which a session ends
LONGEST: Final = 12 * 3600  # seconds after which it ends in any case: one working day
_TOUCH: Final = 60  # seconds between two notes that a session is in use
_BUSY_MS: Final = 5_000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('reader', 'editor')),
    password TEXT NOT NULL,
    created REAL NOT NULL,
    last_login REAL
);
CREATE TABLE IF NOT EXISTS sessions (
    token TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created REAL NOT NULL,
    seen REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS sessions_user ON sessions (user_id);
"""


class AccountStore:
    """Users and sessions (WAL). Safe for threads and for several processes.

    Of a session only the hash of its token is stored: who reads the file cannot use one.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        """Open the database file at ``path``, making it if missing; use `open_accounts`."""
        self._clock = clock
        self._lock = threading.Lock()
        path.touch(mode=0o600)  # SQLite gives its side files the permissions of this one
        self._database = sqlite3.connect(path, check_same_thread=False)
        self._database.row_factory = sqlite3.Row
        self._database.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA foreign_keys = ON")
        self._database.executescript(_SCHEMA)

    # --- users ---

    def add(self, name: str, password: str, role: Role) -> User:
        """Make a user.

        :raises AccountError: when the name is taken or unusable, or the password too weak.
        """
        named = checked_name(name)
        check_password(password, named)
        hashed, now = hash_password(password), self._clock()
        try:
            with self._lock, self._database:
                self._database.execute(
                    "INSERT INTO users (key, name, role, password, created) VALUES (?, ?, ?, ?, ?)",
                    (user_key(named), named, role.value, hashed, now),
                )
        except sqlite3.IntegrityError:
            raise AccountError(
                f"已经有用户「{named}」。改密码请用 tiaowen user passwd {named}。"
            ) from None
        return User(named, role, _time(now))

    def users(self) -> tuple[User, ...]:
        """All users by name."""
        with self._lock:
            rows = self._database.execute("SELECT * FROM users ORDER BY key").fetchall()
        return tuple(_user(row) for row in rows)

    def any_users(self) -> bool:
        """Whether there is any user; without one, staff pages are for this machine alone."""
        with self._lock:
            return bool(self._database.execute("SELECT EXISTS (SELECT 1 FROM users)").fetchone()[0])

    def remove(self, name: str) -> None:
        """Delete a user; all her sessions end.

        :raises AccountError: when there is none with this name.
        """
        self._change("DELETE FROM users WHERE key = ?", (), name)

    def set_role(self, name: str, role: Role) -> None:
        """Give a user another role; it holds from her next request on.

        :raises AccountError: when there is none with this name.
        """
        self._change("UPDATE users SET role = ? WHERE key = ?", (role.value,), name)

    def set_password(self, name: str, password: str) -> None:
        """Change a password; all sessions of the user end.

        :raises AccountError: when there is no such user, or the password is too weak.
        """
        check_password(password, name)
        hashed, key = hash_password(password), user_key(name)
        with self._lock, self._database:
            self._database.execute(
                "DELETE FROM sessions WHERE user_id = (SELECT id FROM users WHERE key = ?)", (key,)
            )
            changed = self._database.execute(
                "UPDATE users SET password = ? WHERE key = ?", (hashed, key)
            ).rowcount
        self._found(changed, name)

    def password_of(self, name: str) -> str | None:
        """The stored hash of a user's password; None where there is no such user."""
        with self._lock:
            row = self._database.execute(
                "SELECT password FROM users WHERE key = ?", (user_key(name),)
            ).fetchone()
        return None if row is None else str(row["password"])

    def rehash(self, name: str, old: str, new: str) -> None:
        """Put another hash of the same password in place of ``old``, if it still is there."""
        with self._lock, self._database:
            self._database.execute(
                "UPDATE users SET password = ? WHERE key = ? AND password = ?",
                (new, user_key(name), old),
            )

    # --- sessions ---

    def open_session(self, name: str, hashed: str) -> str | None:
        """Begin a session and return its token.

        :param hashed: the password's hash that was checked; None is given back where it has
            been changed since, or the user removed.
        """
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._lock, self._database:
            self._database.execute(
                "DELETE FROM sessions WHERE seen < ? OR created < ?", (now - IDLE, now - LONGEST)
            )
            opened = self._database.execute(
                "INSERT INTO sessions (token, user_id, created, seen)"
                " SELECT ?, id, ?, ? FROM users WHERE key = ? AND password = ?",
                (_hash(token), now, now, user_key(name), hashed),
            ).rowcount
            if opened:
                self._database.execute(
                    "UPDATE users SET last_login = ? WHERE key = ?", (now, user_key(name))
                )
        return token if opened else None

    def user_of(self, token: str) -> User | None:
        """The user whose session this is; None when it has ended. Notes that it is in use."""
        now = self._clock()
        with self._lock:
            row = self._database.execute(
                "SELECT users.*, sessions.seen FROM sessions JOIN users ON users.id = user_id"
                " WHERE token = ? AND seen >= ? AND sessions.created >= ?",
                (_hash(token), now - IDLE, now - LONGEST),
            ).fetchone()
            if row is not None and now - row["seen"] >= _TOUCH:
                with self._database:
                    self._database.execute(
                        "UPDATE sessions SET seen = ? WHERE token = ?", (now, _hash(token))
                    )
        return None if row is None else _user(row)

    def end_session(self, token: str) -> None:
        """End a session; none with this token is as good."""
        with self._lock, self._database:
            self._database.execute("DELETE FROM sessions WHERE token = ?", (_hash(token),))

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._database.close()

    def _change(self, sql: str, values: tuple[str, ...], name: str) -> None:
        """Change one user."""
        with self._lock, self._database:
            changed = self._database.execute(sql, (*values, user_key(name))).rowcount
        self._found(changed, name)

    def _found(self, changed: int, name: str) -> None:
        if not changed:
            raise AccountError(f"没有用户「{name}」。现有用户见 tiaowen user list。")


def open_accounts(home: Path) -> AccountStore:
    """Open the users of a home folder."""
    home.mkdir(parents=True, exist_ok=True)
    return AccountStore(home / "accounts.sqlite3")


def _hash(token: str) -> str:
    """A token is 256 random bits: a plain hash is enough, nobody can try them all."""
    return sha256(token.encode()).hexdigest()


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _user(row: sqlite3.Row) -> User:
    last = row["last_login"]
    return User(
        row["name"], Role(row["role"]), _time(row["created"]), None if last is None else _time(last)
    )
