"""How long an answer takes beside what it cannot do without: one embedding, one exact scan.

Everything is measured in one run, question by question and in turn, so that other work on the
machine weighs on all of it alike: compare ratios between runs, not milliseconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from eval.bench.machine import machine_line
from eval.caseset import load_cases
from eval.engine import Setup, open_engine
from eval.errors import EvalError
from eval.records import Record, read_records
from eval.runs import commit_of
from eval.types import Kind
from index.dense import DenseIndex
from index.encoder import Encoder
from qa.engine import CANDIDATES
from qa.examples import EXAMPLES
from qa.service import Service

TARGET = 1.5  # an answer may take this many times one embedding and one scan; issue 8
STEPS = ("understand", "retrieve", "rank", "select", "decide", "cite")
Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Question:
    """One question with the earlier ones of its chat."""

    text: str
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one thing, measured ``count`` times."""

    p50: float
    p95: float
    count: int


@dataclass(frozen=True, slots=True)
class Latency:
    """Times over the questions that were searched; ``replied`` is how many needed no search.

    ``steps`` are the parts of an answer; the embedding is part of ``retrieve``. ``each`` is the
    median over questions of answer/(embedding+scan) of that question.
    """

    embed: Times
    scan: Times
    answer: Times
    steps: dict[str, Times]
    replied: int
    each: float
    vectors: int

    @property
    def ratio(self) -> float:
        """Answer over embedding and scan, of the medians: 1.0 is as fast as can be."""
        return self.answer.p50 / (self.embed.p50 + self.scan.p50)

    @property
    def ratio_p95(self) -> float:
        """The same of the 95th percentiles."""
        return self.answer.p95 / (self.embed.p95 + self.scan.p95)


def read_questions(file: Path | None) -> tuple[Question, ...]:
    """Read JSON lines with ``question`` and perhaps ``history``; default the dev cases.

    Staff searches are left out: they are not answered.
    """
    if file is None:
        cases = (case for case in load_cases("dev") if case.kind is not Kind.SEARCH)
        return tuple(Question(case.question, case.history) for case in cases)
    records = read_records(file)
    return tuple(_question(r) for r in records if r.values.get("kind") != Kind.SEARCH)


def _question(record: Record) -> Question:
    return Question(record.text("question"), record.texts("history"))


def measure(
    service: Service, questions: Sequence[Question], report: Report | None = None
) -> Latency:
    """Put every question once, each beside its own floors, after a few others to warm up.

    :raises EvalError: there are no vectors, or no question is searched.
    """
    index = service.index
    if index.encoder is None or index.dense is None:
        raise EvalError("没有向量模型，量不出耗时与向量计算之比")
    for text in (text for texts in EXAMPLES.values() for text in texts):
        service.answer(text)
        _floors(index.encoder, index.dense, text)
    floors: list[tuple[float, float]] = []
    answers: list[tuple[float, dict[str, float]]] = []
    for number, question in enumerate(questions):
        if number % 2:  # who goes first finds colder caches of the processor
            answer = _answer(service, question)
            floor = _floors(index.encoder, index.dense, question.text)
        else:
            floor = _floors(index.encoder, index.dense, question.text)
            answer = _answer(service, question)
        if "retrieve" in answer[1]:
            floors.append(floor)
            answers.append(answer)
        if report is not None:
            report("latency", number + 1, len(questions))
    if not answers:
        raise EvalError("没有一个问题需要检索，量不出耗时")
    return Latency(
        embed=times([embed for embed, _ in floors]),
        scan=times([scan for _, scan in floors]),
        answer=times([ms for ms, _ in answers]),
        steps={name: times([steps.get(name, 0.0) for _, steps in answers]) for name in STEPS},
        replied=len(questions) - len(answers),
        each=median(a / sum(f) for (a, _), f in zip(answers, floors, strict=True)),
        vectors=len(index.dense.owner),
    )


def _floors(encoder: Encoder, dense: DenseIndex, text: str) -> tuple[float, float]:
    """Milliseconds of embedding one question, and of one exact scan for it."""
    start = time.perf_counter()
    vector = encoder.encode([text], kind="query")[0]
    embedded = time.perf_counter()
    dense.scan(vector, CANDIDATES)
    return (embedded - start) * 1000, (time.perf_counter() - embedded) * 1000


def _answer(service: Service, question: Question) -> tuple[float, dict[str, float]]:
    """Milliseconds of one answer, whole and by step."""
    start = time.perf_counter()
    answer = service.answer(question.text, history=question.history)
    return (time.perf_counter() - start) * 1000, answer.trace.steps_ms


def times(values: Sequence[float]) -> Times:
    """Return median and 95th percentile."""
    p50, p95 = np.percentile(np.array(values, dtype=np.float64), [50, 95])
    return Times(float(p50), float(p95), len(values))


def latency_json(latency: Latency) -> dict[str, Any]:
    """Return the figures as JSON values, milliseconds."""
    rows = {"embed": latency.embed, "scan": latency.scan, "answer": latency.answer}
    shown = {
        name: {"p50": round(row.p50, 3), "p95": round(row.p95, 3)}
        for name, row in (rows | latency.steps).items()
    }
    return {
        "questions": latency.answer.count,
        "replied_without_search": latency.replied,
        "vectors": latency.vectors,
        "ms": shown,
        "ratio": round(latency.ratio, 3),
        "ratio_p95": round(latency.ratio_p95, 3),
        "ratio_each": round(latency.each, 3),
        "target": TARGET,
    }


def run(
    corpus: str, questions: Sequence[Question], report: Report | None = None, *, starts: int = 5
) -> dict[str, Any]:
    """Measure answers over a corpus and cold starts beside it, as JSON values.

    :param starts: how many cold starts; none are measured for 0.
    """
    from eval.bench.cold import cold_start

    with open_engine(Setup(corpus)) as engine:
        if not isinstance(engine, Service):
            raise EvalError(f"{type(engine).__name__} 不是本程序的问答服务，无法测量")
        record = latency_json(measure(engine, questions, report))
        cold = cold_start(engine.home, starts) if starts else None
    return {
        "benchmark": "latency",
        "corpus": corpus,
        "machine": machine_line(),
        "commit": commit_of(Path(__file__).parent),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        **record,
        "cold": cold,
    }


if __name__ == "__main__":
    from eval.cli_latency import main

    main()
