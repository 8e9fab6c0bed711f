"""`tiaowen eval ablate, draft, table`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from eval.cli_options import Corpus, Split, counter
from eval.errors import EvalError
from qa.cli.options import Code, Json, Model, ModelDir
from qa.cli.output import Bars, note, say, say_json, stdout, write_lines

if TYPE_CHECKING:
    from qa.service import Service


def ablate(
    corpus: Corpus = "digests",
    split: Split = "dev",
    model: Model = None,
    model_dir: ModelDir = None,
    json: Json = False,
) -> None:
    """逐级看检索：词法、向量、合并、加排序、加同义词、缺得少的在前。"""
    from eval.ablate import STAGES, ablation_json
    from eval.ablate import ablate as run_stages
    from eval.caseset import load_cases
    from eval.engine import Setup, open_engine
    from eval.tables_bench import ablation_table

    cases = load_cases(split)
    total = len(STAGES) * sum(case.answerable for case in cases)
    with Bars() as bars, open_engine(Setup(corpus, model, model_dir, bars)) as engine:
        # The stages take the engine apart, so a port is not enough here.
        stages = run_stages(cast("Service", engine), cases, counter(bars, total, "逐级检索"))
    if json:
        say_json(ablation_json(stages))
    else:
        stdout().print(ablation_table(stages))


def draft(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE…", dir_okay=False, help="网页导出的反馈，或 batch 的输出"),
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", dir_okay=False, help="草稿写到这个文件")
    ] = Path("drafts.jsonl"),
) -> None:
    """把没答上来、被反映有误的提问整理成题目草稿，由人补全后才能用。"""
    from json import dumps

    from eval.caseset import load_cases
    from eval.draft import draft_cases

    found = draft_cases(files, load_cases("all"))
    for reason, count in found.left_out.items():
        note(f"略过 {count} 条：{reason}")
    if not found.drafts:
        note("没有可整理的提问")
        raise typer.Exit(Code.NOTHING)
    write_lines(out, [dumps(case, ensure_ascii=False) for case in found.drafts])
    note(f"{len(found.drafts)} 条草稿已写入 {out}，补全后删去 draft 字段，再并入 eval/cases")


def table(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR…", help="评测结果目录，一列一个")],
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="FILE", help="写进这个文件的 eval:start 与 eval:end 之间"),
    ] = None,
) -> None:
    """把结果写成 Markdown 表格，供 README 使用。"""
    from eval.readme import put_into, results_table
    from eval.runs import read_run

    text = results_table([read_run(folder) for folder in folders])
    if into is None:
        say(text)
    else:
        changed = put_into(into, text)
        note(f"{into} {'已更新' if changed else '没有变化'}")


def train(
    corpora: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CORPUS]…", help="在哪些语料上学（默认 digests 和 originals）"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="模型写到哪里（默认 qa/models）")
    ] = None,
) -> None:
    """用 dev 题目重训排序、选句、判断四个小模型，打印交叉验证的成绩。"""
    from eval.retrain import MODELS, retrain

    chosen = tuple(corpora or ("digests", "originals"))
    retrain(chosen, out or MODELS, say)


def adapt(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", file_okay=False, help="写到哪里（默认程序自带的）"),
    ] = None,
    passages: Annotated[
        int, typer.Option("--passages", min=0, max=20, help="条文学几轮，0 表示沿用自带的")
    ] = 2,
    questions: Annotated[int, typer.Option("--questions", min=1, max=20, help="提问学几轮")] = 2,
    model_dir: ModelDir = None,
) -> None:
    """用训练题（外地文件的和自有五份文件的）训练「向量适配」：改进向量模型读问题和条文的方式；之后要重建索引。"""
    from eval.engine import Setup

    try:
        from eval.adapting.asking import QUESTIONS
        from eval.adapting.command import FOLDER
        from eval.adapting.command import adapt as run
        from eval.adapting.fit import Recipe
    except ImportError as error:
        raise EvalError("训练要先安装：pip install 'tiaowen[train]'") from error

    folder = out or FOLDER
    recipes = Recipe(epochs=passages), replace(QUESTIONS, epochs=questions)
    with Bars() as bars:
        shares = run(folder, *recipes, Setup("", None, model_dir, bars), note)
    note(f"训练题首条命中 {shares['before']:.1%} → {shares['after']:.1%}；已写入 {folder}")
    note("接着运行 tiaowen eval train：排序和判断要按新的相似度重学")
