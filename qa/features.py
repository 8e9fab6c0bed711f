"""What the ranker sees of a passage beside a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpus.types import Role
from index.numbers import figure_keys
from index.policy_index import PolicyIndex, Retrieved
from index.tokens import search_form
from index.types import Passage
from qa.asks import Ask, has_evidence
from qa.query import Query, bigrams

Matrix = NDArray[np.float64]
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
RELATIVE = frozenset(
    {"dense", "dense_clause", "cover", "cover_heading", "cover_span", "bigram", "bigram_heading"}
)


@dataclass(frozen=True, slots=True)
class PassageTerms:
    """The words of a passage, cut once."""

    body: frozenset[str]
    heading: frozenset[str]
    spans: tuple[frozenset[str], ...]
    bigrams: frozenset[str]
    heading_bigrams: frozenset[str]
    figures: frozenset[str]


class FeatureMaker:
    """Computes features for one index; caches the words of passages."""

    def __init__(self, index: PolicyIndex, roles: Sequence[Role], kinds: Sequence[str]) -> None:
        """Take the index, and the role and document kind of every row."""
        self._index = index
        self._clause = [role is Role.CLAUSE for role in roles]
        self._interpretation = ["解读" in kind for kind in kinds]
        self.terms = lru_cache(maxsize=20_000)(self._terms)

    def _terms(self, row: int) -> PassageTerms:
        passage: Passage = self._index.passages[row]
        cut = self._index.tokenizer.terms
        return PassageTerms(
            body=frozenset(cut(passage.text)),
            heading=frozenset(cut(passage.heading)),
            spans=tuple(frozenset(cut(passage.text[a:b])) for a, b in passage.spans),
            bigrams=bigrams(passage.text),
            heading_bigrams=bigrams(passage.heading),
            figures=figure_keys(search_form(passage.text)),
        )

    def matrix(self, query: Query, found: Retrieved, rows: Sequence[int]) -> Matrix:
        """Features of candidate rows, float64 (len(rows), len(NAMES)), in the order of NAMES."""
        dense = self._dense(found, rows)
        best_dense = max((score for score, _, _ in dense.values()), default=0.0)
        best_bm25 = max((hit.score for hit in found.lexical.values()), default=0.0) or 1.0
        values = np.zeros((len(rows), len(NAMES)))
        for position, row in enumerate(rows):
            score, clause_score, _ = dense.get(row, (0.0, 0.0, -1))
            hit = found.lexical.get(row)
            bm25 = hit.score / best_bm25 if hit else 0.0
            top = float(bool(dense) and score >= best_dense)
            values[position] = (score, clause_score, top, bm25, *self._words(query, row))
        for column, name in enumerate(NAMES):
            if name in RELATIVE and len(rows):
                values[:, column] -= values[:, column].max()
        return values

    def _dense(
        self, found: Retrieved, rows: Sequence[int]
    ) -> dict[int, tuple[float, float, int]]:
        if self._index.dense is None or found.query is None:
            return {}
        return self._index.dense.scores(found.query, np.array(rows, dtype=np.int64))

    def _words(self, query: Query, row: int) -> tuple[float, ...]:
        """The features that need words only, in the order of NAMES from ``cover`` on."""
        terms = self.terms(row)
        passage = self._index.passages[row]
        total = sum(concept.weight for concept in query.concepts) or 1.0
        everything = terms.body | terms.heading
        pairs = len(query.bigrams) or 1
        return (
            coverage(query, everything) / total,
            coverage(query, terms.heading) / total,
            max((coverage(query, span) for span in terms.spans), default=0.0) / total,
            len(query.bigrams & terms.bigrams) / pairs,
            len(query.bigrams & terms.heading_bigrams) / pairs,
            len(query.figures & terms.figures) / (len(query.figures) or 1),
            evidence_share(query, passage, passage.text),
            float(Ask.UNIT in query.asks and bool(passage.units)),
            float(self._clause[row]),
            float(self._interpretation[row]),
            float(self._interpretation[row] and "解读" in query.text),
        )


def coverage(query: Query, terms: frozenset[str]) -> float:
    """Summed weight of the question's concepts that stand in a text with these terms."""
    return sum(concept.weight for concept in query.concepts if concept.in_terms(terms))


def evidence_share(query: Query, passage: Passage, text: str) -> float:
    """Share of the asked kinds of fact whose form stands in ``text`` (1.0 for none asked)."""
    if not query.asks:
        return 1.0
    found = sum(
        bool(passage.units) if ask is Ask.UNIT else has_evidence(ask, text, query.text)
        for ask in query.asks
    )
    return found / len(query.asks)
