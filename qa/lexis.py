"""What words weigh over one index, and what a question looks like in them."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from corpus.types import Clause
from index.policy_index import PolicyIndex
from index.synonyms import Synonyms
from qa.asks import Ask
from qa.query import Concept, Query, make_query
from qa.understand import Understood

# Surprise of a word in common text (natural logarithm) from which it says something, and at which
# it says all that its rarity in the documents says; docs/adr/0003.
_COMMON, _TELLING, _LEAST = 7.0, 11.0, 0.15


class Lexis:
    """Turns questions into weighted words over one loaded index."""

    _index: PolicyIndex
    _synonyms: Synonyms
    _clauses: Sequence[Clause]

    def _query(self, read: Understood, context: str = "") -> Query:
        return make_query(
            read.question,
            read.content,
            read.asks,
            self._index.tokenizer,
            self._synonyms,
            self.idf,
            context,
            read.own,
        )

    def query(self, text: str, asks: frozenset[Ask]) -> Query:
        """The query for a text that is asked as it stands, whatever came before it."""
        words, idf = self._index.tokenizer, self.idf
        return make_query(text, text, asks, words, self._synonyms, idf)

    def speaks_of(self, text: str) -> bool:
        """Whether any word of a text stands in a document, as it is or in official words."""
        if self._synonyms.find(text):
            return True
        terms = self._index.tokenizer.terms(text)
        return any(self._index.lexical.document_frequency(term) for term in terms)

    def _known(self, concept: Concept) -> bool:
        """Whether a concept can stand in any document."""
        count = self._index.lexical.document_frequency
        return any(all(count(term) for term in terms) for terms in concept.alternatives)

    def idf(self, term: str) -> float:
        """Inverse document frequency over passages (natural logarithm, never negative).

        Talk («钱», «下来») stands in no document of a small corpus and would weigh most: what is
        common in all text weighs less.
        """
        count, total = self._index.lexical.document_frequency(term), len(self._clauses)
        rare = (self._index.tokenizer.surprise(term) - _COMMON) / (_TELLING - _COMMON)
        most = log(2.0 * total + 2.0) * min(1.0, max(_LEAST, rare))
        return min(most, log(1.0 + (total - count + 0.5) / (count + 0.5)))
