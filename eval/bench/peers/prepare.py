"""The work of the comparison: which texts, which questions, and the vectors of the texts."""

from __future__ import annotations

import random
import tarfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.bench.beir import to_passages
from eval.bench.beir_data import Beir
from eval.bench.peers.contract import Work
from index.cache import EmbeddingCache
from index.encoder import Encoder
from index.passages import clause_texts

_SEED = 7
_STEP = 512  # texts embedded between two looks at the clock
Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is done. ``articles`` and ``statutes``: None for all there are.

    ``embed_s``: most seconds for vectors that the cache does not hold yet; what is not embedded
    by then is left out of the corpus, so that a run is bounded and the next one goes further.
    ``encode``: texts that every system embeds by itself, with the clock running.
    """

    articles: int | None = None
    questions: int = 500
    statutes: int | None = None
    encode: int = 600
    embed_s: float = 300.0
    serve_s: float = 30.0


QUICK = Plan(articles=2000, questions=60, statutes=40, encode=100, embed_s=30.0, serve_s=4.0)


def chosen_questions(data: Beir, count: int) -> list[str]:
    """Ids of the questions that are put, drawn by a seed."""
    names = sorted(data.queries)
    return sorted(random.Random(_SEED).sample(names, min(count, len(names))))


def order_of(data: Beir, questions: Sequence[str]) -> list[int]:
    """Rows of the corpus: what answers the questions, what answers any, then all else mixed."""
    answers = {name for question in questions for name in data.qrels[question]}
    judged = {name for gains in data.qrels.values() for name in gains}
    rows = range(len(data.corpus))
    first = [row for row in rows if data.corpus[row].id in answers]
    second = [row for row in rows if data.corpus[row].id in judged - answers]
    rest = [row for row in rows if data.corpus[row].id not in judged]
    random.Random(_SEED).shuffle(rest)
    return first + second + rest


def prepare(
    data: Beir, encoder: Encoder, cache: Path, folder: Path, plan: Plan,
    report: Report | None = None,
) -> Work:  # fmt: skip
    """Write texts, questions and vectors into ``folder``."""
    questions = chosen_questions(data, plan.questions)
    rows = order_of(data, questions)[: plan.articles]
    texts = clause_texts(to_passages(data.corpus))
    kept = EmbeddingCache(cache)
    try:
        known = embed(kept, encoder, [texts[row] for row in rows], plan.embed_s, report)
    finally:
        kept.close()
    held = [(row, vector) for row, vector in zip(rows, known, strict=True) if vector is not None]
    held.sort(key=lambda pair: pair[0])
    work = Work(
        folder,
        tuple(data.corpus[row].id for row, _ in held),
        tuple(texts[row] for row, _ in held),
        tuple(data.queries[name] for name in questions),
    )
    work.write()
    np.save(folder / "vectors.npy", np.stack([vector for _, vector in held]), allow_pickle=False)
    return work


def embed(
    cache: EmbeddingCache, encoder: Encoder, texts: Sequence[str], seconds: float,
    report: Report | None = None,
) -> list[np.ndarray | None]:  # fmt: skip
    """Embed what the cache lacks, first texts first, until the time is up; None for the rest."""
    known = cache.lookup(encoder.name, texts)
    missing = [number for number, row in enumerate(known) if row is None]
    until = time.monotonic() + seconds
    for start in range(0, len(missing), _STEP):
        if time.monotonic() > until:
            break
        part = missing[start : start + _STEP]
        rows = cache.encode(encoder, [texts[number] for number in part])
        for number, row in zip(part, rows, strict=True):
            known[number] = row
        if report is not None:
            report("embed", len(texts) - len(missing) + start + len(part), len(texts))
    return known


def statutes(archive: Path, folder: Path, most: int | None) -> int:
    """Write the Markdown files of the archive, the first by name, into a folder; how many."""
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as files:
        found = [m for m in files if m.name.endswith(".md") and not m.name.endswith("_index.md")]
        for number, member in enumerate(sorted(found, key=lambda m: m.name)[:most]):
            stream = files.extractfile(member)
            assert stream is not None  # a file
            (folder / f"{number:04}.md").write_bytes(stream.read())
    return len(found[:most])
