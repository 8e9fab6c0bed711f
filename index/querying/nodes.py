"""What a staff query means: a tree, and its printed form.

Two kinds of words. ``Words`` are typed side by side with no operator: a bag that ranks, and
one of them is enough. ``Word`` is an operand of AND, OR or NOT: it has to stand in the clause.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]  # half-open offsets into the query
_NOWHERE: Span = (0, 0)

# Name of a field → what it may be called, the printed name first.
FIELDS: dict[str, tuple[str, ...]] = {
    "area": ("地区", "area"),
    "unit": ("单位", "责任单位", "unit"),
    "doc": ("文件", "doc"),
    "number": ("文号", "number"),
    "kind": ("文种", "kind"),
    "year": ("年份", "year"),
    "validity": ("效力", "validity"),
    "title": ("标题", "title"),
}
FIELD_NAMES = {alias: name for name, aliases in FIELDS.items() for alias in aliases}


@dataclass(frozen=True, slots=True)
class Words:
    """Words side by side (``text``: joined by blanks): one is enough, all of them rank."""

    text: str
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Word:
    """One word that has to stand in the clause, or an official word that it means."""

    text: str
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Characters that stand in the clause one after the other."""

    text: str
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a word (教育*)."""

    stem: str
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Field:
    """A condition on the document or the unit; ``name`` is a key of FIELDS."""

    name: str
    value: str
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """What may not be."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """What must be all together (two parts or more)."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Of which one must be (two parts or more)."""

    parts: tuple[Node, ...]


Leaf: TypeAlias = Words | Word | Phrase | Prefix | Field
Node: TypeAlias = Leaf | Not | And | Or


def printed(node: Node) -> str:
    """The query that means ``node``; reading it gives an equal tree.

    >>> printed(And((Word("落户"), Not(Phrase("居住证")))))
    '落户 AND NOT "居住证"'
    """
    if isinstance(node, Words | Word):
        return node.text
    if isinstance(node, Phrase):
        return _quoted(node.text)
    if isinstance(node, Prefix):
        return f"{node.stem}*"
    if isinstance(node, Field):
        return f"{FIELDS[node.name][0]}:{_quoted(node.value)}"
    if isinstance(node, Not):
        return f"NOT {_operand(node.part)}"
    if isinstance(node, Or):
        return " OR ".join(map(_operand, node.parts))
    # An AND would make strict words of those that stand side by side.
    joint = " " if any(isinstance(leaf, Words) for leaf in leaves(node)) else " AND "
    return joint.join(map(_operand, node.parts))


def leaves(node: Node, *, negated: bool = True) -> Iterator[Leaf]:
    """Leaves from left to right; with ``negated=False`` not those under a NOT."""
    if isinstance(node, Not):
        if negated:
            yield from leaves(node.part)
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from leaves(part, negated=negated)
    else:
        yield node


def _operand(node: Node) -> str:
    return f"({printed(node)})" if isinstance(node, And | Or) else printed(node)


def _quoted(text: str) -> str:
    """In quotes that do not stand in the text; what was read from quotes always has some."""
    if not any(mark in text for mark in '"“”＂'):
        return f'"{text}"'
    return f"「{text}」" if "」" not in text else f"『{text}』"
