"""``python -m eval.bench.encoders``: the model as published, rounded to int8, and as a table.

Speed by the clock and by processor seconds (which other work on the machine cannot take), how near
the vectors are to those of the published model, and what the dense leg finds with them on STARD.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from eval.bench.beir_data import Beir, read_beir
from eval.bench.beir_run import default_cache
from eval.bench.latency import times
from eval.bench.output import FOLDER, markdown_table, put_between, stamped, tell, write_json
from eval.bench.peers.contract import Vectors, Work
from eval.bench.peers.prepare import Plan, chosen_questions, prepare
from eval.engine import shared_folder
from eval.metrics import recall_at
from index import model as model_files
from index.encoder import Encoder, OnnxEncoder, batches, load_encoder
from index.onnx_bert import OnnxBert, pad

NAMES = {"fp32": None, "int8": "int8", "fast": "fast"}
_ASKED = 100  # questions timed one by one
Tell = Callable[[str], None]


def run(articles: int, questions: int, texts: int, out: Path, tell: Tell) -> dict[str, Any]:
    """Measure all encoders and write ``encoders.json`` and ``encoders.md``."""
    import tempfile

    folder = model_files.fetch(model_files.model_dir())
    data = read_beir(shared_folder() / "bench" / "stard", "train")
    plan = Plan(articles=articles, questions=questions, embed_s=120.0)
    with tempfile.TemporaryDirectory(prefix="tiaowen-encoders-") as name:
        work = prepare(data, OnnxEncoder(folder), default_cache(), Path(name), plan)
        published = work.vectors()
    tell(f"默认的模型：{len(work.texts)} 条法条")
    default = load_encoder(None, folder).encode(work.texts)
    # What each one stands for: fast imitates the published model, int8 rounds the default one.
    known = {"fp32": default, "int8": default, "fast": published}
    found: dict[str, Any] = {}
    for label, model in NAMES.items():
        tell(f"{label}：{len(work.texts)} 条法条")
        encoder = load_encoder(model, folder)
        mine = default if label == "fp32" else None
        found[label] = measure(encoder, work, data, known[label], mine, texts)
    tell("批次和线程")
    result = stamped("encoders", {
        "articles": len(work.ids), "questions": len(work.questions), "texts": texts,
        "encoders": found,
        "set_up": ways(folder, work.texts[:texts]),
    })  # fmt: skip
    write_json(out / "encoders.json", result)
    put_between(out / "encoders.md", page(result), "# 向量模型的几种形式\n\n")
    return result


def measure(
    encoder: Encoder, work: Work, data: Beir, model: Vectors, known: Vectors | None, texts: int
) -> dict[str, Any]:
    """Measure one encoder; ``model``: vectors of the one it stands for; ``known``: its own."""
    encoder.encode(work.texts[:8])
    encoder.encode([work.questions[0]], kind="query")
    sample = work.texts[:: max(1, len(work.texts) // texts)][:texts]
    wall, cpu = _clocks(lambda: encoder.encode(sample))
    vectors = encoder.encode(work.texts) if known is None else known
    single = partial(encoder.encode, kind="query")
    asked = [_clocks(partial(single, [question])) for question in work.questions[:_ASKED]]
    queries = encoder.encode(work.questions, kind="query")
    near = np.sum(vectors * model, axis=1)
    return {
        "texts_per_s": round(len(sample) / wall, 1),
        "texts_per_cpu_s": round(len(sample) / cpu, 1),
        "question_ms": round(times([one[0] * 1000 for one in asked]).p50, 2),
        "question_cpu_ms": round(times([one[1] * 1000 for one in asked]).p50, 2),
        "cosine": round(float(near.mean()), 4),
        "cosine_worst": round(float(near.min()), 4),
        "alone": round(alone(encoder, sample[:32]), 4),
        **{f"recall@{k}": recall(queries, vectors, work, data, k) for k in (10, 30)},
    }


def alone(encoder: Encoder, texts: Sequence[str]) -> float:
    """Smallest cosine of a text embedded alone with itself embedded among others."""
    together = encoder.encode(texts)
    single = np.stack([encoder.encode([text])[0] for text in texts])
    return float(np.sum(together * single, axis=1).min())


def recall(queries: Vectors, vectors: Vectors, work: Work, data: Beir, k: int) -> float:
    """Mean recall@k of the dense leg alone, by comparing everything."""
    names = chosen_questions(data, len(work.questions))
    best = np.argsort(-(queries @ vectors.T), axis=1, kind="stable")[:, :k]
    found = [
        recall_at([work.ids[row] for row in rows], data.qrels[name], k)
        for name, rows in zip(names, best, strict=True)
    ]
    return round(float(np.mean([value for value in found if value is not None])), 4)


def ways(folder: Path, texts: Sequence[str]) -> list[dict[str, Any]]:
    """Texts a second of the published model by threads, and by how batches are made."""
    rows = []
    for threads in (1, 2):
        bert = OnnxBert(folder, threads)
        ids = bert.tokenize(list(texts))
        lengths = [len(row) for row in ids]
        plans: Mapping[str, Iterable[list[int]]] = {
            "按长度，每批最多 2,048 个词元": batches(lengths),
            "按长度，每批最多 16,384 个词元": batches(lengths, 16_384),
            "原来的次序，每批 32 条": [
                list(range(at, min(at + 32, len(ids)))) for at in range(0, len(ids), 32)
            ],
            "一条一条": [[number] for number in range(len(ids))],
        }
        for name, plan in plans.items():
            wall, cpu = _clocks(partial(_embed, bert, ids, plan))
            rows.append({
                "threads": threads, "batches": name,
                "texts_per_s": round(len(ids) / wall, 1),
                "texts_per_cpu_s": round(len(ids) / cpu, 1),
            })  # fmt: skip
    return rows


def _embed(bert: OnnxBert, ids: Sequence[Sequence[int]], plan: Iterable[list[int]]) -> None:
    for part in plan:
        bert.hidden(*pad([ids[number] for number in part]))


def _clocks(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds passed, and seconds of processors."""
    start, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - busy


_COLUMNS = {
    "texts_per_s": "每秒条数", "texts_per_cpu_s": "每处理器秒条数", "question_ms": "一个问题 ms",
    "question_cpu_ms": "其中处理器 ms", "cosine": "与所代模型的余弦", "cosine_worst": "其中最小",
    "alone": "单独算与成批算的余弦（最小）", "recall@10": "Recall@10", "recall@30": "Recall@30",
}  # fmt: skip


def page(result: Mapping[str, Any]) -> str:
    """Return the measured part of the page."""
    head = ("", *_COLUMNS.values())
    rows = [(name, *(row[key] for key in _COLUMNS)) for name, row in result["encoders"].items()]
    ways_head = ("批次", "线程", "每秒条数", "每处理器秒条数")
    ways_rows = [
        (row["batches"], row["threads"], row["texts_per_s"], row["texts_per_cpu_s"])
        for row in result["set_up"]
    ]
    about = f"{result['machine']}，提交 {result['commit']}，{result['at']}"
    return "\n\n".join((
        f"{result['articles']:,} 条 STARD 法条，{result['questions']} 个问题，只用向量检索。",
        markdown_table(head, rows), markdown_table(ways_head, ways_rows), about,
    ))  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the options, measure, print the page."""
    parser = argparse.ArgumentParser(description="向量模型的几种形式：快慢和好坏")
    parser.add_argument("--articles", type=int, default=2000, help="用多少条法条")
    parser.add_argument("--questions", type=int, default=300, help="问多少题")
    parser.add_argument("--texts", type=int, default=200, help="用多少条量速度")
    parser.add_argument("--out", type=Path, default=FOLDER, help="结果写到哪个文件夹")
    options = parser.parse_args(arguments)

    found = run(options.articles, options.questions, options.texts, options.out, tell)
    sys.stdout.write(page(found) + "\n")


if __name__ == "__main__":
    main()
