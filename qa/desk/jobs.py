"""Work that takes longer than a request: in a process of its own, one of a kind at a time.

The page keeps answering meanwhile: the worker is another process with the lowest priority. What
a job is up to is kept here, so that a page that is opened later sees it too.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, Final

from qa.desk.errors import BusyError, DeskError

_LOG = logging.getLogger(__name__)
_TAIL: Final = 2_000  # characters of what a failed worker said that go to the log
_PATIENCE: Final = 5.0  # seconds that a worker gets to end when the page is stopped
_BROKEN: Final = "没有做完：后台程序意外停止了。原来的索引和文件都没有动，可以再试一次。"


class Kind(StrEnum):
    """Kinds of jobs."""

    BUILD = "build"
    PREVIEW = "preview"
    EVALUATE = "evaluate"


NAMES: Final = {
    Kind.BUILD: "更新索引",
    Kind.PREVIEW: "试用词表",
    Kind.EVALUATE: "运行评测",
}


class State(StrEnum):
    """How a job stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """One job: ``step`` names what is done now, ``done`` of ``total`` in that step.

    ``message`` is for people; ``result`` are JSON values of a job that is done.
    """

    id: int
    kind: Kind
    who: str
    started: str
    state: State = State.RUNNING
    step: str = ""
    done: int = 0
    total: int = 0
    message: str = ""
    result: Mapping[str, Any] = field(default_factory=dict)
    ended: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker is told: ``task`` names a function of `qa.desk.worker`, with its values."""

    task: str
    values: Mapping[str, Any]


Finish = Callable[[Mapping[str, Any]], str]


class Jobs:
    """Starts workers and follows them. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[Kind, Job] = {}
        self._workers: dict[int, subprocess.Popen[str]] = {}
        self._threads: dict[int, threading.Thread] = {}
        self._count = 0
        self._closed = False

    def start(self, kind: Kind, who: str, order: Order, finish: Finish) -> Job:
        """Start a job and return at once.

        :param finish: called with the worker's result in a thread, before the job counts as
            done; what it returns is the job's message.
        :raises BusyError: when one of this kind is running.
        :raises DeskError: when no process can be started.
        """
        with self._lock:
            last = self._last.get(kind)
            if self._closed:
                raise DeskError("程序正在停止，请稍后再试。")
            if last is not None and last.state is State.RUNNING:
                raise BusyError(
                    f"{last.who} 在 {_clock(last.started)} 开始的「{NAMES[kind]}」还没有做完，"
                    "请等它做完再试。"
                )
            self._count += 1
            job = Job(self._count, kind, who, _now(), step="start")
            worker = _spawn(order)
            self._last[kind] = job
            self._workers[job.id] = worker
            thread = threading.Thread(
                target=self._follow, args=(job, worker, finish), name=f"job-{kind}", daemon=True
            )
            self._threads[job.id] = thread
        thread.start()
        return job

    def last(self, kind: Kind) -> Job | None:
        """The latest job of a kind, running or over; None when there was none."""
        with self._lock:
            return self._last.get(kind)

    def wait(self, kind: Kind, timeout: float | None = None) -> Job | None:
        """Wait until the latest job of a kind is over; it may still be running after the time."""
        with self._lock:
            job = self._last.get(kind)
            thread = self._threads.get(job.id) if job else None
        if thread is not None:
            thread.join(timeout)
        return self.last(kind)

    def close(self) -> None:
        """Stop every worker; a build that is broken off leaves the old index in place."""
        with self._lock:
            self._closed = True
            workers = list(self._workers.values())
            threads = list(self._threads.values())
        for worker in workers:
            worker.terminate()
        for worker in workers:
            try:
                worker.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                worker.kill()
        for thread in threads:
            thread.join(_PATIENCE)

    def _follow(self, job: Job, worker: subprocess.Popen[str], finish: Finish) -> None:
        said: list[str] = []
        listener = threading.Thread(target=_drain, args=(worker.stderr, said), daemon=True)
        listener.start()
        outcome: dict[str, Any] = {}
        assert worker.stdout is not None
        with worker.stdout as lines:
            for line in lines:
                self._take(job, line, outcome)
        code = worker.wait()
        listener.join()
        ended = self._ended(job, outcome, code, finish)
        if ended.state is State.FAILED and not self._closed:
            _LOG.warning("%s failed (%s): %s", job.kind, code, "".join(said)[-_TAIL:])
        with self._lock:
            self._last[job.kind] = ended
            del self._workers[job.id], self._threads[job.id]

    def _take(self, job: Job, line: str, outcome: dict[str, Any]) -> None:
        """Take one line that the worker said: how far it is, or how it ended."""
        try:
            told = json.loads(line)
            if "step" not in told:
                outcome.update(told)
                return
            step, done, total = str(told["step"]), int(told["done"]), int(told["total"])
        except (ValueError, KeyError, TypeError):
            return  # a library printed something
        with self._lock:
            self._last[job.kind] = replace(self._last[job.kind], step=step, done=done, total=total)

    def _ended(self, job: Job, outcome: Mapping[str, Any], code: int, finish: Finish) -> Job:
        over = replace(self.last(job.kind) or job, ended=_now())
        if code == 0 and "result" in outcome:
            result = outcome["result"]
            try:
                return replace(over, state=State.DONE, message=finish(result), result=result)
            except Exception as error:  # the work is done; only what follows it went wrong
                _LOG.exception("%s: what follows failed", job.kind)
                return replace(over, state=State.FAILED, message=f"做完了，但没有换上：{error}")
        return replace(over, state=State.FAILED, message=outcome.get("error") or _BROKEN)


def _spawn(order: Order) -> subprocess.Popen[str]:
    """Start a worker and hand it its order."""
    root = str(Path(__file__).parents[2])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"}
    try:
        worker = subprocess.Popen(
            [sys.executable, "-m", "qa.desk.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=environment,
        )
    except OSError as error:
        raise DeskError(f"后台程序启动不了（{error.strerror or error}）。请稍后再试。") from error
    assert worker.stdin is not None
    with contextlib.suppress(BrokenPipeError), worker.stdin as pipe:
        json.dump({"task": order.task, **order.values}, pipe)
    return worker


def _drain(stream: IO[str] | None, into: list[str]) -> None:
    if stream is not None:
        with stream:
            into.append(stream.read())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _clock(at: str) -> str:
    """Hours and minutes of a UTC time, where this machine is."""
    return datetime.fromisoformat(at).astimezone().strftime("%H:%M")
