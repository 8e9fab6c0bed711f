"""What another synonym file would gain and lose on the evaluation cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from eval.compare import Comparison, compare_runs
from eval.engine import Engine, Store
from eval.session import Plan, run_cases
from index.synonyms import Synonyms
from qa.types import Answer

if TYPE_CHECKING:
    from qa.engine import Engine as Answerer
    from qa.service import Service


class Trial:
    """A service that answers with other synonyms; documents, index and models stay as they are."""

    def __init__(self, service: Service, synonyms: Synonyms) -> None:
        from qa.service import engine_for

        self._service = service
        self._engine: Answerer = engine_for(service.store, service.index, synonyms)

    @property
    def store(self) -> Store:
        """The corpus."""
        return self._service.store

    @property
    def index(self) -> object:
        """The index of the service, for the name of its model."""
        return self._service.index

    def answer(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        area: str | None = None,
        as_of: date | None = None,
    ) -> Answer:
        """Answer one question."""
        return self._engine.answer(question, history=history, area=area, as_of=as_of)

    def search(
        self, query: str, *, limit: int = 10, area: str | None = None
    ) -> Sequence[tuple[str, float]]:
        """Rank clauses: (clause_id, score), best first."""
        if not query.strip():
            return ()
        ranked = self._engine.rank(self._engine.read(query, (), area))
        pairs = zip(ranked.rows[:limit], ranked.scores[:limit], strict=True)
        return [(self._engine.clause_at(row).clause_id, score) for row, score in pairs]

    def close(self) -> None:
        """Nothing of its own is open."""


def try_synonyms(
    before: Engine, after: Engine, plan: Plan, done: Callable[[], None] = lambda: None
) -> Comparison:
    """Put the cases of ``plan`` to both and compare them case by case."""
    return compare_runs(run_cases(before, plan, done), run_cases(after, plan, done))
