"""Small invented passages and a seeded encoder that stands in for the model."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.adapter import Kind
from index.types import Passage

TEXTS = (
    ("落户条件", "（一）放宽落户条件。租住房屋的居民可以申请登记户口。（市公安局）"),
    ("子女入学", "（二）保障子女入学。凭居住证安排到公办学校，每年新增学位300个。（市教育局）"),
    ("老年食堂", "（三）开办老年食堂。六十岁以上老人用餐每顿补贴3元。（市民政局）"),
    ("公交线路", "（四）优化公交线路。早晚高峰加密班次，新开线路5条。（市交通运输局）"),
    ("居民医保", "（五）扩大居民医保。参保率达到96%，学生在校参保。（市医保局）"),
)


def passage(row: int, heading: str, text: str, doc_id: str = "d1") -> Passage:
    """Make a passage whose spans are its sentences (cut at 。)."""
    spans, start = [], 0
    for piece in text.split("。"):
        if piece:
            end = min(len(text), start + len(piece) + 1)
            spans.append((start, end))
            start = end
    return Passage(
        row, f"{doc_id}-{row}", doc_id, "某省/某市", "某市工作要点", heading, (), text, heading,
        tuple(spans),
    )  # fmt: skip


def passages(doc_ids: Sequence[str] = ("d1",)) -> tuple[Passage, ...]:
    """All invented passages, dealt to the documents in turn."""
    return tuple(
        passage(row, heading, text, doc_ids[row % len(doc_ids)])
        for row, (heading, text) in enumerate(TEXTS)
    )


class HashEncoder:
    """Unit vectors from character pairs: similar texts are near, and nothing is downloaded."""

    def __init__(self, name: str = "hash@1", dim: int = 64) -> None:
        self.name = name
        self.dim = dim
        self.encoded: list[str] = []

    def encode(
        self,
        texts: Sequence[str],
        *,
        kind: Kind = "passage",
        progress: Callable[[int, int], None] | None = None,
    ) -> NDArray[np.float32]:
        """Sum a seeded random vector for every character pair; ``kind`` makes no difference."""
        del kind
        self.encoded.extend(texts)
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for pair in zip(text, text[1:] + "。", strict=True):
                seed = hashlib.sha256("".join(pair).encode()).digest()[:8]
                row += np.random.default_rng(int.from_bytes(seed, "big")).normal(size=self.dim)
        norms = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        if progress is not None:
            progress(len(texts), len(texts))
        unit: NDArray[np.float32] = (rows / norms).astype(np.float32)
        return unit
