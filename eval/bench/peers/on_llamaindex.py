"""LlamaIndex: vector index over FAISS, its BM25 retriever (bm25s), fused by reciprocal rank."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
from llama_index.core import (
    SimpleDirectoryReader,
    StorageContext,
    VectorStoreIndex,
    load_index_from_storage,
)
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms.mock import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import TextNode
from llama_index.retrievers.bm25 import BM25Retriever
from llama_index.vector_stores.faiss import FaissVectorStore
from pydantic import PrivateAttr

from eval.bench.peers.contract import DEPTH, TOP, Embed, Words, Work
from index.onnx_bert import DIM
from index.tokens import search_form


class _Embedding(BaseEmbedding):
    """Its interface for embeddings, around the shared model."""

    _embed: Any = PrivateAttr()
    _words: Words = PrivateAttr()

    def __init__(self, embed: Embed, words: Words) -> None:
        super().__init__(model_name="shared")
        self._embed, self._words = embed, words

    def _get_query_embedding(self, query: str) -> list[float]:
        row: list[float] = self._embed.question(self._words.plain(query)).tolist()
        return row

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        plain = [self._words.plain(text) for text in texts]
        rows: list[list[float]] = self._embed.passages(plain).tolist()
        return rows


class LlamaIndex:
    """Fusion retriever in the manner of its reciprocal rerank example, without a language model."""

    name = "LlamaIndex + FAISS"
    remarks: tuple[str, ...] = (
        "每批 10 条计算向量（它的默认值）；FAISS 逐一比较（IndexFlatIP）",
        "同样的文本存两份：docstore 的 JSON 和 bm25s 的语料",
    )

    def __init__(self) -> None:
        from importlib.metadata import version

        self.version = version("llama-index-core")
        self._words = Words()
        self._retriever: QueryFusionRetriever | None = None

    def chunk(self, folder: Path) -> int:
        """Read a directory; split by its sentence splitter with default settings."""
        documents = SimpleDirectoryReader(
            str(folder), recursive=True, required_exts=[".md"]
        ).load_data()
        return len(SentenceSplitter().get_nodes_from_documents(documents))

    def build(self, work: Work, embed: Embed, out: Path) -> None:
        """Index nodes in FAISS and in bm25s; persist both."""
        nodes = [
            TextNode(id_=name, text=self._words.join(text))
            for name, text in zip(work.ids, work.texts, strict=True)
        ]
        storage = StorageContext.from_defaults(
            vector_store=FaissVectorStore(faiss_index=faiss.IndexFlatIP(DIM))
        )
        index = VectorStoreIndex(
            nodes, storage_context=storage, embed_model=_Embedding(embed, self._words)
        )
        index.storage_context.persist(persist_dir=str(out / "vectors"))
        words = BM25Retriever(
            nodes=nodes, similarity_top_k=DEPTH, skip_stemming=True, token_pattern=r"(?u)\S+"
        )
        words.persist(str(out / "words"))

    def open(self, out: Path, embed: Embed) -> None:
        """Load both indexes."""
        folder = str(out / "vectors")
        store = FaissVectorStore.from_persist_dir(folder)
        storage = StorageContext.from_defaults(vector_store=store, persist_dir=folder)
        index = load_index_from_storage(storage, embed_model=_Embedding(embed, self._words))
        self._retriever = QueryFusionRetriever(
            [
                index.as_retriever(similarity_top_k=DEPTH),
                BM25Retriever.from_persist_dir(str(out / "words")),
            ],
            llm=MockLLM(),
            mode="reciprocal_rerank",
            similarity_top_k=TOP,
            num_queries=1,
            use_async=False,
        )

    def ask(self, question: str) -> list[str]:
        """Retrieve from both and fuse."""
        assert self._retriever is not None  # opened
        found = self._retriever.retrieve(self._words.join(search_form(question)))
        return [hit.node.node_id for hit in found]


def driver() -> LlamaIndex:
    """Return the driver."""
    return LlamaIndex()
