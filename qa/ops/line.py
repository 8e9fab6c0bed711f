"""The line in front of the engine: so many answers at once, so many waiting, the rest turned away.

An answer is CPU work. More of them side by side than there are processors finish no sooner and
make every one of them slow; a line that may grow for ever makes everybody wait for ever.
"""

from __future__ import annotations

import asyncio
import math
import os
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from corpus.errors import TiaowenError

WAITING: Final = 64  # requests in line; about a second and a half of work on two processors
_PATIENCE: Final = 20.0  # seconds in line; nobody looks at a page for longer
_SMOOTH: Final = 0.1  # weight of the newest answer in the mean duration
_FIRST_GUESS: Final = 0.02  # seconds an answer takes, before one has been measured


class Busy(TiaowenError):  # noqa: N818 - reads as a sentence where it is raised
    """The line is full. ``seconds``: when to try again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"现在提问的人较多，请稍等 {seconds} 秒再试。")
        self.seconds = seconds


class Line:
    """One line for one server; asynchronous requests and threads of the page share the engine."""

    def __init__(
        self, at_once: int = 0, waiting: int = WAITING, patience: float = _PATIENCE
    ) -> None:
        """Take how many answers are computed at once (0: as many as processors, at least two)."""
        self.at_once = at_once or max(2, len(os.sched_getaffinity(0)))
        self.patience = patience
        self.stopping = False
        self.running = 0  # answers being computed
        self.admitted = 0  # requests that are through the line and not answered yet
        self.waiting = 0  # requests in line
        self.streams = 0  # answers of the page that are under way
        self._longest = waiting
        # A request spends time outside the engine too (reading, rendering, writing): twice as
        # many as answers keep the engine busy.
        self._slots = asyncio.Semaphore(2 * self.at_once)
        self._engine = threading.BoundedSemaphore(self.at_once)
        self._lock = threading.Lock()
        self._mean = _FIRST_GUESS

    @property
    def retry_after(self) -> int:
        """Whole seconds until the present line is through."""
        ahead = self.waiting + self.admitted
        return max(1, math.ceil(ahead * self._mean / self.at_once))

    @property
    def idle(self) -> bool:
        """Whether nobody waits for an answer."""
        return not (self.waiting or self.admitted or self.running or self.streams)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[Place]:
        """Wait for a turn; the place is free again when it is left, or given up before.

        :raises Busy: when the line is full, or the turn did not come.
        """
        if self._slots.locked() and self.waiting >= self._longest:
            raise Busy(self.retry_after)
        self.waiting += 1
        try:
            async with asyncio.timeout(self.patience):  # wait_for may lose a slot it has taken
                await self._slots.acquire()
        except TimeoutError:
            raise Busy(self.retry_after) from None
        finally:
            self.waiting -= 1
        self.admitted += 1
        place = Place(self)
        try:
            yield place
        finally:
            place.give_up()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Compute one answer in this thread, when it is its turn.

        :raises Busy: when the turn did not come.
        """
        if not self._engine.acquire(timeout=self.patience):
            raise Busy(self.retry_after)
        with self._lock:
            self.running += 1
        started = time.perf_counter()
        try:
            yield
        finally:
            took = time.perf_counter() - started
            with self._lock:
                self.running -= 1
                self._mean += _SMOOTH * (took - self._mean)
            self._engine.release()

    def give_back(self) -> None:
        """Let the next in line go; called by `Place`."""
        self.admitted -= 1
        self._slots.release()


class Place:
    """A place at the counter. Given up once the answer is computed: a slow reader holds none."""

    def __init__(self, line: Line) -> None:
        self._line: Line | None = line

    def give_up(self) -> None:
        """Free the place; again does nothing."""
        if self._line is not None:
            self._line.give_back()
            self._line = None
