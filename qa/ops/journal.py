"""Questions as they were asked, kept only where the operator says so, masked, and not for long.

One file a day under ``questions/`` of the home. A line holds the question without personal data,
the status of the answer and the area; not who asked, from where, or at what hour.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qa.privacy import mask, personal_data
from qa.types import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT_DAYS: Final = 30
_LONGEST: Final = 500  # characters of a question
_MOST: Final = 20_000  # questions a day; nobody fills the disk by asking
_log = logging.getLogger("qa.ops")


def _today() -> date:
    return datetime.now(UTC).date()


class Journal:
    """The questions of one home. Safe for threads."""

    def __init__(
        self, folder: Path, days: int = KEPT_DAYS, today: Callable[[], date] = _today
    ) -> None:
        """Take the folder, and for how many days a question is kept; what is older is deleted."""
        self._folder = folder
        self._days = days
        self._today = today
        self._lock = threading.Lock()
        self._day: date | None = None
        self._written = 0
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.tidy()

    def note(self, question: str, status: Status, area: str | None) -> None:
        """Write one question down, masked; a refused one holds personal data and is left out.

        A full or broken disk costs the note, never the answer.
        """
        if status is Status.REFUSED or not question.strip():
            return
        said = mask(question[:_LONGEST])
        if personal_data(said):
            return
        line = json.dumps(
            {"question": said, "status": status.value, "area": area}, ensure_ascii=False
        )
        try:
            with self._lock:
                self._write(line)
        except OSError as error:
            _log.warning("question not kept: %s", type(error).__name__)

    def tidy(self) -> tuple[str, ...]:
        """Delete what is older than the days kept; name the files that went."""
        oldest = self._today() - timedelta(days=self._days)
        gone = [path for day, path in self._files() if day <= oldest]
        for path in gone:
            path.unlink(missing_ok=True)
        return tuple(path.name for path in gone)

    def _write(self, line: str) -> None:
        today = self._today()
        path = self._folder / f"{today.isoformat()}.jsonl"
        if today != self._day:  # the first of a day, or after a start
            self.tidy()
            self._day = today
            self._written = _lines(path)
        if self._written >= _MOST:
            return
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write(f"{line}\n")
        self._written += 1

    def _files(self) -> Iterator[tuple[date, Path]]:
        for path in sorted(self._folder.glob("*.jsonl")):
            try:
                yield date.fromisoformat(path.stem), path
            except ValueError:
                continue  # not one of ours


def open_journal(home: Path, days: int = KEPT_DAYS) -> Journal:
    """Open the questions of a home folder."""
    return Journal(home / "questions", days)


def _lines(path: Path) -> int:
    try:
        with path.open("rb") as file:
            return sum(1 for _ in file)
    except FileNotFoundError:
        return 0
