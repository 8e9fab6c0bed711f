"""Building, publishing and reading snapshots; what a killed or damaged one does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.owners import Owner
from index import snapshot
from index.cache import EmbeddingCache
from index.errors import BuildBusyError, SnapshotError, StoreError
from index.policy_index import PolicyIndex
from index.tokens import default_tokenizer
from index.types import Manifest, Passage
from tests.index.factories import TEXTS, HashEncoder, passage, passages


def _build(root: Path, corpus: str = "c1", encoder: HashEncoder | None = None) -> Manifest:
    return snapshot.build(root, passages(), encoder or HashEncoder(), default_tokenizer(), corpus)


def test_build_publishes_what_load_reads(tmp_path: Path) -> None:
    """A built snapshot is current, loads, and finds the clause that a question is about."""
    manifest = _build(tmp_path)
    assert snapshot.current(tmp_path) == manifest.snapshot
    index = PolicyIndex.load(tmp_path, HashEncoder())
    assert index.passages == passages()
    found = index.retrieve("老人吃饭补贴多少", {"老人": 1.0, "补贴": 1.0})
    assert found.rows[0] == 2


def test_same_inputs_are_not_built_again(tmp_path: Path) -> None:
    """The second build embeds nothing and gives the same snapshot."""
    first = _build(tmp_path)
    encoder = HashEncoder()
    assert _build(tmp_path, encoder=encoder) == first
    assert encoder.encoded == []


def _edited() -> tuple[Passage, ...]:
    """The passages with one text changed and one added."""
    texts = list(TEXTS)
    texts[1] = (texts[1][0], texts[1][1] + "寄宿生另有补助。")
    texts.append(("住房保障", "（六）发放住房补贴。新就业职工每月300元。（市住建局）"))
    return tuple(passage(row, heading, text) for row, (heading, text) in enumerate(texts))


def test_full_build_equals_incremental(tmp_path: Path) -> None:
    """Edited in place, rebuilt with `--full`, or built from nothing: the same bytes and hits."""
    grown, fresh = tmp_path / "grown", tmp_path / "fresh"
    _build(grown, "c1")
    name = snapshot.build(grown, _edited(), HashEncoder(), default_tokenizer(), "c2").snapshot
    incremental = _contents(snapshot.snapshot_folder(grown, name))
    found = _hits(grown)
    again = snapshot.build(grown, _edited(), HashEncoder(), default_tokenizer(), "c2", full=True)
    assert again.snapshot == f"{name}_2"  # beside the published one, which nobody touches
    assert snapshot.identity(again.snapshot) == name
    assert _contents(snapshot.snapshot_folder(grown, again.snapshot)) == incremental
    assert _hits(grown) == found
    snapshot.build(fresh, _edited(), HashEncoder(), default_tokenizer(), "c2")
    assert _contents(snapshot.snapshot_folder(fresh, name)) == incremental
    assert _hits(fresh) == found


def _contents(folder: Path) -> dict[str, bytes]:
    """Every file but those with times or random names in them: manifest and tantivy's."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    kept = [path for path in files if path.parent.name != "lexical" and path.parent != folder]
    assert kept
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept} | {
        "passages.jsonl": (folder / "passages.jsonl").read_bytes()
    }


def _hits(root: Path) -> list[tuple[object, ...]]:
    """What both legs find for some questions, with scores."""
    index = PolicyIndex.load(root, HashEncoder())
    words = ({"补贴": 1.0, "学生": 0.5}, {"落户": 1.0}, {"市": 1.0})
    found = [index.retrieve("".join(terms), terms) for terms in words]
    return [(one.rows, one.lexical, one.dense) for one in found]


def test_a_build_tells_how_far_it_is(tmp_path: Path) -> None:
    """Every step starts below its total and ends at it; the cached half counts as done."""
    seen: dict[str, list[tuple[int, int]]] = {}

    def note(step: str, done: int, total: int) -> None:
        seen.setdefault(step, []).append((done, total))

    snapshot.build(tmp_path, passages(), HashEncoder(), default_tokenizer(), "c1", progress=note)
    assert set(seen) == {"lexical", "embed"}
    for reports in seen.values():
        assert reports == sorted(reports)
        assert reports[-1][0] == reports[-1][1] > 0


def test_a_store_elsewhere_has_the_snapshot_before_readers(tmp_path: Path) -> None:
    """What is delivered is finished and not yet current; a failed delivery publishes nothing."""
    old = _build(tmp_path, "c1")
    seen: list[str | None] = []

    def deliver(folder: Path, manifest: Manifest) -> None:
        snapshot.verify(folder)
        seen.append(snapshot.current(tmp_path))
        if manifest.corpus_digest == "c3":
            raise StoreError("down")

    def build(corpus: str) -> Manifest:
        return snapshot.build(
            tmp_path, passages(), HashEncoder(), default_tokenizer(), corpus, deliver=deliver
        )

    new = build("c2")
    assert seen == [old.snapshot]
    with pytest.raises(StoreError):
        build("c3")
    assert snapshot.current(tmp_path) == new.snapshot


def test_the_manifest_tells_how_vectors_are_searched(tmp_path: Path) -> None:
    manifest = _build(tmp_path)
    read = snapshot.read_manifest(snapshot.snapshot_folder(tmp_path, manifest.snapshot))
    assert (read.dense, read.recall) == ("exact", None)


def test_an_edit_embeds_only_what_changed(tmp_path: Path) -> None:
    """The cache knows every text that was embedded before."""
    _build(tmp_path, "c1")
    encoder = HashEncoder()
    changed = passages()[:-1]
    snapshot.build(tmp_path, changed, encoder, default_tokenizer(), "c2")
    assert encoder.encoded == []


def test_without_encoder_the_lexical_leg_serves(tmp_path: Path) -> None:
    """No model: a snapshot without vectors, and a search that still works."""
    snapshot.build(tmp_path, passages(), None, default_tokenizer(), "c1")
    index = PolicyIndex.load(tmp_path, None)
    assert index.dense is None
    assert index.retrieve("学位", {"学位": 1.0}).rows == (1,)


def test_vectors_of_another_model_are_not_used(tmp_path: Path) -> None:
    """A snapshot of one model is served lexically to a reader with another."""
    _build(tmp_path)
    assert PolicyIndex.load(tmp_path, HashEncoder("other@2")).dense is None


def test_missing_index_says_what_to_do(tmp_path: Path) -> None:
    """Before the first build, load names the command."""
    with pytest.raises(SnapshotError, match="tiaowen build"):
        PolicyIndex.load(tmp_path, None)


def test_two_builds_at_once(tmp_path: Path) -> None:
    """The second build is refused while the first holds the lock; nothing is lost."""
    _build(tmp_path)
    code = (
        "import sys, time\nfrom filelock import FileLock\n"
        "with FileLock(sys.argv[1]):\n print('held', flush=True); time.sleep(30)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "build.lock")]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "held"
        with pytest.raises(BuildBusyError, match="另一个程序正在"):
            _build(tmp_path, "c2")  # its owner wrote nothing about itself
        owner = replace(Owner.this(), pid=holder.pid, since="2020-01-01T00:00:00+00:00")
        (tmp_path / "build.owner").write_text(owner.dump(), encoding="utf-8")
        with pytest.raises(BuildBusyError, match=rf"进程 {holder.pid}，机器 .+，已 \d+ 天"):
            _build(tmp_path, "c2")
    finally:
        holder.kill()
        holder.communicate()
    _build(tmp_path, "c2")


_SLOW_BUILD = """
import sys, time
from pathlib import Path
from index import snapshot
from index.tokens import default_tokenizer
from tests.index.factories import HashEncoder, passages
class Slow(HashEncoder):
    def encode(self, texts, *, kind="passage", progress=None):
        print("building", flush=True)
        time.sleep(60)
        return super().encode(texts, kind=kind)
snapshot.build(Path(sys.argv[1]), passages(), Slow("slow@1"), default_tokenizer(), "c2")
"""


def test_a_killed_build_leaves_the_old_index_serving(tmp_path: Path) -> None:
    """Kill -9 in the middle of a build: the old snapshot serves, the next build cleans up."""
    old = _build(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    killed = subprocess.Popen(
        [sys.executable, "-c", _SLOW_BUILD, str(tmp_path)],
        stdout=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    assert killed.stdout is not None
    assert killed.stdout.readline().strip() == "building"
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert snapshot.current(tmp_path) == old.snapshot
    assert len(PolicyIndex.load(tmp_path, HashEncoder()).passages) == len(passages())
    assert list((tmp_path / "snapshots").glob(".building-*"))
    _build(tmp_path, "c3")
    assert not list((tmp_path / "snapshots").glob(".*"))


def test_old_snapshots_are_pruned(tmp_path: Path) -> None:
    """Two snapshots stay: the live one and the one before."""
    for number in range(4):
        live = _build(tmp_path, f"c{number}")
        time.sleep(0.01)
    kept = {path.name for path in (tmp_path / "snapshots").iterdir()}
    assert len(kept) == 2
    assert live.snapshot in kept


def test_cache_returns_rows_in_order(tmp_path: Path) -> None:
    """Cached and new texts come back in the order asked for, repeats included."""
    encoder = HashEncoder()
    cache = EmbeddingCache(tmp_path / "e.sqlite3")
    cache.encode(encoder, ["甲", "乙"])
    rows = cache.encode(encoder, ["丙", "甲", "丙", "乙"])
    cache.close()
    expected = HashEncoder().encode(["丙", "甲", "丙", "乙"])
    np.testing.assert_allclose(rows, expected, atol=1e-6)
    assert encoder.encoded == ["甲", "乙", "丙"]
