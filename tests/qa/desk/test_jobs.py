"""Work in a process of its own: real workers, killed ones, and one of a kind at a time."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index import snapshot
from qa.desk.desk import Desk
from qa.desk.errors import BusyError
from qa.desk.jobs import Job, Jobs, Kind, State
from qa.service import index_root
from qa.types import Status
from tests.qa.desk.conftest import RULES
from tests.qa.desk.test_intake import bring

LIFT = "远安加装电梯补助多少钱"


def until(jobs: Jobs, kind: Kind, fits: Callable[[Job], bool]) -> Job:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        job = jobs.last(kind)
        if job is not None and fits(job):
            return job
        time.sleep(0.02)
    raise AssertionError(f"never came to it: {jobs.last(kind)}")


def test_built_beside_a_service_that_answers(desk: Desk, tmp_path: Path) -> None:
    """A new document is answered from after the build; meanwhile the old index answers."""
    bring(desk, tmp_path, RULES, "电梯.txt")
    assert "18万元" not in str(desk.service.answer(LIFT).parts)
    job = desk.build("林")
    assert (job.state, job.who) == (State.RUNNING, "林")
    with pytest.raises(BusyError, match=r"林 在 .* 开始的「更新索引」还没有做完"):
        desk.build("陈")
    assert desk.service.answer("上虞保障性租赁住房筹集多少套").status is Status.ANSWERED
    over = desk.jobs.wait(Kind.BUILD, 120)
    assert over is not None
    assert (over.state, over.id) == (State.DONE, job.id)
    assert over.message.startswith("索引已更新：4 份文件")
    assert over.total > 0
    assert "18万元" in desk.service.answer(LIFT).parts[0].quote
    assert not desk.shelf.listing().stale
    assert [entry.action for entry in desk.audit.entries()] == ["build", "upload"]


def test_a_killed_worker_leaves_the_old_index(desk: Desk, tmp_path: Path) -> None:
    root = index_root(desk.service.home)
    live = snapshot.current(root)
    bring(desk, tmp_path, RULES, "电梯.txt")
    desk.build("林")
    os.kill(_worker(desk.jobs), signal.SIGKILL)
    over = desk.jobs.wait(Kind.BUILD, 60)
    assert over is not None
    assert over.state is State.FAILED
    assert "原来的索引和文件都没有动" in over.message
    assert snapshot.current(root) == live
    assert desk.service.answer("上虞保障性租赁住房筹集多少套").status is Status.ANSWERED
    desk.build("林")  # and may be tried again
    again = desk.jobs.wait(Kind.BUILD, 120)
    assert again is not None
    assert again.state is State.DONE


def test_a_build_elsewhere_is_told(desk: Desk) -> None:
    from filelock import FileLock

    with FileLock(index_root(desk.service.home) / "build.lock"):
        desk.build("林")
        over = desk.jobs.wait(Kind.BUILD, 60)
    assert over is not None
    assert over.state is State.FAILED
    assert "正在" in over.message


def test_stopping_the_page_stops_the_worker(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, RULES, "电梯.txt")
    desk.build("林")
    pid = _worker(desk.jobs)
    desk.jobs.close()
    over = desk.jobs.last(Kind.BUILD)
    assert over is not None
    assert over.state is State.FAILED
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def _worker(jobs: Jobs) -> int:
    (worker,) = jobs._workers.values()
    return worker.pid
