"""Logins take turns: what they cost stays off the threads that everything else runs in."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

from corpus.errors import TiaowenError

AT_ONCE: Final = 2  # as many hashes as are made at the same time
WAITING: Final = 16  # some two seconds of hashing on a small machine
SECONDS: Final = 3  # after which a login that found no room may be tried again

T = TypeVar("T")


class Crowded(TiaowenError):  # noqa: N818 - reads as a sentence where it is raised
    """Too many logins wait already; ``seconds`` until another try makes sense."""

    def __init__(self, seconds: int = SECONDS) -> None:
        super().__init__(f"{seconds}")
        self.seconds = seconds


class Turns:
    """Runs a few works at once in threads of its own and lets a few more wait.

    The server's own threads answer questions and open pages: were logins to wait in them, a flood
    of logins would stop the rest.
    """

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        """Take how many run at once, and how many more may wait."""
        self._most = at_once + waiting
        self._lock = threading.Lock()
        self._taken = 0
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="login")

    async def run(self, work: Callable[[], T]) -> T:
        """Run a work when it is its turn; gives or raises what the work does.

        :raises Crowded: at once, when too many wait already; the work is not begun.
        """
        with self._lock:
            if self._taken >= self._most:
                raise Crowded
            self._taken += 1
        try:
            running = self._pool.submit(work)
        except RuntimeError:  # the program is ending
            self._left()
            raise Crowded from None
        running.add_done_callback(self._left)  # also when nobody waits for it any more
        return await asyncio.wrap_future(running)

    def _left(self, _: Future[T] | None = None) -> None:
        with self._lock:
            self._taken -= 1
