"""The documents of one home: SQLite, one transaction per document."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path
from typing import Self

from corpus.building import build_document
from corpus.errors import CorpusError, UnknownDocument
from corpus.identity import normalise
from corpus.loading import read_source, source_of
from corpus.parsing import PARSER_VERSION
from corpus.records import (
    SCHEMA,
    clause_of,
    clause_row,
    document_of,
    document_row,
    placeholders,
)
from corpus.types import Clause, Document, Origin, Role

_BUSY_MS = 30_000  # another process may be importing a folder; each document is a short transaction
_LISTED = (Role.CLAUSE,)


@dataclass(frozen=True, slots=True)
class AddResult:
    """What adding a document did: ``added``, ``replaced``, ``unchanged`` or ``kept``.

    ``kept`` means that an official text is stored already and the digest was not taken. The
    clause ids are those of listed clauses (role CLAUSE).
    """

    kind: str
    doc_id: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    replaced_doc_id: str | None = None


class CorpusStore:
    """Documents and their passages. Safe for threads and for several processes."""

    def __init__(self, path: Path) -> None:
        """Open the database file at ``path``; use ``CorpusStore.open`` for a home."""
        self.path = path
        self._local = threading.local()

    @classmethod
    def open(cls, home: Path, samples: bool = True) -> Self:
        """Open the store of a home; a new one starts with the samples unless turned off.

        ``samples=False`` or TIAOWEN_SAMPLES=0 leave a new home empty.
        """
        home.mkdir(parents=True, exist_ok=True)
        store = cls(home / "corpus.sqlite3")
        store._prepare(samples and os.environ.get("TIAOWEN_SAMPLES", "1") != "0")
        return store

    def documents(self) -> tuple[Document, ...]:
        """All documents in corpus order: by area, then 文号 and title."""
        rows = self._connection().execute("SELECT * FROM documents ORDER BY sort_key, doc_id")
        return tuple(document_of(row) for row in rows)

    def document(self, doc_id: str) -> Document:
        """One document by its id; raises UnknownDocument."""
        rows = self._connection().execute("SELECT * FROM documents WHERE doc_id = ?", (doc_id,))
        row = rows.fetchone()
        if row is None:
            raise UnknownDocument(f"没有文件「{doc_id}」。用 tiaowen corpus list 查看已有文件。")
        return document_of(row)

    def find(self, name: str) -> Document:
        """Find one document by id, 文号, title or file; raises UnknownDocument."""
        wanted = normalise(name)
        documents = self.documents()
        for exact in (True, False):
            found = [d for d in documents if wanted and _named(d, name, wanted, exact)]
            if len(found) == 1:
                return found[0]
            if found:
                listed = "；".join(f"{d.doc_id} {d.title}" for d in found[:5])
                raise UnknownDocument(f"「{name}」对应多份文件：{listed}。请用编号指定其中一份。")
        raise UnknownDocument(f"没有文件「{name}」。用 tiaowen corpus list 查看已有文件。")

    def clauses(
        self, doc_id: str | None = None, roles: Iterable[Role] | None = None
    ) -> tuple[Clause, ...]:
        """Passages in corpus order; ``roles`` default to the numbered clauses alone."""
        wanted = [role.value for role in (_LISTED if roles is None else tuple(roles))]
        where, values = f"c.role IN ({placeholders(wanted)})", list(wanted)
        if doc_id is not None:
            where, values = where + " AND c.doc_id = ?", [*values, doc_id]
        rows = self._connection().execute(
            "SELECT c.*, d.text AS document_text FROM clauses c JOIN documents d USING (doc_id)"
            f" WHERE {where} ORDER BY d.sort_key, d.doc_id, c.start",
            values,
        )
        return tuple(clause_of(row, row["document_text"]) for row in rows)

    def clause(self, clause_id: str) -> Clause:
        """One passage by its id; raises UnknownDocument."""
        row = (
            self._connection()
            .execute(
                "SELECT c.*, d.text AS document_text FROM clauses c JOIN documents d USING (doc_id)"
                " WHERE clause_id = ?",
                (clause_id,),
            )
            .fetchone()
        )
        if row is None:
            raise UnknownDocument(
                f"没有条款「{clause_id}」。用 tiaowen corpus clauses 查看已有条款。"
            )
        return clause_of(row, row["document_text"])

    def add(self, document: Document, clauses: Iterable[Clause]) -> AddResult:
        """Store a document in one transaction, in place of the one with the same identity."""
        with self._transaction() as connection:
            return self._put(connection, document, tuple(clauses))

    def _put(
        self, connection: sqlite3.Connection, document: Document, passages: tuple[Clause, ...]
    ) -> AddResult:
        old = self._stored(connection, document.doc_id)
        if old is not None:
            if old.sha256 == document.sha256 and self._current(connection, passages):
                return AddResult("unchanged", document.doc_id)
            if old.origin == Origin.OFFICIAL and document.origin == Origin.DIGEST:
                return AddResult("kept", document.doc_id)
        before = self._texts(connection, document.doc_id)
        connection.execute("DELETE FROM documents WHERE doc_id = ?", (document.doc_id,))
        row = document_row(document)
        connection.execute(f"INSERT INTO documents VALUES ({placeholders(row)})", row)
        connection.executemany(
            "INSERT INTO clauses VALUES (?,?,?,?,?,?)", [clause_row(c) for c in passages]
        )
        return _compared(document.doc_id, before, passages, replaced=old is not None)

    def versions(self) -> dict[str, str]:
        """SHA-256 of every document's bytes, by its id, in corpus order; reads no text."""
        rows = self._connection().execute(
            "SELECT doc_id, sha256 FROM documents ORDER BY sort_key, doc_id"
        )
        return {row["doc_id"]: row["sha256"] for row in rows}

    def counts(self) -> dict[str, int]:
        """How many numbered clauses each document has that has some, by document id."""
        rows = self._connection().execute(
            "SELECT doc_id, count(*) AS n FROM clauses WHERE role = ? GROUP BY doc_id",
            (Role.CLAUSE.value,),
        )
        return {row["doc_id"]: row["n"] for row in rows}

    def remove(self, doc_id: str) -> None:
        """Remove a document and its passages; raises UnknownDocument."""
        with self._transaction() as connection:
            cursor = connection.execute("DELETE FROM documents WHERE doc_id = ?", (doc_id,))
            if not cursor.rowcount:
                raise UnknownDocument(
                    f"没有文件「{doc_id}」。用 tiaowen corpus list 查看已有文件。"
                )

    def digest(self) -> str:
        """SHA-256 over the documents and the parser version: tells whether an index is stale."""
        rows = self._connection().execute("SELECT doc_id, sha256 FROM documents ORDER BY doc_id")
        lines = [PARSER_VERSION, *(f"{row['doc_id']} {row['sha256']}" for row in rows)]
        return sha256("\n".join(lines).encode()).hexdigest()

    def __enter__(self) -> Self:
        """Return the store itself; leaving the block closes this thread's connection."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close this thread's connection."""
        self.close()

    def close(self) -> None:
        """Close this thread's connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self.path, timeout=_BUSY_MS / 1000, isolation_level=None)
            connection.row_factory = sqlite3.Row
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
            connection.execute("PRAGMA foreign_keys = ON")
            self._local.connection = connection
        return connection

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def _prepare(self, samples: bool) -> None:
        """Make the tables; the first to come also brings in the samples."""
        connection = self._connection()
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(SCHEMA)
        except sqlite3.DatabaseError as error:
            raise CorpusError(
                f"文件库 {self.path} 打不开（{error}）。请检查磁盘和权限，或换一个 --home。"
            ) from error
        started = connection.execute("SELECT 1 FROM meta WHERE key = 'started'").fetchone()
        if started is None:
            if samples:
                for document, clauses in sample_documents():
                    self.add(document, clauses)
            connection.execute("INSERT OR IGNORE INTO meta VALUES ('started', '1')")
        self._keep_up(connection)

    def _keep_up(self, connection: sqlite3.Connection) -> None:
        """Parse everything again from its bytes after the parser has changed."""
        row = connection.execute("SELECT value FROM meta WHERE key = 'parser'").fetchone()
        if row is not None and row["value"] != PARSER_VERSION:
            for document in self.documents():
                try:
                    renewed, clauses = build_document(source_of(document.raw, document.file))
                except CorpusError:
                    continue  # a converter that read it is gone: keep what is stored
                if renewed.doc_id != document.doc_id:
                    self.remove(document.doc_id)
                self.add(renewed, clauses)
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('parser', ?)", (PARSER_VERSION,))

    def _stored(self, connection: sqlite3.Connection, doc_id: str) -> Document | None:
        rows = connection.execute("SELECT * FROM documents WHERE doc_id = ?", (doc_id,))
        row = rows.fetchone()
        return document_of(row) if row is not None else None

    def _texts(self, connection: sqlite3.Connection, doc_id: str) -> dict[str, str]:
        rows = connection.execute(
            "SELECT c.clause_id, substr(d.text, c.start + 1, c.end - c.start) AS words"
            " FROM clauses c JOIN documents d USING (doc_id) WHERE doc_id = ? AND role = 'clause'",
            (doc_id,),
        )
        return {row["clause_id"]: row["words"] for row in rows}

    def _current(self, connection: sqlite3.Connection, passages: tuple[Clause, ...]) -> bool:
        """Whether the stored passages are those of the present parser."""
        if not passages:
            return True
        rows = connection.execute(
            "SELECT * FROM clauses WHERE doc_id = ? ORDER BY start", (passages[0].doc_id,)
        )
        return [tuple(row) for row in rows] == [clause_row(c) for c in passages]


def sample_documents() -> Iterator[tuple[Document, tuple[Clause, ...]]]:
    """Return the shipped documents of ``corpus/documents``, parsed."""
    with as_file(files("corpus") / "documents") as folder:
        for path in sorted(folder.glob("*.txt")):
            yield build_document(read_source(path))


def _named(document: Document, name: str, wanted: str, exact: bool) -> bool:
    if name in {document.doc_id, document.file}:
        return True
    names = [normalise(text) for text in (document.doc_number or "", document.title, document.file)]
    return wanted in names if exact else any(wanted in text for text in names)


def _compared(
    doc_id: str, before: dict[str, str], passages: tuple[Clause, ...], replaced: bool
) -> AddResult:
    after = {c.clause_id: c.text for c in passages if c.role == Role.CLAUSE}
    return AddResult(
        "replaced" if replaced else "added",
        doc_id,
        added=tuple(i for i in after if i not in before),
        removed=tuple(i for i in before if i not in after),
        changed=tuple(i for i, text in after.items() if i in before and before[i] != text),
        replaced_doc_id=doc_id if replaced else None,
    )
