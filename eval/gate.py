"""Floors that a change must not fall through, pinned with hashes in ``baseline.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from eval.errors import EvalError
from eval.measures import MEASURES
from eval.runs import RunConfig
from eval.summary import Stats

BASELINE = Path(__file__).parent / "baseline.json"
GATED = (
    "correct", "hit@1", "hit@5", "mrr", "facts", "first_quote",
    "fidelity", "refusal_precision", "refusal_recall", "false_refusal", "status",
)  # fmt: skip
# The engine is deterministic, but float sums differ between CPUs: two near-equal clauses may swap
# places. One such case is 1/400 of the set; two may.
TOLERANCE = 0.005
_EXACT = frozenset({"fidelity"})  # a quote that is not the document's text is never noise


@dataclass(frozen=True, slots=True)
class Floor:
    """What a measure reached, and on how many cases; the floor is that minus the tolerance."""

    value: float
    n: int


@dataclass(frozen=True, slots=True)
class Pin:
    """The floors of one corpus, with what they were measured on.

    ``as_of`` is the day on which validity is judged, so that the gate does not age.
    """

    cases_digest: str
    corpus_digest: str
    model: str | None
    as_of: str
    floors: Mapping[str, Floor]


@dataclass(frozen=True, slots=True)
class Baseline:
    """Pins by corpus name, and why floors were ever lowered."""

    pins: Mapping[str, Pin] = field(default_factory=dict)
    history: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One gated measure: what was wanted and what came."""

    name: str
    wanted: float | None
    got: float | None
    ok: bool
    why: str = ""


def read_baseline(path: Path = BASELINE) -> Baseline:
    """Read the pinned floors; a missing file pins nothing.

    :raises EvalError: when it cannot be read.
    """
    if not path.is_file():
        return Baseline()
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        pins = {
            corpus: Pin(
                **{k: v for k, v in pin.items() if k != "floors"},
                floors={name: Floor(**floor) for name, floor in pin["floors"].items()},
            )
            for corpus, pin in values["pins"].items()
        }
        return Baseline(pins, tuple(values["history"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EvalError(f"基线文件 {path} 无法读取（{error}）") from error


def write_baseline(baseline: Baseline, path: Path = BASELINE) -> None:
    """Write the pinned floors."""
    text = json.dumps(asdict(baseline), ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def pin_of(config: RunConfig, stats: Stats) -> Pin:
    """Pin what a run reached."""
    floors = {
        name: Floor(round(value, 6), stats[name].n)
        for name in GATED
        if (value := stats[name].value) is not None
    }
    return Pin(config.cases_digest, config.corpus_digest, config.model, config.as_of, floors)


def check(pin: Pin, config: RunConfig, stats: Stats) -> tuple[Check, ...]:
    """Hold a run against its pin: hashes first, then every floor."""
    now = pin_of(config, stats)
    checks = [
        _same("题目", pin.cases_digest, now.cases_digest),
        _same("语料", pin.corpus_digest, now.corpus_digest),
        _same("向量模型", pin.model or "无", now.model or "无"),
    ]
    for name, floor in pin.floors.items():
        checks.append(_check_floor(name, floor, now.floors.get(name)))
    return tuple(checks)


def _same(what: str, wanted: str, got: str) -> Check:
    if wanted == got:
        return Check(what, None, None, True)
    why = f"与基线不同（{wanted[:12]} → {got[:12]}），确认后用 --update 重新定基线"
    return Check(what, None, None, False, why)


def _check_floor(name: str, floor: Floor, now: Floor | None) -> Check:
    if now is None:
        return Check(name, floor.value, None, False, "没有任何题目能算出此项")
    if now.n < floor.n and name not in _CONDITIONAL:
        why = f"能算出此项的题从 {floor.n} 道减到 {now.n} 道"
        return Check(name, floor.value, now.value, False, why)
    ok = not worse(name, floor.value, now.value)
    return Check(name, floor.value, now.value, ok, "" if ok else "低于基线")


# Measures over the cases that were answered or refused: their number follows from the answers.
_CONDITIONAL = frozenset({"first_quote", "fidelity", "refusal_precision"})


def worse(name: str, floor: float, value: float) -> bool:
    """Whether ``value`` is on the wrong side of ``floor`` by more than the tolerance."""
    slack = 0.0 if name in _EXACT else TOLERANCE
    if MEASURES[name].higher_is_better:
        return value < floor - slack
    return value > floor + slack


def update(
    baseline: Baseline, corpus: str, new: Pin, lower: str | None, today: date | None = None
) -> Baseline:
    """Pin a run in place of the old pin.

    A floor within the tolerance of the old one is kept as it was, so that noise cannot walk it
    down step by step.

    :param lower: the reason for which floors may be lowered; kept in the history.
    :raises EvalError: a floor would be lowered and no reason is given.
    """
    old = baseline.pins.get(corpus)
    history = baseline.history
    if old is not None:
        lowered = lowered_floors(old, new)
        if lowered and not lower:
            raise EvalError(
                "以下指标会低于现有基线：" + "，".join(lowered) + "。确有理由时用 --lower 写明理由"
            )
        if lowered:
            day = (today or datetime.now(UTC).date()).isoformat()
            entry = {"date": day, "corpus": corpus, "lowered": lowered, "reason": lower}
            history = (*history, entry)
        floors = {n: _keep_best(n, old.floors.get(n), f) for n, f in new.floors.items()}
        new = replace(new, floors=floors)
    return Baseline({**baseline.pins, corpus: new}, history)


def _keep_best(name: str, old: Floor | None, new: Floor) -> Floor:
    if old is None or worse(name, old.value, new.value):
        return new
    better = max if MEASURES[name].higher_is_better else min
    return Floor(better(old.value, new.value), new.n)


def lowered_floors(old: Pin, new: Pin) -> list[str]:
    """Name the floors that ``new`` would lower or drop."""
    lines = []
    for name, floor in old.floors.items():
        now = new.floors.get(name)
        if now is None:
            lines.append(f"{name} {floor.value:.4f} → 无")
        elif worse(name, floor.value, now.value):
            lines.append(f"{name} {floor.value:.4f} → {now.value:.4f}")
    return lines
