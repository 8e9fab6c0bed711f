"""One evaluation run from opening the corpus to the written folder."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from corpus.types import Role
from eval.caseset import digest
from eval.engine import Engine
from eval.golds import Golds
from eval.predict import predict, warm_up
from eval.runs import Run, RunConfig, commit_of
from eval.types import Case, Prediction


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run. ``as_of``: the day on which validity is judged."""

    corpus: str
    split: str
    cases: tuple[Case, ...]
    as_of: date
    label: str | None = None


def run_cases(engine: Engine, plan: Plan, done: Callable[[], None] = lambda: None) -> Run:
    """Put every case to the engine and return the run."""
    warm_up(engine)
    started = datetime.now(UTC)
    clock = time.perf_counter()
    predictions = predict(engine, plan.cases, as_of=plan.as_of, done=done)
    seconds = time.perf_counter() - clock
    commit = commit_of(Path(__file__).parent)
    config = RunConfig(
        label=plan.label or default_label(plan.corpus, commit),
        corpus=plan.corpus,
        split=plan.split,
        corpus_digest=engine.store.digest(),
        cases_digest=digest(plan.cases),
        cases=len(plan.cases),
        documents=len(engine.store.documents()),
        clauses=len(engine.store.clauses(roles=tuple(Role))),
        model=model_of(engine),
        reranker=reranker_of(engine),
        commit=commit,
        version=program_version(),
        as_of=plan.as_of.isoformat(),
        started_at=started.isoformat(timespec="seconds"),
        seconds=round(seconds, 2),
    )
    return Run(config, plan.cases, predictions, names_of(engine, predictions))


def default_label(corpus: str, commit: str | None) -> str:
    """Name a run by corpus and commit."""
    return f"{Path(corpus).name}-{(commit or 'dev').replace('+', '-dirty')}"


def model_of(engine: Engine) -> str | None:
    """Return the name of the embedding model in use, None for words only."""
    index = getattr(engine, "index", None)
    name = getattr(getattr(index, "encoder", None), "name", None)
    return name if isinstance(name, str) else None


def reranker_of(engine: Engine) -> str | None:
    """Return what the cross-encoder in use was called, None where there is none."""
    name = getattr(getattr(engine, "reranker", None), "name", None)
    return name if isinstance(name, str) else None


def program_version() -> str:
    """Return the installed version."""
    try:
        return version("tiaowen")
    except PackageNotFoundError:
        return "0+unknown"


def names_of(engine: Engine, predictions: Sequence[Prediction]) -> dict[str, str]:
    """Name every clause that a run mentions, for reports without the corpus."""
    golds = Golds(engine.store)
    mentioned: set[str] = set()
    for prediction in predictions:
        mentioned |= {clause_id for clause_id, _ in prediction.ranking}
        mentioned |= prediction.resolved.hits
        mentioned |= {quote.clause_id for quote in prediction.quotes}
        mentioned |= set(prediction.related)
    return {clause_id: golds.describe(clause_id) for clause_id in sorted(mentioned)}
