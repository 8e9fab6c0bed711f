"""Two runs side by side: what changed, how sure that is, and which questions were won or lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.measures import MEASURES
from eval.metrics import Interval, mean_interval, paired_randomisation
from eval.runs import Run
from eval.score import OUTCOME_LABELS, CaseScore, score_run


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure in two runs, over the cases that both define.

    ``p``: two-sided paired randomisation test; ``interval``: of the difference (b − a).
    """

    name: str
    a: float
    b: float
    n: int
    p: float | None
    interval: Interval | None

    @property
    def better(self) -> bool | None:
        """Whether ``b`` is better; None where they are equal."""
        if self.a == self.b:
            return None
        return (self.b > self.a) == MEASURES[self.name].higher_is_better


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two runs have in common and where they differ.

    ``gained``: (a, b) where only b is right; ``lost``: where only a is right; ``moved``: both
    wrong or both right, in another way. ``notes`` say what makes the comparison unfair.
    """

    notes: tuple[str, ...]
    differences: tuple[Difference, ...]
    gained: tuple[tuple[CaseScore, CaseScore], ...]
    lost: tuple[tuple[CaseScore, CaseScore], ...]
    moved: tuple[tuple[CaseScore, CaseScore], ...]


def compare_runs(a: Run, b: Run) -> Comparison:
    """Compare run ``b`` with run ``a`` over the cases that both hold."""
    others = {score.case.id: score for score in score_run(b)}
    pairs = [(s, others[s.case.id]) for s in score_run(a) if s.case.id in others]
    changed = [(x, y) for x, y in pairs if x.outcome is not y.outcome]
    return Comparison(
        notes=tuple(_notes(a, b, pairs)),
        differences=tuple(_differences(pairs)),
        gained=tuple((x, y) for x, y in changed if y.right and not x.right),
        lost=tuple((x, y) for x, y in changed if x.right and not y.right),
        moved=tuple((x, y) for x, y in changed if x.right == y.right),
    )


def _notes(a: Run, b: Run, pairs: Sequence[tuple[CaseScore, CaseScore]]) -> list[str]:
    """Say what differs besides the system."""
    notes = []
    if len(pairs) < max(len(a.cases), len(b.cases)):
        notes.append(f"只比较两边都有的 {len(pairs)} 题（A {len(a.cases)}，B {len(b.cases)}）")
    edited = sum(x.case != y.case for x, y in pairs)
    if edited:
        notes.append(f"{edited} 题的内容在两次评测之间改过")
    if a.config.corpus_digest != b.config.corpus_digest:
        notes.append("两次评测的语料不同")
    if a.config.model != b.config.model:
        notes.append(f"向量模型不同（A {a.config.model or '无'}，B {b.config.model or '无'}）")
    if a.config.reranker != b.config.reranker:
        notes.append(
            f"重排模型不同（A {a.config.reranker or '无'}，B {b.config.reranker or '无'}）"
        )
    return notes


def _differences(pairs: Sequence[tuple[CaseScore, CaseScore]]) -> list[Difference]:
    """Compare every measure that is a mean over cases."""
    found = []
    for name in MEASURES:
        both = [
            (old, new)
            for x, y in pairs
            if (old := x.values.get(name)) is not None and (new := y.values.get(name)) is not None
        ]
        if not both:
            continue
        first, second = [old for old, _ in both], [new for _, new in both]
        found.append(
            Difference(
                name=name,
                a=sum(first) / len(both),
                b=sum(second) / len(both),
                n=len(both),
                p=paired_randomisation(first, second),
                interval=mean_interval([new - old for old, new in both]),
            )
        )
    return found


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as JSON values."""
    return {
        "notes": list(comparison.notes),
        "measures": {
            d.name: {
                "a": d.a,
                "b": d.b,
                "difference": d.b - d.a,
                "low": d.interval.low if d.interval else None,
                "high": d.interval.high if d.interval else None,
                "p": d.p,
                "n": d.n,
            }
            for d in comparison.differences
        },
        **{name: [_change(x, y) for x, y in changes] for name, changes in _changes(comparison)},
    }


def _changes(
    comparison: Comparison,
) -> tuple[tuple[str, Sequence[tuple[CaseScore, CaseScore]]], ...]:
    return (
        ("gained", comparison.gained),
        ("lost", comparison.lost),
        ("moved", comparison.moved),
    )


def _change(x: CaseScore, y: CaseScore) -> Mapping[str, str]:
    return {
        "id": x.case.id,
        "question": x.case.question,
        "a": x.outcome.value,
        "b": y.outcome.value,
        "why_a": x.why,
        "why_b": y.why,
    }


def change_line(x: CaseScore, y: CaseScore) -> str:
    """Write one changed question on one line."""
    why = y.why or x.why
    labels = f"{OUTCOME_LABELS[x.outcome]} → {OUTCOME_LABELS[y.outcome]}"
    return f"{x.case.id}  {x.case.question}  [{labels}]" + (f"  {why}" if why else "")
