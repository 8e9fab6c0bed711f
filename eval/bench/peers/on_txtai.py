"""txtai: one hybrid embeddings database (FAISS and its own BM25)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from txtai.embeddings import Embeddings
from txtai.pipeline import Segmentation

from eval.bench.peers.contract import TOP, Embed, Vectors, Words, Work
from index.tokens import search_form


class Txtai:
    """Hybrid search as its documentation sets it up; the vectors come from the shared model."""

    name = "txtai"
    remarks: tuple[str, ...] = (
        "默认设置：超过 5,000 条时 FAISS 用 IVF 近似检索；两路按分数加权相加，没有按名次融合",
        "只存编号，不存正文（content=False）",
    )

    def __init__(self) -> None:
        from importlib.metadata import version

        self.version = version("txtai")
        self._words = Words()
        self._embeddings: Any = None

    def chunk(self, folder: Path) -> int:
        """Read files; cut at blank lines. Its own extractor of files needs a large extra."""
        cut = Segmentation(paragraphs=True)
        texts = (path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.md")))
        return sum(len(cut(text)) for text in texts)

    def build(self, work: Work, embed: Embed, out: Path) -> None:
        """Index and save."""
        embeddings = Embeddings(self._config(lambda joined: embed.passages(self._plain(joined))))
        rows = zip(work.ids, map(self._words.join, work.texts), strict=True)
        embeddings.index((name, joined, None) for name, joined in rows)
        embeddings.save(str(out))

    def open(self, out: Path, embed: Embed) -> None:
        """Load; a function cannot be saved, so the transform is given again."""

        def questions(joined: Sequence[str]) -> Vectors:
            return embed.question(self._plain(joined)[0])[None, :]

        self._embeddings = Embeddings()
        self._embeddings.load(str(out), config={"transform": questions})

    def ask(self, question: str) -> list[str]:
        """Search both indexes."""
        found = self._embeddings.search(self._words.join(search_form(question)), TOP)
        return [str(name) for name, _ in found]

    def _plain(self, joined: Sequence[str]) -> list[str]:
        return [self._words.plain(text) for text in joined]

    @staticmethod
    def _config(transform: object) -> dict[str, Any]:
        return {
            "method": "external",
            "transform": transform,
            "backend": "faiss",
            "content": False,
            "scoring": {
                "method": "bm25", "terms": True, "normalize": True,
                "tokenizer": {"whitespace": True},
            },
        }  # fmt: skip


def driver() -> Txtai:
    """Return the driver."""
    return Txtai()
