"""The scale benchmark on a few hundred clauses: what it makes, and what it measures."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import numpy as np
import pytest

from eval.bench import scale, scale_build, scale_data
from eval.bench.beir import to_passages
from eval.bench.beir_data import Beir, Entry
from eval.bench.scale_data import Source
from index import snapshot
from index.cache import EmbeddingCache
from index.passages import clause_texts
from index.policy_index import PolicyIndex
from tests.index.factories import HashEncoder

REAL, SIZE = 60, 240
STATUTE = "# 某法\n\n第一条 为了规范居住证的申领和使用，制定本条例。申请人应当如实提供有关材料。\n"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """Return a source of sixty real articles, every other one embedded."""
    folder = tmp_path_factory.mktemp("data")
    entries = tuple(
        Entry(str(n), f"某法第{n}条", f"第{n}类申请人应当办理登记。逾期第{n}日起补办手续。")
        for n in range(REAL)
    )
    encoder = HashEncoder()
    cache = EmbeddingCache(folder / "bench.sqlite3")
    cache.encode(encoder, clause_texts(to_passages(entries))[::2])
    cache.close()
    with tarfile.open(folder / "laws.tar.xz", "w:xz") as archive:
        for name in ("b.md", "a.md"):
            body = STATUTE.encode()
            member = tarfile.TarInfo(name)
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))
    data = Beir("small", "train", entries, {}, {})
    return Source(data, folder / "laws.tar.xz", encoder, folder / "bench.sqlite3")


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a few dozen clauses at a time, so that real and made ones meet inside a chunk."""
    monkeypatch.setattr(scale_data, "_CHUNK", 50)


@pytest.mark.usefixtures("small_chunks")
def test_clauses_are_numbered_and_vectors_fit_them(source: Source) -> None:
    chunks = list(source.chunks(SIZE))
    passages = [passage for chunk in chunks for passage in chunk.passages]
    assert [passage.row for passage in passages] == list(range(SIZE))
    assert len({passage.clause_id for passage in passages}) == SIZE
    for chunk in chunks:
        assert len(chunk.clauses) == len(chunk.passages)
        assert len(chunk.spans) == sum(len(passage.spans) for passage in chunk.passages)
        for rows in (chunk.clauses, chunk.spans):
            np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, rtol=1e-5)
    made = passages[REAL:]
    assert {p.text[a:b] for p in made for a, b in p.spans} <= set(source_sentences())


def source_sentences() -> tuple[str, ...]:
    """Sentences of the one statute that are long enough."""
    return ("第一条 为了规范居住证的申领和使用，制定本条例。", "申请人应当如实提供有关材料。")


@pytest.mark.usefixtures("small_chunks")
def test_what_is_embedded_is_used_as_it_is(source: Source) -> None:
    """Every other article has its own vector; the rest are near one of those."""
    assert source.embedded == REAL // 2
    first = next(iter(source.chunks(SIZE)))
    texts = clause_texts(first.passages)[::2]
    np.testing.assert_allclose(first.clauses[::2], HashEncoder().encode(texts), atol=1e-6)
    pool = HashEncoder().encode(texts + clause_texts(list(source.chunks(SIZE))[1].passages))
    nearest = (first.clauses[1::2] @ pool.T).max(axis=1)
    assert float(nearest.min()) > scale_data.SENTENCE - 0.15


@pytest.mark.usefixtures("small_chunks")
def test_the_same_size_gives_the_same_data(source: Source) -> None:
    for one, two in zip(source.chunks(SIZE), source.chunks(SIZE), strict=True):
        assert one.passages == two.passages
        assert np.array_equal(one.spans, two.spans)


@pytest.mark.usefixtures("small_chunks")
def test_a_size_is_built_served_and_shown(source: Source, tmp_path: Path) -> None:
    """What is built is a snapshot like any other: it verifies and loads."""
    built = scale_build.build(source, SIZE, tmp_path)
    folder = snapshot.snapshot_folder(tmp_path, f"scale{SIZE}")
    snapshot.verify(folder)
    index = PolicyIndex.load(tmp_path, HashEncoder("scale"))
    assert index.dense is not None
    assert built["vectors"] == len(index.dense.owner) == SIZE + index.manifest.spans
    assert not (folder / "spans.npy").exists()
    queries = HashEncoder().encode(["补办手续", "如实提供材料", "居住证的申领"])
    terms = [{"手续": 1.0}, {"材料": 1.0}, {"居住证": 1.0}]
    served = scale_build.serve(tmp_path, queries, terms)
    assert served["recall_30"] == 1.0
    assert 0 < served["lexical"]["p50"] <= served["query"]["p95"]
    row = {**built, **served, "encode_s": 12}
    result = {"machine": "m", "commit": "c", "at": "t", "sizes": [row]}
    (tmp_path / "scale.md").write_text("前\n<!-- table -->旧<!-- /table -->\n后\n", "utf-8")
    scale.write(result, tmp_path)
    page = (tmp_path / "scale.md").read_text(encoding="utf-8")
    assert page.startswith("前\n")
    assert page.endswith("\n后\n")
    assert "旧" not in page
    assert f"| {SIZE} | {built['vectors']:,} | exact |" in page
    assert json.loads((tmp_path / "scale.json").read_text(encoding="utf-8")) == result
