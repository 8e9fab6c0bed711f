"""What one stage of the engine hands to the next."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

from index.policy_index import Retrieved
from qa import decide
from qa.query import Query
from qa.select import Evidence


@dataclass(frozen=True, slots=True)
class Candidate:
    """One clause with its evidence and the probability that it answers.

    ``units_row``: asked who, the row whose unit list speaks for the clause (its own or that of
    the last item of its list), else None. ``named``: the question asks for this very clause by
    number, so nothing has to be judged.
    """

    row: int
    score: float
    evidence: Evidence
    signals: decide.Signals
    confidence: float
    units_row: int | None = None
    named: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidate rows in ranked order with their scores, and what they were ranked from.

    ``placed``: the question names a place that the documents cover. ``named``: rows of the
    clauses that it asks for by number and nothing else («第十八条讲什么»). ``moved``: how many rows
    a cross-encoder put elsewhere, None where there is none. ``scores`` are always the ranker's and
    need not fall.
    """

    rows: tuple[int, ...]
    scores: tuple[float, ...]
    found: Retrieved
    query: Query
    placed: bool
    named: frozenset[int] = frozenset()
    moved: int | None = None


class Clock:
    """Milliseconds per step."""

    def __init__(self) -> None:
        self._last = perf_counter()
        self.steps: dict[str, float] = {}

    def lap(self, step: str) -> None:
        """Book the time since the last lap under ``step``."""
        now = perf_counter()
        self.steps[step] = self.steps.get(step, 0.0) + 1000.0 * (now - self._last)
        self._last = now
