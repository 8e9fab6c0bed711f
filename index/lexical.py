"""The lexical leg: BM25 over clause text, headings and units in tantivy.

The same index holds what staff search asks for beside ranking (`index.matching`): the single
characters of text and headings with their positions, so that a phrase is found however jieba
cuts it, and the document and units of each row as columns, to count and filter by.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import cast

import tantivy

from index.tokens import Tokenizer, search_form
from index.types import LexicalHit, Passage

# Where a word stands tells how much it says about the clause: a heading names its topic.
FIELD_WEIGHTS: Mapping[str, float] = {"heading": 1.6, "body": 1.0, "units": 0.4}
DOC, UNIT, CHARACTERS, ROW = "doc", "unit", "characters", "row"
_WRITER_BYTES = 64_000_000
_COUNTED = 20_000  # terms whose document frequency is remembered, about 2 MB


def _schema() -> tantivy.Schema:
    """Pre-tokenised text fields, split at blanks only; rows come back from a fast field."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(ROW, stored=True, indexed=True, fast=True)
    for name in (DOC, UNIT):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in (*FIELD_WEIGHTS, CHARACTERS):
        builder.add_text_field(name, tokenizer_name="whitespace")
    return builder.build()


def characters(text: str) -> list[str]:
    """The search form of ``text`` character by character, without blanks and line breaks."""
    return [char for char in search_form(text) if not char.isspace()]


def _document(passage: Passage, tokenizer: Tokenizer) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned(ROW, passage.row)
    document.add_text(DOC, passage.doc_id)
    document.add_text("heading", " ".join(tokenizer.terms(passage.heading)))
    document.add_text("body", " ".join(tokenizer.terms(passage.text)))
    document.add_text("units", " ".join(tokenizer.terms(" ".join(passage.units))))
    for text in (passage.text, passage.heading):  # two values: no phrase runs from one to the other
        document.add_text(CHARACTERS, " ".join(characters(text)))
    for unit in dict.fromkeys(passage.units):
        document.add_text(UNIT, unit)
    return document


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
            writer.add_document(_document(passage, tokenizer))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return cls(index)

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Open an index that `build` wrote."""
        try:
            return cls(tantivy.Index.open(str(folder)))
        except ValueError:
            if os.access(folder, os.W_OK):
                raise
        # tantivy makes a lock file to open an index. Where none can be made, the folder is opened
        # by way of links; what it has opened stays open when they are gone.
        with tempfile.TemporaryDirectory(prefix="tiaowen-") as beside:
            for path in folder.iterdir():
                if not path.name.endswith(".lock"):
                    os.symlink(path.absolute(), Path(beside) / path.name)
            return cls(tantivy.Index.open(beside))

    @property
    def schema(self) -> tantivy.Schema:
        """The fields, for building queries."""
        return self._schema

    @property
    def searcher(self) -> tantivy.Searcher:
        """The engine that runs queries."""
        return self._searcher

    def document_frequency(self, term: str) -> int:
        """Number of passages whose heading or body holds ``term`` (the larger of the two)."""
        return self._frequencies(term)

    def _frequency(self, term: str) -> int:
        return max(self._searcher.doc_freq(field, term) for field in ("body", "heading"))

    def search(
        self,
        terms: Mapping[str, float],
        limit: int,
        docs: Collection[str] | None = None,
        within: tantivy.Query | None = None,
    ) -> list[LexicalHit]:
        """Rank rows by the weighted sum of BM25 over ``terms`` and fields.

        :param terms: term to weight (1.0 for the user's own word, less for expansions).
        :param docs: only rows of these documents; None means all.
        :param within: only rows that this query finds (scores are not changed by it).
        :return: at most ``limit`` hits, best first; ties by row.
        """
        if not terms or limit < 1 or (docs is not None and not docs):
            return []
        query = restricted(self.weighted(terms), self._filters(docs, within))
        found = self._searcher.search(query, limit=limit, count=False).hits
        # The column of rows, not the stored documents: those would be read and unpacked.
        column = self._searcher.fast_field_values(ROW, [address for _, address in found])
        rows = cast(list[int], column)
        ranked = sorted(
            ((score, row) for (score, _), row in zip(found, rows, strict=True)),
            key=lambda item: (-item[0], item[1]),
        )
        return [
            LexicalHit(row=row, score=score, rank=rank)
            for rank, (score, row) in enumerate(ranked, start=1)
        ]

    def weighted(self, terms: Mapping[str, float]) -> tantivy.Query:
        """Any term in any field, each with its weight."""
        return tantivy.Query.boolean_query(
            [
                (
                    tantivy.Occur.Should,
                    tantivy.Query.boost_query(
                        tantivy.Query.term_query(self._schema, field, term), weight * boost
                    ),
                )
                for term, weight in terms.items()
                for field, boost in FIELD_WEIGHTS.items()
            ]
        )

    def _filters(
        self, docs: Collection[str] | None, within: tantivy.Query | None
    ) -> list[tantivy.Query]:
        chosen = [] if within is None else [within]
        if docs is not None:
            chosen.append(tantivy.Query.term_set_query(self._schema, DOC, sorted(docs)))
        return chosen


def restricted(query: tantivy.Query, filters: Iterable[tantivy.Query]) -> tantivy.Query:
    """``query`` on the rows that all of ``filters`` find; its scores are not changed."""
    musts = [tantivy.Query.const_score_query(chosen, 0.0) for chosen in filters]
    if not musts:
        return query
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in (query, *musts)])
