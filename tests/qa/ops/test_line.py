"""The line in front of the engine."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from qa.ops import Busy, Line


def test_no_more_than_so_many_are_computed_at_once() -> None:
    line = Line(at_once=2)
    most, now, lock = 0, 0, threading.Lock()

    def compute() -> None:
        nonlocal most, now
        with line.turn():
            with lock:
                now += 1
                most = max(most, now)
            time.sleep(0.02)
            with lock:
                now -= 1

    threads = [threading.Thread(target=compute) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, line.running) == (2, 0)


def test_a_full_line_turns_away_at_once_and_the_rest_get_through() -> None:
    line = Line(at_once=1, waiting=3)
    done: list[int] = []

    async def ask(number: int) -> None:
        async with line.place():
            await asyncio.sleep(0.05)
            done.append(number)

    async def everybody() -> list[BaseException | None]:
        return await asyncio.gather(*(ask(n) for n in range(8)), return_exceptions=True)

    found = asyncio.run(everybody())
    refused = [error for error in found if error is not None]
    assert done == [0, 1, 2, 3, 4]  # two at the counter, three in line, in the order they came
    assert len(refused) == 3
    for error in refused:
        assert isinstance(error, Busy)
        assert "请稍等" in str(error)
        assert error.seconds >= 1
    assert line.idle


def test_nobody_waits_longer_than_patience() -> None:
    line = Line(at_once=1, waiting=9, patience=0.05)

    async def hold() -> None:
        async with line.place(), line.place():
            with pytest.raises(Busy):
                async with line.place():
                    pass

    asyncio.run(hold())
    assert line.idle
    with line.turn():
        error: list[Busy] = []

        def late() -> None:
            try:
                with line.turn():
                    pass
            except Busy as busy:
                error.append(busy)

        thread = threading.Thread(target=late)
        thread.start()
        thread.join()
    assert len(error) == 1


def test_a_place_given_up_early_is_free_and_is_not_freed_twice() -> None:
    line = Line(at_once=1)

    async def visit() -> None:
        async with line.place() as place:
            place.give_up()
            place.give_up()
            assert line.admitted == 0
        assert line.admitted == 0
        async with line.place(), line.place():
            assert line.admitted == 2

    asyncio.run(visit())


def test_a_visitor_who_leaves_the_line_makes_room() -> None:
    line = Line(at_once=1, waiting=1)

    async def leave() -> None:
        async with line.place(), line.place():
            waiting = asyncio.create_task(line.place().__aenter__())
            await asyncio.sleep(0.01)
            assert line.waiting == 1
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            assert line.waiting == 0
        assert line.idle

    asyncio.run(leave())


def test_the_wait_named_grows_with_the_line_and_the_answers() -> None:
    line = Line(at_once=2)
    assert line.retry_after == 1
    for _ in range(3):
        with line.turn():
            time.sleep(0.05)
    line.waiting = 2_000
    assert 15 < line.retry_after < 60
