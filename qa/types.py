"""What an answer is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import groupby

from corpus.types import Clause, Document, Origin, Span, Validity


class CitationError(ValueError):
    """A quote that is not a slice of its document: a defect, never shown to a user."""


class Status(StrEnum):
    """How a question ended. Only ``answered`` carries parts."""

    ANSWERED = "answered"
    RELATED_ONLY = "related_only"
    OTHER_AREA = "other_area"
    CLARIFY = "clarify"
    OFF_TOPIC = "off_topic"
    REFUSED = "refused"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a quote stands. ``quote == document.text[span[0]:span[1]]`` is checked by `cite`."""

    clause_id: str
    doc_id: str
    file: str
    title: str
    doc_number: str | None
    issuer: str | None
    published: date | None
    validity: Validity
    area: str
    path: tuple[str, ...]
    label: str
    heading: str
    units: tuple[str, ...]
    span: Span
    quote: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Part:
    """One quote of an answer with its citation."""

    quote: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Rejected:
    """A passage that was found and not used, with the reason in plain words."""

    clause_id: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Trace:
    """How the answer came about, for `--explain` and the staff fold-out.

    ``steps_ms`` maps step names (understand, retrieve, rank, select, decide, cite) to
    milliseconds; ``hits`` are (clause_id, score) in ranked order; ``understood`` are short
    lines about how the question was read.
    """

    understood: tuple[str, ...] = ()
    hits: tuple[tuple[str, float], ...] = ()
    rejected: tuple[Rejected, ...] = ()
    steps_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """One of several questions of a message: its words, how it ended, its parts of the answer.

    ``parts`` is a half-open range into ``Answer.parts`` (empty where there is no answer).
    """

    question: str
    status: Status
    parts: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one message.

    ``confidence`` is the estimated probability (0 to 1) that the parts answer the question.
    ``resolved_question`` is the question as understood when history filled it in, else None.
    ``asked`` holds the questions of a message that asks several, in order (else empty).
    """

    status: Status
    message: str
    parts: tuple[Part, ...] = ()
    related: tuple[Citation, ...] = ()
    warnings: tuple[str, ...] = ()
    confidence: float = 0.0
    trace: Trace = field(default_factory=Trace)
    resolved_question: str | None = None
    asked: tuple[Asked, ...] = ()

    def __post_init__(self) -> None:
        """Hold the one rule that callers rely on: parts exactly when answered."""
        if (self.status is Status.ANSWERED) != bool(self.parts):
            raise ValueError(f"status {self.status} with {len(self.parts)} parts")


def cite(document: Document, clause: Clause, span: Span, validity: Validity) -> Citation:
    """Cite ``document.text[span]`` inside ``clause``.

    :raises CitationError: when the span is empty or leaves the document.
    """
    start, end = span
    if not (0 <= start < end <= len(document.text)):
        raise CitationError(f"{clause.clause_id}: span {span} is not in {document.doc_id}")
    return Citation(
        clause_id=clause.clause_id,
        doc_id=document.doc_id,
        file=document.file,
        title=document.title,
        doc_number=document.doc_number,
        issuer=document.issuer,
        published=document.published,
        validity=validity,
        area=document.area,
        path=clause.path,
        label=clause.label,
        heading=clause.heading,
        units=clause.unit_names,
        span=span,
        quote=document.text[start:end],
        origin=document.origin,
    )


def in_reading_order(parts: Sequence[Part]) -> list[Part]:
    """Parts as they are read: neighbours from one document in the order of its text.

    `Answer.parts` begins with the clause that answers; the line that announces its list stands
    above it in the document and is read before it.
    """
    ordered: list[Part] = []
    for _, run in groupby(parts, key=lambda part: part.citation.doc_id):
        ordered += sorted(run, key=lambda part: part.citation.span)
    return ordered
