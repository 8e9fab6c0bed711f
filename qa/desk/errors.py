"""Errors of the desk: what an editor asked for and why it was not done.

TiaowenError
└── DeskError        a change that was refused; nothing was changed
    ├── BusyError    a job of this kind is running already
    ├── StaleError   what it was decided on has changed meanwhile
    └── MissingError what it is about is not there, or a part of the program is not installed
"""

from __future__ import annotations

from corpus.errors import TiaowenError


class DeskError(TiaowenError):
    """A change was refused; the message says why and what to do."""


class BusyError(DeskError):
    """A job of this kind is running already."""


class StaleError(DeskError):
    """What was looked at has changed since; look again, then decide."""


class MissingError(DeskError):
    """What was asked for is not there."""
