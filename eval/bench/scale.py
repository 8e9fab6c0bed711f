"""How build, size, memory and speed grow from a thousand clauses to a million.

``python -m eval.bench.scale --sizes 1000,10000,100000,1000000`` writes ``scale.json`` and
``scale.md`` into ``docs/benchmarks``. What the clauses and vectors are is told in
`eval.bench.scale_data`; every size is built in one process and served in another
(`eval.bench.scale_build`). The questions are those of STARD's train split, embedded by the real
encoder. Build times are without the encoder; the column with it is the number of texts over the
encoder's measured speed on such texts. Times are of the processor, so that other work on the
machine does not count; the JSON has the clock's too.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from eval.bench.beir_data import Beir, read_beir
from eval.bench.beir_run import default_cache
from eval.bench.machine import machine_line
from eval.bench.scale_build import MEASURED, build, serve
from eval.bench.scale_data import Source
from eval.engine import shared_folder
from eval.runs import commit_of
from index import model as model_files
from index.encoder import Encoder, load_encoder
from index.passages import clause_texts, span_texts
from index.tokens import default_tokenizer, search_form

SIZES = (1_000, 10_000, 100_000, 1_000_000)
_SPEED_TEXTS = 256  # embedded to learn the encoder's speed
_FOLDER = Path(__file__).parents[2] / "docs" / "benchmarks"


def measure(size: int, work: Path) -> dict[str, Any]:
    """Build and serve one size, a process each."""
    root = work / str(size)
    built = _process("--build", str(size), str(root))
    return built | _process("--serve", str(root), str(work))


def _process(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "eval.bench.scale", *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def prepare(data: Beir, encoder: Encoder, work: Path) -> float:
    """Write the questions for the serving processes; return texts a processor second."""
    texts = list(data.queries.values())[:MEASURED]
    vectors = encoder.encode([search_form(text) for text in texts], kind="query")
    np.save(work / "queries.npy", vectors, allow_pickle=False)
    cut = default_tokenizer().terms
    terms = [dict.fromkeys(cut(text), 1.0) for text in texts]
    (work / "terms.json").write_text(json.dumps(terms, ensure_ascii=False), encoding="utf-8")
    return _speed(data, encoder)


def _speed(data: Beir, encoder: Encoder) -> float:
    """Texts a second, over clauses and their sentences in the proportion of the benchmark."""
    from eval.bench.beir import to_passages

    passages = to_passages(data.corpus[:: len(data.corpus) // 64], spans=True)
    texts = (clause_texts(passages) + span_texts(passages)[0])[:_SPEED_TEXTS]
    encoder.encode(texts[:8])
    start = time.process_time()
    encoder.encode(texts)
    return len(texts) / (time.process_time() - start)


def run(sizes: Sequence[int], work: Path, out: Path) -> dict[str, Any]:
    """Measure all sizes, smallest first; written after each, so that a stop loses only one."""
    data, encoder = _data(), _encoder()
    speed = prepare(data, encoder, work)
    rows: list[dict[str, Any]] = []
    result: dict[str, Any] = {"benchmark": "scale", "encoder_texts_per_s": round(speed, 1)}
    for size in sorted(sizes):
        row = measure(size, work)
        rows.append({**row, "encode_s": round(row["vectors"] / speed)})
        shutil.rmtree(work / str(size))
        result |= {
            "machine": machine_line(),
            "commit": commit_of(Path(__file__).parent),
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "questions": MEASURED,
            "sizes": rows,
        }
        write(result, out)
    return result


_HEAD = (
    "条款", "向量", "向量检索方式", "建库 s", "其中词法", "其中向量", "编码 s（推算）",
    "建库内存峰值 MB", "磁盘 MB", "其中词法", "其中向量", "打开 s", "打开后内存 MB",
    "词法 p50/p95 ms", "向量 p50/p95 ms", "两路 p50/p95 ms", "逐一比较 p50 ms", "recall@30",
)  # fmt: skip


def table(result: dict[str, Any]) -> str:
    """Return the result as Markdown."""
    lines = [_HEAD, ["---:"] * len(_HEAD), *map(_cells, result["sizes"])]
    return "\n".join("| " + " | ".join(map(str, cells)) + " |" for cells in lines)


def _cells(row: dict[str, Any]) -> list[object]:
    build = row["build_cpu_s"]
    lexical, dense, both = (
        f"{row[name]['p50']}/{row[name]['p95']}" for name in ("lexical", "dense_leg", "query")
    )
    vectors = round(row["vectors_file_mb"] + row["inverted_mb"], 1)
    return [
        f"{row['clauses']:,}", f"{row['vectors']:,}", row["dense"], round(sum(build.values()), 1),
        build["lexical"], build["dense"], f"{row['encode_s']:,}", row["build_peak_mb"],
        row["disk_mb"], row["words_mb"], vectors, row["load_s"], row["rss_mb"], lexical, dense,
        both, row["exact_pass"]["p50"], row["recall_30"],
    ]  # fmt: skip


def write(result: dict[str, Any], folder: Path) -> None:
    """Write JSON, and the table into the text between its marks."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, ensure_ascii=False, indent=1)
    (folder / "scale.json").write_text(text + "\n", encoding="utf-8")
    page = folder / "scale.md"
    begin, end = "<!-- table -->", "<!-- /table -->"
    before = page.read_text(encoding="utf-8") if page.exists() else f"{begin}{end}\n"
    about = f"{result['machine']}，提交 {result['commit']}，{result['at']}"
    shown = f"{begin}\n{table(result)}\n\n{about}\n{end}"
    page.write_text(
        before[: before.index(begin)] + shown + before[before.index(end) + len(end) :],
        encoding="utf-8",
    )


def _data() -> Beir:
    return read_beir(shared_folder() / "bench" / "stard", "train")


def _encoder() -> Encoder:
    return load_encoder(None, model_files.fetch(model_files.model_dir()))


def _source() -> Source:
    archive = shared_folder() / "bench" / "laws-md.tar.xz"
    return Source(_data(), archive, _encoder(), default_cache())


def main() -> None:
    """Read the options; run the benchmark, or one step of it."""
    parser = argparse.ArgumentParser(description="规模测试：一千到一百万条")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="条款数，逗号分隔")
    parser.add_argument("--work", type=Path, help="放临时文件的文件夹（一百万条要 20 GB）")
    parser.add_argument("--out", type=Path, default=_FOLDER, help="结果写到哪里")
    parser.add_argument("--build", nargs=2, metavar=("SIZE", "ROOT"), help=argparse.SUPPRESS)
    parser.add_argument("--serve", nargs=2, metavar=("ROOT", "WORK"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.build:
        result = build(_source(), int(options.build[0]), Path(options.build[1]))
    elif options.serve:
        root, work = map(Path, options.serve)
        terms = json.loads((work / "terms.json").read_text(encoding="utf-8"))
        result = serve(root, np.load(work / "queries.npy", allow_pickle=False), terms)
    else:
        sizes = [int(size) for size in options.sizes.split(",")]
        with tempfile.TemporaryDirectory(prefix="tiaowen-scale-", dir=options.work) as folder:
            result = run(sizes, Path(folder), options.out)
    json.dump(result, sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
