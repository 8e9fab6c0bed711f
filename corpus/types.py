"""What a policy document is made of: documents, clauses, units, figures, repairs.

All spans are half-open code-point offsets ``(start, end)`` into ``Document.text``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]


class Origin(StrEnum):
    """Whether a stored text is the official document or our own digest of it."""

    OFFICIAL = "official"
    DIGEST = "digest"


RESUMED = ".r"  # end of the id of a passage that is words of a section after its items


class Role(StrEnum):
    """What part of its document a passage is."""

    CLAUSE = "clause"  # a numbered task clause: the unit that `corpus clauses` lists
    SECTION = "section"  # prose of a section above or beside the clauses (主要目标, lead-ins)
    PREAMBLE = "preamble"  # unnumbered text before the first section
    CLOSING = "closing"  # 施行日期, 有效期, 联系人 … after the last clause


class ValidityState(StrEnum):
    """Whether a document is in force on a given day."""

    IN_FORCE = "in_force"
    LAPSED = "lapsed"
    REPEALED = "repealed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Validity:
    """A validity state on one day, with the reason a resident can read."""

    state: ValidityState
    reason: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Repair:
    """One change from the raw text to the shown text.

    ``kind`` names the cleaning step, ``raw_span`` is in ``Document.raw_text``, ``span`` in
    ``Document.text``; ``before`` and ``after`` are those two slices.
    """

    kind: str
    raw_span: Span
    span: Span
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A responsible unit (责任单位) by its full name; ``lead`` where the text says 牵头."""

    name: str
    lead: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a clause.

    ``text`` is the figure as printed (``2万``), ``value`` its number (20000.0), ``unit`` what
    follows it (人, 套, %, 公里) and ``noun`` the words before it that say what is counted.
    """

    text: str
    value: float
    unit: str
    noun: str
    span: Span


@dataclass(frozen=True, slots=True)
class ParseWarning:
    """Something odd in a document, with its place (line and column count from 1)."""

    message: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Clause:
    """One citable passage: ``text == document.text[span[0]:span[1]]``.

    ``path`` holds the labels from the top (``("二", "（三）")``), ``label`` the last of them,
    ``headings`` the headings along the path (same length as ``path``, empty where none is
    printed), ``heading`` the last of them. ``span`` starts at the printed label and ends after
    the unit trailer. ``parents`` are the spans of the printed lines above it that it is read
    under: headings and the lines that announce a list, top first (see ``parent_lines``).
    """

    clause_id: str
    doc_id: str
    role: Role
    path: tuple[str, ...]
    label: str
    heading: str
    headings: tuple[str, ...]
    span: Span
    text: str
    units: tuple[Unit, ...] = ()
    figures: tuple[Figure, ...] = ()
    parents: tuple[Span, ...] = ()

    @property
    def unit_names(self) -> tuple[str, ...]:
        """Names of the responsible units in printed order."""
        return tuple(unit.name for unit in self.units)


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document. ``text`` is what is shown and quoted; ``raw`` the bytes as read.

    ``area`` is a division path such as ``福建省/泉州市/鲤城区`` (empty for national or unknown),
    ``file`` is relative to the folder that was added, ``plan_until`` the last day of the plan
    period named in the title (2024—2025年), ``sha256`` that of ``raw``.
    """

    doc_id: str
    file: str
    title: str
    doc_number: str | None
    issuer: str | None
    published: date | None
    effective_from: date | None
    effective_until: date | None
    plan_until: date | None
    declared_status: str | None
    area: str
    kind: str
    origin: Origin
    text: str
    raw: bytes
    raw_text: str
    sha256: str
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[ParseWarning, ...] = ()
