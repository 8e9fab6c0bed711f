"""What the benchmarks write: JSON with commit and machine, tables inside hand-written pages."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.bench.machine import machine_line
from eval.runs import commit_of

FOLDER = Path(__file__).parents[2] / "docs" / "benchmarks"
_BEGIN, _END = "<!-- table -->", "<!-- /table -->"


def tell(text: str) -> None:
    """Say how far a benchmark is, beside what it prints."""
    sys.stderr.write(text + "\n")


def stamped(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a result with what it was measured on."""
    return {
        "benchmark": name,
        "machine": machine_line(),
        "commit": commit_of(Path(__file__).parent),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        **values,
    }


def write_json(path: Path, values: Mapping[str, Any]) -> None:
    """Write a result, one value a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(values, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; the first column is text, the others are figures."""
    lines: list[Sequence[object]] = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, cells)) + " |" for cells in lines)


def put_between(path: Path, text: str, opening: str = "") -> None:
    """Put measured text between the marks of a page; the rest of the page is written by hand.

    :param opening: what a page that does not exist yet begins with.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    page = path.read_text(encoding="utf-8") if path.exists() else f"{opening}{_BEGIN}{_END}\n"
    begin, end = page.index(_BEGIN), page.index(_END)
    path.write_text(f"{page[:begin]}{_BEGIN}\n{text}\n{page[end:]}", encoding="utf-8", newline="\n")
