"""A BEIR-layout benchmark through the index that serves the product."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from corpus import sentence_spans
from eval.bench.beir_data import Beir, Entry
from eval.metrics import graded_ndcg_at, recall_at, reciprocal_rank
from index.cache import EmbeddingCache
from index.dense import DenseIndex
from index.encoder import Encoder
from index.fusion import reciprocal_rank_fusion
from index.lexical import LexicalIndex
from index.passages import clause_texts, span_texts
from index.tokens import Tokenizer, search_form
from index.types import Passage

Leg: TypeAlias = Literal["lexical", "dense", "hybrid"]
LEGS: tuple[Leg, ...] = ("lexical", "dense", "hybrid")
DEPTH = 100  # ranks: Recall@100 is the deepest measure
Report = Callable[[str, int, int], None]
Search = Callable[[str], list[int]]  # a query gives rows, best first
Ranking = Sequence[str]


@dataclass(frozen=True, slots=True)
class BeirResult:
    """Means over the judged queries.

    ``build_s``: seconds to build what the leg needs; ``per_second``: queries a second, one at a
    time, tokenising and embedding included.
    """

    leg: str
    queries: int
    measures: Mapping[str, float]
    build_s: float
    per_second: float


def to_passages(entries: Iterable[Entry], *, spans: bool = False) -> tuple[Passage, ...]:
    """Turn documents into passages; the title takes the place of a clause's headings.

    :param spans: whether sentences get vectors of their own, as clauses have in the product.
    """
    return tuple(
        Passage(
            row=row,
            clause_id=entry.id,
            doc_id=entry.id,
            area="",
            title=entry.title,
            heading=entry.title,
            units=(),
            text=entry.text,
            context=entry.title,
            spans=tuple(sentence_spans(entry.text)) if spans else (),
        )
        for row, entry in enumerate(entries)
    )


def lexical_leg(passages: Sequence[Passage], tokenizer: Tokenizer) -> Search:
    """Build the lexical index; return the search of one query for rows."""
    index = LexicalIndex.build(passages, tokenizer)

    def search(query: str) -> list[int]:
        terms = dict.fromkeys(tokenizer.terms(query), 1.0)
        return [hit.row for hit in index.search(terms, DEPTH)]

    return search


def dense_leg(
    passages: Sequence[Passage], encoder: Encoder, cache: Path, report: Report | None = None
) -> Search:
    """Embed (from the cache where possible) and build the dense index; return its search."""
    texts, owner = span_texts(passages)
    store = EmbeddingCache(cache)
    try:
        told = None if report is None else (lambda done, total: report("embed", done, total))
        vectors = store.encode(encoder, clause_texts(passages) + texts, told)
    finally:
        store.close()
    count = len(passages)
    rows = np.array(owner, dtype=np.int64)
    index = DenseIndex.build(vectors[:count], vectors[count:], rows)

    def search(query: str) -> list[int]:
        vector = encoder.encode([search_form(query)], kind="query")[0]
        return [hit.row for hit in index.search(vector, DEPTH)]

    return search


def hybrid_leg(*legs: Search) -> Search:
    """Fuse legs by reciprocal rank."""
    return lambda query: [
        row for row, _ in reciprocal_rank_fusion([leg(query) for leg in legs])[:DEPTH]
    ]


def measure(
    data: Beir,
    leg: str,
    build: Callable[[], Search],
    report: Report | None = None,
) -> tuple[BeirResult, Search]:
    """Build a leg, put every judged query to it, and score the rankings."""
    started = time.perf_counter()
    search = build()
    built = time.perf_counter()
    rankings: dict[str, Ranking] = {}
    for done, (query, text) in enumerate(data.queries.items(), start=1):
        rankings[query] = [data.corpus[row].id for row in search(text)]
        if report is not None:
            report(leg, done, len(data.queries))
    seconds = time.perf_counter() - built
    speed = len(rankings) / seconds if seconds else 0.0
    return BeirResult(leg, len(rankings), score(data, rankings), built - started, speed), search


def score(data: Beir, rankings: Mapping[str, Ranking]) -> dict[str, float]:
    """Mean nDCG@10, Recall@{5,10,100} and MRR@10 over the judged queries."""
    values: dict[str, list[float]] = {}
    for query, gains in data.qrels.items():
        ranking = rankings.get(query, ())
        for name, value in (
            ("nDCG@10", graded_ndcg_at(ranking, gains, 10)),
            ("Recall@5", recall_at(ranking, gains, 5)),
            ("Recall@10", recall_at(ranking, gains, 10)),
            ("Recall@100", recall_at(ranking, gains, 100)),
            ("MRR@10", reciprocal_rank(ranking, gains, 10)),
        ):
            if value is not None:
                values.setdefault(name, []).append(value)
    return {name: sum(found) / len(found) for name, found in values.items()}
