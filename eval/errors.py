"""Errors of the evaluation room.

TiaowenError
└── EvalError
    ├── CaseError    a line of a case file (or prediction file) that cannot be used
    ├── RunError     a run folder that is missing, half written or does not match
    └── CorpusMissingError  the corpus to evaluate on is not there
"""

from __future__ import annotations

from pathlib import Path

from corpus.errors import TiaowenError


class EvalError(TiaowenError):
    """Something is wrong with an evaluation, as opposed to the system under evaluation."""


class CaseError(EvalError):
    """A line that cannot be read: the message names file, line and field."""

    def __init__(self, file: str, line: int, field: str | None, reason: str) -> None:
        where = f"{file} 第 {line} 行" + (f"，字段 {field}" if field else "")
        super().__init__(f"{where}：{reason}")
        self.file = file
        self.line = line
        self.field = field
        self.reason = reason


class RunError(EvalError):
    """A run folder that cannot be scored or compared."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"评测结果目录 {folder}：{reason}")
        self.folder = folder


class CorpusMissingError(EvalError):
    """The corpus named on the command line was not found."""
