"""Operations: how much is answered at once, what is measured, logged and kept, and for how long."""

from __future__ import annotations

from qa.ops.journal import Journal, open_journal
from qa.ops.line import Busy, Line
from qa.ops.metrics import Metrics
from qa.ops.served import serve_through

__all__ = ["Busy", "Journal", "Line", "Metrics", "open_journal", "serve_through"]
