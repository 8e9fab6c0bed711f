"""``python -m eval.bench.floors``: an answer beside the sum of what it cannot do without.

Embedding one question, comparing it with every vector, cutting it into words, and one round trip
of HTTP that does nothing else. The page's server, its start and its memory are measured beside.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

from eval.bench.cold import cold_start
from eval.bench.latency import latency_json, measure, read_questions, times
from eval.bench.output import FOLDER, markdown_table, put_between, stamped, tell, write_json
from eval.bench.served import round_trips, serving
from eval.engine import Setup, open_engine
from index.tokens import search_form
from qa.service import Service

_ROWS = {
    "embed": "一个问题的向量",
    "scan": "与全部向量比一遍",
    "tokens": "切词",
    "http": "一次空的 HTTP 往返",
    "floor": "**下限之和**",
    "answer": "一次作答（程序内）",
    "page": "**一次作答（经 HTTP）**",
}
Tell = Callable[[str], None]


def run(questions: int | None, starts: int, out: Path, tell: Tell) -> dict[str, Any]:
    """Measure over the shipped documents and write ``floors.json`` and ``floors.md``."""
    asked = read_questions(None)[:questions]
    with open_engine(Setup("digests")) as engine:
        service = cast("Service", engine)
        tell(f"作答和下限：{len(asked)} 个问题")
        record = latency_json(measure(service, asked))
        record["ms"]["tokens"] = tokens(service, [question.text for question in asked])
        tell(f"冷启动 {starts} 次")
        cold = cold_start(service.home, starts)
        ready = []
        for _ in range(starts):
            with serving(service.home) as server:
                ready.append(round(server.ready_s, 3))
                idle = server.rss_mb()
                trips = round_trips(server, [q.text for q in asked if not q.history][:100])
                busy = server.rss_mb()
    result = stamped("floors", {
        **record, "ratio_page": None, "trips": trips, "cold": cold,
        "page_ready_s": min(ready), "page_ready_runs": ready,
        "server_idle": idle, "server_after": busy,
    })  # fmt: skip
    _sum_up(result)
    write_json(out / "floors.json", result)
    put_between(out / "floors.md", page(result), "# 一次作答与它的下限\n\n")
    return result


def tokens(service: Service, texts: Sequence[str]) -> dict[str, float]:
    """Milliseconds of cutting one question into words."""
    found = []
    for text in texts:
        start = time.perf_counter()
        service.index.tokenizer.terms(search_form(text))
        found.append((time.perf_counter() - start) * 1000)
    summed = times(found)
    return {"p50": round(summed.p50, 3), "p95": round(summed.p95, 3)}


def _sum_up(result: dict[str, Any]) -> None:
    """Add the sums and the ratios: of the medians, and of the 95th percentiles."""
    ms = result["ms"]
    ms["http"], ms["page"] = result["trips"]["around"], result["trips"]["http"]
    parts = ("embed", "scan", "tokens", "http")
    ms["floor"] = {s: round(sum(ms[name][s] for name in parts), 3) for s in ("p50", "p95")}
    result["ratio_page"] = round(ms["page"]["p50"] / ms["floor"]["p50"], 3)
    result["ratio_page_p95"] = round(ms["page"]["p95"] / ms["floor"]["p95"], 3)


def page(result: dict[str, Any]) -> str:
    """Return the measured part of the page."""
    ms, cold = result["ms"], result["cold"]
    rows = [(label, ms[name]["p50"], ms[name]["p95"]) for name, label in _ROWS.items()]
    costs = "，".join(f"{name} {cost:.0f}" for name, cost in cold["imports_ms"].items())
    lines = (
        f"经 HTTP 作答是下限之和的 {result['ratio_page']:.2f} 倍"
        f"（P95 {result['ratio_page_p95']:.2f}）；"
        f"程序内作答是向量加扫描的 {result['ratio']:.2f} 倍（P95 {result['ratio_p95']:.2f}）。",
        f"`tiaowen ask` 从启动到结束 {cold['seconds']:.2f} 秒"
        f"（其中作答 {cold['answer_ms']:.0f} 毫秒；"
        f"导入共 {cold['imports_total_ms']:.0f} 毫秒：{costs}；"
        f"不该导入而导入了的：{'、'.join(cold['heavy']) or '无'}）。",
        f"`tiaowen chat` 从启动到送出页面 {result['page_ready_s']:.2f} 秒。",
        f"{result['machine']}，提交 {result['commit']}，{result['at']}",
    )
    return "\n\n".join((markdown_table(("毫秒", "P50", "P95"), rows), *lines))


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the options, measure, print the page."""
    parser = argparse.ArgumentParser(description="一次作答与它的下限、冷启动、页面就绪")
    parser.add_argument("--questions", type=int, help="只问前几题（默认全部开发题）")
    parser.add_argument("--starts", type=int, default=3, help="冷启动几次，取最快")
    parser.add_argument("--out", type=Path, default=FOLDER, help="结果写到哪个文件夹")
    options = parser.parse_args(arguments)

    sys.stdout.write(page(run(options.questions, options.starts, options.out, tell)) + "\n")


if __name__ == "__main__":
    main()
