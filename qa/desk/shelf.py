"""The documents as an editor sees them: what is live, what waits, what was withdrawn."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from corpus import retired_versions
from corpus.types import Clause, Document, Origin, Role, Validity
from index.policy_index import is_stale
from qa.desk.checks import notices
from qa.service import Service, index_root
from qa.standing import Standing as Editions

if TYPE_CHECKING:
    from corpus import Retired


class Standing(StrEnum):
    """Where a document stands between the store and the index that answers."""

    LIVE = "live"  # answered from as it is stored
    NEW = "new"  # stored, not in the index yet
    CHANGED = "changed"  # stored in a newer version than the index has
    WITHDRAWN = "withdrawn"


STANDINGS = {
    Standing.LIVE: "已用于答复",
    Standing.NEW: "待更新索引（新加入）",
    Standing.CHANGED: "待更新索引（有新版本）",
    Standing.WITHDRAWN: "已撤下",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list. ``notices`` are what deserves a look; ``clauses`` numbered ones.

    A withdrawn one has its ``version``, and neither clauses nor validity.
    """

    doc_id: str
    title: str
    doc_number: str | None
    area: str
    kind: str
    file: str
    origin: Origin | None
    standing: Standing
    clauses: int
    validity: Validity | None
    notices: tuple[str, ...] = ()
    repairs: int = 0
    version: Retired | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """All documents, and whether the index differs from what is stored."""

    entries: tuple[Entry, ...]
    stale: bool


@dataclass(frozen=True, slots=True)
class Detail:
    """One document whole: its line, itself, passages of every role, and its older versions."""

    entry: Entry
    document: Document
    passages: tuple[Clause, ...]
    versions: tuple[Retired, ...]


class DocumentShelf:
    """Lists the documents of a service. What is slow to find out is kept until one changes."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._known: tuple[object, tuple[Document, ...], Editions] | None = None

    def listing(self, day: date | None = None) -> Listing:
        """All documents in corpus order, then the withdrawn ones, the latest first."""
        service, today = self._service, day or date.today()
        service.reload_if_published()
        documents, editions = self._read()
        titles = {document.doc_id: document.title for document in documents}
        counts = service.store.counts()
        stored = [
            self._entry(d, counts.get(d.doc_id, 0), editions, titles, today) for d in documents
        ]
        gone = [
            _withdrawn(version)
            for version in retired_versions(service.store)
            if version.kind == "withdrawn"
        ]
        stale = is_stale(service.store, index_root(service.home), service.encoder)
        return Listing((*stored, *gone), stale)

    def detail(self, doc_id: str, day: date | None = None) -> Detail:
        """One stored document.

        :raises UnknownDocument: when there is none with this id.
        """
        store, today = self._service.store, day or date.today()
        document = store.document(doc_id)
        documents, editions = self._read()
        titles = {known.doc_id: known.title for known in documents}
        passages = store.clauses(doc_id, tuple(Role))
        count = sum(passage.role is Role.CLAUSE for passage in passages)
        entry = self._entry(document, count, editions, titles, today)
        return Detail(entry, document, passages, retired_versions(store, doc_id))

    def standing(self, document: Document) -> Standing:
        """Where a stored document stands."""
        live = self._service.engine.documents.get(document.doc_id)
        if live is None:
            return Standing.NEW
        return Standing.LIVE if live.sha256 == document.sha256 else Standing.CHANGED

    def _entry(
        self,
        document: Document,
        count: int,
        editions: Editions,
        titles: dict[str, str],
        day: date,
    ) -> Entry:
        return Entry(
            doc_id=document.doc_id,
            title=document.title,
            doc_number=document.doc_number,
            area=document.area,
            kind=document.kind,
            file=document.file,
            origin=document.origin,
            standing=self.standing(document),
            clauses=count,
            validity=editions.validity(document.doc_id, day),
            notices=tuple(notices(document, count, editions.links, titles, day)),
            repairs=sum(repair.kind != "line_ends" for repair in document.repairs),
        )

    def _read(self) -> tuple[tuple[Document, ...], Editions]:
        """The stored documents and how they stand to one another; read again after a change."""
        store = self._service.store
        key = tuple(store.versions().items())
        with self._lock:
            if self._known is None or self._known[0] != key:
                documents = store.documents()
                self._known = key, documents, Editions({d.doc_id: d for d in documents})
            return self._known[1], self._known[2]


def _withdrawn(version: Retired) -> Entry:
    return Entry(
        doc_id=version.doc_id,
        title=version.title,
        doc_number=version.doc_number,
        area=version.area,
        kind="",
        file=version.file,
        origin=None,
        standing=Standing.WITHDRAWN,
        clauses=0,
        validity=None,
        version=version,
    )
