"""Files that an editor brings: taken in one by one, and no version is overwritten unasked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from corpus import (
    AddResult,
    Changes,
    CorpusStore,
    FileReport,
    Origin,
    compare,
    replace_document,
    retired_raw,
    retired_version,
    retired_versions,
)
from corpus.confined import read_confined
from corpus.errors import UnknownDocument
from corpus.importing import import_file
from corpus.loading import MAX_BYTES
from corpus.types import Clause, Document, Role
from qa.desk.errors import DeskError, StaleError
from qa.desk.staging import Staged, Staging

MAX_UPLOAD: Final = MAX_BYTES
WAITING: Final = "waiting"  # outcome of a file that would overwrite another version
_LONGEST_NAME: Final = 120  # characters; file systems take 255 bytes
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one file: its report, and the token where it waits for a yes.

    ``notes`` tell what else the editor should know.
    """

    report: FileReport
    token: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """A new version beside the stored one, before anything is changed.

    ``other_identity`` says that the program reads another 文号 or title than before.
    """

    staged: Staged
    before: Document
    after: Document
    changes: Changes
    other_identity: bool
    warnings: tuple[str, ...]


def safe_name(name: str) -> str:
    """Make a name to keep of what a browser sent: the last part, printable, of bearable length.

    >>> safe_name("../../etc/passwd.TXT")
    'passwd.TXT'
    """
    plain = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode("utf-8"))
    last = PurePosixPath(plain.replace("\\", "/")).name
    bare = _UNSAFE.sub("", last).strip(" .") or "未命名"
    suffix = PurePosixPath(bare).suffix[:12]
    stem = bare.removesuffix(suffix)[: _LONGEST_NAME - len(suffix)]
    return f"{stem}{suffix}"


class Intake:
    """Takes documents into a store; a new version of a stored one waits for a yes."""

    def __init__(self, store: CorpusStore, staging: Staging, who: str) -> None:
        self._store = store
        self._staging = staging
        self._who = who
        self.tokens: dict[str, str] = {}

    def add(self, document: Document, clauses: Iterable[Clause]) -> AddResult:
        """Take a document in, or keep it aside; an official text takes its digest's place."""
        passages = tuple(clauses)
        try:
            old = self._store.document(document.doc_id)
        except UnknownDocument:
            return self._store.add(document, passages)
        if old.sha256 == document.sha256 or _is_digest_of(document, old):
            return self._store.add(document, passages)
        if _is_digest_of(old, document):
            reason = "原文替换要点摘编"
            return replace_document(self._store, old.doc_id, document, passages, reason, self._who)
        found = compare(self._store.clauses(old.doc_id, tuple(Role)), passages)
        staged = self._staging.put(old.doc_id, old.sha256, document.file, self._who, document.raw)
        self.tokens[old.doc_id] = staged.token
        return AddResult(
            WAITING,
            old.doc_id,
            added=tuple(clause.clause_id for clause in found.added),
            removed=tuple(clause.clause_id for clause in found.removed),
            changed=tuple(clause.clause_id for _, clause in found.changed),
        )


def _is_digest_of(digest: Document, official: Document) -> bool:
    return digest.origin is Origin.DIGEST and official.origin is Origin.OFFICIAL


def receive(
    store: CorpusStore, staging: Staging, path: Path, name: str, who: str
) -> tuple[Received, ...]:
    """Take in one file that lies at ``path``; an archive gives one report for each member.

    Never raises for a bad file: its report says what is wrong with it.

    :param name: as the browser sent it; it is made safe here.
    """
    intake = Intake(store, staging, who)
    reports = import_file(intake, path, safe_name(name))
    return tuple(_received(store, report, intake.tokens) for report in reports)


def _received(store: CorpusStore, report: FileReport, tokens: dict[str, str]) -> Received:
    token = tokens.get(report.doc_id or "") if report.outcome == WAITING else None
    return Received(_plainly(report), token, _notes(store, report))


def _plainly(report: FileReport) -> FileReport:
    """The report without hints that only help at a terminal."""
    if report.error is None or "tiaowen " not in report.error:
        return report
    return replace(report, error=re.sub(r"请用 tiaowen [^。]*。", "", report.error))


def _notes(store: CorpusStore, report: FileReport) -> tuple[str, ...]:
    if report.outcome != "added" or report.doc_id is None:
        return ()
    kept = [v for v in retired_versions(store, report.doc_id) if v.kind == "withdrawn"]
    return tuple(f"这份文件曾在 {v.at[:10]} 由 {v.by} 撤下，理由：{v.reason}" for v in kept[:1])


def stage_replacement(
    store: CorpusStore, staging: Staging, doc_id: str, raw: bytes, name: str, who: str
) -> Preview:
    """Keep a new version of a document aside and compare it with the stored one.

    :raises UnknownDocument: for a document that is not stored.
    :raises LoadError: for a file that cannot be read.
    :raises DeskError: when it changes nothing, or is a digest of the official text.
    """
    before = store.document(doc_id)
    after, passages = read_confined(raw, safe_name(name))
    if after.sha256 == before.sha256:
        raise DeskError("这个文件与现在用的一字不差，不用替换。")
    if _is_digest_of(after, before):
        raise DeskError("现在用的是文件原文，不能用要点摘编替换它。")
    staged = staging.put(doc_id, before.sha256, after.file, who, raw)
    return _compared(store, staged, before, after, passages)


def stage_version(store: CorpusStore, staging: Staging, number: int, who: str) -> Preview:
    """Compare an older version with the stored one, to put it back in its place.

    :raises UnknownDocument: when either is not there.
    :raises DeskError: as `stage_replacement`.
    """
    kept = retired_version(store, number)
    return stage_replacement(
        store, staging, kept.doc_id, retired_raw(store, number), kept.file, who
    )


def preview(store: CorpusStore, staged: Staged) -> Preview:
    """Compare a version that waits with the stored one.

    :raises StaleError: when the stored one is not the one it was compared with at first.
    :raises LoadError: for a file that cannot be read any more.
    """
    before = _base(store, staged)
    after, passages = read_confined(staged.raw, staged.file)
    return _compared(store, staged, before, after, passages)


def _compared(
    store: CorpusStore,
    staged: Staged,
    before: Document,
    after: Document,
    passages: tuple[Clause, ...],
) -> Preview:
    return Preview(
        staged=staged,
        before=before,
        after=after,
        changes=compare(store.clauses(before.doc_id, tuple(Role)), passages),
        other_identity=after.doc_id != before.doc_id,
        warnings=tuple(f"第{w.line}行：{w.message}" for w in after.warnings),
    )


def confirm(
    store: CorpusStore, staging: Staging, token: str, reason: str, who: str
) -> tuple[Document, AddResult]:
    """Put a version that waits in the place of the stored one, which is kept.

    :raises StaleError: when it does not wait any more, or the stored one has changed.
    :raises CorpusError: when it is the same as a third document, or cannot be read any more.
    """
    staged = staging.get(token)
    before = _base(store, staged)
    after, passages = read_confined(staged.raw, staged.file)
    result = replace_document(store, before.doc_id, after, passages, reason, who)
    staging.drop(token)
    return after, result


def _base(store: CorpusStore, staged: Staged) -> Document:
    try:
        before = store.document(staged.doc_id)
    except UnknownDocument:
        raise StaleError("要替换的文件已经撤下或删除，请重新上传。") from None
    if before.sha256 != staged.base:
        raise StaleError("要替换的文件在您比较之后又变了。请重新选择文件比较。")
    return before
