"""The encoder that questions are read with: opened, or fetched first, or done without."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Protocol

from index import model as model_files
from index.encoder import Encoder, load_encoder, needs_default
from index.errors import ModelError

_RETRY_AFTER = 600  # seconds after a failed fetch in which no new one is tried


class Report(Protocol):
    """Told how set-up goes on: step (fetch in bytes, lexical and embed in texts), done, total."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Take one report."""
        ...


class _FetchReport:
    """Turns the fetch's start and advance calls into reports of the step ``fetch``."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._done = self._total = 0

    def start(self, name: str, total: int) -> None:
        self._done, self._total = 0, total
        self._report("fetch", 0, total)

    def advance(self, n: int) -> None:
        self._done += n
        self._report("fetch", self._done, self._total)

    def finish(self) -> None:
        self._report("fetch", self._total, self._total)


def open_encoder(
    model: str | None = None,
    model_dir: Path | None = None,
    progress: Report | None = None,
    *,
    home: Path | None = None,
) -> Encoder | None:
    """The encoder to serve with, fetching the default model if missing; None: words only.

    :param home: where a failed fetch is remembered, so that an offline machine does not wait for
        every mirror at every question; `tiaowen model fetch` tries again at once.
    :raises ModelError: when a model named with ``--model`` does not load.
    """
    folder = model_files.model_dir(model_dir)
    if model is not None:
        if needs_default(model):
            model_files.fetch(folder, progress=_FetchReport(progress) if progress else None)
        return load_encoder(model, folder)
    failed = None if home is None else home / "model-fetch-failed"
    if failed is not None and not model_files.status(folder).ready and _recent(failed):
        return None
    try:
        model_files.fetch(folder, progress=_FetchReport(progress) if progress else None)
        return load_encoder(None, folder)
    except ModelError as error:
        if failed is not None:
            _remember(failed, str(error))
        return None


def _recent(mark: Path) -> bool:
    try:
        return 0 <= time.time() - mark.stat().st_mtime < _RETRY_AFTER
    except OSError:
        return False


def _remember(mark: Path, reason: str) -> None:
    """Leave a mark; a home that cannot be written costs only another try."""
    with contextlib.suppress(OSError):
        mark.write_text(reason, encoding="utf-8")
