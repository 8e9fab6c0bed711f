"""What the page asks of the program behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from corpus.types import Clause, Document
from qa.types import Answer


class PageService(Protocol):
    """Everything the page knows about the corpus. Calls may come from several threads at once."""

    def answer(
        self, question: str, *, history: Sequence[str] = (), area: str | None = None
    ) -> Answer:
        """Answer one question; ``history`` holds earlier questions, oldest first."""
        ...

    def areas(self) -> tuple[str, ...]:
        """Name the covered division paths, such as ``福建省/泉州市/鲤城区``."""
        ...

    def document(self, doc_id: str) -> Document:
        """Fetch one stored document."""
        ...

    def clause(self, clause_id: str) -> Clause:
        """Fetch one stored clause."""
        ...

    def examples(self) -> Mapping[str, Sequence[str]]:
        """Offer example questions by topic."""
        ...

    def notice(self) -> str | None:
        """Tell the one line the visitor has to know now, such as «没有向量模型，仅按词查找»."""
        ...
