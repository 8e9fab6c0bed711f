"""Connections that take their time: a request that never ends, an answer that is never read.

uvicorn closes a connection that is idle after an answer. It waits without end for the first
request of a connection, for the rest of one that trickles in, and for a reader that has stopped.
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS: Final = 10.0  # from connecting, or from the last answer, to a whole request head
STALL_SECONDS: Final = 30.0  # for a reader to make room for more of its answer
MOST: Final = 768  # connections; then the one that has been idle for longest gives way
_FILES: Final = 4_096  # open files wanted: connections, documents, index


class PatientProtocol(H11Protocol):
    """HTTP/1.1 with an end to patience."""

    head_seconds: float = HEAD_SECONDS
    stall_seconds: float = STALL_SECONDS
    most: int = MOST

    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*args, **more)
        self.idle_since: float | None = None  # time of the loop; None while answering
        self._head: asyncio.TimerHandle | None = None
        self._stall: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start counting; where there are too many, the one idle for longest makes room."""
        super().connection_made(transport)
        self._watch()
        if len(self.connections) > self.most:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        """Take data; a trickle does not start the count anew."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Start counting for the next request, or for the rest of a body nobody wants."""
        super().on_response_complete()
        self._watch()

    def pause_writing(self) -> None:
        """Give a reader some time to read on."""
        super().pause_writing()
        if self._stall is None:
            self._stall = self.loop.call_later(self.stall_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: the reader has read."""
        super().resume_writing()
        self._stall = _cancel(self._stall)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop counting."""
        super().connection_lost(exc)
        self._head = _cancel(self._head)
        self._stall = _cancel(self._stall)

    def _watch(self) -> None:
        """Count while a request is awaited, and not while one is answered."""
        idle = self.cycle is None or self.cycle.response_complete
        if not idle or self.transport.is_closing():
            self.idle_since, self._head = None, _cancel(self._head)
        elif self._head is None:
            self.idle_since = self.loop.time()
            self._head = self.loop.call_later(self.head_seconds, self.transport.abort)

    def _make_room(self) -> None:
        idle = [
            (other.idle_since, other)
            for other in self.connections
            if isinstance(other, PatientProtocol) and other.idle_since is not None
        ]
        _, oldest = min(idle, key=lambda pair: pair[0])  # at least this one is idle
        oldest.idle_since = None  # it is only gone at the next turn of the loop
        oldest.transport.abort()


def allow_connections() -> None:
    """Raise the soft limit on open files: many systems begin with 1,024, or with 256."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _cancel(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """Stop a timer, and give what to remember of it: nothing."""
    if timer is not None:
        timer.cancel()
    return None
