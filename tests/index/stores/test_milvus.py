"""The Milvus store, through Milvus Lite: the same hits and scores as the embedded one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus import CorpusStore, ingest
from index import snapshot
from index.errors import StoreError
from index.policy_index import PolicyIndex, build_index
from index.stores import Store, StoreSettings
from index.stores.milvus import Places
from index.tokens import default_tokenizer
from index.types import Passage
from tests.index.factories import HashEncoder, passages

pytest.importorskip("pymilvus", reason="the extra milvus is not installed")
pytest.importorskip("milvus_lite", reason="Milvus Lite is not made for this system")

from index.stores import milvus_collections as collections
from index.stores.milvus_client import connect, disconnect

# Milvus Lite's own reader of jieba's dictionary and pandas warn about what they import.
pytestmark = pytest.mark.filterwarnings("default")
QUESTIONS = (
    ("老人吃饭补贴多少", {"老人": 1.0, "补贴": 1.0}),
    ("学位", {"学位": 1.0, "学生": 0.5}),
    ("市里的公交医保", {"公交": 1.0, "医保": 0.6, "市": 0.3}),
    ("没有这个词", {"没有这个词": 1.0}),
)


def made() -> tuple[Passage, ...]:
    """Invented passages of three documents in two areas."""
    dealt = passages(("d1", "d2", "d3"))
    areas = {"d1": "甲省/一市", "d2": "甲省/一市", "d3": '乙省/"二"市'}
    return tuple(replace(one, area=areas[one.doc_id]) for one in dealt)


@pytest.fixture(scope="module", params=["bm25", "jieba"])
def settings(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[StoreSettings]:
    """Name a file of Milvus Lite; let go of it at the end."""
    file = tmp_path_factory.mktemp("milvus") / "own.db"
    named = StoreSettings("milvus", str(file), text=request.param)
    yield named
    disconnect(named)


@pytest.fixture(scope="module")
def both(
    tmp_path_factory: pytest.TempPathFactory, settings: StoreSettings
) -> tuple[PolicyIndex, PolicyIndex]:
    """Open one snapshot in the embedded store and in Milvus."""
    root = tmp_path_factory.mktemp("root")
    encoder = HashEncoder()
    snapshot.build(root, made(), encoder, default_tokenizer(), "c1")
    return (
        PolicyIndex.load(root, encoder, store=StoreSettings()),
        PolicyIndex.load(root, encoder, store=settings),
    )


def test_both_are_stores(both: tuple[PolicyIndex, PolicyIndex]) -> None:
    """The type checker holds them to the protocol; this holds them to the same contents."""
    own: Store = both[0]
    other: Store = both[1]
    assert own.passages == other.passages
    assert own.manifest == other.manifest


@pytest.mark.parametrize("docs", [None, {"d1"}, {"d1", "d2"}, {"d3"}, {"nowhere"}])
@pytest.mark.parametrize(("text", "terms"), QUESTIONS)
def test_hits_and_scores_are_the_same(
    both: tuple[PolicyIndex, PolicyIndex],
    settings: StoreSettings,
    text: str,
    terms: dict[str, float],
    docs: set[str] | None,
) -> None:
    """Filtered or not: vectors to the last bit, words to the precision of 32-bit numbers."""
    own, other = (index.retrieve(text, terms, docs=docs, limit=5) for index in both)
    assert other.dense == own.dense
    if settings.text == "bm25":
        assert list(other.lexical) == list(own.lexical)
        for row, hit in own.lexical.items():
            assert other.lexical[row].score == pytest.approx(hit.score, rel=1e-4)
        assert other.rows == own.rows
    else:
        assert set(other.lexical) == set(own.lexical)


def test_span_scores_and_frequencies_are_the_same(both: tuple[PolicyIndex, PolicyIndex]) -> None:
    own, other = both
    query = HashEncoder().encode(["学位"])[0]
    for row in range(len(own.passages)):
        assert other.span_scores(query, row) == own.span_scores(query, row)
    assert other.lexical.document_frequency("补贴") == 1


@pytest.mark.parametrize("seed", range(8))
def test_dense_hits_of_any_rows_are_the_same(
    both: tuple[PolicyIndex, PolicyIndex], seed: int
) -> None:
    """Rows that are no whole document are filtered one by one."""
    rng = np.random.default_rng(seed)
    query = rng.normal(size=64).astype(np.float32)
    query /= np.linalg.norm(query)
    rows = np.flatnonzero(rng.random(len(made())) < 0.6).astype(np.int64)
    own, other = (index.dense for index in both)
    assert own is not None
    assert other is not None
    assert other.search(query, 3, rows) == own.search(query, 3, rows)


@pytest.mark.parametrize(
    ("docs", "expected"),
    [
        ({"d1", "d2"}, 'area in ["甲省/一市"]'),
        ({"d1"}, 'doc in ["d1"]'),
        ({"d3"}, 'area in ["乙省/\\"二\\"市"]'),
        ({"d1", "d2", "d3"}, 'area in ["乙省/\\"二\\"市", "甲省/一市"]'),
    ],
)
def test_filters_name_areas_where_they_can(docs: set[str], expected: str) -> None:
    """The rows of the documents give the same filter as their names."""
    places = Places(made())
    assert places.of_docs(docs) == expected
    rows = [passage.row for passage in made() if passage.doc_id in docs]
    assert places.of_rows(np.array(rows)) == expected


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[StoreSettings]:
    """Name a file of Milvus Lite of a test's own."""
    named = StoreSettings("milvus", str(tmp_path / "own.db"))
    yield named
    disconnect(named)


def test_the_last_two_snapshots_stay_in_milvus(tmp_path: Path, lite: StoreSettings) -> None:
    """A build puts the snapshot there before it is published, and drops older ones."""
    file = tmp_path / "安居办法.txt"
    store = CorpusStore.open(tmp_path / "home", samples=False)
    built = []
    for what in ("住房", "交通", "用餐"):
        file.write_text(f"安居办法\n\n第一条 居民可以申请{what}补贴。\n", encoding="utf-8")
        ingest(store, [file])
        built.append(build_index(store, tmp_path / "index", HashEncoder(), target=lite).snapshot)
    store.close()
    wanted = {collections.words_name(lite, one) for one in built[-2:]}
    wanted |= {collections.vectors_name(lite, one) for one in built[-2:]}
    assert len(set(built)) == 3
    assert set(connect(lite).list_collections()) == wanted


def test_a_broken_delivery_is_mended_when_it_is_opened(
    tmp_path: Path, settings: StoreSettings
) -> None:
    """What was only half put into Milvus is put there again, not served."""
    manifest = snapshot.build(tmp_path, made(), HashEncoder(), default_tokenizer(), "half")
    PolicyIndex.load(tmp_path, HashEncoder(), store=settings)
    assert collections.complete(settings, manifest)
    name = collections.vectors_name(settings, manifest.snapshot)
    connect(settings).delete(name, ids=[0, 1])
    assert not collections.complete(settings, manifest)
    index = PolicyIndex.load(tmp_path, HashEncoder(), store=settings)
    assert collections.complete(settings, manifest)
    assert index.retrieve("老人吃饭补贴多少", {}).rows[0] == 2


@pytest.mark.parametrize(("limit", "kind"), [(1_000, "FLAT"), (10, "AUTOINDEX")])
def test_vectors_are_compared_one_by_one_while_they_are_few(
    tmp_path: Path, lite: StoreSettings, monkeypatch: pytest.MonkeyPatch, limit: int, kind: str
) -> None:
    """A graph misses some neighbours; the embedded store has none either up to this size."""
    monkeypatch.setattr(collections, "EXACT_LIMIT", limit)
    manifest = snapshot.build(tmp_path, made(), HashEncoder(), default_tokenizer(), "c1")
    PolicyIndex.load(tmp_path, HashEncoder(), store=lite)
    name = collections.vectors_name(lite, manifest.snapshot)
    assert connect(lite).describe_index(name, "vector")["index_type"] == kind


def test_an_address_where_nothing_answers_says_so() -> None:
    nowhere = StoreSettings("milvus", "http://127.0.0.1:9", token="a:b")
    with pytest.raises(StoreError, match=r"http://127\.0\.0\.1:9"):
        connect(nowhere)


def test_without_the_client_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(StoreError, match=r"tiaowen\[milvus\]"):
        connect(StoreSettings("milvus", "http://unused:1"))
