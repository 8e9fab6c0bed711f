"""Index snapshots on disk: built aside, verified, then published by one rename.

``index/snapshots/<id>/`` holds one snapshot, ``index/current`` the id that readers load. The id
is derived from what the snapshot was built from, so "stale" is a comparison of two ids.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from index.approximate import Tuning
from index.dense import finish, owners
from index.encoder import Encoder
from index.errors import BuildBusyError, SnapshotError
from index.parts import Progress, write_lexical, write_passages, write_vectors
from index.passages import clause_texts, span_texts
from index.tokens import Tokenizer
from index.types import Manifest, Passage

FORMAT = 4  # raise when the layout or the meaning of a stored field changes
_KEEP = 2  # snapshots kept: the live one and the one before, for readers still on it
Deliver = Callable[[Path, Manifest], None]


def snapshot_id(corpus_digest: str, model: str | None, lexicon_digest: str) -> str:
    """Name of the snapshot that these inputs give (16 hex digits)."""
    inputs = json.dumps([FORMAT, corpus_digest, model, lexicon_digest])
    return hashlib.sha256(inputs.encode()).hexdigest()[:16]


def lexicon_digest(tokenizer: Tokenizer, synonyms: str = "") -> str:
    """Digest of the words that decide how texts are cut and rewritten."""
    cut = [tokenizer.user_words, sorted(tokenizer.stop_words), synonyms]
    words = json.dumps(cut, ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def current(root: Path) -> str | None:
    """Id of the published snapshot under ``root``, None before the first build."""
    try:
        return (root / "current").read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None


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

    :raises SnapshotError: when it is missing, damaged or of another format.
    """
    try:
        values = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        manifest = Manifest(**{f.name: values[f.name] for f in fields(Manifest)})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SnapshotError(folder.name, f"manifest.json 无法读取（{error}）") from error
    if manifest.format != FORMAT:
        raise SnapshotError(folder.name, f"格式为 {manifest.format}，本程序需要 {FORMAT}")
    return manifest


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
    """
    root.mkdir(parents=True, exist_ok=True)
    words = lexicon or lexicon_digest(tokenizer)
    lock = FileLock(root / "build.lock")
    try:
        with lock.acquire(timeout=0.5):
            manifest = _build_locked(
                root, passages, encoder, tokenizer, corpus_digest, words, full, progress
            )
            if deliver is not None:
                deliver(snapshot_folder(root, manifest.snapshot), manifest)
            publish(root, manifest.snapshot)
            prune(root)
            return manifest
    except Timeout:
        raise BuildBusyError(str(root)) from None


def _build_locked(
    root: Path,
    passages: Sequence[Passage],
    encoder: Encoder | None,
    tokenizer: Tokenizer,
    corpus_digest: str,
    words: str,
    full: bool,
    progress: Progress | None,
) -> Manifest:
    model = encoder.name if encoder else None
    name = snapshot_id(corpus_digest, model, words)
    final = snapshot_folder(root, name)
    if final.exists() and not full:
        try:
            verify(final)
            manifest = read_manifest(final)
        except SnapshotError:
            shutil.rmtree(final)
        else:
            return manifest
    work = root / "snapshots" / f".building-{os.getpid()}"
    shutil.rmtree(work, ignore_errors=True)
    try:
        spans, tuning = _write_parts(root, work, passages, encoder, tokenizer, progress)
        manifest = Manifest(
            format=FORMAT,
            snapshot=name,
            corpus_digest=corpus_digest,
            model=model,
            dim=encoder.dim if encoder else 0,
            lexicon_digest=words,
            documents=len({p.doc_id for p in passages}),
            clauses=len(passages),
            spans=spans,
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
            dense=str(tuning) if tuning is not None and tuning.good else "exact",
            recall=None if tuning is None else tuning.recall,
        )
        seal(work, manifest)
        if final.exists():  # a rebuild of the same inputs: readers hold the old files open
            stale = root / "snapshots" / f".old-{os.getpid()}-{name}"
            os.replace(final, stale)
            shutil.rmtree(stale, ignore_errors=True)
        os.replace(work, final)
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


def seal(work: Path, manifest: Manifest) -> None:
    """Write checksums and manifest last, and push everything to disk."""
    sums = {
        str(path.relative_to(work)): file_digest(path)
        for path in sorted(work.rglob("*"))
        if path.is_file() and not path.name.endswith(".lock")
    }
    (work / "checksums.json").write_text(json.dumps(sums, indent=0), encoding="utf-8")
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    (work / "manifest.json").write_text(text, encoding="utf-8")
    for path in work.rglob("*"):
        if path.is_file():
            _sync(path)
    _sync(work)


def file_digest(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def verify(folder: Path) -> None:
    """Compare every file of a snapshot with its checksum.

    :raises SnapshotError: naming the first file that differs or is missing.
    """
    try:
        sums = json.loads((folder / "checksums.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SnapshotError(folder.name, f"checksums.json 无法读取（{error}）") from error
    for name, expected in sums.items():
        path = folder / name
        if not path.is_file():
            raise SnapshotError(folder.name, f"缺少文件 {name}")
        if file_digest(path) != expected:
            raise SnapshotError(folder.name, f"文件 {name} 已损坏")


def publish(root: Path, name: str) -> None:
    """Make ``name`` the snapshot that readers load: one atomic rename."""
    temporary = root / f".current-{os.getpid()}"
    temporary.write_text(name, encoding="ascii")
    _sync(temporary)
    os.replace(temporary, root / "current")
    _sync(root)


def prune(root: Path) -> None:
    """Remove leftovers of killed builds and all but the newest snapshots."""
    live = current(root)
    folders = [path for path in (root / "snapshots").iterdir() if path.is_dir()]
    leftovers = [path for path in folders if path.name.startswith(".")]
    kept = sorted(
        (path for path in folders if not path.name.startswith(".") and path.name != live),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    for path in leftovers + kept[_KEEP - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _sync(path: Path) -> None:
    """Flush a file or folder to disk, so that a power cut cannot undo the rename after it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
