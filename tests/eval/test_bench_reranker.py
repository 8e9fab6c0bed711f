"""The cost of a cross-encoder: what is timed is what would be asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.bench.reranker import Size, Work, make, measure, page
from index.encoder import load_encoder
from qa.reranking import CrossEncoderReranker


def test_every_question_is_put_to_both(model_folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    folder = make(Size("小", 1, 64), tmp_path)
    work = Work(("租房能落户吗",) * 5, (("租房满一年的可以落户。", "五个工作日办结。"),) * 5)
    row = measure(CrossEncoderReranker(str(folder)), load_encoder(None, model_folder), work)

    assert row["rerank_ms_p95"] >= row["rerank_ms"] > 0
    assert row["ratio"] == pytest.approx(row["rerank_cpu_ms"] / row["embed_cpu_ms"], rel=0.2)
    result = {"questions": 5, "candidates": 10, "characters": 9, "sizes": [{"size": "小", **row}],
              "machine": "m", "commit": "c", "at": "t"}  # fmt: skip
    assert f"| 小 | {row['embed_ms']} | {row['embed_cpu_ms']} | {row['rerank_ms']} |" in page(
        result
    )
