"""Haystack: its in-memory store, BM25 and embedding retriever, joined by reciprocal rank."""

from __future__ import annotations

from pathlib import Path

from haystack import Document, Pipeline, component
from haystack.components.converters import TextFileToDocument
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import RecursiveDocumentSplitter
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.document_stores.in_memory import InMemoryDocumentStore

from eval.bench.peers.contract import DEPTH, TOP, Embed, Words, Work
from index.tokens import search_form

_FILE = "store.json"
_BATCH = 32  # of its own embedders


@component
class _TextEmbedder:
    """Its interface for a question's embedding, around the shared model."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed

    @component.output_types(embedding=list[float])
    def run(self, text: str) -> dict[str, list[float]]:
        return {"embedding": self._embed.question(text).tolist()}


@component
class _DocumentEmbedder:
    """Its interface for documents' embeddings, around the shared model."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed

    @component.output_types(documents=list[Document])
    def run(self, documents: list[Document]) -> dict[str, list[Document]]:
        ordered = sorted(documents, key=lambda document: len(document.meta["text"]))
        for start in range(0, len(ordered), _BATCH):
            batch = ordered[start : start + _BATCH]
            rows = self._embed.passages([document.meta["text"] for document in batch])
            for document, row in zip(batch, rows, strict=True):
                document.embedding = row.tolist()
        return {"documents": documents}


class Haystack:
    """Pipelines in the manner of its hybrid retrieval tutorial."""

    name = "Haystack"
    remarks: tuple[str, ...] = (
        "自带的 InMemoryDocumentStore：BM25 和向量都逐条计算；更大的库它要另接检索服务",
        "存盘是一个 JSON 文件",
    )

    def __init__(self) -> None:
        from importlib.metadata import version

        self.version = version("haystack-ai")
        self._words = Words()
        self._pipeline: Pipeline | None = None

    def chunk(self, folder: Path) -> int:
        """Read text files; split into pieces of 200 characters at lines and full stops."""
        paths: list[str | Path] = [*sorted(folder.rglob("*.md"))]
        documents = TextFileToDocument().run(sources=paths)["documents"]
        splitter = RecursiveDocumentSplitter(
            split_length=200, split_unit="char", separators=["\n\n", "\n", "。"]
        )
        return len(splitter.run(documents=documents)["documents"])

    def build(self, work: Work, embed: Embed, out: Path) -> None:
        """Write documents with embeddings into the store and save it."""
        store = InMemoryDocumentStore(bm25_tokenization_regex=r"\S+")
        documents = [
            Document(id=name, content=self._words.join(text), meta={"text": text})
            for name, text in zip(work.ids, work.texts, strict=True)
        ]
        store.write_documents(_DocumentEmbedder(embed).run(documents=documents)["documents"])
        out.mkdir(parents=True, exist_ok=True)
        store.save_to_disk(str(out / _FILE))

    def open(self, out: Path, embed: Embed) -> None:
        """Load the store and connect the pipeline."""
        store = InMemoryDocumentStore.load_from_disk(str(out / _FILE))
        pipeline = Pipeline()
        pipeline.add_component("embedder", _TextEmbedder(embed))
        pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=DEPTH))
        pipeline.add_component("words", InMemoryBM25Retriever(store, top_k=DEPTH))
        pipeline.add_component(
            "join", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=TOP)
        )
        pipeline.connect("embedder.embedding", "dense.query_embedding")
        pipeline.connect("dense", "join")
        pipeline.connect("words", "join")
        self._pipeline = pipeline

    def ask(self, question: str) -> list[str]:
        """Run the pipeline."""
        assert self._pipeline is not None  # opened
        text = search_form(question)
        words = self._words.join(text)
        found = self._pipeline.run({"embedder": {"text": text}, "words": {"query": words}})
        return [document.id for document in found["join"]["documents"]]


def driver() -> Haystack:
    """Return the driver."""
    return Haystack()
