"""What staff search takes and gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from corpus.errors import CorpusError
from corpus.types import Clause, Document, Span, Validity


class FilterError(CorpusError):
    """A filter has a value that cannot be read (a year that is none, an unknown validity)."""


class Sort(StrEnum):
    """Order of the hits: best first, newest document first, or as the corpus lists them."""

    RELEVANCE = "relevance"
    DATE = "date"
    CORPUS = "corpus"


class How(StrEnum):
    """How a hit came to its place."""

    LABEL = "label"  # the query names its document and clause number
    RANKED = "ranked"  # both legs and the ranker
    WORDS = "words"  # matches the query; ordered by BM25, date or corpus order
    NEAR = "near"  # no clause has the words; this one is near in meaning


@dataclass(frozen=True, slots=True)
class Filters:
    """What a hit must fulfil beside the query; None asks for nothing.

    ``area``: a division by any name, with its parents and children; ``unit``: part of a
    responsible unit's name; ``document``: id, or part of 文号, title or file; ``kind``: part of
    the kind; ``year``: ``2024``, ``2023-2025``, ``2023-`` or ``-2023``; ``validity``: in words
    (有效) or as in ValidityState.
    """

    area: str | None = None
    unit: str | None = None
    document: str | None = None
    kind: str | None = None
    year: str | None = None
    validity: str | None = None

    @property
    def some(self) -> bool:
        """Whether anything is asked for."""
        return any((self.area, self.unit, self.document, self.kind, self.year, self.validity))


@dataclass(frozen=True, slots=True)
class Request:
    """One search. ``limit`` None: all hits from ``offset`` on; ``as_of`` None: today.

    ``everything``: a blank query without filters finds all clauses; else it is an error.
    """

    query: str
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int | None = 10
    as_of: date | None = None
    facets: bool = True
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """The window of a clause to show: ``span`` and ``marks`` are offsets into ``Clause.text``.

    Marks are ascending, do not overlap and lie inside the span.
    """

    span: Span
    marks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause that was found. ``score``: higher is better among hits of the same ``how``."""

    document: Document
    clause: Clause
    validity: Validity
    score: float
    how: How
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value with the number of hits that have it; ``label`` is what a person reads."""

    value: str
    label: str
    count: int


# area, unit, document, kind, year, validity → values with counts, under the other filters.
Facets: TypeAlias = dict[str, tuple[FacetValue, ...]]


@dataclass(frozen=True, slots=True)
class Results:
    """One page of hits. ``total``: all that match, exactly; ``notes``: fixed wording."""

    total: int
    hits: tuple[Hit, ...]
    facets: Facets
    notes: tuple[str, ...] = ()
