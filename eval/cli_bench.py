"""`tiaowen eval beir, squad, ncp`: public benchmarks through our own index and reader."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import Json, Model, ModelDir
from qa.cli.output import Bars, line, say_json, stdout

if TYPE_CHECKING:
    from index.encoder import Encoder


def _encoder(model: str | None, model_dir: Path | None, bars: Bars) -> Encoder | None:
    from qa.encoding import open_encoder

    return open_encoder(model, model_dir, bars)


def beir(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", file_okay=False, help="BEIR 格式的目录（可为 .xz）")
    ],
    split: Annotated[
        str | None, typer.Option("--split", metavar="NAME", help="qrels 里的文件名（默认 test）")
    ] = None,
    legs: Annotated[
        str, typer.Option("--legs", metavar="LEGS", help="lexical,dense,hybrid 中的若干")
    ] = "lexical",
    spans: Annotated[
        bool, typer.Option("--spans", help="每句也算一个向量（与产品相同，慢数倍）")
    ] = False,
    model: Model = None,
    model_dir: ModelDir = None,
    json: Json = False,
) -> None:
    """用产品的索引跑 BEIR 格式的检索评测。"""
    from eval.bench.beir_data import read_beir
    from eval.bench.beir_run import BeirPlan, beir_json, default_cache, parse_legs, run_beir
    from eval.tables_bench import beir_table

    plan = BeirPlan(parse_legs(legs), default_cache(), spans)
    data = read_beir(folder, split)
    with Bars() as bars:
        encoder = _encoder(model, model_dir, bars) if plan.legs != ("lexical",) else None
        results = run_beir(data, plan, encoder, bars)
    if json:
        say_json(beir_json(data, results))
        return
    line(f"{data.name} · {data.split} · {len(data.corpus)} 篇 · {len(data.queries)} 个查询", "bold")
    stdout().print(beir_table(results))


def squad(
    file: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="SQuAD 格式的文件")],
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="只做前 N 题")
    ] = None,
    lexical: Annotated[bool, typer.Option("--lexical", help="不用向量模型")] = False,
    model: Model = None,
    model_dir: ModelDir = None,
    json: Json = False,
) -> None:
    """只评选句：给定正确的段落，看选出的句子与标准答案的重合。"""
    from dataclasses import replace

    from eval.bench.squad import read_all, summary
    from eval.bench.squad_data import read_squad
    from eval.engine import fresh_home
    from eval.tables_bench import value_table

    data = read_squad(file)
    data = replace(data, readings=data.readings[:limit])
    with Bars() as bars, fresh_home() as home:
        encoder = None if lexical else _encoder(model, model_dir, bars)
        record = summary(read_all(data, encoder, home / "index", bars))
    if json:
        say_json({"benchmark": data.name, **record})
    else:
        stdout().print(value_table(f"选句 · {data.name}", record))


def ncp(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", file_okay=False, help="含 docs/ 和 qa.jsonl 的目录")
    ],
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="只问前 N 题")
    ] = None,
    model: Model = None,
    model_dir: ModelDir = None,
    json: Json = False,
) -> None:
    """从导入到作答整条线：文件是否找对，引文与标准答案的重合。"""
    from eval.bench.ncp import ask_all, read_ncp, summary
    from eval.engine import Setup, open_folder
    from eval.tables_bench import value_table

    questions = read_ncp(folder)[:limit]
    setup = Setup("ncp", model, model_dir)
    with Bars() as bars, open_folder(folder / "docs", setup) as engine:
        record = summary(ask_all(engine, questions, bars), len(engine.store.documents()))
    if json:
        say_json({"benchmark": folder.name, **record})
    else:
        stdout().print(value_table(f"端到端 · {folder.name}", record))
