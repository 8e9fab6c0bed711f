"""``python -m eval.bench.peers``: install the peers, measure, write ``docs/benchmarks/peers.*``."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from eval.bench.beir_data import read_beir
from eval.bench.beir_run import default_cache
from eval.bench.output import FOLDER, stamped, write_json
from eval.bench.peers import environment, table
from eval.bench.peers.drive import DRIVERS
from eval.bench.peers.prepare import QUICK, Plan, chosen_questions, prepare, statutes
from eval.bench.peers.run import interpreter, measure, scored
from eval.engine import shared_folder
from index import model as model_files
from index.encoder import OnnxEncoder

Tell = Callable[[str], None]


def run(plan: Plan, systems: Sequence[str], out: Path, tell: Tell) -> dict[str, Any]:
    """Measure the systems one after another and write what was found.

    :raises EvalError: the peers cannot be installed, or the shared data is not there.
    """
    shared = shared_folder()
    peers = environment.install(tell)
    data = read_beir(shared / "bench" / "stard", "train")
    encoder = OnnxEncoder(model_files.fetch(model_files.model_dir()))
    with tempfile.TemporaryDirectory(prefix="tiaowen-peers-") as name:
        folder = Path(name)
        tell(f"准备向量（没有算过的最多再算 {plan.embed_s:.0f} 秒，算过的存在 {default_cache()}）")
        work = prepare(data, encoder, default_cache(), folder / "work", plan, Steps(tell))
        tell(f"{len(work.ids)} 条法条，{len(work.questions)} 个问题")
        archive = shared / "bench" / "laws-md.tar.xz"
        laws = statutes(archive, folder / "laws", plan.statutes)
        golds = [data.qrels[name] for name in chosen_questions(data, plan.questions)]
        about = {
            "articles": len(work.ids), "questions": len(work.questions), "statutes": laws,
            "encoded": min(plan.encode, len(work.ids)), "serve_s": plan.serve_s,
            "quick": plan.serve_s == QUICK.serve_s,
        }  # fmt: skip
        found: dict[str, dict[str, Any]] = {}
        result: dict[str, Any] = {}
        for system in systems:
            python = interpreter(system, peers)
            found[system] = measure(system, python, folder / "work", folder / "laws", plan, tell)
            # Written after each, so that a stop loses only one.
            result = stamped("peers", {**about, "systems": scored(found, golds)})
            write_json(out / "peers.json", result)
            table.write(result, out)
    return result


class Steps:
    """Tells of progress every twenty seconds."""

    def __init__(self, tell: Tell) -> None:
        self._tell, self._last = tell, time.monotonic()

    def __call__(self, step: str, done: int, total: int) -> None:
        """Take one report."""
        if time.monotonic() - self._last > 20:
            self._last = time.monotonic()
            self._tell(f"{step} {done}/{total}")


def say(text: str) -> None:
    """Print one line with the time of day, on stderr."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stderr.flush()


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the options, measure, print the page."""
    parser = argparse.ArgumentParser(
        description="与 Haystack、txtai、LlamaIndex 做同样的事，比一比"
    )
    parser.add_argument("--quick", action="store_true", help="三分钟以内的小样，写到 --out")
    parser.add_argument("--articles", type=int, help="最多用多少条法条（默认全部）")
    parser.add_argument("--embed-seconds", type=float, help="最多用多少秒补算向量")
    parser.add_argument("--systems", default=",".join(DRIVERS), help="只测哪几个，逗号分隔")
    parser.add_argument("--out", type=Path, default=FOLDER, help="结果写到哪个文件夹")
    options = parser.parse_args(arguments)
    plan = QUICK if options.quick else Plan()
    if options.articles:
        plan = replace(plan, articles=options.articles)
    if options.embed_seconds is not None:
        plan = replace(plan, embed_s=options.embed_seconds)
    systems = [name for name in DRIVERS if name in options.systems.split(",")]
    result = run(plan, systems, options.out, say)
    sys.stdout.write(table.page(result) + "\n")


if __name__ == "__main__":
    main()
