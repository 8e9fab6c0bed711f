"""A process with everything imported that runs each job in a fork of itself and kills it.

Starting Python and importing takes a second; a fork takes a millisecond, so hundreds of kills are
affordable. A job is killed after a delay, or right after the n-th point that matters: a file
flushed or renamed, a statement given to SQLite. Nothing of this is in the program itself.

Jobs come as lines of JSON on standard input; an answer goes out for each: seconds, points passed,
how it ended, what it said.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sqlite3
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corpus import CorpusStore, build_document, ingest
from corpus.limits import Limits
from corpus.loading import source_of
from corpus.types import Clause, Document
from index.policy_index import build_index
from qa.backup import restore
from tests.index.factories import HashEncoder


class _Here:
    """A reader in this process: all but a few kills shall not wait for another Python to start."""

    def __init__(self, limits: Limits | None = None) -> None:
        del limits

    def __enter__(self) -> _Here:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def build(self, raw: bytes, file: str) -> tuple[Document, tuple[Clause, ...], str]:
        source = source_of(raw, file)
        return *build_document(source), source.format


def _import(home: Path, job: dict[str, Any]) -> None:
    with CorpusStore.open(home, samples=False) as store:
        reports = ingest(store, [Path(job["folder"])])
    assert all(report.error is None for report in reports), reports


def _build(home: Path, job: dict[str, Any]) -> None:
    with CorpusStore.open(home, samples=False) as store:
        build_index(store, home / "index", HashEncoder(), full=job.get("full", False))


def _open(home: Path, _job: dict[str, Any]) -> None:
    CorpusStore.open(home, samples=False).close()


def _restore(home: Path, job: dict[str, Any]) -> None:
    restore(Path(job["archive"]), home, force=True)


JOBS: dict[str, Callable[[Path, dict[str, Any]], None]] = {
    "import": _import,
    "build": _build,
    "open": _open,
    "restore": _restore,
}


def _points(job: dict[str, Any], passed: Any) -> None:  # noqa: ANN401 - shared memory
    """Count the points that matter, and end this process right after the chosen one."""
    chosen = job.get("point")

    def pass_one() -> None:
        passed[0:8] = (int.from_bytes(passed[0:8], "little") + 1).to_bytes(8, "little")
        if chosen is not None and int.from_bytes(passed[0:8], "little") >= chosen:
            os.kill(os.getpid(), signal.SIGKILL)

    def after(name: str) -> None:
        real = getattr(os, name)

        def called(*arguments: Any, **more: Any) -> Any:  # noqa: ANN401
            done = real(*arguments, **more)
            pass_one()
            return done

        setattr(os, name, called)

    for name in ("replace", "rename", "fsync", "unlink"):
        after(name)
    connect: Callable[..., sqlite3.Connection] = sqlite3.connect

    def connected(*arguments: Any, **more: Any) -> sqlite3.Connection:  # noqa: ANN401
        connection = connect(*arguments, **more)
        connection.set_trace_callback(lambda _: pass_one())
        return connection

    sqlite3.connect = connected  # type: ignore[assignment]


def _run(job: dict[str, Any], passed: Any, said: int) -> None:  # noqa: ANN401
    """The life of a fork."""
    os.dup2(said, 2)
    logging.basicConfig(stream=sys.stderr, format="%(message)s")
    if not job.get("reader"):
        confined = sys.modules["corpus.confined"]
        for user in ("corpus.importing", "corpus.store"):
            assert vars(sys.modules[user])["Reader"] is confined.Reader
            setattr(sys.modules[user], "Reader", _Here)  # noqa: B010
    _points(job, passed)
    try:
        JOBS[job["do"]](Path(job["home"]), job)
    except BaseException:
        traceback.print_exc()
        os._exit(3)
    os._exit(0)


def _forked(job: dict[str, Any]) -> dict[str, Any]:
    import mmap

    passed = mmap.mmap(-1, 8)
    out, said = os.pipe()
    begun = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.close(out)
        _run(job, passed, said)
    os.close(said)
    if (delay := job.get("after")) is not None:
        # The child is not collected before this, so its number is still its own.
        timer = threading.Timer(delay, os.kill, (pid, signal.SIGKILL))
        timer.start()
    with open(out, encoding="utf-8", errors="replace") as words:
        text = words.read()
    if delay is not None:
        timer.cancel()
        timer.join()
    _, status = os.waitpid(pid, 0)
    return {
        "seconds": time.monotonic() - begun,
        "points": int.from_bytes(passed[0:8], "little"),
        "code": os.waitstatus_to_exitcode(status),
        "said": text,
    }


def main() -> None:
    """Serve until standard input ends."""
    source = source_of("某市通知\n一、对象。六周岁的儿童。".encode(), "a.txt")
    build_document(source)  # loads what is loaded once
    for line in sys.stdin:
        print(json.dumps(_forked(json.loads(line))), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
