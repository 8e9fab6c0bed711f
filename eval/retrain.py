"""Retrain every model of the engine and write them to ``qa/models``.

The ranker and the decisions learn from the dev cases: the encoder knows the training questions
about other cities by heart, so that its cosines say more there than on documents it has not seen.
The span scorer learns from those questions alone: which sentence of a clause answers differs less
from corpus to corpus than which clause does, and there are seven times as many.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

from eval.caseset import digest, load_cases
from eval.engine import Engine as Port
from eval.engine import Setup, open_engine, open_files, shared_folder
from eval.errors import CorpusMissingError
from eval.examples import (
    AnswerExample,
    SpanExample,
    answer_examples,
    foreign_examples,
    rank_examples,
    span_examples,
)
from eval.golds import Golds
from eval.train import Trained, train_answer, train_ranking
from eval.training_set import documents_of, train_cases
from eval.types import Case
from index.policy_index import PolicyIndex, build_index
from qa import decide, features, rank, select
from qa.engine import Engine
from qa.service import engine_for

if TYPE_CHECKING:
    from qa.service import Service

MODELS = Path(select.__file__).parent / "models"
RANK_C = 0.1  # more is fitted to five documents, and unseen ones lose; docs/adr/0003
SPAN_C = 0.1
ANSWER_C = 0.1
TOPIC_C = 1.0
_FOREIGN = 300  # questions taken from each foreign set
_FOREIGN_WEIGHT = 0.15  # so that foreign negatives do not drown our own


def retrain(
    corpora: Sequence[str], out: Path = MODELS, report: Callable[[str], None] = lambda _: None
) -> dict[str, Trained]:
    """Train and write all models; returns them with their cross-validated quality.

    The ranker and the two decisions are trained twice: with vectors, and on words alone for
    machines that have no model.
    """
    cases = load_cases("dev")
    about: dict[str, object] = {"cases": digest(cases)[:16], "corpora": list(corpora)}
    trained: dict[str, Trained] = {}

    def keep(name: str, model: Trained) -> None:
        trained[name] = model
        _write(out, name, model, about)
        report(f"{name}：{model.examples} 个样本，交叉验证 {model.quality:.4f}")

    for dense in (True, False):
        suffix = "" if dense else "_lexical"
        if dense:
            keep("spans", train_ranking(_span_examples(), select.NAMES, SPAN_C))
            select.span_model.cache_clear()
        with _sources(corpora, cases, dense=dense) as sources:
            ranks = [e for s in sources for e in rank_examples(s.engine, s.golds, s.cases)]
            keep(f"rank{suffix}", train_ranking(ranks, features.NAMES, RANK_C))
            rank.rank_model.cache_clear()
            answers = _decision_examples(sources)
        signals = train_answer(
            answers, decide.NAMES, lambda e: e.signals, lambda e: e.right, ANSWER_C
        )
        keep(f"answer{suffix}", signals)
        topic = train_answer(
            answers, decide.TOPIC_NAMES, lambda e: e.topic, lambda e: e.off_topic, TOPIC_C
        )
        keep(f"topic{suffix}", topic)
    return trained


@dataclass(frozen=True, slots=True)
class Source:
    """One corpus with the cases that are asked over it."""

    engine: Engine
    golds: Golds
    cases: Sequence[Case]


@contextmanager
def _sources(
    corpora: Sequence[str], cases: Sequence[Case], *, dense: bool
) -> Iterator[list[Source]]:
    """Open every corpus at once: the ranker is trained between two readings of the questions."""
    with ExitStack() as stack:
        engines = [
            stack.enter_context(_engine(open_engine(Setup(c)), dense=dense)) for c in corpora
        ]
        yield [Source(engine, golds, cases) for engine, golds in engines]


def _span_examples() -> list[SpanExample]:
    """Sentences of other cities' clauses, one corpus a city."""
    found: list[SpanExample] = []
    for asked in train_cases().values():
        opened = open_files(documents_of(asked), Setup("cities"))
        with _engine(opened, dense=True) as (engine, golds):
            found += span_examples(engine, golds, asked)
    return found


def _decision_examples(sources: Sequence[Source]) -> list[AnswerExample]:
    """What the trained ranker puts first, for our cases and for questions from elsewhere.

    Those about other cities take no part: with them the probability says less of our own cases
    (AUROC 0.93 to 0.87) and hardly more of the 20 city files; docs/adr/0004.
    """
    answers: list[AnswerExample] = []
    for source in sources:
        answers += answer_examples(source.engine, source.golds, source.cases)
        for questions, off in foreign_questions():
            answers += foreign_examples(
                source.engine, questions, off_topic=off, weight=_FOREIGN_WEIGHT
            )
    return answers


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
def _engine(
    opening: AbstractContextManager[Port], *, dense: bool
) -> Iterator[tuple[Engine, Golds]]:
    """The engine over a corpus, with its golds; ``dense`` False leaves the vectors out."""
    with opening as opened, TemporaryDirectory(prefix="tiaowen-words-") as root:
        service = cast("Service", opened)
        engine = service.engine
        if not dense:
            build_index(service.store, Path(root), None)
            engine = engine_for(service.store, PolicyIndex.load(Path(root), None))
        yield engine, Golds(service.store)
