"""What the ranker sees of a passage beside a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from corpus.types import Role
from index.numbers import figure_keys
from index.policy_index import PolicyIndex, Retrieved
from index.tokens import search_form
from index.types import Passage
from qa.asks import Ask, evidence_pattern, phone_owner
from qa.kinds import kinds
from qa.query import Query, bigrams
from qa.tables import spelled

Matrix = NDArray[np.float64]
Patterns: TypeAlias = list[tuple[Ask, re.Pattern[str] | None]]
NAMES = (
    "dense",  # best cosine of the passage's vectors, minus the best of all candidates
    "dense_clause",
    "dense_top",  # 1 for the best by vectors
    "bm25",  # BM25 over the best candidate's
    "cover",  # share of the question's concepts, by weight, in text or headings
    "cover_heading",
    "cover_span",  # the same in the best single span
    "bigram",  # share of character pairs
    "bigram_heading",
    "figure",  # share of the question's figures that stand in the passage
    "evidence",  # share of what is asked for whose form stands in the passage
    "units",  # asked who, and the passage has a unit list
    "clause",  # a numbered clause rather than preamble, lead-in or closing line
    "interpretation",  # a 解读: it restates what the document itself says
    "asked_interpretation",  # a 解读, and the question speaks of one
)
_ANY_UNIT = evidence_pattern(Ask.UNIT, "")  # who is responsible, not who drafted or explains
_INTERPRETATION = "解读"  # in the kind of a document, and in questions about one
_RESTATED = 0.5  # ranker score; gold clauses of dev stay first, docs/adr/0010
_ASKED_FOR = 3.0
RELATIVE = frozenset(
    {"dense", "dense_clause", "cover", "cover_heading", "cover_span", "bigram", "bigram_heading"}
)
_RELATIVE_COLUMNS = [column for column, name in enumerate(NAMES) if name in RELATIVE]


@dataclass(frozen=True, slots=True)
class PassageTerms:
    """The words of a passage, cut once. ``form`` is its text in search form."""

    form: str
    body: frozenset[str]
    heading: frozenset[str]
    everything: frozenset[str]  # body and heading
    spoken: frozenset[str]  # all spans: a word may be cut otherwise at the end of one
    spans: tuple[frozenset[str], ...]
    bigrams: frozenset[str]
    heading_bigrams: frozenset[str]
    figures: frozenset[str]
    characters: frozenset[str]  # of text and headings
    headings: str  # in search form


class FeatureMaker:
    """Computes features for one index; caches the words of passages."""

    def __init__(self, index: PolicyIndex, roles: Sequence[Role], kinds: Sequence[str]) -> None:
        """Take the index, and the role and document kind of every row."""
        self._index = index
        self._clause = [role is Role.CLAUSE for role in roles]
        self._interpretation = [_INTERPRETATION in kind for kind in kinds]
        self.terms = lru_cache(maxsize=20_000)(self._terms)

    def _terms(self, row: int) -> PassageTerms:
        passage: Passage = self._index.passages[row]
        cut = self._index.tokenizer.words_in
        body, heading = cut(passage.text), cut(passage.heading)
        spans = tuple(cut(passage.text[a:b]) for a, b in passage.spans)
        form = search_form(spelled(passage.text))
        return PassageTerms(
            form=form,
            body=body,
            heading=heading,
            everything=body | heading,
            spoken=frozenset[str]().union(*spans),
            spans=spans,
            bigrams=bigrams(passage.text),
            heading_bigrams=bigrams(passage.heading),
            figures=figure_keys(form),
            characters=frozenset(form + search_form(passage.heading)),
            headings=search_form(passage.heading),
        )

    def matrix(self, query: Query, found: Retrieved, rows: Sequence[int]) -> Matrix:
        """Features of candidate rows, float64 (len(rows), len(NAMES)), in the order of NAMES."""
        dense = self.dense(found, rows)
        best_dense = max((score for score, _ in dense.values()), default=0.0)
        best_bm25 = max((hit.score for hit in found.lexical.values()), default=0.0) or 1.0
        patterns = evidence_patterns(query)
        total = sum(concept.weight for concept in query.concepts) or 1.0
        values = []
        for row in rows:
            score, clause_score = dense.get(row, (0.0, 0.0))
            hit = found.lexical.get(row)
            bm25 = hit.score / best_bm25 if hit else 0.0
            top = float(bool(dense) and score >= best_dense)
            words = self._words(query, row, patterns, total)
            values.append((score, clause_score, top, bm25, *words))
        matrix = np.array(values, dtype=np.float64).reshape(len(rows), len(NAMES))
        if len(rows):
            matrix[:, _RELATIVE_COLUMNS] -= matrix[:, _RELATIVE_COLUMNS].max(axis=0)
        return matrix

    def another_kind(self, query: Query, row: int) -> bool:
        """Whether a row speaks of another kind than the one asked (门诊, where 住院 is asked).

        Somebody else's telephone is another kind of telephone.
        """
        owner = phone_owner(query.text)
        if not query.kinds and owner is None:
            return False
        terms = self.terms(row)
        if owner is not None and owner not in terms.headings + terms.form:
            return True
        return kinds().another(query.kinds, terms.form, terms.headings) is not None

    def source_lead(self, query: Query, row: int, other: int) -> float:
        """The ranker score that another row's document is worth more than a row's.

        A document counts more than its 解读, and a 解读 that is asked for more than anything.
        """
        mine, others = self._interpretation[row], self._interpretation[other]
        if _INTERPRETATION in query.text:
            return _ASKED_FOR * (others - mine)
        return _RESTATED * (mine - others)

    def dense(self, found: Retrieved, rows: Sequence[int]) -> dict[int, tuple[float, float]]:
        """Best cosine and clause cosine of rows; the dense leg has scored most of them already."""
        if self._index.dense is None or found.query is None:
            return {}
        hits = (found.dense[row] for row in rows if row in found.dense)
        known = {hit.row: (hit.score, hit.clause_score) for hit in hits}
        others = np.array([row for row in rows if row not in known], dtype=np.int64)
        scored = self._index.dense.scores(found.query, others)
        return known | {row: (best, clause) for row, (best, clause, _) in scored.items()}

    def _words(self, query: Query, row: int, patterns: Patterns, total: float) -> tuple[float, ...]:
        """The features that need words only, in the order of NAMES from ``cover`` on."""
        terms = self.terms(row)
        passage = self._index.passages[row]
        pairs = len(query.bigrams) or 1
        return (
            query.coverage(terms.everything) / total,
            query.coverage(terms.heading) / total,
            query.best_coverage(terms.spans, terms.spoken) / total,
            len(query.bigrams & terms.bigrams) / pairs,
            len(query.bigrams & terms.heading_bigrams) / pairs,
            len(query.figures & terms.figures) / (len(query.figures) or 1),
            evidence_share(patterns, terms.form, has_units=bool(passage.units)),
            float(Ask.UNIT in query.asks and bool(passage.units)),
            float(self._clause[row]),
            float(self._interpretation[row]),
            float(self._interpretation[row] and _INTERPRETATION in query.text),
        )


def evidence_patterns(query: Query) -> Patterns:
    """The kinds of fact that a question asks for, each with the form it has in a text."""
    return [(ask, evidence_pattern(ask, query.text)) for ask in query.asks]


def evidence_share(patterns: Patterns, form: str, *, has_units: bool) -> float:
    """Share of the asked kinds of fact that stand in ``form`` (1.0 for none asked).

    :param form: a text in search form; ``has_units``: whether it has a unit list.
    """
    if not patterns:
        return 1.0
    found = sum(
        has_units if pattern is _ANY_UNIT else pattern is None or pattern.search(form) is not None
        for _, pattern in patterns
    )
    return found / len(patterns)
