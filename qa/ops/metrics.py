"""What a monitor wants to know, in the text form of Prometheus."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from qa.ops.state import index_state

if TYPE_CHECKING:
    from qa.api.protocol import PolicyService
    from qa.ops.line import Line

# Twice the lines otherwise, and no monitor asked for them.
disable_created_metrics()  # type: ignore[no-untyped-call]
CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_STREAMS: Final = frozenset({"/gradio_api/queue/data", "/gradio_api/mcp"})


class Metrics:
    """Counters of one server. Each has a registry of its own, so that two do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        kept = self.registry
        self._requests = Counter(
            "tiaowen_requests", "HTTP responses", ["route", "status"], registry=kept
        )
        self._seconds = Histogram(
            "tiaowen_request_seconds",
            "From request to the end of its response",
            ["route"],
            buckets=_SECONDS,
            registry=kept,
        )
        self._answers = Counter("tiaowen_answers", "Answers by status", ["status"], registry=kept)
        self._answer_seconds = Histogram(
            "tiaowen_answer_seconds", "Time in the engine", buckets=_SECONDS, registry=kept
        )
        self._refused = Counter(
            "tiaowen_refused", "Requests turned away", ["reason"], registry=kept
        )
        ProcessCollector(registry=self.registry)

    def request(self, route: str, status: int, seconds: float) -> None:
        """Count one response; streams are open for long, which is no latency."""
        self._requests.labels(route, str(status)).inc()
        if route not in _STREAMS:
            self._seconds.labels(route).observe(seconds)

    def answer(self, status: str, seconds: float) -> None:
        """Count one answer of the engine."""
        self._answers.labels(status).inc()
        self._answer_seconds.observe(seconds)

    def refused(self, reason: str) -> None:
        """Count one request that was turned away; the reason is a code of the API's errors."""
        self._refused.labels(reason).inc()

    def watch(
        self, line: Line, service: PolicyService, page_queue: Callable[[], int] | None = None
    ) -> None:
        """Add what is read off when somebody asks: line, queue of the page, index."""
        gauges: Mapping[str, tuple[str, Callable[[], float]]] = {
            "answers_running": ("Answers being computed", lambda: line.running),
            "line_waiting": ("Requests in line", lambda: line.waiting),
            "line_at_once": ("Answers computed at once at most", lambda: line.at_once),
            "page_queue": ("Questions of the page in line", page_queue or (lambda: 0)),
        }
        for name, (said, read) in gauges.items():
            self._gauge(name, said).set_function(read)
        self.registry.register(_IndexCollector(service))

    def text(self) -> bytes:
        """Write everything down."""
        return generate_latest(self.registry)

    def _gauge(self, name: str, said: str) -> Gauge:
        return Gauge(name, said, registry=self.registry, namespace="tiaowen")


class _IndexCollector(Collector):
    """Reads the served index at each look: it may have been replaced."""

    def __init__(self, service: PolicyService) -> None:
        self._service = service
        self._lock = threading.Lock()

    def collect(self) -> Iterator[Metric]:
        """Yield age, size and name of the index that is serving."""
        state = index_state(self._service)
        if state is None:
            return
        with self._lock:
            fresh = CollectorRegistry()
            info = Info("index", "The index that serves", registry=fresh, namespace="tiaowen")
            info.info({"snapshot": state.snapshot, "model": state.model or "none"})
            for name, said, value in (
                ("index_age_seconds", "Since the index was built", state.age_seconds),
                ("index_documents", "Documents in the index", float(state.documents)),
                ("index_clauses", "Clauses in the index", float(state.clauses)),
                ("index_lexical_only", "1 without vectors", float(state.model is None)),
            ):
                Gauge(name, said, registry=fresh, namespace="tiaowen").set(value)
            yield from fresh.collect()
