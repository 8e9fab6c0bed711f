"""Both legs searched by Milvus, with filters in its engine.

The snapshot on disk stays what it is: what was built, verified and is read for passages, for the
frequencies of words and for staff search. Milvus takes over what grows: the vectors and the
ranking by words. Candidates come from Milvus; their scores are computed here from their stored
vectors exactly as `index.dense` does, so that they equal the embedded store's to the last bit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import tantivy

from index.dense import DenseIndex, Rows, Vectors
from index.lexical import LexicalIndex
from index.stores.bm25 import query_vector
from index.stores.milvus_client import connect, plain_errors
from index.stores.milvus_collections import complete, deliver, vectors_name, words_name
from index.stores.settings import StoreSettings
from index.tokens import Tokenizer
from index.types import LexicalHit, Manifest, Passage

if TYPE_CHECKING:
    from pymilvus import MilvusClient

_MOST = 16_384  # hits that Milvus gives to one request
_KEPT = 4_096  # vectors kept from request to request, 8 MB
_REPEATS = 5  # a whole word of a question is said so often, an expansion less: see `_spoken`


class Places:
    """Which documents and areas rows belong to, and the filter that says so."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        """Take all passages in row order."""
        self._names = list(dict.fromkeys(passage.doc_id for passage in passages))
        number = {name: position for position, name in enumerate(self._names)}
        self._doc = np.array([number[p.doc_id] for p in passages], dtype=np.int64)
        self._sizes = np.bincount(self._doc, minlength=len(self._names))
        self._area = {passage.doc_id: passage.area for passage in passages}
        self._in_area: dict[str, set[str]] = {}
        for name, area in self._area.items():
            self._in_area.setdefault(area, set()).add(name)

    def of_docs(self, docs: Collection[str]) -> str:
        """Filter for documents: by area where the documents are all of some areas."""
        wanted = set(docs)
        areas = {self._area[doc] for doc in wanted if doc in self._area}
        if areas and set().union(*(self._in_area[area] for area in areas)) == wanted:
            return f"area in {_quoted(areas)}"
        return f"doc in {_quoted(wanted)}"

    def of_rows(self, rows: Rows) -> str:
        """Filter for rows: by document where the rows are all of some documents."""
        seen = np.bincount(self._doc[rows], minlength=len(self._names))
        touched = np.flatnonzero(seen)
        if np.array_equal(seen[touched], self._sizes[touched]):
            return self.of_docs([self._names[position] for position in touched])
        return f"row in {np.sort(rows).tolist()}"


def _quoted(names: Collection[str]) -> str:
    escaped = (name.replace("\\", "\\\\").replace('"', '\\"') for name in sorted(names))
    return "[" + ", ".join(f'"{name}"' for name in escaped) + "]"


class MilvusLexical(LexicalIndex):
    """The snapshot's own word index, whose ranking is done by Milvus."""

    def connected(
        self, client: MilvusClient, settings: StoreSettings, name: str, places: Places
    ) -> MilvusLexical:
        """Take the collection to search; return itself."""
        self._client, self._settings, self._name, self._places = client, settings, name, places
        return self

    def search(
        self,
        terms: Mapping[str, float],
        limit: int,
        docs: Collection[str] | None = None,
        within: tantivy.Query | None = None,
    ) -> list[LexicalHit]:
        """Rank rows; see `LexicalIndex.search`. Where ``within`` is given, tantivy ranks."""
        if within is not None:
            return super().search(terms, limit, docs, within)
        if not terms or limit < 1 or (docs is not None and not docs):
            return []
        analyzed = self._settings.text == "jieba"
        with plain_errors(self._settings.uri):
            found = self._client.search(
                self._name,
                data=[_spoken(terms) if analyzed else query_vector(terms)],
                anns_field="words",
                limit=min(limit, _MOST),
                filter="" if docs is None else self._places.of_docs(docs),
                output_fields=["row"],
                search_params={"metric_type": "BM25" if analyzed else "IP"},
            )[0]
        # Milvus Lite 3.2 gives BM25 below zero, a server above: it has no negative scores.
        ranked = sorted((-abs(float(hit["distance"])), int(hit["id"])) for hit in found)
        return [LexicalHit(row, -score, rank) for rank, (score, row) in enumerate(ranked, start=1)]


def _spoken(terms: Mapping[str, float]) -> str:
    """Weighted terms as text: Milvus counts how often a word is said, and knows no weights."""
    said = [term for term, weight in terms.items() for _ in range(max(1, round(weight * _REPEATS)))]
    return " ".join(said)


class MilvusDense(DenseIndex):
    """Nearest vectors from Milvus, scores from the vectors that it stores."""

    def __init__(
        self, client: MilvusClient, settings: StoreSettings, name: str,
        passages: Sequence[Passage], places: Places, dim: int,
    ) -> None:  # fmt: skip
        """Take the collection to search and the passages in row order."""
        counts = [len(passage.spans) + len(passage.plain) for passage in passages]
        rows = np.arange(len(passages), dtype=np.int64)
        owner = np.concatenate([rows, np.repeat(rows, counts)])
        super().__init__(np.empty((0, dim), dtype=np.float32), owner, len(passages))
        self._client, self._settings, self._name, self._places = client, settings, name, places
        self._dim = dim
        self._known: dict[int, Vectors] = {}
        self._filter = lru_cache(maxsize=64)(self._filter_of)

    def scan(self, query: Vectors, vectors: int, rows: Rows | None = None) -> Rows:
        """Ids of the ``vectors`` nearest vectors, best first; see `DenseIndex.scan`."""
        if rows is not None and not len(rows):
            return np.empty(0, dtype=np.int64)
        with plain_errors(self._settings.uri):
            found = self._client.search(
                self._name,
                data=[query.tolist()],
                anns_field="vector",
                limit=min(vectors, _MOST),
                filter="" if rows is None else self._filter(rows.tobytes()),
                output_fields=["row"],
                search_params={"metric_type": "IP"},
            )[0]
        return np.array([int(hit["id"]) for hit in found], dtype=np.int64)

    def vectors_of(self, ids: Rows) -> Vectors:
        """Vectors by id, float32 (len(ids), dim), from Milvus or from those it gave before."""
        known = dict(self._known)  # another thread may clear it
        missing = [number for number in ids.tolist() if number not in known]
        for start in range(0, len(missing), _MOST):
            part = missing[start : start + _MOST]
            with plain_errors(self._settings.uri):
                rows = self._client.get(self._name, ids=part, output_fields=["id", "vector"])
            known.update((int(r["id"]), np.array(r["vector"], dtype=np.float32)) for r in rows)
        self._known = known if len(known) <= _KEPT else {n: known[n] for n in ids.tolist()}
        if not len(ids):
            return np.empty((0, self._dim), dtype=np.float32)
        return np.stack([known[number] for number in ids.tolist()])

    def _filter_of(self, rows: bytes) -> str:
        return self._places.of_rows(np.frombuffer(rows, dtype=np.int64))


def milvus_legs(
    settings: StoreSettings,
    folder: Path,
    manifest: Manifest,
    passages: Sequence[Passage],
    tokenizer: Tokenizer,
    *,
    vectors: bool,
) -> tuple[MilvusLexical, MilvusDense | None]:
    """Open both legs over the collections of a snapshot, filling them where they are missing.

    :param vectors: whether there is an encoder that fits the vectors.
    :raises StoreError: Milvus does not answer.
    """
    if not complete(settings, manifest):
        own = DenseIndex.load(folder / "dense") if manifest.model else None
        deliver(settings, manifest, passages, own, tokenizer)
    client, places = connect(settings), Places(passages)
    lexical = MilvusLexical.load(folder / "lexical")
    assert isinstance(lexical, MilvusLexical)  # load gives the class it is asked of
    lexical.connected(client, settings, words_name(settings, manifest.snapshot), places)
    if not vectors:
        return lexical, None
    name = vectors_name(settings, manifest.snapshot)
    return lexical, MilvusDense(client, settings, name, passages, places, manifest.dim)
