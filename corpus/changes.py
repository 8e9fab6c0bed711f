"""What changed between two versions of a document, clause by clause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corpus.types import Clause, Role


@dataclass(frozen=True, slots=True)
class Changes:
    """Clauses that one version has and the other has not, and pairs whose words differ."""

    added: tuple[Clause, ...]
    removed: tuple[Clause, ...]
    changed: tuple[tuple[Clause, Clause], ...]

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.added or self.removed or self.changed)


def compare(before: Iterable[Clause], after: Iterable[Clause]) -> Changes:
    """Compare the numbered clauses of two versions by their place in the outline."""
    old = {_place(clause): clause for clause in before if clause.role == Role.CLAUSE}
    new = {_place(clause): clause for clause in after if clause.role == Role.CLAUSE}
    return Changes(
        added=tuple(clause for place, clause in new.items() if place not in old),
        removed=tuple(clause for place, clause in old.items() if place not in new),
        changed=tuple(
            (old[place], clause)
            for place, clause in new.items()
            if place in old and old[place].text != clause.text
        ),
    )


def _place(clause: Clause) -> str:
    """Return the part of a clause id that does not depend on the document's identity."""
    return clause.clause_id.partition("-")[2]
