"""The process that reads files: bytes come in, a document and its passages go out.

It is started by `corpus.confined`, lives for one import and is held to limits. What it says is
JSON, never pickle: should a file take it over, it can still do no more than send a document.

Frames in both directions: one line of JSON, which names the length of the bytes after it.
"""

from __future__ import annotations

import json
import sys
from typing import Any, BinaryIO

from corpus.limits import Limits, allow_cpu, confine


def main() -> None:
    """Serve until standard input ends."""
    asked, told = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints must not end up between the frames
    limits = Limits(**json.loads(asked.readline()))
    confine(limits)
    while line := asked.readline():
        header = json.loads(line)
        raw = asked.read(header["length"])
        allow_cpu(limits.cpu)
        write(told, _answer(raw, header["file"]))


def write(stream: BinaryIO, value: dict[str, Any]) -> None:
    """Write one frame whose bytes are the value as JSON."""
    data = json.dumps(value, separators=(",", ":")).encode("ascii")
    stream.write(b'{"length":%d}\n' % len(data))
    stream.write(data)
    stream.flush()


def _answer(raw: bytes, file: str) -> dict[str, Any]:
    from corpus.building import build_document
    from corpus.errors import CorpusError, LoadError
    from corpus.loading import source_of
    from corpus.records import clause_row, document_row

    try:
        source = source_of(raw, file)
        document, clauses = build_document(source)
    except LoadError as error:
        return {"reason": error.reason}
    except CorpusError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"reason": TOO_LARGE, "spent": True}
    except Exception as error:  # one odd file must not end a long import
        return {"reason": f"解析出错（{type(error).__name__}）。请把文件反馈给我们。"}
    row = list(document_row(document))
    row[RAW] = None  # the other side has the bytes
    return {
        "format": source.format,
        "document": row,
        "clauses": [clause_row(clause) for clause in clauses],
    }


RAW = 6  # position of the bytes in a document's row
TOO_LARGE = (
    "读它要用的内存超过上限，不像政策文件（可能是恶意文件）。请检查文件来源，或拆分后再导入。"
)

if __name__ == "__main__":
    main()
