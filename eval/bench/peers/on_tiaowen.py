"""Our own index as the product builds and serves it, over whole texts only, as the peers' are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eval.bench.peers.contract import TOP, Embed, Vectors, Work
from index import snapshot
from index.adapter import Kind
from index.encoder import OnProgress
from index.onnx_bert import DIM, MODEL_ID
from index.policy_index import PolicyIndex
from index.tokens import default_tokenizer, search_form
from index.types import Passage


class _Encoder:
    """The work's model behind our protocol; the trained reading of questions is left out."""

    name = MODEL_ID
    dim = DIM

    def __init__(self, embed: Embed) -> None:
        self._embed = embed

    def encode(
        self, texts: Sequence[str], *, kind: Kind = "passage", progress: OnProgress | None = None
    ) -> Vectors:
        del progress
        if kind == "passage":
            return self._embed.passages(texts)
        return self._embed.question(texts[0])[None, :]


class Tiaowen:
    """Snapshot and both legs, fused by reciprocal rank."""

    name = "条问"
    remarks: tuple[str, ...] = (
        "索引里另有向量缓存（embeddings.sqlite3）、正文和校验和；写完逐个文件落盘并核对",
        "只建整条的向量，不建句向量，问题也不用训练过的读法：与其他系统同样的工作",
    )

    def __init__(self) -> None:
        from importlib.metadata import version

        self.version = version("tiaowen")
        self._index: PolicyIndex | None = None

    def chunk(self, folder: Path) -> int:
        """Read, repair and parse every file into clauses, and store them."""
        from tempfile import TemporaryDirectory

        from corpus import CorpusStore, ingest

        with TemporaryDirectory() as home:
            store = CorpusStore.open(Path(home), samples=False)
            try:
                ingest(store, [folder])
                return len(store.clauses())
            finally:
                store.close()

    def build(self, work: Work, embed: Embed, out: Path) -> None:
        """Build and publish a snapshot."""
        passages = [
            Passage(row, name, name, "", "", "", (), text, "", ())
            for row, (name, text) in enumerate(zip(work.ids, work.texts, strict=True))
        ]
        snapshot.build(out / "index", passages, _Encoder(embed), default_tokenizer(), "peers")

    def open(self, out: Path, embed: Embed) -> None:
        """Load the published snapshot."""
        self._index = PolicyIndex.load(out / "index", _Encoder(embed), default_tokenizer())

    def ask(self, question: str) -> list[str]:
        """Search both legs."""
        assert self._index is not None  # opened
        text = search_form(question)
        terms = dict.fromkeys(self._index.tokenizer.terms(text), 1.0)
        found = self._index.retrieve(text, terms)
        return [self._index.passages[row].clause_id for row in found.rows[:TOP]]


def driver() -> Tiaowen:
    """Return the driver."""
    return Tiaowen()
