"""What the update is trained on: questions about other cities, and the vectors they must find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import torch
from torch import Tensor

from eval.engine import Setup, open_files
from eval.golds import Golds
from eval.training_set import documents_of, train_cases
from eval.types import Case
from index.types import Passage

if TYPE_CHECKING:
    from qa.service import Service


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the encoder gets it, the rows that answer it, and those to choose from."""

    text: str
    context: str
    right: tuple[int, ...]
    allowed: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class City:
    """One corpus: ``vectors`` float32 (n, dim), the passage row that owns each, its questions."""

    name: str
    vectors: Tensor
    owner: Tensor
    passages: int
    questions: tuple[Asked, ...]

    def scores(self, questions: Tensor) -> Tensor:
        """Best cosine of every passage, float32 (questions, passages)."""
        cosines = questions @ self.vectors.T
        rows = self.owner[None].expand(len(questions), -1)
        lowest = torch.full((len(questions), self.passages), -1.0)
        return lowest.scatter_reduce(1, rows, cosines, "amax", include_self=True)


def cities(setup: Setup) -> Iterator[City]:
    """Open one corpus a city, embed it, and read its questions as the engine would.

    :raises CorpusMissingError: the shared documents are not there.
    """
    for name, cases in train_cases().items():
        with open_files(documents_of(cases), setup) as opened:
            yield city_of(name, cast("Service", opened), cases)


def city_of(name: str, service: Service, cases: Sequence[Case]) -> City:
    """Read the questions of one corpus.

    :raises ValueError: the index has no vectors.
    """
    index, engine, golds = service.index, service.engine, Golds(service.store)
    if index.dense is None:
        raise ValueError("the update is trained on vectors, and there is no model")
    owner = index.dense.owner
    vectors = index.dense.vectors_of(np.arange(len(owner), dtype=np.int64))
    rows = {passage.clause_id: passage.row for passage in index.passages}
    questions = []
    for case in cases:
        right = tuple(rows[hit] for hit in golds.resolve(case).hits if hit in rows)
        if case.answerable and right:
            read = engine.read(case.question, case.history, case.area)
            query = engine.rank(read).query
            bounds = None if read.scope is None else _in_scope(index.passages, read.scope)
            questions.append(Asked(query.text, query.context, right, bounds))
    return City(
        name,
        torch.from_numpy(np.ascontiguousarray(vectors)),
        torch.from_numpy(owner).long(),
        len(index.passages),
        tuple(questions),
    )


def _in_scope(passages: Sequence[Passage], scope: tuple[str, ...]) -> tuple[int, ...]:
    """Rows of the places a question is about, and of what holds everywhere."""
    return tuple(p.row for p in passages if not p.area or p.area in scope)
