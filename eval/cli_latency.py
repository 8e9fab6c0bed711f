"""`python -m eval.bench.latency`: read the options, measure, print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eval.cli_options import Corpus
from qa.cli.app import Command, new_app
from qa.cli.options import Json
from qa.cli.output import Bars, line, say_json, stdout

if TYPE_CHECKING:
    from rich.table import Table

_ROWS = {
    "embed": "一个问题的向量",
    "scan": "扫描全部向量一遍",
    "answer": "一次作答",
    "understand": "  读懂问题",
    "retrieve": "  检索（含向量）",
    "rank": "  排序",
    "select": "  选句",
    "decide": "  判断",
    "cite": "  引用",
}
app = new_app("耗时：一次作答与一个问题的向量加一次扫描之比")


@app.command(cls=Command)
def latency(
    questions: Annotated[
        Path | None,
        typer.Option(
            "--questions",
            metavar="FILE",
            dir_okay=False,
            help="问题，每行一个 JSON（question，可有 history）；默认用开发题",
        ),
    ] = None,
    corpus: Corpus = "digests",
    starts: Annotated[
        int, typer.Option("--starts", metavar="N", min=0, help="冷启动几次，取最快；0 为不测")
    ] = 5,
    json: Json = False,
) -> None:
    """量一次作答的耗时，与同一轮里量得的下限相比；再量冷启动。"""
    from eval.bench.latency import read_questions, run

    with Bars() as bars:
        record = run(corpus, read_questions(questions), bars, starts=starts)
    if json:
        say_json(record)
    else:
        show(record)


def show(record: dict[str, Any]) -> None:
    """Print a result."""
    line(f"{record['machine']} · {record['commit']} · {record['at']}", "dim")
    line(
        f"{record['corpus']} · {record['questions']} 题"
        f"（另有 {record['replied_without_search']} 题不必检索）· {record['vectors']} 个向量"
    )
    stdout().print(_table(record))
    line(
        f"作答 /（向量 + 扫描）= {record['ratio']:.2f}，P95 {record['ratio_p95']:.2f}，"
        f"逐题中位数 {record['ratio_each']:.2f}；目标 ≤ {record['target']:.2f}",
        "bold",
    )
    if cold := record["cold"]:
        line(f"冷启动 {cold['seconds']:.2f} 秒（{len(cold['runs'])} 次中最快），", "bold")
        costs = "，".join(f"{name} {ms:.0f}" for name, ms in cold["imports_ms"].items())
        line(
            f"其中作答 {cold['answer_ms']:.0f} 毫秒；导入共 {cold['imports_total_ms']:.0f}：{costs}"
        )
        line(f"不该导入而导入了的：{'、'.join(cold['heavy']) or '无'}")


def _table(record: dict[str, Any]) -> Table:
    from rich.table import Table

    table = Table("毫秒", "P50", "P95")
    for name, values in record["ms"].items():
        table.add_row(_ROWS[name], f"{values['p50']:.2f}", f"{values['p95']:.2f}")
    return table


def main() -> None:
    """Run the command."""
    app(prog_name="python -m eval.bench.latency")
