"""How much one file may cost, and the system's means to hold a process to it."""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass

MAX_CHARACTERS = 2_000_000  # of one document; the longest statute has 0.13 million, 2 take 8 s


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of reading one file.

    ``seconds`` on the clock, ``cpu`` seconds of the processor, ``memory`` bytes of address space
    and ``written`` bytes of any file that is written. Five policies take 0.06 s and 100 MB; a text
    of `MAX_CHARACTERS` takes 8 s and 400 MB, LibreOffice for an old doc up to 90 s and 2 GB.
    """

    seconds: float = 200.0
    cpu: int = 180
    memory: int = 3 * 1024**3
    written: int = 512 * 1024**2


def confine(limits: Limits) -> None:
    """Hold this process and those it starts to the limits, as far as the system can."""
    try:
        import resource
    except ImportError:  # no POSIX
        return
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, limits.written),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(OSError, ValueError):  # macOS has no limit of address space
            resource.setrlimit(kind, (most, hard))


def allow_cpu(seconds: int) -> None:
    """Let this process use the processor for so many more seconds, then end it."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = math.ceil(used.ru_utime + used.ru_stime) + seconds
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (until, hard))
