"""One size of the scale benchmark: build it in one process, serve it in another.

Run by `eval.bench.scale`, one process each, so that memory is that of the step alone.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from eval.bench.scale_data import Source
from index import snapshot
from index.approximate import TOP, exact_rows, mean_recall
from index.dense import VECTORS, DenseIndex, Rows, Vectors, finish, open_vectors, owners
from index.flat import FLAT
from index.fusion import reciprocal_rank_fusion
from index.lexical import LexicalIndex
from index.parts import read_passages, write_passages
from index.tokens import default_tokenizer
from index.types import Manifest, Passage

Times: TypeAlias = tuple[float, float]  # seconds: passed, of the processor
MEASURED = 100  # questions put to each size
_MB = 1e6


def build(source: Source, size: int, root: Path) -> dict[str, Any]:
    """Build a snapshot of ``size`` clauses under ``root``; return seconds, bytes and recall.

    Made as `index.snapshot` makes it, except that vectors come from the source, not an encoder.
    """
    folder = snapshot.snapshot_folder(root, f"scale{size}")
    (folder / "dense").mkdir(parents=True)
    counts = _write_texts(source, size, folder)
    clock = Clock()
    LexicalIndex.build(_lines(folder), default_tokenizer(), folder / "lexical")
    clock.lap("lexical")
    owner = owners(size, np.repeat(np.arange(size, dtype=np.int64), counts))
    tuning = finish(folder / "dense", owner, size)
    clock.lap("dense")
    manifest = Manifest(
        snapshot.FORMAT, folder.name, "", "scale", source.dim, "", size // 50 + 1, size,
        int(counts.sum()), datetime.now(UTC).isoformat(timespec="seconds"),
        str(tuning) if tuning is not None and tuning.good else "exact",
        None if tuning is None else tuning.recall,
    )  # fmt: skip
    snapshot.seal(folder, manifest)
    clock.lap("seal")
    snapshot.publish(root, folder.name)
    return {
        "clauses": size,
        "vectors": len(owner),
        "dense": manifest.dense,
        "recall_at_build": manifest.recall,
        "build_s": clock.seconds,
        "build_cpu_s": clock.cpu,
        "build_peak_mb": round(peak_mb()),
        **{f"{name}_mb": round(mb, 1) for name, mb in _sizes(folder).items()},
    }


class Clock:
    """Seconds of each step: passed, and of processors at work (all threads)."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.cpu: dict[str, float] = {}
        self._at = (time.perf_counter(), time.process_time())

    def lap(self, step: str) -> None:
        """End a step."""
        now = (time.perf_counter(), time.process_time())
        self.seconds[step] = round(now[0] - self._at[0], 2)
        self.cpu[step] = round(now[1] - self._at[1], 2)
        self._at = now


def _write_texts(source: Source, size: int, folder: Path) -> Rows:
    """Write passages and vectors as they are made; return the spans of every clause."""
    counts = np.zeros(size, dtype=np.int64)
    spans = np.lib.format.open_memmap(
        folder / "spans.npy", mode="w+", dtype=np.float32, shape=(size * 12, source.dim)
    )
    clauses = np.lib.format.open_memmap(
        folder / "clauses.npy", mode="w+", dtype=np.float32, shape=(size, source.dim)
    )
    filled = 0

    def passages() -> Iterator[Passage]:
        nonlocal filled
        for chunk in source.chunks(size):
            rows = [passage.row for passage in chunk.passages]
            counts[rows] = [len(passage.spans) for passage in chunk.passages]
            clauses[rows[0] : rows[-1] + 1] = chunk.clauses
            spans[filled : filled + len(chunk.spans)] = chunk.spans
            filled += len(chunk.spans)
            yield from chunk.passages

    write_passages(folder / "passages.jsonl", passages())
    _join(folder / "dense" / VECTORS, clauses, spans[:filled])
    for name in ("spans.npy", "clauses.npy"):
        (folder / name).unlink()
    return counts


def _join(path: Path, clauses: Vectors, spans: Vectors) -> None:
    """Write clause vectors and then span vectors into one mapped file."""
    shape = (len(clauses) + len(spans), clauses.shape[1])
    out = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
    for start, part in ((0, clauses), (len(clauses), spans)):
        for at in range(0, len(part), 65_536):
            block = part[at : at + 65_536]
            out[start + at : start + at + len(block)] = block
    out.flush()


def _lines(folder: Path) -> Iterator[Passage]:
    """Passages one by one from the file: the word index needs no list of them."""
    with (folder / "passages.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            values = json.loads(line)
            yield Passage(**{**values, "units": tuple(values["units"])})


def _sizes(folder: Path) -> dict[str, float]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    parts = {"disk": files}
    parts["words"] = [path for path in files if path.parent.name == "lexical"]
    parts["vectors_file"] = [path for path in files if path.name in (VECTORS, FLAT)]
    parts["inverted"] = [p for p in files if p.suffix == ".faiss" and p.name != FLAT]
    return {name: sum(p.stat().st_size for p in some) / _MB for name, some in parts.items()}


def serve(root: Path, queries: Vectors, terms: list[dict[str, float]]) -> dict[str, Any]:
    """Open a built size and put the questions to it; milliseconds a question, without encoding."""
    name = snapshot.current(root)
    assert name is not None  # built just now
    folder = snapshot.snapshot_folder(root, name)
    base = rss_mb()
    opened = time.perf_counter()
    lexical, dense = LexicalIndex.load(folder / "lexical"), DenseIndex.load(folder / "dense")
    load = time.perf_counter() - opened
    dense.search(queries[0], TOP)
    lexical.search(terms[0], TOP)
    times = [_ask(lexical, dense, *asked) for asked in zip(queries, terms, strict=True)]
    after = rss_mb()
    exact = [_timed(partial(dense.scan_all, query, TOP * 4)) for query in queries[:20]]
    got = [[hit.row for hit in dense.search(query, TOP)] for query in queries]
    everything = np.arange(len(dense.owner), dtype=np.int64)
    vectors = dense.vectors_of(everything) if dense.exact else open_vectors(folder / "dense")
    expected = [set(rows) for rows in exact_rows(vectors, dense.owner, queries)]
    opened = time.perf_counter()
    passages = read_passages(folder / "passages.jsonl")
    return {
        "load_s": round(load, 3),
        "rss_mb": round(after - base),
        "passages_s": round(time.perf_counter() - opened, 2),
        "passages_mb": round(sum(map(_weight, passages[:1000])) * len(passages) / 1000 / _MB)
        if len(passages) >= 1000
        else None,
        "lexical": _percentiles([one["lexical"] for one in times]),
        "dense_leg": _percentiles([one["dense"] for one in times]),
        "query": _percentiles([one["both"] for one in times]),
        "exact_pass": _percentiles(exact),
        "recall_30": round(mean_recall(expected, got), 4),
    }


def _ask(
    lexical: LexicalIndex, dense: DenseIndex, query: Vectors, terms: dict[str, float]
) -> dict[str, Times]:
    """Put one question to both legs."""
    found: list[list[int]] = []
    words = _timed(lambda: found.append([hit.row for hit in lexical.search(terms, TOP)]))
    near = _timed(lambda: found.append([hit.row for hit in dense.search(query, TOP)]))
    fused = _timed(partial(reciprocal_rank_fusion, found))
    both = (words[0] + near[0] + fused[0], words[1] + near[1] + fused[1])
    return {"lexical": words, "dense": near, "both": both}


def _timed(work: Callable[[], object]) -> Times:
    """Seconds that passed, and seconds of this thread's processor, which others cannot take."""
    start = (time.perf_counter(), time.thread_time())
    work()
    return time.perf_counter() - start[0], time.thread_time() - start[1]


def _weight(passage: Passage) -> int:
    """Bytes of a passage in memory, its own objects only."""
    values = [getattr(passage, name) for name in Passage.__dataclass_fields__]
    spans = sum(sys.getsizeof(span) for span in passage.spans)
    return sys.getsizeof(passage) + sum(map(sys.getsizeof, values)) + spans


def _percentiles(times: list[Times]) -> dict[str, float]:
    """Milliseconds: of the processor and, with ``wall_``, by the clock."""
    wall, cpu = np.array(times).T * 1000
    return {
        f"{name}p{share}": round(float(np.percentile(values, share)), 2)
        for name, values in (("", cpu), ("wall_", wall))
        for share in (50, 95)
    }


def rss_mb() -> float:
    """Memory of this process that no file backs, in MB: mapped pages can go at any time."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1000
    return peak_mb()


def peak_mb() -> float:
    """Largest memory of this process so far, in MB, mapped files included."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
