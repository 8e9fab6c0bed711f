"""What adding a document did to the store, clause by clause."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.types import Clause, Role


@dataclass(frozen=True, slots=True)
class AddResult:
    """What adding a document did: ``added``, ``replaced``, ``unchanged`` or ``kept``.

    ``kept`` means that an official text is stored already and the digest was not taken. The
    clause ids are those of listed clauses (role CLAUSE).
    """

    kind: str
    doc_id: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    replaced_doc_id: str | None = None


def compared(
    doc_id: str, before: dict[str, str], passages: tuple[Clause, ...], replaced: bool
) -> AddResult:
    """Compare the passages that were stored with the texts of those before, by clause id."""
    after = {c.clause_id: c.text for c in passages if c.role == Role.CLAUSE}
    return AddResult(
        "replaced" if replaced else "added",
        doc_id,
        added=tuple(i for i in after if i not in before),
        removed=tuple(i for i in before if i not in after),
        changed=tuple(i for i, text in after.items() if i in before and before[i] != text),
        replaced_doc_id=doc_id if replaced else None,
    )
