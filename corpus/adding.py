"""What adding a document did to the store, clause by clause."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.changes import compare
from corpus.types import Clause


@dataclass(frozen=True, slots=True)
class AddResult:
    """What adding a document did: ``added``, ``replaced``, ``unchanged`` or ``kept``.

    ``kept`` means that an official text is stored already and the digest was not taken. What
    counts as a change is said at `corpus.changes.compare`.
    """

    kind: str
    doc_id: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    replaced_doc_id: str | None = None


def compared(
    doc_id: str, before: tuple[Clause, ...], passages: tuple[Clause, ...], replaced: bool
) -> AddResult:
    """Compare the passages that were stored with those before, of every role."""
    found = compare(before, passages)
    return AddResult(
        "replaced" if replaced else "added",
        doc_id,
        added=tuple(clause.clause_id for clause in found.added),
        removed=tuple(clause.clause_id for clause in found.removed),
        changed=tuple(clause.clause_id for _, clause in found.changed),
        replaced_doc_id=doc_id if replaced else None,
    )
