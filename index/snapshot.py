"""Index snapshots on disk: built aside, sealed, then published by one rename.

``index/snapshots/<name>/`` holds one snapshot, ``index/current`` the name that readers load. A
name is an identity, derived from what the snapshot was built from, so "stale" is a comparison of
two identities; a further snapshot of the same inputs has ``_2``, ``_3`` … after it, because a
published folder is never touched again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import numpy as np

from index.approximate import Tuning
from index.building import building, temporary
from index.dense import finish, owners
from index.encoder import Encoder
from index.errors import FormatError, SnapshotError
from index.parts import Progress, write_lexical, write_passages, write_vectors
from index.passages import clause_texts, span_texts
from index.sealing import check, file_digest, seal, sync, verify
from index.tokens import Tokenizer
from index.types import Manifest, Passage

__all__ = [
    "FORMAT", "build", "check", "current", "file_digest", "identity", "lexicon_digest", "names",
    "prune", "publish", "read_manifest", "seal", "snapshot_folder", "snapshot_id", "stamp",
    "verify",
]  # fmt: skip
FORMAT = 6  # raise when the layout or the meaning of a stored field changes
_NAME = re.compile(r"\w[\w-]*")
Deliver = Callable[[Path, Manifest], None]


def snapshot_id(corpus_digest: str, model: str | None, lexicon_digest: str) -> str:
    """Identity of the snapshot that these inputs give (16 hex digits)."""
    inputs = json.dumps([FORMAT, corpus_digest, model, lexicon_digest])
    return hashlib.sha256(inputs.encode()).hexdigest()[:16]


def lexicon_digest(tokenizer: Tokenizer, synonyms: str = "") -> str:
    """Digest of the words that decide how texts are cut and rewritten."""
    cut = [tokenizer.user_words, sorted(tokenizer.stop_words), synonyms]
    words = json.dumps(cut, ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def identity(name: str | None) -> str | None:
    """Identity in the name of a snapshot: what stands before ``_2``."""
    return None if name is None else name.partition("_")[0]


def current(root: Path) -> str | None:
    """Name of the published snapshot under ``root``.

    None before the first build, and when the file that says it holds something else.
    """
    try:
        name = (root / "current").read_text(encoding="ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    return name if _NAME.fullmatch(name) else None


def names(root: Path) -> list[str]:
    """Names of all snapshots under ``root``, the published one first, then the newest."""
    live = current(root)
    folders = (root / "snapshots").glob("[!.]*")
    found = [path for path in folders if path.is_dir() and path.name != live]
    found.sort(key=lambda path: (path.stat().st_mtime, path.name), reverse=True)
    there = live is not None and snapshot_folder(root, live).is_dir()
    return [*([live] if live is not None and there else []), *(path.name for path in found)]


def stamp(root: Path) -> tuple[int, int] | None:
    """Which file names the published snapshot: another one after each `publish`."""
    try:
        found = (root / "current").stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def snapshot_folder(root: Path, name: str) -> Path:
    """Where snapshot ``name`` lies."""
    return root / "snapshots" / name


def read_manifest(folder: Path) -> Manifest:
    """Read a snapshot's manifest.

    :raises SnapshotError: when it is missing or damaged; FormatError: of another release.
    """
    try:
        values = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if (found := values["format"]) != FORMAT:
            raise FormatError(folder.name, f"格式为 {found}，本程序需要 {FORMAT}")
        return Manifest(**{f.name: values[f.name] for f in fields(Manifest)})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SnapshotError(folder.name, f"manifest.json 无法读取（{error}）") from error


def build(
    root: Path,
    passages: Sequence[Passage],
    encoder: Encoder | None,
    tokenizer: Tokenizer,
    corpus_digest: str,
    *,
    lexicon: str | None = None,
    full: bool = False,
    progress: Progress | None = None,
    deliver: Deliver | None = None,
) -> Manifest:
    """Build and publish the snapshot for ``passages``; a finished one is only re-published.

    :param encoder: None builds a lexical-only snapshot.
    :param lexicon: digest of the words that shaped passages and tokens (default: tokens alone).
    :param full: build anew even when a snapshot of the same inputs exists.
    :param progress: called with (step, done, total).
    :param deliver: told of the finished snapshot (folder, manifest) before readers are: a store
        on other machines takes it over then.
    :raises BuildBusyError: when another process is building here.
    :raises StorageError: when the disk refused; what is published stays.
    """
    words = lexicon or lexicon_digest(tokenizer)
    with building(root):
        name = snapshot_id(corpus_digest, encoder.name if encoder else None, words)
        manifest = None if full else _finished(root, name)
        if manifest is None:
            inputs = _Inputs(passages, encoder, tokenizer, corpus_digest, words)
            manifest = _written(root, _free(root, name), inputs, progress)
        if deliver is not None:
            deliver(snapshot_folder(root, manifest.snapshot), manifest)
        before = current(root)
        publish(root, manifest.snapshot)
        prune(root, before)
        return manifest


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What a snapshot is built from; ``words``: digest of the lexicon."""

    passages: Sequence[Passage]
    encoder: Encoder | None
    tokenizer: Tokenizer
    corpus_digest: str
    words: str


def _finished(root: Path, wanted: str) -> Manifest | None:
    """A sound snapshot with the identity ``wanted``; damaged ones are left for `prune`."""
    for name in names(root):
        folder = snapshot_folder(root, name)
        if identity(name) == wanted:
            try:
                verify(folder)
                return read_manifest(folder)
            except SnapshotError:
                continue
    return None


def _free(root: Path, wanted: str) -> str:
    """A name with the identity ``wanted`` that no snapshot has."""
    return next(name for name in _numbered(wanted) if not snapshot_folder(root, name).exists())


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}_{number}" for number in count(2))


def _written(root: Path, name: str, inputs: _Inputs, progress: Progress | None) -> Manifest:
    """Put a snapshot together aside, seal it, and rename it to its name."""
    encoder, passages = inputs.encoder, inputs.passages
    work, final = temporary(root), snapshot_folder(root, name)
    try:
        spans, tuning = _write_parts(root, work, passages, encoder, inputs.tokenizer, progress)
        manifest = Manifest(
            format=FORMAT,
            snapshot=name,
            corpus_digest=inputs.corpus_digest,
            model=encoder.name if encoder else None,
            dim=encoder.dim if encoder else 0,
            lexicon_digest=inputs.words,
            documents=len({p.doc_id for p in passages}),
            clauses=len(passages),
            spans=spans,
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
            dense=str(tuning) if tuning is not None and tuning.good else "exact",
            recall=None if tuning is None else tuning.recall,
        )
        seal(work, manifest)
        os.replace(work, final)
        sync(final.parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return manifest


def _write_parts(
    root: Path,
    work: Path,
    passages: Sequence[Passage],
    encoder: Encoder | None,
    tokenizer: Tokenizer,
    progress: Progress | None,
) -> tuple[int, Tuning | None]:
    """Write passages, both legs; return the number of span vectors, and the dense tuning."""
    work.mkdir(parents=True)
    write_passages(work / "passages.jsonl", passages)
    write_lexical(work / "lexical", passages, tokenizer, progress)
    if encoder is None:
        return 0, None
    texts, rows = span_texts(passages)
    everything = clause_texts(passages) + texts
    write_vectors(work / "dense", root / "embeddings.sqlite3", encoder, everything, progress)
    owner = owners(len(passages), np.array(rows, dtype=np.int64))
    return len(texts), finish(work / "dense", owner, len(passages), report=progress)


def publish(root: Path, name: str) -> None:
    """Make ``name`` the snapshot that readers load: one atomic rename."""
    temporary = root / f".current-{os.getpid()}"
    temporary.write_text(name, encoding="ascii")
    sync(temporary)
    os.replace(temporary, root / "current")
    sync(root)


def prune(root: Path, before: str | None = None) -> None:
    """Remove all snapshots but the published one and one more, for readers still on it.

    :param before: the one that was published until now; without it, or when it is published
        again, the newest of the others stays. The order of names, not of clocks, decides: a clock
        that was set back must not cost the snapshot that readers are on.
    """
    live = current(root)
    others = [name for name in names(root) if name != live]
    kept = before if before in others else next(iter(others), None)
    for name in others:
        if name != kept:
            shutil.rmtree(snapshot_folder(root, name), ignore_errors=True)
