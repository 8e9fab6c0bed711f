"""How often a login may fail: after a few times, each further try has to wait longer."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_REMEMBERED: Final = 20_000  # names and addresses; the one unseen for longest is forgotten first
_FORGIVEN: Final = 3600.0  # seconds without a try after which the count starts anew


@dataclass(frozen=True, slots=True)
class Limit:
    """``free`` failures cost nothing; then 2, 4, 8 … seconds, at most ``longest``."""

    free: int
    longest: float

    def wait(self, failures: int) -> float:
        """Seconds to wait after so many failures."""
        over = failures - self.free
        return 0.0 if over < 0 else min(2.0 ** min(over + 1, 30), self.longest)


# A name is only slowed down, so that nobody can lock another out for long; an office behind one
# address has more tries before it waits, but then waits longer.
NAME: Final = Limit(5, 60.0)
ADDRESS: Final = Limit(20, 900.0)


class Attempts:
    """Failures by name and by address. A try counts as failed from its beginning.

    So many tries at the same moment gain nothing; the successful one gives its name's count
    back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Take a clock in seconds."""
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()

    def begin(self, name: str, address: str) -> float:
        """Count one try; gives 0.0 when it may go on, else the seconds until one may."""
        kinds = ((("name", name), NAME), (("address", address), ADDRESS))
        now = self._clock()
        with self._lock:
            wait = max(self._left(key, limit, now) for key, limit in kinds)
            if wait <= 0:
                for key, _ in kinds:
                    self._failed[key] = (self._count(key, now) + 1, now)
                    self._failed.move_to_end(key)
                while len(self._failed) > _REMEMBERED:
                    self._failed.popitem(last=False)
        return max(wait, 0.0)

    def succeeded(self, name: str, address: str) -> None:
        """Forget the failures of this name, and take this try off those of the address."""
        now = self._clock()
        with self._lock:
            self._failed.pop(("name", name), None)
            key = ("address", address)
            if key in self._failed:
                self._failed[key] = (max(self._count(key, now) - 1, 0), now)

    def _count(self, key: tuple[str, str], now: float) -> int:
        count, last = self._failed.get(key, (0, now))
        return 0 if now - last > _FORGIVEN else count

    def _left(self, key: tuple[str, str], limit: Limit, now: float) -> float:
        last = self._failed.get(key, (0, now))[1]
        return limit.wait(self._count(key, now)) - (now - last)
