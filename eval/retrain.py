"""Retrain every model of the engine from the dev cases and write them to ``qa/models``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from eval.caseset import digest, load_cases
from eval.engine import Setup, open_engine, shared_folder
from eval.errors import CorpusMissingError
from eval.examples import (
    AnswerExample,
    RankExample,
    SpanExample,
    answer_examples,
    foreign_examples,
    rank_examples,
    span_examples,
)
from eval.golds import Golds
from eval.train import Trained, train_answer, train_ranking
from qa import decide, features, rank, select

if TYPE_CHECKING:
    from qa.service import Service

MODELS = Path(select.__file__).parent / "models"
RANK_C = 1.0
SPAN_C = 0.1
ANSWER_C = 0.1
TOPIC_C = 1.0
_FOREIGN = 300  # questions taken from each foreign set
_FOREIGN_WEIGHT = 0.15  # so that foreign negatives do not drown our own


def retrain(
    corpora: Sequence[str], out: Path = MODELS, report: Callable[[str], None] = lambda _: None
) -> dict[str, Trained]:
    """Train and write all models; returns them with their cross-validated quality."""
    cases = load_cases("dev")
    about: dict[str, object] = {"cases": digest(cases)[:16], "corpora": list(corpora)}
    trained: dict[str, Trained] = {}
    ranks: list[RankExample] = []
    spans: list[SpanExample] = []
    for corpus in corpora:
        with _service(corpus) as service:
            golds = Golds(service.store)
            ranks += rank_examples(service.engine, golds, cases)
            spans += span_examples(service.engine, golds, cases)
        report(f"{corpus}：{len(ranks)} 个排序样本，{len(spans)} 个取句样本")
    trained["rank"] = train_ranking(ranks, features.NAMES, RANK_C)
    trained["spans"] = train_ranking(spans, select.NAMES, SPAN_C)
    for name in ("rank", "spans"):
        _write(out, name, trained[name], about)
    rank.rank_model.cache_clear()
    select.span_model.cache_clear()
    answers: list[AnswerExample] = []
    for corpus in corpora:
        with _service(corpus) as service:
            golds = Golds(service.store)
            answers += answer_examples(service.engine, golds, cases)
            for questions, off_topic in foreign_questions():
                answers += foreign_examples(
                    service.engine, questions, off_topic=off_topic, weight=_FOREIGN_WEIGHT
                )
        report(f"{corpus}：{len(answers)} 个判断样本")
    trained["answer"] = train_answer(
        answers, decide.NAMES, lambda e: e.signals, lambda e: e.right, ANSWER_C
    )
    trained["topic"] = train_answer(
        answers, decide.TOPIC_NAMES, lambda e: e.topic, lambda e: e.off_topic, TOPIC_C
    )
    for name in ("answer", "topic"):
        _write(out, name, trained[name], about)
    return trained


def _write(out: Path, name: str, trained: Trained, about: dict[str, object]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    text = trained.model.to_json(
        quality=round(trained.quality, 4), examples=trained.examples, **about
    )
    (out / f"{name}.json").write_text(text, encoding="utf-8")


def foreign_questions() -> list[tuple[list[str], bool]]:
    """Questions about other laws, other policies and general knowledge, where `shared` is there.

    :return: lists of questions, each with whether they are off topic.
    """
    try:
        bench = shared_folder() / "bench"
    except CorpusMissingError:
        return []
    stard = _column(bench / "stard" / "queries.jsonl", "text")
    ncp = _column(bench / "ncp" / "qa.jsonl", "q")
    trial = json.loads((bench / "cmrc2018" / "trial.json").read_text(encoding="utf-8"))
    cmrc = [
        qa["question"]
        for article in trial["data"]
        for paragraph in article["paragraphs"]
        for qa in paragraph["qas"]
    ]
    return [(stard[:_FOREIGN], True), (ncp[:_FOREIGN], False), (cmrc[:_FOREIGN], True)]


def _column(path: Path, key: str) -> list[str]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line)[key] for line in lines]


@contextmanager
def _service(corpus: str) -> Iterator[Service]:
    with open_engine(Setup(corpus)) as engine:
        yield cast("Service", engine)
