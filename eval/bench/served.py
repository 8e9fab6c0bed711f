"""A running server: how soon its page is there, what it weighs, how long a round trip takes."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from eval.bench.latency import times
from eval.errors import EvalError

_URL = re.compile(r"http://[\d.]+:\d+\S*")
_LIMIT_S = 180.0


@dataclass(frozen=True, slots=True)
class Server:
    """A server of its own process. ``ready_s``: from its start until the page was delivered."""

    url: str
    pid: int
    ready_s: float

    def rss_mb(self) -> dict[str, int]:
        """Resident memory in MB: all of it, and the part that no file backs."""
        found = {}
        for line in Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines():
            name, _, value = line.partition(":")
            if name in ("VmRSS", "RssAnon"):
                found[name] = round(int(value.split()[0]) / 1000)
        return {"rss_mb": found["VmRSS"], "anonymous_mb": found.get("RssAnon", found["VmRSS"])}


@contextmanager
def serving(home: Path, *options: str) -> Iterator[Server]:
    """Start `tiaowen chat` over a home and wait for its page.

    :raises EvalError: it ended, or no page came in three minutes.
    """
    command = [
        sys.executable, "-m", "qa.cli", "chat", "--port", "0", "--rate-limit", "0",
        "--home", str(home), *options,
    ]  # fmt: skip
    start = time.perf_counter()
    with (
        tempfile.TemporaryFile("w+") as nowhere,
        subprocess.Popen(command, stdout=nowhere, stderr=subprocess.PIPE, text=True) as process,
    ):
        assert process.stderr is not None  # a pipe
        timer = threading.Timer(_LIMIT_S, process.kill)
        timer.start()
        try:
            said = iter(process.stderr)
            url = next((m[0] for m in map(_URL.search, said) if m), None)
            if url is None:
                raise EvalError("服务没有启动，请用 tiaowen chat 查看原因")
            threading.Thread(target=lambda: [None for _ in said], daemon=True).start()
            httpx.get(url, timeout=60).raise_for_status()
            yield Server(url.rstrip("/"), process.pid, time.perf_counter() - start)
        finally:
            timer.cancel()
            process.kill()


def round_trips(server: Server, questions: Sequence[str]) -> dict[str, Any]:
    """Put questions over HTTP; milliseconds of the whole, and of what is not the answer."""
    whole, around = [], []
    with httpx.Client(base_url=server.url, timeout=60) as client:
        for number, question in enumerate(questions):
            start = time.perf_counter()
            reply = client.post("/api/answer", json={"id": str(number), "question": question})
            ms = (time.perf_counter() - start) * 1000
            whole.append(ms)
            around.append(ms - float(reply.raise_for_status().json()["ms"]))
    return {
        name: {"p50": round(found.p50, 3), "p95": round(found.p95, 3)}
        for name, found in (("http", times(whole)), ("around", times(around)))
    }
