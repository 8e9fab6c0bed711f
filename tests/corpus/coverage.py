"""Which lines of a document are in no passage, and why; run it for a count over all files.

Run as ``python -m tests.corpus.coverage [FOLDER…]`` (default: the shared documents). A line may
be in no passage when it is of the title block, of a contents page, or the heading of clauses
that have it among their parent lines; any other is lost.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from corpus import Clause, CorpusError, Role, build_document, read_source
from corpus.blocks import Kind, classify
from corpus.parsing.lines import Line, split_lines, without_contents

from .conftest import SHARED

_TITLE_BLOCK = {
    Kind.TITLE, Kind.TABLE, Kind.NUMBER, Kind.HEADER, Kind.SIGN, Kind.DATE, Kind.NOTE
}  # fmt: skip


def uncited(text: str, clauses: tuple[Clause, ...]) -> Iterator[tuple[str, Line]]:
    """Lines with a character in no passage, each with its reason (``lost`` where there is none)."""
    spans = [clause.span for clause in clauses]
    parents = {line for clause in clauses for line in clause.parents}
    lines = split_lines(text)
    shown = {line.start for line in without_contents(lines)}
    begun = min((c.span[0] for c in clauses if c.role is Role.CLAUSE), default=len(text))
    for line in lines:
        if covered(text, line, spans):
            continue
        if line.start not in shown:
            yield "contents", line
        elif covered(text, line, [*spans, *parents]):
            yield "heading", line
        elif classify(line.text) in _TITLE_BLOCK and line.start < begun:
            yield "title", line
        elif classify(line.text) in _TITLE_BLOCK:
            yield "later title", line
        else:
            yield "lost", line


def covered(text: str, line: Line, spans: list[tuple[int, int]]) -> bool:
    """Whether every character of a line that is not white space lies in one of the spans."""
    at = [i for i in range(line.start, line.end) if not text[i].isspace()]
    near = [(a, b) for a, b in spans if a < line.end and b > line.start]
    return all(any(a <= i < b for a, b in near) for i in at)


def main() -> int:
    """Print the lost lines of each file and the counts over all; 1 when any line is lost."""
    folders = [Path(name) for name in sys.argv[1:]] or [
        SHARED / name for name in ("city-policies", "govdocs", "originals")
    ]
    counts: Counter[str] = Counter()
    for path in sorted(p for folder in folders for p in folder.rglob("*") if p.is_file()):
        try:
            document, clauses = build_document(read_source(path))
        except CorpusError:
            continue
        counts["files"] += 1
        counts["lines"] += len(split_lines(document.text))
        for reason, line in uncited(document.text, clauses):
            counts[reason] += 1
            if reason in {"lost", "later title"}:
                sys.stdout.write(f"{path.name}: {reason}: {line.text[:60]}\n")
    sys.stdout.write(f"{dict(counts)}\n")
    return 1 if counts["lost"] else 0


if __name__ == "__main__":
    sys.exit(main())
