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
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

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
_COLUMNS = {
    "size": "重排模型", "embed_ms": "一个问题的向量 ms", "embed_cpu_ms": "其中处理器 ms",
    "rerank_ms": "重排一题 ms", "rerank_ms_p95": "P95", "rerank_cpu_ms": "其中处理器 ms",
    "ratio": "倍数（按处理器时间）",
}  # fmt: skip
Clocks: TypeAlias = tuple[float, float]


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
    embed, rerank = list[Clocks](), list[Clocks]()
    for question, texts in zip(work.questions, work.candidates, strict=True):
        embed.append(clocks(partial(encoder.encode, [question], kind="query")))
        rerank.append(clocks(partial(judge.scores, question, texts)))
    return {
        **_row("embed", embed[_WARM_UP:]),
        **_row("rerank", rerank[_WARM_UP:]),
        "ratio": round(_median(rerank[_WARM_UP:]) / _median(embed[_WARM_UP:]), 1),
    }


def clocks(work: Callable[[], object]) -> Clocks:
    """Milliseconds passed, and milliseconds of processors (which other programs cannot take)."""
    start, busy = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - start) * 1000, (time.process_time() - busy) * 1000


def _row(name: str, measured: Sequence[Clocks]) -> dict[str, float]:
    passed = times([one[0] for one in measured])
    return {
        f"{name}_ms": round(passed.p50, 2),
        f"{name}_ms_p95": round(passed.p95, 2),
        f"{name}_cpu_ms": round(_median(measured), 2),
    }


def _median(measured: Sequence[Clocks]) -> float:
    return times([one[1] for one in measured]).p50


def page(result: dict[str, Any]) -> str:
    """Return the result as Markdown."""
    rows = [[row[key] for key in _COLUMNS] for row in result["sizes"]]
    table = markdown_table(tuple(_COLUMNS.values()), rows)
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
