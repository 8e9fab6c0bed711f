"""Running the gate: a fresh run on each corpus, held against its pin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from eval.caseset import load_cases
from eval.engine import Setup, open_engine, shared_folder
from eval.errors import CorpusMissingError, EvalError
from eval.gate import Check, check, pin_of, read_baseline, update, write_baseline
from eval.runs import Run
from eval.score import score_run
from eval.session import Plan, run_cases
from eval.summary import Stats, summarise


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says about one corpus; ``skipped`` says why it was not run."""

    corpus: str
    checks: tuple[Check, ...] = ()
    skipped: str | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing fell through."""
        return all(check.ok for check in self.checks)


def corpora() -> Mapping[str, str | None]:
    """Return the corpora of the gate, each with the reason why it cannot run here, or None."""
    try:
        shared_folder()
    except CorpusMissingError as error:
        return {"digests": None, "originals": str(error)}
    return {"digests": None, "originals": None}


def measure(setup: Setup, as_of: date) -> tuple[Run, Stats]:
    """Run all cases, both splits: a gate looks for regressions, it does not tune."""
    cases = load_cases("all")
    with open_engine(setup) as engine:
        run = run_cases(engine, Plan(setup.corpus, "all", cases, as_of))
    return run, summarise(score_run(run), intervals=False)


def hold(setup: Setup, baseline: Path) -> Verdict:
    """Run one corpus against its pinned floors.

    :raises EvalError: nothing is pinned for it.
    """
    pin = read_baseline(baseline).pins.get(setup.corpus)
    if pin is None:
        raise EvalError(f"语料 {setup.corpus} 还没有基线，请先运行 tiaowen eval gate --update")
    run, stats = measure(setup, date.fromisoformat(pin.as_of))
    return Verdict(setup.corpus, check(pin, run.config, stats))


def raise_floors(setup: Setup, baseline: Path, lower: str | None) -> Verdict:
    """Run one corpus, pin what it reached, and hold the same run against the new pin.

    :raises EvalError: a floor would be lowered and no reason is given.
    """
    old = read_baseline(baseline)
    pinned = old.pins.get(setup.corpus)
    as_of = date.fromisoformat(pinned.as_of) if pinned else date.today()
    run, stats = measure(setup, as_of)
    new = update(old, setup.corpus, pin_of(run.config, stats), lower)
    write_baseline(new, baseline)
    return Verdict(setup.corpus, check(new.pins[setup.corpus], run.config, stats))
