"""Ranking the matching clauses: both legs and the trained ranker, as for questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import tantivy
from numpy.typing import NDArray

from index.fusion import reciprocal_rank_fusion
from index.matching import Matcher
from index.policy_index import PolicyIndex, Retrieved
from index.types import DenseHit
from qa.features import FeatureMaker
from qa.query import Query
from qa.rank import rank_model

CANDIDATES = 30  # hits taken from each leg
_EXACT = 2_000  # matching rows up to which the vector leg is asked about these rows alone
# Cosine of the default model below which nothing is near: the most that a question off the topic
# reaches on the dev split; 99 % of those that the documents answer reach 0.52.
_NEAR = 0.44
_WIDE = 4  # beyond that, times as many nearest clauses are taken and those that match are kept


@dataclass(frozen=True, slots=True)
class Ranker:
    """Ranks rows of one index."""

    index: PolicyIndex
    matcher: Matcher
    features: FeatureMaker

    def asked(
        self, query: Query, condition: tantivy.Query, docs: Collection[str] | None
    ) -> list[tuple[int, float]]:
        """Free words: what a question would find in ``docs``, in its order, that matches."""
        found = self.index.retrieve(query.text, query.terms, docs=docs, limit=CANDIDATES)
        kept = self.matcher.among(found.rows, condition)
        return [item for item in self._scored(query, found) if item[0] in kept]

    def best(self, query: Query, condition: tantivy.Query, total: int) -> list[tuple[int, float]]:
        """The best of the matching rows with the ranker's score, best first (60 at most).

        Both legs look at matching rows alone, however few of all they are.

        :param total: how many rows the condition finds.
        """
        lexical = self.index.lexical.search(query.terms, CANDIDATES, within=condition)
        vector = self._vector(query)
        dense = [] if vector is None else self._nearest(vector, condition, total)
        fused = reciprocal_rank_fusion([[h.row for h in lexical], [h.row for h in dense]])
        rows = tuple(row for row, _ in fused)
        words, near = {h.row: h for h in lexical}, {h.row: h for h in dense}
        return self._scored(query, Retrieved(rows, words, near, vector))

    def _scored(self, query: Query, found: Retrieved) -> list[tuple[int, float]]:
        """Candidates with the ranker's score, best first."""
        if not found.rows:
            return []
        matrix = self.features.matrix(query, found, found.rows)
        scores = rank_model(dense=found.query is not None).scores(matrix)
        ranked = zip(found.rows, map(float, scores), strict=True)
        return sorted(ranked, key=lambda item: (-item[1], item[0]))

    def near(self, query: Query, condition: tantivy.Query, total: int) -> list[tuple[int, float]]:
        """Matching rows nearest in meaning with their cosine, best first."""
        vector = self._vector(query)
        if vector is None:
            return []
        nearest = self._nearest(vector, condition, total)
        return [(hit.row, hit.score) for hit in nearest if hit.score >= _NEAR]

    def rest(
        self, terms: Mapping[str, float], condition: tantivy.Query, seen: Sequence[int], limit: int
    ) -> list[tuple[int, float]]:
        """``limit`` further rows by BM25 after those seen."""
        known = set(seen)
        found = self.matcher.ranked(condition, terms, limit + len(known))
        return [item for item in found if item[0] not in known][:limit]

    def _vector(self, query: Query) -> NDArray[np.float32] | None:
        if self.index.dense is None or self.index.encoder is None:
            return None
        vector: NDArray[np.float32] = self.index.encoder.encode([query.text], kind="query")[0]
        return vector

    def _nearest(
        self, vector: NDArray[np.float32], condition: tantivy.Query, total: int
    ) -> list[DenseHit]:
        if self.index.dense is None:
            return []
        if total <= _EXACT:
            rows = np.array(self.matcher.rows(condition), dtype=np.int64)
            return self.index.dense.search(vector, CANDIDATES, rows)
        hits = self.index.dense.search(vector, CANDIDATES * _WIDE)
        kept = self.matcher.among((hit.row for hit in hits), condition)
        return [hit for hit in hits if hit.row in kept][:CANDIDATES]
