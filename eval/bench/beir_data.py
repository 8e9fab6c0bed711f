"""Reading a BEIR-layout folder: corpus.jsonl, queries.jsonl, qrels/SPLIT.tsv (xz or gz allowed)."""

from __future__ import annotations

import gzip
import json
import lzma
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from eval.errors import CaseError, EvalError

_OPENERS = {".xz": lzma.open, ".gz": gzip.open, "": open}


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of the benchmark."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Beir:
    """A benchmark: documents, judged queries, and per query the gains of the relevant ones."""

    name: str
    split: str
    corpus: tuple[Entry, ...]
    queries: Mapping[str, str]
    qrels: Mapping[str, Mapping[str, float]]


def read_beir(folder: Path, split: str | None = None) -> Beir:
    """Read a folder; of the queries only those that ``split`` judges.

    :param split: name of a file in ``qrels``; by default ``test``, else the only one.
    :raises EvalError: a missing part, a bad line, or a judged query without text.
    """
    chosen = split or _default_split(folder)
    qrels = _read_qrels(_find(folder / "qrels", f"{chosen}.tsv"))
    texts = {row["_id"]: row["text"] for row in _rows(_find(folder, "queries.jsonl"))}
    missing = [query for query in qrels if query not in texts]
    if missing:
        raise EvalError(f"{folder}：qrels 里的查询 {missing[0]} 等 {len(missing)} 个没有原文")
    corpus = tuple(
        Entry(row["_id"], str(row.get("title") or ""), row["text"])
        for row in _rows(_find(folder, "corpus.jsonl"))
    )
    return Beir(folder.name, chosen, corpus, {query: texts[query] for query in qrels}, qrels)


def _default_split(folder: Path) -> str:
    names = sorted(path.name.split(".tsv")[0] for path in (folder / "qrels").glob("*.tsv*"))
    if "test" in names:
        return "test"
    if len(names) == 1:
        return names[0]
    said = f"有 {'、'.join(names)}，请用 --split 指明" if names else "没有 qrels/*.tsv"
    raise EvalError(f"{folder}：{said}")


def _find(folder: Path, name: str) -> Path:
    """Return the file, plain or compressed."""
    for suffix in ("", ".xz", ".gz"):
        path = folder / (name + suffix)
        if path.is_file():
            return path
    raise EvalError(f"{folder} 里没有 {name}（也没有 .xz、.gz），不是 BEIR 格式的目录")


def _open(path: Path) -> IO[str]:
    opener = _OPENERS[path.suffix if path.suffix in (".xz", ".gz") else ""]
    stream: IO[str] = opener(path, "rt", encoding="utf-8")  # type: ignore[operator]
    return stream


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield JSON objects that have an id and a text."""
    with _open(path) as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                row["_id"], row["text"] = str(row["_id"]), str(row["text"])
            except (ValueError, KeyError, TypeError) as error:
                raise CaseError(str(path), number, None, f"应含 _id 和 text（{error}）") from error
            yield row


def _read_qrels(path: Path) -> dict[str, dict[str, float]]:
    """Read query, document, score; the heading line is recognised by its score column."""
    qrels: dict[str, dict[str, float]] = {}
    with _open(path) as lines:
        for number, line in enumerate(lines, start=1):
            columns = line.rstrip("\r\n").split("\t")
            if len(columns) < 3:
                if line.strip():
                    raise CaseError(str(path), number, None, "应为三列，以制表符分隔")
                continue
            try:
                gain = float(columns[-1])
            except ValueError:
                if number == 1:
                    continue
                raise CaseError(str(path), number, "score", "应为数字") from None
            if gain > 0:
                qrels.setdefault(columns[0], {})[columns[-2]] = gain
    return qrels
