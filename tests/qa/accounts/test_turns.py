"""Logins take turns, beside everything else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from qa.accounts import Crowded, Turns


def held(gate: threading.Event, running: list[str]) -> Callable[[], str]:
    def work() -> str:
        running.append(threading.current_thread().name)
        assert gate.wait(30)
        return "in"

    return work


def test_a_few_run_a_few_wait_and_the_rest_is_told_at_once() -> None:
    async def flood() -> tuple[list[object], list[str]]:
        gate, running, turns = threading.Event(), list[str](), Turns(at_once=2, waiting=3)
        tries = [asyncio.create_task(turns.run(held(gate, running))) for _ in range(40)]
        _, pending = await asyncio.wait(tries, timeout=1.0)
        assert len(pending) == 5
        assert len(running) == 2
        # The threads that everything else runs in are free meanwhile.
        assert await asyncio.wait_for(asyncio.to_thread(lambda: "page"), 30) == "page"
        gate.set()
        said = await asyncio.gather(*tries, return_exceptions=True)
        assert await turns.run(lambda: "again") == "again"
        return list(said), running

    said, running = asyncio.run(flood())
    assert said.count("in") == 5
    assert sum(isinstance(one, Crowded) for one in said) == 35
    assert all(name.startswith("login") for name in running)


def test_who_went_away_gives_the_place_back() -> None:
    async def leaving() -> None:
        gate, turns = threading.Event(), Turns(at_once=1, waiting=1)
        first = asyncio.create_task(turns.run(held(gate, [])))
        second = asyncio.create_task(turns.run(lambda: "never"))
        await asyncio.sleep(0.1)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        third = asyncio.create_task(turns.run(lambda: "in"))
        await asyncio.sleep(0)
        gate.set()
        assert (await first, await third) == ("in", "in")

    asyncio.run(leaving())


def test_what_goes_wrong_is_raised_and_leaves_no_trace() -> None:
    async def failing() -> None:
        turns = Turns(at_once=1, waiting=0)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await turns.run(lambda: 1 // 0)

    asyncio.run(failing())
