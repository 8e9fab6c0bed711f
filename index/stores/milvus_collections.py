"""The collections that hold a snapshot in Milvus, and putting it there.

A snapshot has two: ``…_words`` with one row a passage (its sparse BM25 vector, or its text for
the analyzer of Milvus), ``…_vectors`` with one row a vector, numbered as in `index.dense`. Both
carry row, document and area for filters. Nothing is changed in place: a new snapshot is new
collections, filled before readers hear of it; those before the last two are dropped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.dense import EXACT_LIMIT, DenseIndex
from index.stores.bm25 import Bm25Weights
from index.stores.milvus_client import connect, plain_errors
from index.stores.settings import StoreSettings
from index.tokens import Tokenizer, search_form
from index.types import Manifest, Passage

if TYPE_CHECKING:
    from pymilvus import MilvusClient

Report = Callable[[str, int, int], None]
_BATCH = 1000  # rows a request: 2 MB of vectors, a server takes up to 64 MB
_KEEP = 2  # snapshots kept: the one that serves and the one before
_TEXT_BYTES = 60_000  # Milvus takes texts up to 65,535 bytes
_NAME_BYTES = 512


def words_name(settings: StoreSettings, snapshot: str) -> str:
    """Name of the collection that is searched by words."""
    return f"{settings.prefix}_{snapshot}_{settings.text}"


def vectors_name(settings: StoreSettings, snapshot: str) -> str:
    """Name of the collection that is searched by vectors."""
    return f"{settings.prefix}_{snapshot}_vectors"


def deliver(
    settings: StoreSettings,
    manifest: Manifest,
    passages: Sequence[Passage],
    dense: DenseIndex | None,
    tokenizer: Tokenizer,
    *,
    full: bool = False,
    progress: Report | None = None,
) -> None:
    """Put a snapshot into Milvus; what is there in full already is left as it is.

    :param full: put it there anew.
    :raises StoreError: Milvus does not answer or does not take it.
    """
    client = connect(settings)
    words = words_name(settings, manifest.snapshot)
    total = len(passages) + (0 if dense is None else len(dense.owner))
    report = _Count(progress, total)
    with plain_errors(settings.uri):
        if full or count(client, words) != len(passages):
            _create(client, words, _words_fields(settings, tokenizer))
            _fill(client, words, _words_rows(settings, passages, tokenizer), report)
        if dense is None:
            return
        vectors = vectors_name(settings, manifest.snapshot)
        if full or count(client, vectors) != len(dense.owner):
            _create(client, vectors, _vector_fields(manifest.dim, len(dense.owner)))
            _fill(client, vectors, _vector_rows(passages, dense), report)


def complete(settings: StoreSettings, manifest: Manifest) -> bool:
    """Whether Milvus holds all of a snapshot."""
    client = connect(settings)
    with plain_errors(settings.uri):
        if count(client, words_name(settings, manifest.snapshot)) != manifest.clauses:
            return False
        wanted = manifest.clauses + manifest.spans
        held = count(client, vectors_name(settings, manifest.snapshot))
        return manifest.model is None or held == wanted


def count(client: MilvusClient, name: str) -> int:
    """Rows of a collection, -1 where there is none."""
    if not client.has_collection(name):
        return -1
    client.load_collection(name)
    return int(client.query(name, filter="", output_fields=["count(*)"])[0]["count(*)"])


def retire(settings: StoreSettings, root: Path, live: str) -> None:
    """Drop collections of all but the last two snapshots that this home put into Milvus."""
    ledger = root / "milvus.json"
    try:
        known: list[str] = json.loads(ledger.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = []
    known = [name for name in known if name != live] + [live]
    client = connect(settings)
    with plain_errors(settings.uri):
        for snapshot in known[:-_KEEP]:
            for name in (words_name(settings, snapshot), vectors_name(settings, snapshot)):
                if client.has_collection(name):
                    client.drop_collection(name)
    ledger.write_text(json.dumps(known[-_KEEP:]), encoding="utf-8")


def _create(client: MilvusClient, name: str, fields: Callable[[Any, Any], None]) -> None:
    """Make an empty collection, dropping what a broken delivery left."""
    from pymilvus import DataType

    if client.has_collection(name):
        client.drop_collection(name)
    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field("row", DataType.INT64)
    schema.add_field("doc", DataType.VARCHAR, max_length=_NAME_BYTES)
    schema.add_field("area", DataType.VARCHAR, max_length=_NAME_BYTES)
    index = client.prepare_index_params()
    fields(schema, index)
    # Strong: a delivery is counted, and served, as soon as it is in.
    client.create_collection(name, schema=schema, index_params=index, consistency_level="Strong")


def _vector_fields(dim: int, vectors: int) -> Callable[[Any, Any], None]:
    # AUTOINDEX is a graph, in Milvus Lite too: fast, and it misses some. As in the embedded store,
    # what can be compared with every vector is.
    kind = "FLAT" if vectors <= EXACT_LIMIT else "AUTOINDEX"

    def add(schema: Any, index: Any) -> None:  # noqa: ANN401
        from pymilvus import DataType

        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dim)
        index.add_index("vector", index_type=kind, metric_type="IP")

    return add


def _words_fields(
    settings: StoreSettings, tokenizer: Tokenizer
) -> Callable[[Any, Any], None]:  # fmt: skip
    def sparse(schema: Any, index: Any) -> None:  # noqa: ANN401
        from pymilvus import DataType

        schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
        index.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")

    def analyzed(schema: Any, index: Any) -> None:  # noqa: ANN401
        from pymilvus import DataType, Function, FunctionType

        schema.add_field(
            "text",
            DataType.VARCHAR,
            max_length=65_535,
            enable_analyzer=True,
            analyzer_params=analyzer(tokenizer),
        )
        schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
        bm25 = Function("bm25", FunctionType.BM25, ["text"], ["words"])
        schema.add_function(bm25)
        index.add_index(
            "words",
            index_type="SPARSE_INVERTED_INDEX",
            metric_type="BM25",
            params={"bm25_k1": 1.2, "bm25_b": 0.75},
        )

    return analyzed if settings.text == "jieba" else sparse


def analyzer(tokenizer: Tokenizer) -> dict[str, Any]:
    """Jieba in Milvus with our words and stop words, cut as we cut: search mode, no HMM."""
    words = ["_default_", *tokenizer.user_words]
    return {
        "tokenizer": {"type": "jieba", "dict": words, "mode": "search", "hmm": False},
        "filter": [{"type": "stop", "stop_words": sorted(tokenizer.stop_words)}, "removepunct"],
    }


def _words_rows(
    settings: StoreSettings, passages: Sequence[Passage], tokenizer: Tokenizer
) -> Iterator[Mapping[str, Any]]:
    weights = None if settings.text == "jieba" else Bm25Weights(passages, tokenizer)
    for passage in passages:
        row = {"id": passage.row, **_place(passage)}
        if weights is None:
            yield {**row, "text": _analyzed_text(passage)}
        else:
            yield {**row, "words": weights.vector(passage)}


def _analyzed_text(passage: Passage) -> str:
    """Heading, text and units in search form, cut to what Milvus takes."""
    text = search_form("\n".join((passage.heading, passage.text, " ".join(passage.units))))
    return text.encode()[:_TEXT_BYTES].decode("utf-8", "ignore")


def _vector_rows(passages: Sequence[Passage], dense: DenseIndex) -> Iterator[Mapping[str, Any]]:
    for start in range(0, len(dense.owner), _BATCH):
        ids = np.arange(start, min(start + _BATCH, len(dense.owner)), dtype=np.int64)
        owners = dense.owner[ids].tolist()
        for number, owner, vector in zip(ids.tolist(), owners, dense.vectors_of(ids), strict=True):
            yield {"id": number, **_place(passages[owner]), "vector": vector}


def _place(passage: Passage) -> dict[str, Any]:
    """What filters look at."""
    return {"row": passage.row, "doc": passage.doc_id, "area": passage.area}


class _Count:
    """Adds up over both collections and reports."""

    def __init__(self, report: Report | None, total: int) -> None:
        self._report, self._total, self._done = report, total, 0

    def add(self, more: int) -> None:
        self._done += more
        if self._report is not None:
            self._report("store", self._done, self._total)


def _fill(
    client: MilvusClient, name: str, rows: Iterable[Mapping[str, Any]], report: _Count
) -> None:
    """Insert rows batch by batch and make them searchable."""
    batch: list[Mapping[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            client.insert(name, batch)
            report.add(len(batch))
            batch = []
    if batch:
        client.insert(name, batch)
        report.add(len(batch))
    client.flush(name)
    client.load_collection(name)
