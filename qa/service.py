"""What the CLI and the page hold on to: the store, the live index, the engine."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from corpus import CorpusStore, Gazetteer, zones_of
from corpus.errors import StorageError
from corpus.types import Clause, Document, Role
from index import snapshot
from index.encoder import Encoder
from index.errors import BuildBusyError, SnapshotError, StoreError
from index.lexicon import lexicon_of
from index.policy_index import PolicyIndex, build_index, is_stale, load_sound
from index.synonyms import Synonyms, default_synonyms
from qa import messages
from qa.encoding import Report, open_encoder
from qa.engine import Engine
from qa.examples import EXAMPLES
from qa.places import local_names
from qa.reranking import Reranker, open_reranker
from qa.types import Answer

if TYPE_CHECKING:
    from qa.search.staff import StaffSearch
    from qa.search.types import Request, Results

_LOG = logging.getLogger(__name__)


class Service:
    """Answers over a home folder. Safe to share between threads: a reload swaps one reference."""

    def __init__(
        self,
        home: Path,
        store: CorpusStore,
        encoder: Encoder | None,
        *,
        fallback: bool = False,
        reranker: Reranker | None = None,
    ) -> None:
        """Take an open store and an encoder (None: words only); use `open_service`.

        :param fallback: serve an earlier snapshot where the published one is damaged.
        :param reranker: reads the first candidates again; see `qa.reranking`.
        :raises SnapshotError: there is none, or it is damaged or does not fit the documents.
        """
        self.home = home
        self.store = store
        self.encoder, self.reranker = encoder, reranker
        self._lock = threading.Lock()
        self._reloading = threading.Lock()
        self._seen = snapshot.stamp(index_root(home))
        self._live = self._load(fallback)
        self._staff: tuple[str, StaffSearch] | None = None
        self._headings: tuple[str, tuple[tuple[str, str], ...]] = "", ()
        self.on_answer: Callable[[Answer], None] | None = None  # told of every answer

    @property
    def index(self) -> PolicyIndex:
        """The index that is serving."""
        return self._live[0]

    @property
    def engine(self) -> Engine:
        """The engine that is serving."""
        return self._live[1]

    def answer(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        area: str | None = None,
        as_of: date | None = None,
    ) -> Answer:
        """Answer one question; see `qa.engine.Engine.answer`."""
        self.reload_if_published()
        answer = self.engine.answer(question, history=history, area=area, as_of=as_of)
        if self.on_answer is not None:
            self.on_answer(answer)
        return answer

    def search(
        self, query: str, *, limit: int = 10, area: str | None = None
    ) -> tuple[tuple[str, float], ...]:
        """Rank clauses for a query: (clause_id, score), best first."""
        if not query.strip():
            return ()
        engine = self.engine
        ranked = engine.rank(engine.read(query, (), area))
        pairs = zip(ranked.rows[:limit], ranked.scores[:limit], strict=True)
        return tuple((engine.clause_at(row).clause_id, score) for row, score in pairs)

    def areas(self) -> tuple[str, ...]:
        """Division paths that the documents cover, in corpus order."""
        return self.engine.areas

    def examples(self) -> Mapping[str, Sequence[str]]:
        """Example questions by topic."""
        return EXAMPLES

    def document(self, doc_id: str) -> Document:
        """A stored document.

        :raises UnknownDocument: when there is none with this id.
        """
        return self.store.document(doc_id)

    def clause(self, clause_id: str) -> Clause:
        """A stored clause.

        :raises UnknownDocument: when there is none with this id.
        """
        return self.store.clause(clause_id)

    def find(self, request: Request) -> Results:
        """Search clauses as staff do; see `qa.search.staff.StaffSearch.search`."""
        from qa.search.staff import StaffSearch

        self.reload_if_published()
        name = self.index.manifest.snapshot
        with self._lock:  # made once for each published snapshot
            if self._staff is None or self._staff[0] != name:
                self._staff = name, StaffSearch.over(self)
            search = self._staff[1]
        return search.search(request)

    def passages(self, doc_id: str) -> tuple[Clause, ...]:
        """Passages of one document, of every role, in printed order."""
        return self.store.clauses(doc_id, roles=tuple(Role))

    def headings(self) -> tuple[tuple[str, str], ...]:
        """Areas and headings of the numbered clauses, each pair once, in corpus order."""
        name = self.index.manifest.snapshot
        if self._headings[0] != name:  # one pass over the clauses for each published snapshot
            areas = {document.doc_id: document.area for document in self.store.documents()}
            pairs = ((areas.get(c.doc_id, ""), c.heading) for c in self.store.clauses())
            self._headings = name, tuple(dict.fromkeys(pair for pair in pairs if pair[1]))
        return self._headings[1]

    def notice(self) -> str | None:
        """What a user should know about the service as a whole, None when all is well."""
        return messages.LEXICAL_ONLY if self.index.dense is None else None

    def reload_if_published(self) -> bool:
        """Serve a newly published snapshot; one look at a file's date where there is none."""
        root = index_root(self.home)
        seen = snapshot.stamp(root)  # before the load: what is published meanwhile is seen next
        if seen == self._seen or not self._reloading.acquire(blocking=False):
            return False  # nothing new, or somebody is loading it: what is loaded answers meanwhile
        try:
            return self._take_over(root, seen)
        finally:
            self._reloading.release()

    def _take_over(self, root: Path, seen: tuple[int, int] | None) -> bool:
        with self._lock:
            fresh = snapshot.current(root) != self.index.manifest.snapshot
            self._seen = seen
            if fresh:
                try:
                    self._live = self._load()
                except (SnapshotError, StoreError) as error:
                    # The documents moved on or the snapshot is gone: what is loaded still serves.
                    _LOG.warning("索引没有换上，继续用原来的：%s", error)
                    return False
        return fresh

    def hide_withdrawn(self) -> bool:
        """Answer no more from documents that the store has lost, before the next build.

        A document that came back is answered from again. Whether anything changed.
        """
        stored = self.store.versions()
        with self._lock:
            index, engine = self._live
            gone = frozenset(engine.documents) - stored.keys()
            if gone == engine.hidden:
                return False
            self._live = index, engine.without(gone)
            self._staff, self._headings = None, ("", ())
        return True

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def _load(self, fallback: bool = False) -> tuple[PolicyIndex, Engine]:
        opened = load_sound if fallback else PolicyIndex.load
        index = opened(index_root(self.home), self.encoder)
        try:
            synonyms = lexicon_of(self.home).synonyms
            return index, engine_for(self.store, index, synonyms, self.reranker)
        except KeyError as error:
            raise SnapshotError(
                index.manifest.snapshot, "与现在的文档不一致，请运行 tiaowen build"
            ) from error


def engine_for(
    store: CorpusStore,
    index: PolicyIndex,
    synonyms: Synonyms | None = None,
    reranker: Reranker | None = None,
) -> Engine:
    """The engine over a loaded index and the documents it was built from.

    :param synonyms: resident wording, default the shipped.
    :param reranker: reads the first candidates again, default none does.
    :raises KeyError: when the store no longer has a clause that the index holds.
    """
    documents = {document.doc_id: document for document in store.documents()}
    clauses = {clause.clause_id: clause for clause in store.clauses(roles=tuple(Role))}
    words = synonyms or default_synonyms()
    return Engine(index, documents, clauses, _gazetteer(documents), words, reranker)


def _gazetteer(documents: Mapping[str, Document]) -> Gazetteer:
    """All divisions, with the zones that documents name and the short names inside their areas."""
    plain = Gazetteer.load()
    areas = {document.area for document in documents.values()}
    return Gazetteer.load({**local_names(plain, areas), **zones_of(tuple(documents.values()))})


def index_root(home: Path) -> Path:
    """Where the index of a home lies."""
    return home / "index"


def open_service(
    home: Path,
    *,
    model: str | None = None,
    model_dir: Path | None = None,
    reranker: str | None = None,
    progress: Report | None = None,
    samples: bool = True,
    lap: Callable[[str], None] = lambda _step: None,
) -> Service:
    """Open a home: fetch the model if missing, build the index if stale, load both.

    :param reranker: name or folder of a cross-encoder; see `qa.reranking`.
    :param progress: told of fetch, lexical and embed steps.
    :param samples: whether a new home starts with the shipped documents.
    :param lap: told at the end of each step (reranker, store, encoder, stale, build, load).
    :raises RerankerLoadError: ``reranker`` does not load.
    """
    judge = open_reranker(reranker)  # first: a wrong name is told before an index is built
    if judge is not None:
        lap("reranker")
    store = CorpusStore.open(home, samples=samples)
    lap("store")
    encoder = open_encoder(model, model_dir, progress, home=home)

    def renew() -> None:
        build_index(store, index_root(home), encoder, progress=progress)

    lap("encoder")
    stale = is_stale(store, index_root(home), encoder)
    lap("stale")
    if stale:
        _renewed(renew, snapshot.current(index_root(home)) is not None)
        lap("build")
    try:
        service = Service(home, store, encoder, reranker=judge)
        lap("load")
        return service
    except SnapshotError as error:
        _LOG.warning("%s。现在从文档重新建立索引。", error)
    _renewed(renew, True)
    return Service(home, store, encoder, fallback=True, reranker=judge)


def _renewed(renew: Callable[[], None], served: bool) -> None:
    """Build; where that cannot be done now, what there is serves.

    :param served: whether there is something that can serve.
    """
    try:
        renew()
    except (BuildBusyError, StorageError) as error:
        if not served:
            raise
        _LOG.warning("%s现在先用已有的索引回答，它可能还没有最新的文档。", error)
