"""What is examined and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Level(StrEnum):
    """How bad it is: ``warn`` answers all the same, ``fail`` has to be mended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One line: what was looked at, how it is, and how to mend it (empty when all is well)."""

    name: str
    level: Level
    detail: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """An installation: its home, the model it is used with, and where its page would open."""

    home: Path
    model: str | None = None
    model_dir: Path | None = None
    host: str = "127.0.0.1"
    port: int = 7860

    @property
    def corpus(self) -> Path:
        """The database of documents."""
        return self.home / "corpus.sqlite3"


def ok(name: str, detail: str) -> Check:
    """All is well."""
    return Check(name, Level.OK, detail)


def warn(name: str, detail: str, mend: str) -> Check:
    """It works, but."""
    return Check(name, Level.WARN, detail, mend)


def fail(name: str, detail: str, mend: str) -> Check:
    """It has to be mended."""
    return Check(name, Level.FAIL, detail, mend)
