"""What each stage of the ranking is worth, from one leg alone to the order that is answered in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus import Gazetteer
from corpus.types import Role
from eval.golds import Golds
from eval.metrics import hit_at, mean_interval, ndcg_at, paired_randomisation, reciprocal_rank
from eval.types import Case
from index.synonyms import Synonyms
from qa.engine import Engine

if TYPE_CHECKING:
    from eval.metrics import Interval
    from qa.service import Service

STAGES = ("lexical", "dense", "hybrid", "+ranker", "+synonyms", "+lacking")
MEASURES = ("hit@1", "hit@5", "mrr", "ndcg@10")
DEPTH = 10
Rank = Callable[[Case], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: means over cases, the interval of hit@1, and p against the stage before."""

    name: str
    measures: Mapping[str, float]
    interval: Interval | None
    p: float | None
    cases: int


def ablate(
    service: Service, cases: Sequence[Case], done: Callable[[], None] = lambda: None
) -> tuple[Stage, ...]:
    """Rank the answerable cases at every stage.

    Each stage adds to the one before; the first three use the user's own words only. Without
    an embedding model ``dense`` is left out and ``hybrid`` equals ``lexical``.
    """
    golds = Golds(service.store)
    wanted = [(case, golds.resolve(case).hits) for case in cases if case.answerable]
    wanted = [(case, hits) for case, hits in wanted if hits]
    stages: list[Stage] = []
    before: list[float] | None = None
    for name, rank in rankers(service).items():
        values: dict[str, list[float]] = {measure: [] for measure in MEASURES}
        for case, hits in wanted:
            for measure, value in _measure(rank(case), hits).items():
                values[measure].append(value)
            done()
        first = values["hit@1"]
        p = paired_randomisation(before, first) if before is not None else None
        means = {measure: sum(found) / len(found) for measure, found in values.items() if found}
        stages.append(Stage(name, means, mean_interval(first), p, len(wanted)))
        before = first
    return tuple(stages)


def rankers(service: Service) -> Mapping[str, Rank]:
    """Return the ranking function of every stage, in order."""
    full = service.engine
    documents = {document.doc_id: document for document in service.store.documents()}
    clauses = {clause.clause_id: clause for clause in service.store.clauses(roles=tuple(Role))}
    plain = Engine(service.index, documents, clauses, Gazetteer.load(), Synonyms([]))
    stages: dict[str, Rank] = {
        "lexical": lambda case: _leg(plain, case, "lexical"),
        "dense": lambda case: _leg(plain, case, "dense"),
        "hybrid": lambda case: _ids(plain, _ranked(plain, case).found.rows),
        "+ranker": lambda case: _by_score(plain, case),
        "+synonyms": lambda case: _by_score(full, case),
        "+lacking": lambda case: _ids(full, _ranked(full, case).rows),
    }
    if service.index.dense is None:
        del stages["dense"]
    return stages


def _ranked(engine: Engine, case: Case) -> Any:  # noqa: ANN401 - the engine's own type
    return engine.rank(engine.read(case.question, case.history, case.area))


def _leg(engine: Engine, case: Case, leg: str) -> list[str]:
    """Rank by one leg alone, in its own order."""
    hits = getattr(_ranked(engine, case).found, leg)
    return _ids(engine, sorted(hits, key=lambda row: hits[row].rank))


def _by_score(engine: Engine, case: Case) -> list[str]:
    """Rank by the ranker alone, before what lacks less comes first (`qa.rank.settled`)."""
    ranked = _ranked(engine, case)
    order = sorted(range(len(ranked.rows)), key=lambda at: -ranked.scores[at])
    return _ids(engine, [ranked.rows[at] for at in order])


def _ids(engine: Engine, rows: Sequence[int]) -> list[str]:
    return [engine.clause_at(row).clause_id for row in rows[:DEPTH]]


def _measure(ranking: Sequence[str], hits: frozenset[str]) -> dict[str, float]:
    values = {
        "hit@1": hit_at(ranking, hits, 1),
        "hit@5": hit_at(ranking, hits, 5),
        "mrr": reciprocal_rank(ranking, hits, DEPTH),
        "ndcg@10": ndcg_at(ranking, hits, DEPTH),
    }
    return {name: value for name, value in values.items() if value is not None}


def ablation_json(stages: Sequence[Stage]) -> dict[str, Any]:
    """Return the stages as JSON values."""
    return {
        stage.name: {
            **stage.measures,
            "hit@1_low": stage.interval.low if stage.interval else None,
            "hit@1_high": stage.interval.high if stage.interval else None,
            "p_against_before": stage.p,
            "cases": stage.cases,
        }
        for stage in stages
    }
