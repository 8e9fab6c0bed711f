"""The same questions to the embedded store and to Milvus: which answers differ.

``python -m eval.bench.stores --uri FILE.db --corpus digests --split dev`` prints JSON. With a file
as address it runs through Milvus Lite, with ``http://…`` against a server.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from eval.bench.machine import machine_line
from eval.caseset import load_cases
from eval.engine import Setup, open_engine
from eval.types import Case, Kind
from index.stores.settings import TEXTS
from qa.types import Answer

VARIABLES = ("TIAOWEN_STORE", "TIAOWEN_MILVUS_URI", "TIAOWEN_MILVUS_TEXT")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a store gave to one question. ``quotes``: clause and span of every part."""

    status: str
    quotes: tuple[tuple[str, tuple[int, int]], ...]
    ranking: tuple[str, ...]
    ms: float

    @property
    def first(self) -> str | None:
        """The clause quoted first."""
        return self.quotes[0][0] if self.quotes else None


def outcomes(corpus: str, cases: Sequence[Case]) -> list[Outcome]:
    """Answer all cases with the store that the environment names."""
    with open_engine(Setup(corpus)) as engine:
        engine.answer("居住证怎么办理？")
        found = []
        for case in cases:
            start = time.perf_counter()
            answer = engine.answer(case.question, history=case.history, area=case.area)
            ms = (time.perf_counter() - start) * 1000
            ranking = engine.search(case.question, limit=5, area=case.area)
            found.append(_outcome(answer, [clause for clause, _ in ranking], ms))
    return found


def _outcome(answer: Answer, ranking: Sequence[str], ms: float) -> Outcome:
    quotes = tuple((part.citation.clause_id, part.citation.span) for part in answer.parts)
    return Outcome(answer.status.value, quotes, tuple(ranking), ms)


@contextmanager
def store(uri: str | None, text: str = "bm25") -> Iterator[None]:
    """Have the environment name a store: Milvus at ``uri``, or the embedded one."""
    before = {name: os.environ.pop(name, None) for name in VARIABLES}
    if uri is not None:
        os.environ.update(zip(VARIABLES, ("milvus", uri, text), strict=True))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def differences(
    cases: Sequence[Case], own: Sequence[Outcome], other: Sequence[Outcome]
) -> dict[str, Any]:
    """Count and list what differs: status, first clause, any quote, first ranked clause."""
    listed = []
    counts = dict.fromkeys(("status", "first_clause", "quotes", "rank_1", "rank_5"), 0)
    for case, a, b in zip(cases, own, other, strict=True):
        differs = {
            "status": a.status != b.status,
            "first_clause": a.first != b.first,
            "quotes": a.quotes != b.quotes,
            "rank_1": a.ranking[:1] != b.ranking[:1],
            "rank_5": a.ranking != b.ranking,
        }
        for name, value in differs.items():
            counts[name] += value
        if differs["status"] or differs["first_clause"]:
            shown = {"embedded": [a.status, a.first], "milvus": [b.status, b.first]}
            listed.append({"id": case.id, **shown})
    return {"differ": counts, "cases": listed}


def run(uri: str, corpus: str, split: str) -> dict[str, Any]:
    """Compare every way of searching words in Milvus with the embedded store."""
    cases = [case for case in load_cases(split) if case.kind is not Kind.SEARCH]
    with store(None):
        own = outcomes(corpus, cases)
    found: dict[str, Any] = {}
    for text in TEXTS:
        with store(uri, text):
            other = outcomes(corpus, cases)
        found[text] = {**differences(cases, own, other), "ms_p50": _median(other)}
    return {
        "benchmark": "stores",
        "machine": machine_line(),
        "corpus": corpus,
        "questions": len(cases),
        "ms_p50_embedded": _median(own),
        **found,
    }


def _median(found: Sequence[Outcome]) -> float:
    ordered = sorted(outcome.ms for outcome in found)
    return round(ordered[len(ordered) // 2], 1) if ordered else 0.0


def main() -> None:
    """Read the options and print the comparison."""
    parser = argparse.ArgumentParser(description="比较内置存储和 Milvus 给出的回答")
    parser.add_argument("--uri", required=True, help="文件路径（Milvus Lite）或 http://主机:19530")
    parser.add_argument("--corpus", default="digests", help="digests、originals 或一个数据目录")
    parser.add_argument("--split", default="dev", help="问题集")
    options = parser.parse_args()
    result = run(options.uri, options.corpus, options.split)
    json.dump(result, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
