"""Errors of the corpus room.

TiaowenError
└── CorpusError
    ├── LoadError        a file that cannot be read as a document
    ├── EmptyError       nothing to import was found
    └── UnknownDocument  no stored document matches the name given
"""

from __future__ import annotations


class TiaowenError(Exception):
    """Base of every error this program raises on purpose; ``str(error)`` is fit to show."""


class CorpusError(TiaowenError):
    """Something is wrong with documents, as opposed to the index or the question."""


class LoadError(CorpusError):
    """A file could not be turned into a document: the message names it and says what to do."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"无法导入「{file}」：{reason}")
        self.file = file
        self.reason = reason


class EmptyError(CorpusError):
    """No document was found where some were expected."""


class UnknownDocument(CorpusError):  # noqa: N818 - reads as a sentence where it is raised
    """No stored document matches the id, 文号, title or file that was asked for."""
