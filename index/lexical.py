"""The lexical leg: BM25 over clause text, headings and units in tantivy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import cast

import tantivy

from index.tokens import Tokenizer
from index.types import LexicalHit, Passage

# Where a word stands tells how much it says about the clause: a heading names its topic.
FIELD_WEIGHTS: Mapping[str, float] = {"heading": 1.6, "body": 1.0, "units": 0.4}
_WRITER_BYTES = 64_000_000
_COUNTED = 20_000  # terms whose document frequency is remembered, about 2 MB


def _schema() -> tantivy.Schema:
    """Pre-tokenised text fields, split at blanks only; rows come back from a fast field."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", stored=True, indexed=True, fast=True)
    builder.add_text_field("doc", tokenizer_name="raw", index_option="basic")
    for name in FIELD_WEIGHTS:
        builder.add_text_field(name, tokenizer_name="whitespace")
    return builder.build()


class LexicalIndex:
    """BM25 search over passages; the query is a weighted bag of terms."""

    def __init__(self, index: tantivy.Index) -> None:
        """Take a finished tantivy index; use `build` or `load`."""
        self._index = index
        self._schema = index.schema
        self._searcher = index.searcher()
        self._frequencies = lru_cache(maxsize=_COUNTED)(self._frequency)

    @classmethod
    def build(
        cls, passages: Iterable[Passage], tokenizer: Tokenizer, folder: Path | None = None
    ) -> LexicalIndex:
        """Index ``passages`` in ``folder`` (in memory when None)."""
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(_schema(), path=str(folder) if folder else None)
        writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        for passage in passages:
            document = tantivy.Document()
            document.add_unsigned("row", passage.row)
            document.add_text("doc", passage.doc_id)
            document.add_text("heading", " ".join(tokenizer.terms(passage.heading)))
            document.add_text("body", " ".join(tokenizer.terms(passage.text)))
            document.add_text("units", " ".join(tokenizer.terms(" ".join(passage.units))))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return cls(index)

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Open an index that `build` wrote."""
        return cls(tantivy.Index.open(str(folder)))

    def document_frequency(self, term: str) -> int:
        """Number of passages whose heading or body holds ``term`` (the larger of the two)."""
        return self._frequencies(term)

    def _frequency(self, term: str) -> int:
        return max(self._searcher.doc_freq(field, term) for field in ("body", "heading"))

    def search(
        self, terms: Mapping[str, float], limit: int, docs: Collection[str] | None = None
    ) -> list[LexicalHit]:
        """Rank rows by the weighted sum of BM25 over ``terms`` and fields.

        :param terms: term to weight (1.0 for the user's own word, less for expansions).
        :param docs: only rows of these documents; None means all.
        :return: at most ``limit`` hits, best first; ties by row.
        """
        if not terms or limit < 1 or (docs is not None and not docs):
            return []
        query = self._query(terms, docs)
        found = self._searcher.search(query, limit=limit, count=False).hits
        # The column of rows, not the stored documents: those would be read and unpacked.
        column = self._searcher.fast_field_values("row", [address for _, address in found])
        rows = cast(list[int], column)
        ranked = sorted(
            ((score, row) for (score, _), row in zip(found, rows, strict=True)),
            key=lambda item: (-item[0], item[1]),
        )
        return [
            LexicalHit(row=row, score=score, rank=rank)
            for rank, (score, row) in enumerate(ranked, start=1)
        ]

    def _query(self, terms: Mapping[str, float], docs: Collection[str] | None) -> tantivy.Query:
        """Build one boolean query: any term in any field, documents as a filter."""
        clauses = [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(
                    tantivy.Query.term_query(self._schema, field, term), weight * boost
                ),
            )
            for term, weight in terms.items()
            for field, boost in FIELD_WEIGHTS.items()
        ]
        query = tantivy.Query.boolean_query(clauses)
        if docs is None:
            return query
        chosen = tantivy.Query.term_set_query(self._schema, "doc", sorted(docs))
        restrict = tantivy.Query.const_score_query(chosen, 0.0)
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, query), (tantivy.Occur.Must, restrict)]
        )
