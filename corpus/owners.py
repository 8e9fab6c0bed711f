"""Who is at work on something that takes long: process, machine, since when; and whether it lives.

Written beside a lock or into the database, so that whoever has to wait is told for whom, and
whoever comes after a crash can tell that there was one.
"""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

_STATE = 22  # field of /proc/PID/stat: when the process was started, in ticks since the machine was


@dataclass(frozen=True, slots=True)
class Owner:
    """A process. ``since``: ISO time with zone; ``started``: the kernel's mark of its start.

    Process numbers are used again after a while; ``started`` tells two holders of one apart. It
    is empty where the system does not say.
    """

    pid: int
    host: str
    since: str
    started: str = ""

    @classmethod
    def this(cls) -> Self:
        """Return this process, from now on."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(os.getpid(), platform.node(), now, _started(os.getpid()))

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read what `dump` wrote; None for anything else."""
        try:
            values = json.loads(text)
            owner = cls(**{name: values[name] for name in ("pid", "host", "since", "started")})
            datetime.fromisoformat(owner.since)
        except (ValueError, KeyError, TypeError):
            return None
        return owner if isinstance(owner.pid, int) else None

    def dump(self) -> str:
        """Write it as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @property
    def gone(self) -> bool:
        """Whether the process has certainly ended: never said of one on another machine."""
        if self.host != platform.node():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            pass  # someone else's, but there
        return _started(self.pid) != self.started

    def age(self, now: datetime | None = None) -> str:
        """How long it has been at work, in words; a clock that was set back counts as nothing."""
        passed = (now or datetime.now(UTC)) - datetime.fromisoformat(self.since)
        minutes = int(passed.total_seconds()) // 60
        if minutes < 1:
            return "不到 1 分钟"
        if minutes < 120:
            return f"{minutes} 分钟"
        hours = minutes // 60
        return f"{hours} 小时" if hours < 48 else f"{hours // 24} 天"

    def __str__(self) -> str:
        """Tell who it is, in Chinese."""
        since = datetime.fromisoformat(self.since).astimezone()
        return f"进程 {self.pid}，机器 {self.host}，{since:%Y-%m-%d %H:%M:%S} 开始，已 {self.age()}"


def _started(pid: int) -> str:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # The name of the program, in brackets, may hold blanks and brackets.
    return fields.rpartition(")")[2].split()[_STATE - 3]
