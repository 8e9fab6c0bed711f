"""What page and API ask of the program behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from corpus.types import Clause, Document
from qa.search.types import Request, Results
from qa.types import Answer


class PolicyService(Protocol):
    """Everything page and API know about the corpus. Calls may come from several threads."""

    def answer(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        area: str | None = None,
        as_of: date | None = None,
    ) -> Answer:
        """Answer one question; ``history`` holds earlier questions, oldest first."""
        ...

    def find(self, request: Request) -> Results:
        """Search clauses as staff do.

        :raises QueryError: where the query cannot be read, with the place.
        :raises FilterError: where a filter cannot.
        """
        ...

    def areas(self) -> tuple[str, ...]:
        """Name the covered division paths, such as ``福建省/泉州市/鲤城区``."""
        ...

    def document(self, doc_id: str) -> Document:
        """Fetch one stored document.

        :raises UnknownDocument: when there is none with this id.
        """
        ...

    def clause(self, clause_id: str) -> Clause:
        """Fetch one stored clause.

        :raises UnknownDocument: when there is none with this id.
        """
        ...

    def passages(self, doc_id: str) -> tuple[Clause, ...]:
        """Fetch all passages of one document, of every role, in printed order."""
        ...

    def headings(self) -> tuple[tuple[str, str], ...]:
        """Name areas and headings of numbered clauses, each pair once, in corpus order."""
        ...

    def examples(self) -> Mapping[str, Sequence[str]]:
        """Offer example questions by topic."""
        ...

    def notice(self) -> str | None:
        """Tell the one line the visitor has to know now, such as «没有向量模型，仅按词查找»."""
        ...
