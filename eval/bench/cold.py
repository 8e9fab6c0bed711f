"""Cold start: a new `tiaowen ask`, from the shell to the answer, and what its imports cost."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.errors import EvalError

QUESTION = "三明租房能落户吗"
HEAVY = ("torch", "sklearn", "pandas", "gradio", "scipy", "transformers")  # not to be imported
_SHOWN = 12  # packages listed, the costliest first
_LINE = re.compile(r"^import time:\s*(\d+) \|\s*\d+ \| +([\w.]+)$")  # own µs, module
_LIMIT_S = 120.0


def cold_start(home: Path, starts: int) -> dict[str, Any]:
    """Ask once in each of several new processes, over a home whose index is built.

    ``seconds`` is the best: the least disturbed by other work. ``ms`` is the answer alone in
    that process.
    """
    runs = [_ask(home) for _ in range(starts)]
    seconds, ms = min(runs)
    own = import_costs(home)
    return {
        "seconds": round(seconds, 3),
        "answer_ms": round(ms, 1),
        "runs": [round(s, 3) for s, _ in runs],
        "imports_ms": {name: round(cost, 1) for name, cost in own.most_common(_SHOWN)},
        "imports_total_ms": round(own.total(), 1),
        "heavy": [name for name in HEAVY if name in own],
    }


def _ask(home: Path) -> tuple[float, float]:
    """Seconds of one process from start to end, and milliseconds of the answer in it."""
    start = time.perf_counter()
    done = _python("-m", "qa.cli", "ask", QUESTION, "--json", "--home", str(home))
    seconds = time.perf_counter() - start
    return seconds, float(json.loads(done.stdout)["ms"])


def import_costs(home: Path) -> Counter[str]:
    """Milliseconds that one `tiaowen ask` spends importing each package, without what it imports.

    Python's own clock slows the imports down a little: read the shares.
    """
    done = _python("-X", "importtime", "-m", "qa.cli", "ask", QUESTION, "--home", str(home))
    return parse_costs(done.stderr.splitlines())


def parse_costs(lines: Sequence[str]) -> Counter[str]:
    """Add up the lines that ``-X importtime`` writes by top-level package, in milliseconds."""
    costs: Counter[str] = Counter()
    for match in filter(None, map(_LINE.match, lines)):
        costs[match[2].split(".")[0]] += int(match[1]) / 1000  # type: ignore[assignment]
    return costs


def _python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a new interpreter.

    :raises EvalError: it did not end well; 1 only says that nothing was found.
    """
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", timeout=_LIMIT_S, check=False
    )
    if done.returncode not in (0, 1):
        raise EvalError(f"命令以 {done.returncode} 结束：{done.stderr.strip()[-500:]}")
    return done
