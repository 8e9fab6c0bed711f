"""One phase of one system, in a process of its own: ``python -m eval.bench.peers.drive``.

Run with the peers' interpreter for a peer and with ours for us. Prints one JSON object; ``serve``
prints a line ``READY`` before it, at the first answer, for the parent's clock.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import threading
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from eval.bench.peers.contract import Driver, Embed, Given, Model, Work

DRIVERS = ("tiaowen", "haystack", "txtai", "llamaindex")
READY = "READY"
CLIENTS = (1, 4, 16)
_ALONE = 3  # times as long for one client: the quality is that of these answers


def driver(name: str) -> Driver:
    """Import the driver of a system."""
    found: Driver = import_module(f"eval.bench.peers.on_{name}").driver()
    return found


def chunk(system: Driver, folder: Path) -> dict[str, Any]:
    """Load and cut a folder of files."""
    start = time.perf_counter()
    pieces = system.chunk(folder)
    return {"seconds": round(time.perf_counter() - start, 2), "pieces": pieces}


def build(system: Driver, work: Work, embed: Embed, out: Path) -> dict[str, Any]:
    """Build the index of all texts; memory is the peak of the process."""
    before = rss_mb()
    start, cpu = time.perf_counter(), time.process_time()
    system.build(work, embed, out)
    seconds = time.perf_counter() - start
    files = [path for path in out.rglob("*") if path.is_file()]
    return {
        "texts": len(work.ids),
        "seconds": round(seconds, 2),
        "cpu_s": round(time.process_time() - cpu, 2),
        "disk_mb": round(sum(path.stat().st_size for path in files) / 1e6, 1),
        "before_mb": round(before),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000),
        "version": system.version,
        "remarks": list(system.remarks),
    }


def serve(
    system: Driver, work: Work, embed: Embed, out: Path, limit_s: float,
    ready: Callable[[], None],
) -> dict[str, Any]:  # fmt: skip
    """Open the index, answer, and go on answering for 1, 4 and 16 clients.

    :param limit_s: seconds for each number of clients; a slow system answers fewer questions.
    :param ready: called at the first answer.
    """
    start = time.perf_counter()
    system.open(out, embed)
    opened = time.perf_counter()
    system.ask(work.questions[0])
    ready()
    first = time.perf_counter()
    for question in work.questions[:5]:
        system.ask(question)
    levels, rankings = {}, {}
    for clients in CLIENTS:
        most = limit_s * (_ALONE if clients == 1 else 1)
        level, answers = load(system, work.questions, clients, most)
        levels[str(clients)] = level
        rankings.update(answers if clients == 1 else {})
    return {
        "open_s": round(opened - start, 3),
        "first_ms": round((first - opened) * 1000, 1),
        "rss_mb": round(rss_mb()),
        "clients": levels,
        "rankings": {str(number): ids for number, ids in sorted(rankings.items())},
    }


def load(
    system: Driver, questions: Sequence[str], clients: int, limit_s: float
) -> tuple[dict[str, Any], dict[int, list[str]]]:
    """Put all questions once, dealt to so many clients that each wait for their answer."""
    numbers = iter(range(len(questions)))
    lock = threading.Lock()
    times: list[float] = []
    answers: dict[int, list[str]] = {}
    failures: list[BaseException] = []
    start, busy = time.perf_counter(), time.process_time()

    def client() -> None:
        while time.perf_counter() - start < limit_s:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            began = time.perf_counter()
            try:
                found = system.ask(questions[number])
            except Exception as error:  # whatever a peer raises under load; told, not hidden
                failures.append(error)
                return
            times.append(time.perf_counter() - began)
            answers[number] = found

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, cpu = time.perf_counter() - start, time.process_time() - busy
    if not times:
        raise failures[0] if failures else RuntimeError("nothing was answered")
    p50, p95, p99 = np.percentile(np.array(times) * 1000, [50, 95, 99])
    return {
        "answered": len(times),
        "failed": len(failures),
        "p50": round(float(p50), 2),
        "p95": round(float(p95), 2),
        "p99": round(float(p99), 2),
        "per_s": round(len(times) / took, 1),
        "cpu_ms": round(cpu * 1000 / len(times), 2),  # other work on the machine cannot take it
    }, answers


def rss_mb() -> float:
    """Resident memory of this process in MB, mapped files included."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def _ready() -> None:
    sys.stdout.write(READY + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one phase and print what was measured."""
    parser = argparse.ArgumentParser(description="对比测试的一步，由 eval.bench.peers 启动")
    parser.add_argument("phase", choices=("chunk", "build", "encode", "serve"))
    parser.add_argument("system", choices=DRIVERS)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--texts", type=int, help="只用前 N 条")
    parser.add_argument("--seconds", type=float, default=60.0, help="每种并发最多几秒")
    options = parser.parse_args(arguments)
    system = driver(options.system)
    if options.phase == "chunk":
        result = chunk(system, options.work)
    else:
        work = Work.read(options.work, options.texts)
        if options.phase == "serve":
            result = serve(system, work, Model(), options.out, options.seconds, _ready)
        else:
            embed = Model() if options.phase == "encode" else Given(work)
            result = build(system, work, embed, options.out)
    sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
