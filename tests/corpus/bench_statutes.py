"""Throughput over the 1,528 statutes, the time split by step, and an independent article count.

Run as ``python -m tests.corpus.bench_statutes [N]`` (N statutes; default all).
"""

from __future__ import annotations

import os
import re
import sys
import tarfile
import time
from itertools import pairwise
from pathlib import Path

from corpus import Role, clean, parse, read_metadata
from corpus.identity import document_id, document_identity
from corpus.loading import decode

SHARED = Path(os.environ.get("TIAOWEN_SHARED", Path(__file__).parents[3] / "shared"))
_STEPS = ("decode", "clean", "metadata", "parse")
ARCHIVE = SHARED / "bench" / "laws-md.tar.xz"
_ARTICLE = re.compile(
    r"(?m)^[\s　]*\**[第笫]([〇零一二三四五六七八九十百千]{1,9})条(之[一二三四五六七八九十]+)?\**"
    r"(?=[\s　]|[^、，的和与及或至到所中第款项规之\s])"
)


def statutes(most: int | None = None) -> list[tuple[str, bytes]]:
    """Names and bytes of the statutes, sorted by name."""
    with tarfile.open(ARCHIVE) as archive:
        members = sorted((m for m in archive if m.name.endswith(".md")), key=lambda m: m.name)
        found = [(m.name, archive.extractfile(m)) for m in members[:most]]
        return [(name, stream.read()) for name, stream in found if stream is not None]


def counted(text: str) -> int:
    """Articles by a regular expression of its own: lines that start with 第X条."""
    return len(_ARTICLE.findall(text))


def main() -> int:
    """Measure, print, and fail when the article counts differ."""
    documents = statutes(int(sys.argv[1]) if len(sys.argv) > 1 else None)
    spent: dict[str, float] = dict.fromkeys(_STEPS, 0.0)
    size = articles = different = 0
    begun = time.perf_counter()
    for name, raw in documents:
        clock = [time.perf_counter()]
        text = decode(raw)
        clock.append(time.perf_counter())
        cleaned = clean(text)
        clock.append(time.perf_counter())
        about = read_metadata(cleaned.text, name, text)
        clock.append(time.perf_counter())
        identity = document_identity(about.title, about.doc_number, about.issuer, about.kind)
        parsed = parse(cleaned.text, document_id(identity), about.kind)
        clock.append(time.perf_counter())
        for step, (a, b) in zip(_STEPS, pairwise(clock), strict=True):
            spent[step] += b - a
        size += len(raw)
        listed = (c.label for c in parsed.clauses if c.role == Role.CLAUSE)
        found = sum(label.startswith(("第", "笫")) and "条" in label for label in listed)
        articles += found
        if found != counted(cleaned.text):
            different += 1
            sys.stdout.write(f"{name}: {found} articles, counted {counted(cleaned.text)}\n")
    whole = time.perf_counter() - begun
    sys.stdout.write(
        f"{len(documents)} documents, {size / 1e6:.1f} MB, {articles} articles in {whole:.1f} s: "
        f"{size / 1e6 / whole:.2f} MB/s, {len(documents) / whole:.0f} documents/s\n"
    )
    for step, seconds in spent.items():
        sys.stdout.write(f"  {step:9} {seconds:7.2f} s  {seconds / whole:5.1%}\n")
    return int(different > 0)


if __name__ == "__main__":
    sys.exit(main())
