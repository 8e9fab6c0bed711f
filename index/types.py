"""What the index stores and returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """One clause as the index sees it: what is searched, not what is quoted.

    ``context`` is prefixed to every span before embedding (area and heading words), ``spans``
    are the sentences of the clause and the windows of its long sentences, as offsets into
    ``text``; ``plain`` gives some spans (by position) a second time in resident words, for
    their vectors only; ``row`` is the position in the snapshot and in corpus order.
    """

    row: int
    clause_id: str
    doc_id: str
    area: str
    title: str
    heading: str
    units: tuple[str, ...]
    text: str
    context: str
    spans: tuple[Span, ...]
    plain: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LexicalHit:
    """One row of the lexical leg. ``score``: BM25, higher is better; ``rank`` counts from 1."""

    row: int
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class DenseHit:
    """One row of the dense leg.

    ``score``: the best cosine of the clause's vectors (clause or span), in [-1, 1], higher is
    better; ``clause_score`` the cosine of the clause vector; ``best_span`` the position of the
    best among the passage's spans and then its plain rewritings, -1 for none; ``rank`` counts
    from 1.
    """

    row: int
    score: float
    clause_score: float
    best_span: int
    rank: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot was built from; a reader compares it with what it was told to serve.

    ``dense``: how vectors are searched, ``exact`` or the tuned inverted file; ``recall``: what
    an inverted file found of the exact best passages when it was measured, None where none was
    built. ``exact`` with a recall: one was built and was not good enough.
    """

    format: int
    snapshot: str
    corpus_digest: str
    model: str | None
    dim: int
    lexicon_digest: str
    documents: int
    clauses: int
    spans: int
    built_at: str
    dense: str = "exact"
    recall: float | None = None
