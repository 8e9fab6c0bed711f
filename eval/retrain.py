"""Retrain every model of the engine and write them to ``qa/models``.

The ranker and the signals of the decisions learn from the dev cases: the encoder knows the
training questions by heart, so that its cosines say more there than on questions it has not seen.
Which lacking words matter (`eval.train_decision`) and which sentence of a clause answers differ
less from corpus to corpus, and are learned from those questions as well.
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
from eval.train_decision import Decision, train_decision
from eval.training_set import documents_of, home_cases, train_cases
from eval.types import Case
from index.policy_index import PolicyIndex, build_index
from qa import decide, features, rank, select, unmet
from qa.engine import Engine
from qa.service import engine_for

if TYPE_CHECKING:
    from qa.service import Service

MODELS = Path(select.__file__).parent / "models"
RANK_C = 0.1  # more is fitted to five documents, and unseen ones lose; docs/adr/0003
SPAN_C = 0.1
TOPIC_C = 1.0
_CITY_WEIGHT = 0.3  # of a question about another city beside one of dev in the decision
_HOME_WEIGHT = 0.5
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
            answers += _home_examples(sources)
        decision = train_decision([*answers, *_city_examples(dense=dense)], decide.NAMES)
        keep(f"answer{suffix}", decision.trained)
        _write_unmet(out, f"unmet{suffix}", decision, about)
        own = [e for e in answers if not e.group_apart]
        topic = train_answer(
            own, decide.TOPIC_NAMES, lambda e: e.topic, lambda e: e.off_topic, TOPIC_C
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


def _cities(*, dense: bool) -> Iterator[Source]:
    """The training questions, each city's over its own documents."""
    for asked in train_cases().values():
        opened = open_files(documents_of(asked), Setup("cities"))
        with _engine(opened, dense=dense) as (engine, golds):
            yield Source(engine, golds, asked)


def _span_examples() -> list[SpanExample]:
    """Sentences of other cities' clauses."""
    return [e for s in _cities(dense=True) for e in span_examples(s.engine, s.golds, s.cases)]


def _home_examples(sources: Sequence[Source]) -> list[AnswerExample]:
    """The same for the training questions about the five documents, which the encoder knows."""
    cases = home_cases()
    return [
        example
        for s in sources
        for example in answer_examples(s.engine, s.golds, cases, apart="home", weight=_HOME_WEIGHT)
    ]


def _city_examples(*, dense: bool) -> list[AnswerExample]:
    """What the trained ranker puts first for questions about other cities."""
    return [
        example
        for s in _cities(dense=dense)
        for example in answer_examples(
            s.engine, s.golds, s.cases, apart="cities", weight=_CITY_WEIGHT
        )
    ]


def _decision_examples(sources: Sequence[Source]) -> list[AnswerExample]:
    """What the trained ranker puts first, for our cases and for questions from elsewhere."""
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


def _write_unmet(out: Path, name: str, decision: Decision, about: dict[str, object]) -> None:
    values = {**about, "weights": decision.unmet}
    text = json.dumps(values, ensure_ascii=False, indent=0) + "\n"
    (out / f"{name}.json").write_text(text, encoding="utf-8")
    unmet.unmet_model.cache_clear()


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
