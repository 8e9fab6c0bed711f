"""``python -m eval.bench`` (`make bench`): every bounded benchmark, one after another.

Half an hour on two cores; ``--quick`` three minutes, to see that all of it works. Each is a
command of its own, which this only starts. What takes longer is started by hand: a million clauses
(`eval.bench.scale`), Milvus (`eval.bench.stores`) and staff search (`eval.bench.staff`).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from eval.bench.output import FOLDER

FULL: dict[str, tuple[str, ...]] = {
    "floors": (),
    "encoders": (),
    "memory": (),
    "peers": (),
}
QUICK: dict[str, tuple[str, ...]] = {
    "floors": ("--questions", "40", "--starts", "1"),
    "encoders": ("--articles", "150", "--questions", "40", "--texts", "24"),
    "memory": ("--articles", "1000"),
    "peers": ("--quick",),
}


def run(steps: dict[str, tuple[str, ...]], out: Path) -> list[str]:
    """Run steps, each in its own process; return those that failed."""
    failed = []
    for name, options in steps.items():
        start = time.perf_counter()
        sys.stderr.write(f"==> {name}\n")
        command = [sys.executable, "-m", f"eval.bench.{name}", "--out", str(out), *options]
        code = subprocess.run(command, check=False).returncode
        sys.stderr.write(f"==> {name} 用了 {time.perf_counter() - start:.0f} 秒\n")
        if code:
            failed.append(name)
    return failed


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the options and run; the exit code tells whether all of it worked."""
    parser = argparse.ArgumentParser(description="量速度，并与其他系统比；结果写入 docs/benchmarks")
    parser.add_argument("--quick", action="store_true", help="三分钟的小样；不改 docs/benchmarks")
    parser.add_argument("--only", metavar="NAMES", help=f"只做其中几项：{','.join(FULL)}")
    parser.add_argument("--out", type=Path, help="结果写到哪个文件夹")
    options = parser.parse_args(arguments)
    steps = QUICK if options.quick else FULL
    if options.only:
        steps = {name: steps[name] for name in steps if name in options.only.split(",")}
    start = time.perf_counter()
    if options.quick and options.out is None:
        with tempfile.TemporaryDirectory(prefix="tiaowen-bench-") as folder:
            failed = run(steps, Path(folder))
    else:
        failed = run(steps, options.out or FOLDER)
    sys.stderr.write(f"==> 共 {time.perf_counter() - start:.0f} 秒\n")
    if failed:
        sys.stderr.write(f"没有做成：{'、'.join(failed)}\n")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
