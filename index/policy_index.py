"""The one object with state: a loaded snapshot that answers searches."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import CorpusStore
from corpus.types import Role
from index import snapshot
from index.dense import DenseIndex
from index.encoder import Encoder
from index.errors import SnapshotError
from index.fusion import reciprocal_rank_fusion
from index.lexical import LexicalIndex
from index.lexicon import Lexicon, lexicon_of
from index.parts import Progress, read_passages
from index.passages import to_passages
from index.stores import StoreSettings, from_environment
from index.tokens import Tokenizer
from index.types import DenseHit, LexicalHit, Manifest, Passage

_LOG = logging.getLogger(__name__)
_TRIES = 5  # a snapshot is cleared away two builds after it was published
CONTEXT_WEIGHT = 0.5  # of the earlier question in the vector of a short follow-up


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What both legs found. ``rows``: candidate rows in fused order; ``query``: the vector."""

    rows: tuple[int, ...]
    lexical: Mapping[int, LexicalHit]
    dense: Mapping[int, DenseHit]
    query: NDArray[np.float32] | None


class PolicyIndex:
    """Both legs over one snapshot. Immutable: a new snapshot is a new object."""

    def __init__(
        self,
        manifest: Manifest,
        passages: tuple[Passage, ...],
        lexical: LexicalIndex,
        dense: DenseIndex | None,
        encoder: Encoder | None,
        tokenizer: Tokenizer,
    ) -> None:
        """Take finished parts; use `build_index` and `PolicyIndex.load`."""
        self.manifest = manifest
        self.passages = passages
        self.lexical = lexical
        self.dense = dense
        self.encoder = encoder
        self.tokenizer = tokenizer
        self.row_of = {passage.clause_id: passage.row for passage in passages}
        self._doc_rows: dict[str, list[int]] = {}
        for passage in passages:
            self._doc_rows.setdefault(passage.doc_id, []).append(passage.row)

    @classmethod
    def load(
        cls,
        root: Path,
        encoder: Encoder | None,
        tokenizer: Tokenizer | None = None,
        store: StoreSettings | None = None,
    ) -> PolicyIndex:
        """Load the published snapshot under ``root``.

        :param store: where the legs are searched, default as the environment says.
        :raises SnapshotError: when there is none, or it cannot be read.
        :raises StoreError: when the store does not answer.
        """
        for _ in range(_TRIES):
            name = snapshot.current(root)
            if name is None:
                raise SnapshotError("-", "还没有建立索引，请先运行 tiaowen build")
            try:
                return cls.open(root, name, encoder, tokenizer, store)
            except SnapshotError:
                # Two builds have published since its name was read, and it was cleared away.
                if snapshot.current(root) == name:
                    raise
        raise SnapshotError(str(name), "索引在装载时不断更新，请稍后再试")

    @classmethod
    def open(
        cls,
        root: Path,
        name: str,
        encoder: Encoder | None,
        tokenizer: Tokenizer | None = None,
        store: StoreSettings | None = None,
    ) -> PolicyIndex:
        """Load the snapshot ``name``, published or not; see `load`."""
        store = store or from_environment()
        words = tokenizer or lexicon_of(root.parent).tokenizer
        folder = snapshot.snapshot_folder(root, name)
        manifest = snapshot.read_manifest(folder)
        snapshot.check(folder)
        try:
            passages = read_passages(folder / "passages.jsonl")
            usable = encoder is not None and manifest.model == encoder.name
            lexical, dense = _legs(store, folder, manifest, passages, words, usable)
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise SnapshotError(
                name, f"文件无法读取（{error}），请运行 tiaowen build --full"
            ) from error
        return cls(
            manifest,
            passages,
            lexical,
            dense,
            encoder if usable else None,
            words,
        )

    def rows_of(self, docs: Collection[str] | None) -> NDArray[np.int64] | None:
        """Rows of the given documents in ascending order; None (all) stays None."""
        if docs is None:
            return None
        rows = [row for doc in docs for row in self._doc_rows.get(doc, ())]
        return np.array(sorted(rows), dtype=np.int64)

    def span_scores(self, query: NDArray[np.float32], row: int) -> list[float]:
        """Cosine of every span of a row, the better of its own and its plain wording."""
        if self.dense is None:
            return []
        passage = self.passages[row]
        scores = self.dense.span_scores(query, row)
        spans = scores[: len(passage.spans)]
        for (position, _), score in zip(passage.plain, scores[len(spans) :], strict=True):
            spans[position] = max(spans[position], score)
        return spans

    def retrieve(
        self,
        text: str,
        terms: Mapping[str, float],
        *,
        context: str = "",
        docs: Collection[str] | None = None,
        limit: int = 40,
    ) -> Retrieved:
        """Search both legs and fuse them.

        :param text: the question for the dense leg.
        :param terms: weighted words for the lexical leg.
        :param context: an earlier question that a short one leans on; its vector is mixed in.
        :param docs: only these documents.
        :param limit: hits taken from each leg; candidates are the union.
        """
        lexical = self.lexical.search(terms, limit, docs)
        dense: list[DenseHit] = []
        query = None
        if self.dense is not None and self.encoder is not None:
            query = self._query_vector(self.encoder, text, context)
            dense = self.dense.search(query, limit, self.rows_of(docs))
        fused = reciprocal_rank_fusion([[h.row for h in lexical], [h.row for h in dense]])
        return Retrieved(
            rows=tuple(row for row, _ in fused),
            lexical={hit.row: hit for hit in lexical},
            dense={hit.row: hit for hit in dense},
            query=query,
        )

    @staticmethod
    def _query_vector(encoder: Encoder, text: str, context: str) -> NDArray[np.float32]:
        """Unit vector of the question, (dim,), with its context mixed in."""
        texts = [text, f"{context}，{text}"] if context else [text]
        rows: list[NDArray[np.float32]] = list(encoder.encode(texts, kind="query"))
        if not context:
            return rows[0]
        own, joined = rows
        mixed: NDArray[np.float32] = (1.0 - CONTEXT_WEIGHT) * own + CONTEXT_WEIGHT * joined
        mixed /= np.linalg.norm(mixed)
        return mixed


def build_index(
    store: CorpusStore,
    root: Path,
    encoder: Encoder | None,
    *,
    full: bool = False,
    progress: Progress | None = None,
    target: StoreSettings | None = None,
) -> Manifest:
    """Build and publish the snapshot of everything in ``store``.

    :param target: where its legs will be searched, default as the environment says; Milvus has
        them before readers hear of the snapshot.
    """
    target = target or from_environment()
    documents = {document.doc_id: document for document in store.documents()}
    clauses = store.clauses(roles=tuple(Role))
    lexicon = lexicon_of(root.parent)
    passages = to_passages(documents, clauses, lexicon.plain)
    put = _delivery(target, passages, lexicon.tokenizer, full, progress)
    manifest = snapshot.build(
        root,
        passages,
        encoder,
        lexicon.tokenizer,
        store.digest(),
        lexicon=_lexicon(lexicon),
        full=full,
        progress=progress,
        deliver=put if target.milvus else None,
    )
    if target.milvus:
        from index.stores.milvus_collections import retire

        retire(target, root, manifest.snapshot)
    return manifest


def _legs(
    store: StoreSettings,
    folder: Path,
    manifest: Manifest,
    passages: Sequence[Passage],
    tokenizer: Tokenizer,
    vectors: bool,
) -> tuple[LexicalIndex, DenseIndex | None]:
    """Open both legs of a snapshot where they are searched."""
    if store.milvus:
        from index.stores.milvus import milvus_legs

        return milvus_legs(store, folder, manifest, passages, tokenizer, vectors=vectors)
    lexical = LexicalIndex.load(folder / "lexical")
    return lexical, DenseIndex.load(folder / "dense") if vectors else None


def _delivery(
    target: StoreSettings,
    passages: Sequence[Passage],
    words: Tokenizer,
    full: bool,
    progress: Progress | None,
) -> snapshot.Deliver:
    """What puts a finished snapshot into Milvus."""
    from index.stores.milvus_collections import deliver

    def put(folder: Path, manifest: Manifest) -> None:
        dense = DenseIndex.load(folder / "dense") if manifest.model else None
        deliver(target, manifest, passages, dense, words, full=full, progress=progress)

    return put


def _lexicon(lexicon: Lexicon) -> str:
    return snapshot.lexicon_digest(lexicon.tokenizer, lexicon.digest)


def is_stale(store: CorpusStore, root: Path, encoder: Encoder | None) -> bool:
    """Whether the published snapshot differs from what the inputs would give now."""
    model = encoder.name if encoder else None
    wanted = snapshot.snapshot_id(store.digest(), model, _lexicon(lexicon_of(root.parent)))
    return snapshot.identity(snapshot.current(root)) != wanted


def load_sound(root: Path, encoder: Encoder | None) -> PolicyIndex:
    """Load the published snapshot, or the newest other one where that one is damaged.

    :raises SnapshotError: none is whole; says what is the matter with the published one.
    """
    try:
        return PolicyIndex.load(root, encoder)
    except SnapshotError as error:
        for name in snapshot.names(root):
            if name == snapshot.current(root):
                continue
            with contextlib.suppress(SnapshotError):
                earlier = PolicyIndex.open(root, name, encoder)
                _LOG.warning(
                    "%s。暂用上一个完好的索引 %s；请运行 tiaowen build 重建。", error, name
                )
                return earlier
        raise
