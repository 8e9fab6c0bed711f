"""Versions that are answered from no more: kept whole, with who took them out, when and why."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from corpus.adding import AddResult
from corpus.confined import read_confined
from corpus.errors import CorpusError, UnknownDocument
from corpus.store import CorpusStore
from corpus.types import Clause, Document

Kind = Literal["withdrawn", "replaced"]
_COLUMNS = "id, doc_id, kind, reason, by, at, file, title, doc_number, area, sha256"


@dataclass(frozen=True, slots=True)
class Retired:
    """One version that was taken out.

    ``kind`` is withdrawn or replaced, ``by`` the name of a user, ``at`` a UTC time in ISO form to
    the second; the bytes are fetched on their own (`retired_raw`).
    """

    id: int
    doc_id: str
    kind: Kind
    reason: str
    by: str
    at: str
    file: str
    title: str
    doc_number: str | None
    area: str
    sha256: str


def retired_versions(store: CorpusStore, doc_id: str | None = None) -> tuple[Retired, ...]:
    """Versions that were taken out, the latest first; of one document, or of every."""
    where, values = ("", ()) if doc_id is None else (" WHERE doc_id = ?", (doc_id,))
    sql = f"SELECT {_COLUMNS} FROM retired{where} ORDER BY id DESC"
    return tuple(Retired(*row) for row in store._connection().execute(sql, values))


def retired_version(store: CorpusStore, number: int) -> Retired:
    """One version that was taken out; raises UnknownDocument."""
    sql = f"SELECT {_COLUMNS} FROM retired WHERE id = ?"
    row = store._connection().execute(sql, (number,)).fetchone()
    if row is None:
        raise UnknownDocument(f"没有编号为 {number} 的旧版本，可能已经恢复。请刷新后再看。")
    return Retired(*row)


def retired_raw(store: CorpusStore, number: int) -> bytes:
    """Bytes of a version that was taken out; raises UnknownDocument."""
    retired_version(store, number)
    row = store._connection().execute("SELECT raw FROM retired WHERE id = ?", (number,)).fetchone()
    raw: bytes = row["raw"]
    return raw


def withdraw(store: CorpusStore, doc_id: str, reason: str, by: str) -> Retired:
    """Take a document out and keep it, so that it can be restored; raises UnknownDocument."""
    with store._transaction() as connection:
        number = _keep(connection, store.document(doc_id), "withdrawn", reason, by)
        connection.execute("DELETE FROM documents WHERE doc_id = ?", (doc_id,))
    return retired_version(store, number)


def replace_document(
    store: CorpusStore,
    doc_id: str,
    document: Document,
    clauses: Iterable[Clause],
    reason: str,
    by: str,
) -> AddResult:
    """Store a new version of ``doc_id`` and keep the old one, in one transaction.

    The new one may have another identity (its title was mended). Raises UnknownDocument, and
    CorpusError where it is the same as a third document.
    """
    passages = tuple(clauses)
    with store._transaction() as connection:
        old = store.document(doc_id)
        third = store._stored(connection, document.doc_id)
        if third is not None and third.doc_id != doc_id:
            raise CorpusError(
                f"新文件与另一份已收录的文件《{third.title}》是同一份。请打开那一份来替换。"
            )
        number = _keep(connection, old, "replaced", reason, by)
        if document.doc_id != doc_id:
            connection.execute("DELETE FROM documents WHERE doc_id = ?", (doc_id,))
        result = store._put(connection, document, passages)
        if result.kind in {"unchanged", "kept"}:  # the old one is still there
            connection.execute("DELETE FROM retired WHERE id = ?", (number,))
        return result


def restore(store: CorpusStore, number: int) -> AddResult:
    """Store a withdrawn version again.

    Raises UnknownDocument, CorpusError where the document is stored in another version, and
    LoadError where the file cannot be read any more.
    """
    kept = retired_version(store, number)
    document, passages = read_confined(retired_raw(store, number), kept.file)
    with store._transaction() as connection:
        if store._stored(connection, document.doc_id) is not None:
            raise CorpusError(
                f"《{kept.title}》已经有一份在用。要换回这个版本，请先撤下在用的那一份。"
            )
        connection.execute("DELETE FROM retired WHERE id = ?", (number,))
        return store._put(connection, document, passages)


def _keep(
    connection: sqlite3.Connection, document: Document, kind: Kind, reason: str, by: str
) -> int:
    """Keep a document that is about to be taken out; return the number of the version."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    added = connection.execute(
        "INSERT INTO retired (doc_id, kind, reason, by, at, file, title, doc_number, area, sha256,"
        " raw) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        (
            document.doc_id, kind, reason, by, at, document.file, document.title,
            document.doc_number, document.area, document.sha256, document.raw,
        ),
    ).lastrowid  # fmt: skip
    assert added is not None
    return added
