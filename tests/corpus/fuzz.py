"""Random damage to real and made files: nothing but CorpusError may come out.

Run as ``python -m tests.corpus.fuzz [SECONDS] [SEED]`` (default 60 and 1). Every file that is
read is also held to the invariants: spans slice, in order, disjoint, ids unique.
"""

from __future__ import annotations

import os
import random
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

from corpus import CorpusError, build_document
from corpus.formats.archive import is_archive, members
from corpus.loading import source_of

SHARED = Path(os.environ.get("TIAOWEN_SHARED", Path(__file__).parents[3] / "shared"))
_PIECES = (
    b"\x00", b"\xff\xfe", "（一）".encode(), b"<table><tr><td>", "第一条".encode("gbk"),
    b"{\\rtf1 ",
    b"PK\x03\x04", b"%PDF-1.4", "?。ㄒ唬?".encode(), "附件1\n".encode(), b"\r\n" * 50, b"<" * 300,
    "一、".encode() * 40, "2.1.1 甲\n".encode(), "【办理】\n1.甲\n".encode(), b"<ol><li>" * 60,
)  # fmt: skip


def seeds(most: int = 200_000) -> list[tuple[str, bytes]]:
    """Names and bytes of files to damage: small ones of every format."""
    found = []
    for folder in ("govdocs", "originals", "city-policies"):
        for path in sorted((SHARED / folder).rglob("*")):
            if path.is_file() and path.stat().st_size <= most and path.suffix != ".jsonl":
                found.append((path.name, path.read_bytes()))
    return found


def damaged(raw: bytes, rng: random.Random) -> bytes:
    """Bytes with a few cuts, copies, flips and insertions."""
    data = bytearray(raw)
    for _ in range(rng.randint(1, 6)):
        a, b = sorted(rng.randrange(len(data) + 1) for _ in range(2))
        b = min(b, a + rng.choice((1, 8, 200, 4000)))
        kind = rng.randrange(5)
        if kind == 0:
            del data[a:b]
        elif kind == 1:
            data[a:a] = data[a:b] * rng.randint(1, 4)
        elif kind == 2 and a < len(data):
            data[a] = rng.randrange(256)
        elif kind == 3:
            data[a:a] = rng.choice(_PIECES)
        else:
            data[a:b] = bytes(rng.randrange(256) for _ in range(min(b - a, 64)))
    return bytes(data)


def check(file: str, raw: bytes) -> str:
    """Read one file; the outcome, or an AssertionError or any other error for the caller."""
    if is_archive(raw):
        list(members(raw, file))
        return "archive"
    document, clauses = build_document(source_of(raw, file))
    end = 0
    for clause in clauses:
        start, stop = clause.span
        assert document.text[start:stop] == clause.text
        assert start >= end
        end = stop
    assert len({clause.clause_id for clause in clauses}) == len(clauses)
    return "read"


def main() -> int:
    """Run for some seconds; print what came out, fail on the first foreign error."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    files = seeds()
    outcomes: Counter[str] = Counter()
    slowest = (0.0, "")
    stop = time.monotonic() + seconds
    while time.monotonic() < stop:
        name, raw = rng.choice(files)
        data = damaged(raw, rng) if raw else rng.randbytes(200)
        begun = time.monotonic()
        try:
            outcomes[check(name, data)] += 1
        except CorpusError:
            outcomes["refused"] += 1
        except Exception:
            Path("/tmp/tiaowen-fuzz.bin").write_bytes(data)
            sys.stdout.write(f"{name}\n{traceback.format_exc()}kept in /tmp/tiaowen-fuzz.bin\n")
            return 1
        slowest = max(slowest, (time.monotonic() - begun, name))
    sys.stdout.write(f"{dict(outcomes)}; slowest {slowest[0]:.2f} s ({slowest[1]})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
