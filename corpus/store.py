"""The documents of one home: SQLite, one transaction per document."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Self

from corpus import database
from corpus.adding import AddResult, compared
from corpus.confined import Reader
from corpus.errors import CorpusError, StorageError, UnknownDocument
from corpus.naming import only_named
from corpus.owners import Owner
from corpus.parsing import PARSER_VERSION
from corpus.records import clause_of, clause_row, document_of, document_row, placeholders
from corpus.samples import sample_documents
from corpus.storage import telling
from corpus.types import Clause, Document, Origin, Role

_LOG = logging.getLogger(__name__)
_LISTED = (Role.CLAUSE,)


class CorpusStore:
    """Documents and their passages. Safe for threads and for several processes."""

    def __init__(self, path: Path) -> None:
        """Open the database file at ``path``; use ``CorpusStore.open`` for a home."""
        self.path = path
        self.refused: str | None = None  # why nothing can be written, None when it can
        self._local = threading.local()

    @classmethod
    def open(cls, home: Path, samples: bool = True) -> Self:
        """Open the store of a home; a new one starts with the samples unless turned off.

        ``samples=False`` or TIAOWEN_SAMPLES=0 leave a new home empty. Where nothing can be written
        what is there can still be read. Raises CorpusError and StorageError.
        """
        with telling(home, "建立资料文件夹"):
            home.mkdir(parents=True, exist_ok=True)
        store = cls(home / "corpus.sqlite3")
        store._prepare(samples and os.environ.get("TIAOWEN_SAMPLES", "1") != "0")
        return store

    @classmethod
    def existing(cls, path: Path) -> Self:
        """Open a database file as it is, to look into it: nothing is made, migrated or changed."""
        store = cls(path)
        store.refused = database.refused_by(path)
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
        return only_named(name, self.documents())

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

    def add(
        self, document: Document, clauses: Iterable[Clause], instead_of: str | None = None
    ) -> AddResult:
        """Store a document in one transaction, in place of the one with the same identity.

        :param instead_of: another document that leaves in the same transaction.
        """
        with self._transaction() as connection:
            if instead_of is not None and instead_of != document.doc_id:
                connection.execute("DELETE FROM documents WHERE doc_id = ?", (instead_of,))
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
        before = self.clauses(document.doc_id, tuple(Role))
        connection.execute("DELETE FROM documents WHERE doc_id = ?", (document.doc_id,))
        row = document_row(document)
        connection.execute(f"INSERT INTO documents VALUES ({placeholders(row)})", row)
        connection.executemany(
            "INSERT INTO clauses VALUES (?,?,?,?,?,?)", [clause_row(c) for c in passages]
        )
        return compared(document.doc_id, before, passages, replaced=old is not None)

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

    @contextmanager
    def importing(self, files: int) -> Iterator[None]:
        """Leave a mark in the store while ``files`` come in, and tell of one that never ended."""
        for owner in self.unfinished():
            _LOG.warning(
                "上一次加入文件没有做完就中断了（%s）。已收下的文件都是完整的；"
                "没有收下的会在再次加入同一个文件夹时补上。",
                owner,
            )
        with self._transaction() as connection:
            gone = [(owner.dump(),) for owner in self.unfinished()]
            connection.executemany("DELETE FROM imports WHERE owner = ?", gone)
            mark = connection.execute(
                "INSERT INTO imports (owner, files) VALUES (?, ?)", (Owner.this().dump(), files)
            ).lastrowid
        try:
            yield
        finally:
            with suppress(StorageError), self._transaction() as connection:
                connection.execute("DELETE FROM imports WHERE id = ?", (mark,))

    def form(self) -> int:
        """How many migrations the file has been through; raises NewerStoreError."""
        return database.version(self._connection(), self.path)

    def unfinished(self) -> tuple[Owner, ...]:
        """Imports whose process ended before they did."""
        rows = self._connection().execute("SELECT owner FROM imports ORDER BY id")
        owners = (Owner.read(row["owner"]) for row in rows)
        return tuple(owner for owner in owners if owner is not None and owner.gone)

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
            connection = database.connect(self.path, self.refused is None)
            self._local.connection = connection
        return connection

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        if self.refused is not None:
            raise StorageError(self.path, "写入文档库", self.refused, database.WAY)
        with telling(self.path, "写入文档库", "已存下的文件没有变化"):
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # SQLite itself has rolled back on a full disk
                    connection.execute("ROLLBACK")
                raise

    def _prepare(self, samples: bool) -> None:
        """Make the tables; the first to come also brings in the samples."""
        self.refused = database.prepare(self.path)
        if self.refused is not None:
            _LOG.warning(
                "资料文件夹 %s 现在不能写入（%s）：可以查询和提问，不能加入或更新。",
                self.path.parent, self.refused,
            )  # fmt: skip
            return
        with telling(self.path, "打开文档库"):
            started = self._meta("started")
            if started is None:
                if samples:
                    for document, clauses in sample_documents():
                        self.add(document, clauses)
                self._connection().execute("INSERT OR IGNORE INTO meta VALUES ('started', '1')")
            self._keep_up()

    def _meta(self, key: str) -> str | None:
        rows = self._connection().execute("SELECT value FROM meta WHERE key = ?", (key,))
        row = rows.fetchone()
        return None if row is None else str(row["value"])

    def _keep_up(self) -> None:
        """Parse everything again from its bytes after the parser has changed."""
        before = self._meta("parser")
        if before == PARSER_VERSION:
            return
        if before is not None:
            with Reader() as reader:
                for document in self.documents():
                    try:
                        renewed, clauses, _ = reader.build(document.raw, document.file)
                    except CorpusError:
                        continue  # a converter that read it is gone: keep what is stored
                    self.add(renewed, clauses, instead_of=document.doc_id)
        self._connection().execute(
            "INSERT OR REPLACE INTO meta VALUES ('parser', ?)", (PARSER_VERSION,)
        )

    def _stored(self, connection: sqlite3.Connection, doc_id: str) -> Document | None:
        rows = connection.execute("SELECT * FROM documents WHERE doc_id = ?", (doc_id,))
        row = rows.fetchone()
        return document_of(row) if row is not None else None

    def _current(self, connection: sqlite3.Connection, passages: tuple[Clause, ...]) -> bool:
        """Whether the stored passages are those of the present parser."""
        if not passages:
            return True
        rows = connection.execute(
            "SELECT * FROM clauses WHERE doc_id = ? ORDER BY start", (passages[0].doc_id,)
        )
        return [tuple(row) for row in rows] == [clause_row(c) for c in passages]
