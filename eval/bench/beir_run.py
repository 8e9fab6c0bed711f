"""What `eval beir` does: the legs asked for, one after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.bench.beir import (
    LEGS,
    BeirResult,
    Report,
    Search,
    dense_leg,
    hybrid_leg,
    lexical_leg,
    measure,
    to_passages,
)
from eval.bench.beir_data import Beir
from eval.errors import EvalError
from index.encoder import Encoder
from index.tokens import default_tokenizer


@dataclass(frozen=True, slots=True)
class BeirPlan:
    """Which legs to run. ``spans``: sentence vectors too (several times as many)."""

    legs: tuple[str, ...]
    cache: Path
    spans: bool = False


def parse_legs(text: str) -> tuple[str, ...]:
    """Read ``lexical,dense``.

    :raises EvalError: an unknown leg.
    """
    legs = tuple(leg.strip() for leg in text.split(",") if leg.strip())
    unknown = [leg for leg in legs if leg not in LEGS]
    if unknown or not legs:
        raise EvalError(f"没有检索方式「{'、'.join(unknown) or text}」，可用：{'、'.join(LEGS)}")
    return legs


def default_cache() -> Path:
    """Where embeddings of benchmarks are kept between runs."""
    from platformdirs import user_cache_path

    return user_cache_path("tiaowen", appauthor=False) / "eval" / "bench.sqlite3"


def run_beir(
    data: Beir, plan: BeirPlan, encoder: Encoder | None, report: Report | None = None
) -> tuple[BeirResult, ...]:
    """Measure the legs of a plan.

    :param encoder: needed for the dense leg.
    :raises EvalError: the dense leg is asked for without an encoder.
    """
    passages = to_passages(data.corpus, spans=plan.spans)
    hybrid = "hybrid" in plan.legs
    searches: list[Search] = []
    results = []
    if hybrid or "lexical" in plan.legs:
        result, search = measure(
            data, "lexical", lambda: lexical_leg(passages, default_tokenizer()), report
        )
        results.append(result)
        searches.append(search)
    if hybrid or "dense" in plan.legs:
        if encoder is None:
            raise EvalError("没有向量模型，只能评测词法检索（--legs lexical）")
        result, search = measure(
            data, "dense", lambda: dense_leg(passages, encoder, plan.cache, report), report
        )
        results.append(result)
        searches.append(search)
    if hybrid:
        results.append(measure(data, "hybrid", lambda: hybrid_leg(*searches), report)[0])
    return tuple(result for result in results if result.leg in plan.legs)


def beir_json(data: Beir, results: Sequence[BeirResult]) -> dict[str, Any]:
    """Return the results as JSON values."""
    return {
        "benchmark": data.name,
        "split": data.split,
        "documents": len(data.corpus),
        "queries": len(data.queries),
        "legs": {
            result.leg: {
                **result.measures,
                "build_s": round(result.build_s, 2),
                "queries_per_second": round(result.per_second, 1),
            }
            for result in results
        },
    }
