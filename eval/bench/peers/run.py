"""All phases of all systems, one process each, one after another."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.bench.peers.contract import TOP
from eval.bench.peers.drive import READY
from eval.bench.peers.environment import ROOT
from eval.bench.peers.prepare import Plan
from eval.metrics import recall_at, reciprocal_rank

Tell = Callable[[str], None]
Run = Callable[..., dict[str, Any]]
_LIMIT_S = 900.0  # of one phase; a system that takes longer has failed it


def run_phase(python: Path, phase: str, system: str, *options: str) -> dict[str, Any]:
    """Run one phase in a new process; ``wall_s`` and ``first_answer_s`` are the parent's clock.

    A phase that fails gives ``{"error": …}``: the other systems are measured all the same.
    """
    command = [str(python), "-m", "eval.bench.peers.drive", phase, system, *options]
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, env=_environment(), text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        timer = threading.Timer(_LIMIT_S, process.kill)
        timer.start()
        said: list[str] = []
        assert process.stderr is not None and process.stdout is not None  # noqa: PT018 - pipes
        drain = threading.Thread(target=lambda: said.extend(process.stderr or ()))
        drain.start()
        ready, last = None, ""
        for line in process.stdout:
            if line.strip() == READY:
                ready = time.perf_counter() - start
            last = line
        process.wait()
        drain.join()
        timer.cancel()
    if process.returncode:
        why = "".join(said).strip().splitlines()[-1:] or [f"以 {process.returncode} 结束"]
        return {"error": why[0][:300]}
    found: dict[str, Any] = json.loads(last)
    found["wall_s"] = round(time.perf_counter() - start, 2)
    if ready is not None:
        found["first_answer_s"] = round(ready, 2)
    return found


def _environment() -> dict[str, str]:
    """The parent's environment, offline: no peer shall fetch or report anything."""
    offline = {
        "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False",
        "ANONYMIZED_TELEMETRY": "False", "TOKENIZERS_PARALLELISM": "true",
        "PYTHONIOENCODING": "utf-8",
    }  # fmt: skip
    return {**os.environ, **offline}


def measure(
    system: str, python: Path, work: Path, laws: Path, plan: Plan, tell: Tell,
    run: Run = run_phase,
) -> dict[str, Any]:  # fmt: skip
    """Measure one system: cut, build, build with the encoder, serve."""
    out, own = work / f"{system}-index", work / f"{system}-encoded"
    for folder in (out, own):
        shutil.rmtree(folder, ignore_errors=True)
    some = ("--texts", str(plan.encode))
    steps: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("chunk", ("--work", str(laws), "--out", str(out))),
        ("build", ("--work", str(work), "--out", str(out))),
        ("encode", ("--work", str(work), "--out", str(own), *some)),
        ("serve", ("--work", str(work), "--out", str(out), "--seconds", str(plan.serve_s))),
    )
    result: dict[str, Any] = {}
    for phase, options in steps:
        if phase == "serve" and "error" in result["build"]:
            result[phase] = {"error": "没有建成索引"}
            continue
        result[phase] = run(python, phase, system, *options)
        tell(f"{system} · {phase} · {_said(result[phase])}")
    for folder in (out, own):
        shutil.rmtree(folder, ignore_errors=True)
    return result


def _said(found: Mapping[str, Any]) -> str:
    if "error" in found:
        return f"失败：{found['error']}"
    clients = found.get("clients")
    if clients:
        levels = "，".join(f"{n} 个并发 p50 {level['p50']:.1f} ms" for n, level in clients.items())
        return f"{found['first_answer_s']:.1f} 秒到第一个回答，{levels}"
    return f"{found['seconds']:.1f} 秒"


def scored(
    systems: Mapping[str, Mapping[str, Any]], golds: Sequence[Mapping[str, float]]
) -> dict[str, dict[str, Any]]:
    """Put scores in the place of rankings: over what a system answered, and what all answered."""
    rankings = {
        name: {int(number): ids for number, ids in found["serve"]["rankings"].items()}
        for name, found in systems.items()
        if "rankings" in found.get("serve", {})
    }
    common = set.intersection(*map(set, rankings.values())) if rankings else set()
    result = {name: dict(found) for name, found in systems.items()}
    for name, ranked in rankings.items():
        serve = {key: value for key, value in systems[name]["serve"].items() if key != "rankings"}
        serve["quality"] = _scores(ranked, golds, set(ranked))
        serve["quality_common"] = _scores(ranked, golds, common)
        result[name]["serve"] = serve
    return result


def _scores(
    ranked: Mapping[int, list[str]], golds: Sequence[Mapping[str, float]], numbers: set[int]
) -> dict[str, float | int | None]:
    recalls = [recall_at(ranked[n], golds[n], TOP) for n in sorted(numbers)]
    ranks = [reciprocal_rank(ranked[n], golds[n], TOP) for n in sorted(numbers)]
    return {
        "questions": len(numbers),
        f"recall@{TOP}": _mean([value for value in recalls if value is not None]),
        f"mrr@{TOP}": _mean([value for value in ranks if value is not None]),
    }


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def interpreter(system: str, peers: Path) -> Path:
    """Which interpreter runs a system: ours, or that of the peers."""
    return Path(sys.executable) if system == "tiaowen" else peers
