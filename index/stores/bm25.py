"""BM25 of the lexical leg as sparse vectors, for engines that search by inner product.

The weight of a term in a passage is what tantivy adds to the passage's score for it, so the inner
product with a question's weighted terms is the score that tantivy would give. Document frequencies
are those of the whole snapshot: an engine of many shards scores no shard differently.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from math import log

from index.lexical import FIELD_WEIGHTS
from index.tokens import Tokenizer
from index.types import Passage

K1, B = 1.2, 0.75  # tantivy's constants
NO_WORDS = 0  # dimension of a passage without words: engines refuse an empty vector
_DIMENSIONS = 2**32 - 2  # Milvus takes 0 to 2**32 - 2; 0 is taken
_EXACT = 24 + 16  # token counts up to here are stored as they are


def dimension(term: str) -> int:
    """Dimension of a term. Two of 100,000 terms share one about once."""
    digest = blake2b(term.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % _DIMENSIONS + 1


def coded_length(tokens: int) -> int:
    """Length of a field as tantivy stores it: in one byte, rounded down beyond 40 tokens.

    >>> [coded_length(n) for n in (39, 41, 55, 57, 1000)]
    [39, 40, 54, 56, 984]
    """
    if tokens < _EXACT:
        return tokens
    rest = tokens - 24
    shift = rest.bit_length() - 4
    return 24 + (rest >> shift << shift)


def field_terms(passage: Passage, tokenizer: Tokenizer) -> dict[str, list[str]]:
    """Terms of a passage by field, as `LexicalIndex.build` indexes them."""
    texts = {"heading": passage.heading, "body": passage.text, "units": " ".join(passage.units)}
    return {field: tokenizer.terms(texts[field]) for field in FIELD_WEIGHTS}


class Bm25Weights:
    """Collection statistics, and the sparse vectors they give. Two passes over the passages."""

    def __init__(self, passages: Iterable[Passage], tokenizer: Tokenizer) -> None:
        """Count terms and lengths."""
        self._tokenizer = tokenizer
        self._having: dict[str, Counter[str]] = {field: Counter() for field in FIELD_WEIGHTS}
        lengths: Counter[str] = Counter()
        self._passages = 0
        for passage in passages:
            self._passages += 1
            for field, terms in field_terms(passage, tokenizer).items():
                self._having[field].update(set(terms))
                lengths[field] += len(terms)
        self._mean = {field: lengths[field] / (self._passages or 1) for field in FIELD_WEIGHTS}

    def vector(self, passage: Passage) -> dict[int, float]:
        """Weights of a passage by dimension; never empty."""
        weights: dict[int, float] = {}
        for field, terms in field_terms(passage, self._tokenizer).items():
            norm = K1 * (1 - B + B * coded_length(len(terms)) / (self._mean[field] or 1.0))
            for term, count in Counter(terms).items():
                bm25 = self._idf(field, term) * count * (K1 + 1) / (count + norm)
                place = dimension(term)
                weights[place] = weights.get(place, 0.0) + FIELD_WEIGHTS[field] * bm25
        return weights or {NO_WORDS: 1.0}

    def _idf(self, field: str, term: str) -> float:
        having = self._having[field][term]
        return log(1 + (self._passages - having + 0.5) / (having + 0.5))


def query_vector(terms: Mapping[str, float]) -> dict[int, float]:
    """Weighted terms of a question by dimension."""
    weights: dict[int, float] = {}
    for term, weight in terms.items():
        weights[dimension(term)] = weights.get(dimension(term), 0.0) + weight
    return weights
