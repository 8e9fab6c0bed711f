"""Files and folders into the store: one report a file, and no file can spoil the others."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from corpus.building import build_document
from corpus.errors import CorpusError, EmptyError, LoadError
from corpus.formats.archive import is_archive, members
from corpus.loading import Source, read_bytes, source_of, suffixes
from corpus.store import AddResult
from corpus.types import Clause, Document, Role

Progress = Callable[[int, int, str], None]


class Takes(Protocol):
    """What takes the documents that were read: the store, or a desk that asks first."""

    def add(self, document: Document, clauses: Iterable[Clause]) -> AddResult:
        """Take one document with its passages."""
        ...


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file.

    ``outcome`` is added, replaced, unchanged, kept, failed, or what else a desk says that takes
    the documents; ``error`` is fit to show.
    ``clauses`` and ``units`` are counts, ``warnings`` printed lines, ``repairs`` the number of
    repairs by cleaning step; ``added``, ``removed`` and ``changed`` are clause ids.
    """

    file: str
    kind: str = ""
    title: str = ""
    doc_number: str | None = None
    clauses: int = 0
    units: int = 0
    warnings: tuple[str, ...] = ()
    outcome: str = "failed"
    error: str | None = None
    doc_id: str | None = None
    format: str = ""
    repairs: dict[str, int] = field(default_factory=dict)
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def ingest(
    store: Takes, paths: Iterable[Path], progress: Progress | None = None
) -> tuple[FileReport, ...]:
    """Import files and folders (recursively, sorted).

    ``progress(done, total, file)`` is called before each file and once at the end. Raises
    EmptyError when there is nothing to import at all.
    """
    found = list(_files(paths))
    if not found:
        known = "、".join(sorted(suffixes()))
        raise EmptyError(f"没有找到可以导入的文件。支持的格式：{known}。请检查路径后重试。")
    reports: list[FileReport] = []
    for index, (path, name) in enumerate(found):
        if progress:
            progress(index, len(found), name)
        reports += import_file(store, path, name)
    if progress:
        progress(len(found), len(found), "")
    return tuple(reports)


def import_file(store: Takes, path: Path, file: str) -> list[FileReport]:
    """Import one file under the name to keep; errors come back in the report."""
    try:
        raw = read_bytes(path, file)
        inner = list(members(raw, file)) if is_archive(raw) else [(file, raw)]
    except CorpusError as error:
        return [FileReport(file, error=str(error))]
    return [_imported(store, name, data) for name, data in inner]


def _imported(store: Takes, file: str, raw: bytes | LoadError) -> FileReport:
    try:
        if isinstance(raw, LoadError):
            raise raw
        return import_source(store, source_of(raw, file))
    except CorpusError as error:
        return FileReport(file, error=str(error))
    except Exception as error:  # one odd file must not end a long import
        reason = f"解析出错（{type(error).__name__}）。请把文件反馈给我们。"
        return FileReport(file, error=str(LoadError(file, reason)))


def import_source(store: Takes, source: Source) -> FileReport:
    """Build and store one document."""
    document, passages = build_document(source)
    result = store.add(document, passages)
    listed = [clause for clause in passages if clause.role == Role.CLAUSE]
    warnings = [f"第{w.line}行第{w.column}列：{w.message}" for w in document.warnings]
    if not listed:
        warnings.append("没有识别出带编号的条款，全文按段落收录。")
    return FileReport(
        file=source.file,
        kind=document.kind,
        title=document.title,
        doc_number=document.doc_number,
        clauses=len(listed),
        units=len({unit.name for clause in listed for unit in clause.units}),
        warnings=tuple(warnings),
        outcome=result.kind,
        doc_id=result.doc_id,
        format=source.format,
        repairs=dict(Counter(repair.kind for repair in document.repairs)),
        added=result.added,
        removed=result.removed,
        changed=result.changed,
    )


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Files to read with the names to keep: relative to the folder that was added."""
    known = suffixes()
    for path in paths:
        if not path.is_dir():
            yield path, path.name
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                inside = Path(folder) / name
                if inside.suffix.lower() in known and not name.startswith((".", "~$")):
                    yield inside, inside.relative_to(path).as_posix()
