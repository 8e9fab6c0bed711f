"""``python -m eval.bench.reranker``: what a cross-encoder over the first candidates costs.

Cost depends on the size of the model, not on what its weights are, so BERTs of published sizes are
made here with random weights, saved, and loaded as ``--reranker FOLDER`` would; nothing is fetched.
What a trained one gains is measured with `tiaowen eval run --reranker` and `tiaowen eval compare`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.bench.latency import times
from eval.bench.output import markdown_table, stamped, write_json
from eval.caseset import load_cases
from eval.engine import Setup, open_engine
from eval.errors import EvalError
from index.model import model_dir
from index.onnx_bert import MAX_TOKENS
from index.passages import clause_texts
from qa.reranking import DEPTH, CrossEncoderReranker, asked_text
from qa.service import Service

if TYPE_CHECKING:
    from index.encoder import Encoder

_WARM_UP = 3  # questions that are not timed


@dataclass(frozen=True, slots=True)
class Size:
    """Layers and width of a BERT; attention heads are 64 wide, as in the published ones."""

    label: str
    layers: int
    width: int


SIZES = (
    Size("4 层 × 512（默认向量模型那样大）", 4, 512),
    Size("12 层 × 768（bge-reranker-base 那样大）", 12, 768),
)


@dataclass(frozen=True, slots=True)
class Work:
    """Questions, each with the texts of its first candidates."""

    questions: tuple[str, ...]
    candidates: tuple[tuple[str, ...], ...]


def run(questions: int) -> dict[str, Any]:
    """Measure every size on dev questions over the shipped documents; JSON values.

    :raises EvalError: there is no embedding model to compare with.
    """
    with open_engine(Setup("digests")) as engine:
        if not isinstance(engine, Service) or engine.encoder is None:
            raise EvalError("没有向量模型，量不出与一个问题的向量之比")
        work = gather(engine, questions)
        encoder = engine.encoder
    rows = []
    with tempfile.TemporaryDirectory(prefix="tiaowen-reranker-") as folder:
        for size in SIZES:
            judge = CrossEncoderReranker(str(make(size, Path(folder) / str(size.layers))))
            rows.append({"size": size.label, **measure(judge, encoder, work)})
    lengths = [len(text) for texts in work.candidates for text in texts]
    return stamped("reranker", {
        "questions": len(work.questions), "candidates": DEPTH,
        "characters": round(sum(lengths) / len(lengths)), "sizes": rows,
    })  # fmt: skip


def gather(service: Service, questions: int) -> Work:
    """Collect dev questions that are searched, spread over the cases, with their candidates."""
    cases = load_cases("dev")
    asked, found = [], []
    for case in cases[:: max(1, len(cases) // questions)]:
        engine = service.engine
        ranked = engine.rank(engine.read(case.question))
        if len(ranked.rows) < DEPTH:
            continue
        passages = [service.index.passages[row] for row in ranked.rows[:DEPTH]]
        asked.append(asked_text(ranked.query))
        found.append(tuple(clause_texts(passages)))
    return Work(tuple(asked), tuple(found))


def make(size: Size, folder: Path) -> Path:
    """Save a cross-encoder of a size with random weights and the default model's vocabulary."""
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    words = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_file=str(model_dir() / "tokenizer.json"), pad_token="[PAD]",
        unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", model_max_length=MAX_TOKENS,
    )  # fmt: skip
    config = BertConfig(
        vocab_size=len(words), hidden_size=size.width, num_hidden_layers=size.layers,
        num_attention_heads=size.width // 64, intermediate_size=4 * size.width,
    )  # fmt: skip
    config.num_labels = 1
    BertForSequenceClassification(config).save_pretrained(folder)
    words.save_pretrained(folder)
    return folder


def measure(judge: CrossEncoderReranker, encoder: Encoder, work: Work) -> dict[str, Any]:
    """Time one model beside the embedding of the same questions, in turn."""
    embed, rerank = [], []
    for question, texts in zip(work.questions, work.candidates, strict=True):
        start = time.perf_counter()
        encoder.encode([question], kind="query")
        embedded = time.perf_counter()
        judge.scores(question, texts)
        embed.append((embedded - start) * 1000)
        rerank.append((time.perf_counter() - embedded) * 1000)
    embedding, judging = times(embed[_WARM_UP:]), times(rerank[_WARM_UP:])
    return {
        "embed_ms": round(embedding.p50, 2),
        "rerank_ms": round(judging.p50, 1),
        "rerank_ms_p95": round(judging.p95, 1),
        "ratio": round(judging.p50 / embedding.p50, 1),
    }


def page(result: dict[str, Any]) -> str:
    """Return the result as Markdown."""
    head = ("重排模型", "一个问题的向量 ms", "重排一题 ms", "其中 P95", "倍数")
    keys = ("size", "embed_ms", "rerank_ms", "rerank_ms_p95", "ratio")
    table = markdown_table(head, [[row[key] for key in keys] for row in result["sizes"]])
    about = f"{result['machine']}，提交 {result['commit']}，{result['at']}"
    return (
        f"{result['questions']} 个开发题，每题重排 {result['candidates']} 条，"
        f"平均 {result['characters']} 字，随机权重。\n\n{table}\n\n{about}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the options, measure, print the table."""
    parser = argparse.ArgumentParser(description="重排模型的代价：每题多少毫秒，是一个向量的几倍")
    parser.add_argument("--questions", type=int, default=20, help="约问多少题")
    parser.add_argument("--out", type=Path, help="把结果另存成 JSON 文件")
    options = parser.parse_args(arguments)
    result = run(max(options.questions, _WARM_UP + 1))
    if options.out:
        write_json(options.out, result)
    sys.stdout.write(page(result) + "\n")


if __name__ == "__main__":
    main()
