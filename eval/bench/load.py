"""Load: many clients for long on the real server, while its documents change under it.

``python -m eval.bench.load --seconds 600 --clients 50`` measures; the tests run a short one.
Everything goes over loopback. Clients, server and rebuilds share the processors of one machine.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from eval.bench.load_clients import Seen, Tally, ask_api, ask_page, dawdle, send_too_much
from eval.bench.load_server import Running, change, rebuild, running
from eval.runs import commit_of
from qa.examples import EXAMPLES

# Beside the examples: what documents do not state, other places, small talk, a refusal.
_MORE: Final = (
    "落户要几个工作日",
    "北京怎么落户",
    "你好",
    "今天天气怎么样",
    "便民服务站几点开门",
    "归谁管",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done to the server. ``pause``: seconds that a client thinks before it asks again."""

    seconds: float = 600.0
    clients: int = 50
    visitors: int = 5  # of the clients, on the page
    slow: int = 20
    pause: float = 0.5
    changes: int = 3  # new editions of a document, each built and taken over; then one full build
    windows: int = 10  # parts of the time that are told apart


@dataclass(frozen=True, slots=True)
class Window:
    """One part of the time. ``busy``: polite refusals; ``rss_mb``: highest memory of the server."""

    ends: float
    answers: int
    busy: int
    p50_ms: float
    p95_ms: float
    max_ms: float
    rss_mb: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    plan: Plan
    windows: tuple[Window, ...]
    answers: int
    busy: int
    too_large: int
    slow_ended: int
    reloads: int
    errors: tuple[str, ...]
    p95_ms: float
    p95_last_to_first: float  # mean p95 of the last third of the windows to that of the first
    rss_last_to_first: float


Memory = list[tuple[float, float]]  # seconds since the start, MB


async def press(server: Running, plan: Plan, tally: Tally, memory: Memory) -> int:
    """Send everybody in until the time is over; gives how many new indexes were taken over."""
    questions = [*(q for asked in EXAMPLES.values() for q in asked), *_MORE]

    def going() -> bool:
        return tally.now() < plan.seconds

    tasks = [
        *(
            ask_page(server.url, questions, n, plan.pause, tally, going)
            for n in range(plan.visitors)
        ),
        *(
            ask_api(server.url, questions, n, plan.pause, tally, going)
            for n in range(plan.visitors, plan.clients)
        ),
        *(dawdle(server.url, n, tally, going) for n in range(plan.slow)),
        send_too_much(server.url, min(5.0, plan.seconds / 8), tally, going),
        _remember(server, tally, memory, going),
    ]
    changes = asyncio.create_task(_change(server, plan, tally))
    await asyncio.gather(*tasks)
    return await changes


async def _remember(
    server: Running,
    tally: Tally,
    memory: Memory,
    going: Callable[[], bool],
) -> None:
    while going():
        memory.append((tally.now(), server.rss()))
        await asyncio.sleep(0.5)


async def _change(server: Running, plan: Plan, tally: Tally) -> int:
    """Publish new indexes while everybody asks; gives how many came to serve."""
    names = {await _index_name(server)}
    for edition in range(1, plan.changes + 1):
        await asyncio.sleep(max(0.0, plan.seconds * edition / (plan.changes + 2) - tally.now()))
        await asyncio.to_thread(change, server.home, edition)
        names.add(await _index_name(server))
    if plan.changes > 1:
        await asyncio.to_thread(rebuild, server.home)
    names.add(await _index_name(server))
    return len(names) - 1


async def _index_name(server: Running) -> str:
    """Name the index that serves, once a question has made the server look for a new one."""
    import httpx

    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        await client.post(f"{server.url}api/answer", json={"question": "便民服务站几点开门"})
        health = (await client.get(f"{server.url}api/health")).json()
        return str(health["index"]["name"])


def outcome(plan: Plan, tally: Tally, memory: Memory, reloads: int) -> Outcome:
    """Sum up."""
    length = plan.seconds / plan.windows
    windows = tuple(
        _window(length * (n + 1), length, tally.seen, memory) for n in range(plan.windows)
    )
    answers = [seen for seen in tally.seen if seen.what != "huge" and seen.status == 200]
    return Outcome(
        plan=plan,
        windows=windows,
        answers=len(answers),
        busy=sum(seen.status == 503 for seen in tally.seen),
        too_large=sum(seen.status == 413 for seen in tally.seen),
        slow_ended=tally.slow,
        reloads=reloads,
        errors=tuple(tally.errors[:50]),
        p95_ms=_quantile([seen.ms for seen in answers], 0.95),
        p95_last_to_first=_trend([window.p95_ms for window in windows]),
        rss_last_to_first=_trend([window.rss_mb for window in windows]),
    )


def _window(ends: float, length: float, seen: Sequence[Seen], memory: Memory) -> Window:
    inside = [s for s in seen if ends - length <= s.at < ends and s.what != "huge"]
    ms = [s.ms for s in inside if s.status == 200]
    rss = [mb for at, mb in memory if ends - length <= at < ends]
    return Window(
        ends=round(ends, 1),
        answers=len(ms),
        busy=sum(s.status == 503 for s in inside),
        p50_ms=_quantile(ms, 0.5),
        p95_ms=_quantile(ms, 0.95),
        max_ms=round(max(ms, default=0.0), 1),
        rss_mb=round(max(rss, default=0.0), 1),
    )


def _quantile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of them lie; 0 for none."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1) if ordered else 0.0


def _trend(values: Sequence[float]) -> float:
    """Mean of the last third to that of the first; the very first window warms up and is left."""
    kept = values[1:] if len(values) > 3 else values
    third = max(1, len(kept) // 3)
    first = statistics.fmean(kept[:third])
    return round(statistics.fmean(kept[-third:]) / first, 3) if first else 0.0


def run(home: Path, plan: Plan, options: Sequence[str] = ()) -> Outcome:
    """Serve a home, press it, and sum up. The home is changed.

    :param options: further options of ``tiaowen chat``.
    """
    with running(home, ("--rate-limit", "0", *options)) as server:
        tally, memory = Tally(), Memory()
        reloads = asyncio.run(press(server, plan, tally, memory))
        return outcome(plan, tally, memory, reloads)


def main(
    home: Annotated[Path, typer.Option("--home", help="资料文件夹；会被改动，请用一份拷贝")],
    seconds: Annotated[float, typer.Option("--seconds", help="多少秒")] = 600.0,
    clients: Annotated[int, typer.Option("--clients", help="同时多少个提问者")] = 50,
    pause: Annotated[float, typer.Option("--pause", help="每人两问之间停多少秒")] = 0.5,
    changes: Annotated[int, typer.Option("--changes", help="其间换几次索引")] = 3,
    at_once: Annotated[int, typer.Option("--at-once", help="同时计算几个答案")] = 0,
) -> None:
    """压一压真正的服务：许多人提问，同时换索引，还有慢的和发得太多的。"""
    plan = Plan(seconds=seconds, clients=clients, pause=pause, changes=changes)
    found = run(home, plan, ("--at-once", str(at_once)))
    record = {**asdict(found), "commit": commit_of(Path(__file__).parent)}
    sys.stdout.write(json.dumps(record, ensure_ascii=False, indent=1) + "\n")
    raise typer.Exit(1 if found.errors else 0)


if __name__ == "__main__":
    typer.run(main)
