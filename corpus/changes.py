"""What changed between two versions of a document, clause by clause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from corpus.types import Clause, Role

_TELLING = 8  # characters from which it is no chance that the same words stand elsewhere


@dataclass(frozen=True, slots=True)
class Changes:
    """Clauses that one version has and the other has not, and pairs whose words differ.

    ``unlisted``: clauses of the older version whose words stand on in the newer one, where they
    are no clause; ``listed``: such clauses of the newer version.
    """

    added: tuple[Clause, ...]
    removed: tuple[Clause, ...]
    changed: tuple[tuple[Clause, Clause], ...]
    unlisted: tuple[Clause, ...] = ()
    listed: tuple[Clause, ...] = ()

    def __bool__(self) -> bool:
        """Whether any words changed."""
        return bool(self.added or self.removed or self.changed)


def compare(before: Iterable[Clause], after: Iterable[Clause]) -> Changes:
    """Compare the numbered clauses of two versions by their place in the outline.

    A passage that is a clause in one version alone (a 附则 that the other prints as closing lines,
    a section that has got subsections) was neither added nor removed where its words still stand;
    at the same place with other words it was changed.

    :param before: passages of every role, as ``after``.
    """
    versions = tuple(before), tuple(after)
    (old, older), (new, newer) = map(_parted, versions)
    changed = [
        (old[place], clause)
        for place, clause in new.items()
        if place in old and old[place].text != clause.text
    ]
    fresh, gone = _unmatched(new, old, older), _unmatched(old, new, newer)
    changed += [(was, clause) for clause, was in fresh.pairs] + gone.pairs
    return Changes(
        added=tuple(fresh.alone),
        removed=tuple(gone.alone),
        changed=tuple(changed),
        unlisted=tuple(gone.standing),
        listed=tuple(fresh.standing),
    )


@dataclass(slots=True)
class _Unmatched:
    """Clauses of one version that are none in the other.

    ``alone``: their words do not stand there; ``standing``: they do; ``pairs``: other words stand
    at the same place.
    """

    alone: list[Clause] = field(default_factory=list)
    standing: list[Clause] = field(default_factory=list)
    pairs: list[tuple[Clause, Clause]] = field(default_factory=list)


def _parted(passages: Iterable[Clause]) -> tuple[dict[str, Clause], dict[str, Clause]]:
    """Clauses and other passages, each by place."""
    clauses: dict[str, Clause] = {}
    others: dict[str, Clause] = {}
    for passage in passages:
        (clauses if passage.role == Role.CLAUSE else others)[_place(passage)] = passage
    return clauses, others


def _unmatched(
    clauses: dict[str, Clause], counterparts: dict[str, Clause], others: dict[str, Clause]
) -> _Unmatched:
    """Sort the clauses that have no counterpart.

    :param others: the passages of the other version that are no clauses.
    """
    found = _Unmatched()
    texts = [_squeezed(passage.text) for passage in others.values()]
    for place, clause in clauses.items():
        if place in counterparts:
            continue
        if place in others and _squeezed(others[place].text) != _squeezed(clause.text):
            found.pairs.append((clause, others[place]))
        elif any(_own_words(clause) in text for text in texts):
            found.standing.append(clause)
        else:
            found.alone.append(clause)
    return found


def _own_words(clause: Clause) -> str:
    """The text of a clause without white space, label and heading; all of it where that is all."""
    text = _squeezed(clause.text)
    name = _squeezed(clause.heading) or _squeezed(clause.label)
    at = text.find(name) if name else -1
    body = text[at + len(name) :] if at >= 0 else text
    body = body.lstrip("、．.：:，。")
    return body if len(body) >= _TELLING else text


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _place(clause: Clause) -> str:
    """Return the part of a clause id that depends on neither the document's identity nor the role.

    Prose of a section has ``.s`` behind its number.
    """
    return clause.clause_id.partition("-")[2].removesuffix(".s")
