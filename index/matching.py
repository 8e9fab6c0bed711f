"""Which rows a staff query finds: conditions for the full-text engine, and exact counts.

Every condition is a tantivy query that says yes or no; none of them scans clause text. A
document's area, kind, year and validity are no columns here: the caller turns them into document
ids (validity depends on the day), and counts by document add up to every facet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import cast

import tantivy

from index.lexical import CHARACTERS, DOC, FIELD_WEIGHTS, ROW, UNIT, LexicalIndex, characters
from index.tokens import Tokenizer, search_form
from index.types import Passage

_BUCKETS = 65_000  # distinct values that the engine counts at once (its limit is 65,535)


class Matcher:
    """Conditions and counts over one index. Rows are positions in corpus order."""

    def __init__(
        self, lexical: LexicalIndex, passages: Sequence[Passage], tokenizer: Tokenizer
    ) -> None:
        self._lexical = lexical
        self._schema = lexical.schema
        self._searcher = lexical.searcher
        self._tokenizer = tokenizer
        self._rows = len(passages)
        self.units = tuple(dict.fromkeys(unit for p in passages for unit in p.units))

    # --- conditions ---

    def everything(self) -> tantivy.Query:
        """All rows."""
        return tantivy.Query.all_query()

    def nothing(self) -> tantivy.Query:
        """No row."""
        return tantivy.Query.empty_query()

    def phrase(self, text: str) -> tantivy.Query:
        """Characters one after the other, in the text or in the headings, whatever the words."""
        chars = characters(text)
        if not chars:
            return self.nothing()
        if len(chars) == 1:
            return tantivy.Query.term_query(self._schema, CHARACTERS, chars[0])
        return tantivy.Query.phrase_query(self._schema, CHARACTERS, list(chars))

    def any_term(self, terms: Iterable[str]) -> tantivy.Query:
        """At least one of the terms in text, headings or units."""
        wanted = sorted(terms)
        return self.either(*(self._in_set(field, wanted) for field in FIELD_WEIGHTS))

    def prefix(self, stem: str) -> tantivy.Query:
        """A word that begins with ``stem``; a stem of several words, as a phrase."""
        form = "".join(characters(stem))
        if form not in self._tokenizer.words(form):
            return self.phrase(stem)
        return self.either(
            *(
                self._in_set(field, [term for term, _ in self._terms(field, form)])
                for field in FIELD_WEIGHTS
            )
        )

    def in_docs(self, docs: Collection[str]) -> tantivy.Query:
        """Rows of these documents."""
        return self._in_set(DOC, sorted(docs))

    def with_unit(self, part: str) -> tantivy.Query:
        """Rows with a responsible unit whose name holds ``part`` (教育局 finds 区教育局)."""
        wanted = search_form(part)
        return self._in_set(UNIT, [name for name in self.units if wanted in search_form(name)])

    def all_of(self, *parts: tantivy.Query) -> tantivy.Query:
        """What every part finds; everything for none."""
        if len(parts) < 2:
            return parts[0] if parts else self.everything()
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])

    def either(self, *parts: tantivy.Query) -> tantivy.Query:
        """What some part finds; nothing for none."""
        if len(parts) < 2:
            return parts[0] if parts else self.nothing()
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in parts])

    def without(self, part: tantivy.Query) -> tantivy.Query:
        """What the part does not find."""
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, self.everything()), (tantivy.Occur.MustNot, part)]
        )

    def at_rows(self, rows: Iterable[int]) -> tantivy.Query:
        """These rows."""
        return self._in_set(ROW, sorted(rows))

    def _in_set(self, field: str, values: Sequence[str] | Sequence[int]) -> tantivy.Query:
        if not values:
            return self.nothing()
        return tantivy.Query.term_set_query(self._schema, field, values)

    def _terms(self, field: str, start: str) -> list[tuple[str, int]]:
        return self._searcher.terms_with_prefix(field, start)

    # --- counts and rows ---

    def per_document(self, query: tantivy.Query) -> dict[str, int]:
        """Rows found in each document that has some, exactly."""
        return self._counts(query, DOC)

    def per_unit(self, query: tantivy.Query) -> dict[str, int]:
        """Rows found for each responsible unit that has some, exactly."""
        return self._counts(query, UNIT)

    def _counts(self, query: tantivy.Query, field: str) -> dict[str, int]:
        terms = {"terms": {"field": field, "size": _BUCKETS}}
        buckets = self._searcher.aggregate(query, {"n": terms})["n"]["buckets"]
        return {bucket["key"]: bucket["doc_count"] for bucket in buckets}

    def rows(self, query: tantivy.Query, limit: int | None = None, offset: int = 0) -> list[int]:
        """Rows found, in corpus order."""
        limit = self._rows if limit is None else limit
        if limit < 1 or offset >= self._rows:
            return []
        found = self._searcher.search(
            query,
            limit=limit,
            offset=offset,
            count=False,
            order_by_field=ROW,
            order=tantivy.Order.Asc,
        )
        return [row for row, _ in found.hits]

    def among(self, rows: Iterable[int], query: tantivy.Query) -> set[int]:
        """Which of ``rows`` are found."""
        return set(self.rows(self.all_of(self.at_rows(rows), query)))

    def ranked(
        self, query: tantivy.Query, terms: Mapping[str, float], limit: int
    ) -> list[tuple[int, float]]:
        """Rows found with their BM25 score, best first; those without a term score 0."""
        if limit < 1:
            return []
        scored = [(tantivy.Occur.Must, tantivy.Query.const_score_query(query, 0.0))]
        if terms:
            scored.append((tantivy.Occur.Should, self._lexical.weighted(terms)))
        whole = tantivy.Query.boolean_query(scored)
        found = self._searcher.search(whole, limit=limit, count=False).hits
        column = self._searcher.fast_field_values(ROW, [address for _, address in found])
        rows = cast(list[int], column)
        return [(row, score) for (score, _), row in zip(found, rows, strict=True)]
