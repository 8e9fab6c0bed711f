"""What the update is trained on: questions about other cities, and the passages they must find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from torch import Tensor

from corpus import CorpusStore, ingest
from eval.engine import shared_folder
from eval.golds import Golds
from eval.training_set import HOME_CORPORA, documents_of, home_cases, train_cases
from eval.types import Case
from index.onnx_bert import OnnxBert
from index.passages import clause_texts, span_texts
from index.policy_index import PolicyIndex, build_index
from index.types import Passage
from qa.engine import Engine
from qa.service import engine_for


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the encoder gets it.

    ``right``: the passages that answer it, none where the documents do not say it; ``near``: the
    best wrong ones by words; ``allowed``: those to choose from (None: all).
    """

    text: str
    context: str
    right: tuple[int, ...]
    near: tuple[int, ...]
    allowed: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class City:
    """One corpus. ``units``: token ids of what is embedded, in the order of the index.

    ``owner``: int64 (units,), the passage of each; ``sentences``: the units of each passage that
    are whole sentences, or the passage itself where it has none.
    """

    name: str
    units: tuple[list[int], ...]
    owner: Tensor
    sentences: tuple[tuple[int, ...], ...]
    questions: tuple[Asked, ...]

    @property
    def passages(self) -> int:
        """How many there are."""
        return len(self.sentences)

    def scores(self, vectors: Tensor, questions: Tensor) -> Tensor:
        """Best cosine of every passage, float32 (questions, passages).

        :param vectors: float32 (units, dim), unit rows; ``questions`` float32 (questions, dim).
        """
        cosines = questions @ vectors.T
        rows = self.owner.to(cosines.device)[None].expand(len(questions), -1)
        lowest = torch.full((len(questions), self.passages), -1.0, device=cosines.device)
        return lowest.scatter_reduce(1, rows, cosines, "amax", include_self=True)


def cities(bert: OnnxBert) -> Iterator[City]:
    """Open one corpus a city by words alone, and read its questions as the engine would.

    :raises CorpusMissingError: the shared documents are not there.
    """
    for name, cases in train_cases().items():
        yield _opened(name, bert, cases, documents_of(cases))


def home(bert: OnnxBert) -> Iterator[City]:
    """The same for the questions about the five documents, over their digests and the originals.

    :raises CorpusMissingError: the shared documents are not there.
    """
    cases = home_cases()
    for name in HOME_CORPORA:
        files = [shared_folder() / "originals"] if name == "originals" else []
        yield _opened(name, bert, cases, files)


def _opened(name: str, bert: OnnxBert, cases: Sequence[Case], files: Sequence[Path]) -> City:
    """One corpus of these files, or of the samples where there are none."""
    with TemporaryDirectory() as folder:
        store = CorpusStore.open(Path(folder), samples=not files)
        ingest(store, files)
        root = Path(folder) / "index"
        build_index(store, root, None)
        index = PolicyIndex.load(root, None)
        city = city_of(name, bert, index, engine_for(store, index), Golds(store), cases)
        store.close()
    return city


def city_of(
    name: str,
    bert: OnnxBert,
    index: PolicyIndex,
    engine: Engine,
    golds: Golds,
    cases: Sequence[Case],
) -> City:
    """Cut the texts of one corpus into tokens, and read its questions."""
    texts, owner = span_texts(index.passages)
    rows = {passage.clause_id: passage.row for passage in index.passages}
    questions = []
    for case in cases:
        right = tuple(rows[hit] for hit in golds.resolve(case).hits if hit in rows)
        read = engine.read(case.question, case.history, case.area)
        ranked = engine.rank(read)
        near = tuple(row for row in ranked.rows if row not in right)
        allowed = None if read.scope is None else _in_scope(index.passages, read.scope)
        if not right and (case.answerable or allowed == ()):
            continue  # its clause is not here, or there is nothing to choose from
        query = ranked.query
        questions.append(Asked(query.text, query.context, right, near[:12], allowed))
    return City(
        name,
        tuple(bert.tokenize([*clause_texts(index.passages), *texts])),
        torch.tensor([*range(len(index.passages)), *owner]),
        sentence_units(index.passages),
        tuple(questions),
    )


def sentence_units(passages: Sequence[Passage]) -> tuple[tuple[int, ...], ...]:
    """Of each passage, the numbers of the units that are whole sentences.

    Windows of long sentences lie inside these and follow them in ``Passage.spans``.
    """
    found: list[tuple[int, ...]] = []
    unit = len(passages)
    for passage in passages:
        whole, end = 0, 0
        for start, stop in passage.spans:
            if start < end:
                break
            whole, end = whole + 1, stop
        found.append(tuple(range(unit, unit + whole)) or (passage.row,))
        unit += len(passage.spans) + len(passage.plain)
    return tuple(found)


def _in_scope(passages: Sequence[Passage], scope: Sequence[str]) -> tuple[int, ...]:
    """Rows of documents that speak for one of the areas, as the engine restricts its search."""
    return tuple(p.row for p in passages if not p.area or p.area in scope)
