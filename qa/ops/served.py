"""A service behind the line: bounded, measured and, where the operator says so, written down.

Page, API and MCP all ask through it, so that none of them has a way round.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from qa.api.protocol import PolicyService
    from qa.ops.journal import Journal
    from qa.ops.line import Line
    from qa.ops.metrics import Metrics
    from qa.search.types import Request, Results
    from qa.types import Answer


def serve_through(
    service: PolicyService, line: Line, metrics: Metrics, journal: Journal | None = None
) -> PolicyService:
    """Put a service behind a line; whatever it does beside answering and finding is passed on."""
    return cast("PolicyService", _Served(service, line, metrics, journal))


class _Served:
    def __init__(
        self, service: PolicyService, line: Line, metrics: Metrics, journal: Journal | None
    ) -> None:
        self._service = service
        self._line = line
        self._metrics = metrics
        self._journal = journal

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the service has
        return getattr(self._service, name)

    def answer(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        area: str | None = None,
        as_of: date | None = None,
    ) -> Answer:
        """Answer one question in its turn."""
        with self._line.turn():
            started = time.perf_counter()
            try:
                answer = self._service.answer(question, history=history, area=area, as_of=as_of)
            except Exception:
                self._metrics.answer("error", time.perf_counter() - started)
                raise
            self._metrics.answer(answer.status.value, time.perf_counter() - started)
        if self._journal is not None:
            self._journal.note(question, answer.status, area)
        return answer

    def find(self, request: Request) -> Results:
        """Search clauses in its turn."""
        with self._line.turn():
            return self._service.find(request)
