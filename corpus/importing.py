"""Files and folders into the store: one report a file, and no file can spoil the others."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from corpus.adding import AddResult
from corpus.building import build_document
from corpus.confined import Reader
from corpus.errors import CorpusError, EmptyError, LoadError, TiaowenError
from corpus.formats.archive import is_archive, members
from corpus.limits import Limits
from corpus.loading import Source, read_bytes, shown_name, suffixes
from corpus.store import CorpusStore
from corpus.types import Clause, Document, Role

_LINKED_FILE = "这是指向文件夹外面的链接，已拒绝。请把文件本身放进来，或单独指定它。"
_LINKED_FOLDER = "这是指向另一个文件夹的链接，没有跟进。请直接导入那个文件夹。"
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
    store: Takes,
    paths: Iterable[Path],
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> tuple[FileReport, ...]:
    """Import files and folders (recursively, sorted).

    ``progress(done, total, file)`` is called before each file and once at the end. Raises
    EmptyError when there is nothing to import at all. A file that breaks ``limits`` fails alone.
    """
    with Reader(limits) as reader:  # it starts while the files are being listed
        found = list(_files(paths))
        if not found:
            known = "、".join(sorted(suffixes()))
            raise EmptyError(f"没有找到可以导入的文件。支持的格式：{known}。请检查路径后重试。")
        reports: list[FileReport] = []
        with store.importing(len(found)) if isinstance(store, CorpusStore) else nullcontext():
            for index, (path, name) in enumerate(found):
                if progress:
                    progress(index, len(found), shown_name(name))
                if isinstance(path, LoadError):
                    reports.append(FileReport(path.file, error=str(path)))
                else:
                    reports += import_file(store, path, name, reader)
    if progress:
        progress(len(found), len(found), "")
    return tuple(reports)


def import_file(
    store: Takes, path: Path, file: str, reader: Reader | None = None
) -> list[FileReport]:
    """Import one file under the name to keep; errors come back in the report.

    :param reader: what reads it, within limits; by default one is started for this file.
    """
    file = shown_name(file)
    try:
        raw = read_bytes(path, file)
    except CorpusError as error:
        return [FileReport(file, error=str(error))]
    return import_bytes(store, raw, file, reader)


def import_bytes(
    store: Takes, raw: bytes, file: str, reader: Reader | None = None
) -> list[FileReport]:
    """Import bytes at hand (an upload), a document or an archive; see `import_file`."""
    if reader is None:
        with Reader() as own:
            return import_bytes(store, raw, file, own)
    file = shown_name(file)
    if not is_archive(raw):
        return [_imported(store, file, raw, reader)]
    try:
        return [_imported(store, name, data, reader) for name, data in members(raw, file)]
    except CorpusError as error:
        return [FileReport(file, error=str(error))]


def _imported(store: Takes, file: str, raw: bytes | LoadError, reader: Reader) -> FileReport:
    try:
        if isinstance(raw, LoadError):
            raise raw
        document, passages, found = reader.build(raw, file)
        return _stored(store, document, passages, found)
    except TiaowenError as error:
        return FileReport(file, error=str(error))
    except Exception as error:  # one odd file must not end a long import
        reason = f"解析出错（{type(error).__name__}）。请把文件反馈给我们。"
        return FileReport(file, error=str(LoadError(file, reason)))


def import_source(store: Takes, source: Source) -> FileReport:
    """Build and store one document, in this process: for sources that are known to be good."""
    document, passages = build_document(source)
    return _stored(store, document, passages, source.format)


def _stored(
    store: Takes, document: Document, passages: tuple[Clause, ...], found: str
) -> FileReport:
    result = store.add(document, passages)
    listed = [clause for clause in passages if clause.role == Role.CLAUSE]
    warnings = [f"第{w.line}行第{w.column}列：{w.message}" for w in document.warnings]
    if not listed:
        warnings.append("没有识别出带编号的条款，全文按段落收录。")
    return FileReport(
        file=document.file,
        kind=document.kind,
        title=document.title,
        doc_number=document.doc_number,
        clauses=len(listed),
        units=len({unit.name for clause in listed for unit in clause.units}),
        warnings=tuple(warnings),
        outcome=result.kind,
        doc_id=result.doc_id,
        format=found,
        repairs=dict(Counter(repair.kind for repair in document.repairs)),
        added=result.added,
        removed=result.removed,
        changed=result.changed,
    )


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path | LoadError, str]]:
    """Files to read with the names to keep: relative to the folder that was added.

    A link inside a folder is followed to a file of that folder alone: whoever may put files into
    a shared folder shall not make us publish what lies elsewhere.
    """
    known = suffixes()
    for path in paths:
        if not path.is_dir():
            yield path, path.name
            continue
        root = path.resolve()
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in list(folders):
                if (inside := Path(folder) / name).is_symlink():
                    yield from _refused(inside.relative_to(path).as_posix(), _LINKED_FOLDER)
            for name in sorted(names):
                inside = Path(folder) / name
                if inside.suffix.lower() in known and not name.startswith((".", "~$")):
                    kept = inside.relative_to(path).as_posix()
                    if inside.is_symlink() and not _stays(inside, root):
                        yield from _refused(kept, _LINKED_FILE)
                    else:
                        yield inside, kept


def _stays(link: Path, root: Path) -> bool:
    try:
        return link.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # it leads to itself
        return False


def _refused(file: str, reason: str) -> Iterator[tuple[LoadError, str]]:
    yield LoadError(shown_name(file), reason), file
