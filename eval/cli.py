"""`tiaowen eval`: the commands. They parse, call and print; what is heavy is imported late."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.cli_bench import beir, ncp, squad
from eval.cli_more import ablate, adapt, draft, table, train
from eval.cli_options import Cases, Corpus, Folder, Split, counter
from qa.cli.app import Command, new_app
from qa.cli.options import AsOf, Code, Json, Model, ModelDir, Reranker
from qa.cli.output import Bars, line, note, say_json, stdout, write_lines

if TYPE_CHECKING:
    from eval.runs import Run

app = new_app("评测：给问答质量打分、比较、把关")


@app.command("run", cls=Command)
def run_command(
    corpus: Corpus = "digests",
    split: Split = "dev",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="结果目录（默认 runs/标签-组）")
    ] = None,
    cases: Cases = None,
    label: Annotated[
        str | None, typer.Option("--label", metavar="NAME", help="这次评测的名称")
    ] = None,
    as_of: AsOf = None,
    model: Model = None,
    model_dir: ModelDir = None,
    reranker: Reranker = None,
    json: Json = False,
) -> None:
    """把题目逐一问一遍，写下结果目录，打印分数。"""
    from eval.caseset import load_cases, read_cases
    from eval.engine import Setup, open_engine
    from eval.runs import write_run
    from eval.session import Plan, run_cases

    chosen = read_cases(cases) if cases else load_cases(split)
    name = cases.name if cases else split
    plan = Plan(corpus, name, chosen, as_of or date.today(), label)
    with Bars() as bars, open_engine(Setup(corpus, model, model_dir, bars, reranker)) as engine:
        run = run_cases(engine, plan, counter(bars, len(chosen)))
    folder = out or Path("runs") / f"{run.config.label}-{Path(name).stem}"
    write_run(folder, run)
    note(f"结果已写入 {folder}")
    _show(folder, run, json)


@app.command("score", cls=Command)
def score_command(folder: Folder, json: Json = False) -> None:
    """给已有的结果目录重新打分，不再提问。"""
    from eval.runs import read_run

    _show(folder, read_run(folder), json)


def _show(folder: Path, run: Run, as_json: bool) -> None:
    """Print the scores of a run and keep them beside it as ``scores.json``."""
    from json import dumps

    from eval.score import score_run
    from eval.tables import print_scores, scores_json

    scores = score_run(run)
    record = scores_json(run, scores)
    write_lines(folder / "scores.json", [dumps(record, ensure_ascii=False, indent=1)])
    if as_json:
        say_json(record)
    else:
        print_scores(stdout(), run, scores)


@app.command("report", cls=Command)
def report_command(
    folder: Folder,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="写到这个文件夹（默认结果目录）")
    ] = None,
) -> None:
    """把结果目录写成一个网页 report.html（单文件）和一份 report.md。"""
    from eval.report import html_report, markdown_report
    from eval.runs import read_run

    run = read_run(folder)
    target = out or folder
    target.mkdir(parents=True, exist_ok=True)
    for name, text in (("report.html", html_report(run)), ("report.md", markdown_report(run))):
        write_lines(target / name, text.splitlines())
        note(f"已写入 {target / name}")


@app.command("compare", cls=Command)
def compare_command(
    a: Annotated[Path, typer.Argument(metavar="A", help="原来的结果目录")],
    b: Annotated[Path, typer.Argument(metavar="B", help="新的结果目录")],
    json: Json = False,
) -> None:
    """逐题比较两次评测：赢了哪些题，输了哪些题，差别是否可信。"""
    from eval.compare import change_line, compare_runs, comparison_json
    from eval.runs import read_run
    from eval.tables import difference_table

    comparison = compare_runs(read_run(a), read_run(b))
    if json:
        say_json(comparison_json(comparison))
        return
    for remark in comparison.notes:
        line(f"注意：{remark}", "yellow")
    stdout().print(difference_table(comparison))
    groups = (
        ("新答对", comparison.gained, "green"),
        ("新答错", comparison.lost, "red"),
        ("对错未变，但结果不同", comparison.moved, "dim"),
    )
    for title, changes, style in groups:
        line(f"{title}（{len(changes)}）", "bold")
        for x, y in changes:
            line(f"  {change_line(x, y)}", style)


@app.command("gate", cls=Command)
def gate_command(
    corpus: Annotated[
        str | None,
        typer.Option("--corpus", metavar="digests|originals", help="只查一种语料（默认都查）"),
    ] = None,
    update: Annotated[bool, typer.Option("--update", help="以这次的结果为新基线")] = False,
    lower: Annotated[
        str | None,
        typer.Option("--lower", metavar="REASON", help="与 --update 合用：允许降低基线，写明理由"),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="FILE", help="基线文件", dir_okay=False)
    ] = None,
    model: Model = None,
    model_dir: ModelDir = None,
    json: Json = False,
) -> None:
    """守住基线：任何一项低于 eval/baseline.json，或题目、语料变了，就以 1 退出。"""
    from eval.engine import Setup
    from eval.gate import BASELINE
    from eval.gate_run import Verdict, corpora, hold, raise_floors
    from eval.tables import verdict_json, verdict_table

    file = baseline or BASELINE
    if lower and not update:
        raise typer.BadParameter("--lower 只能与 --update 合用")
    verdicts = []
    for name, missing in corpora().items():
        if corpus not in (None, name):
            continue
        setup = Setup(name, model, model_dir)
        if missing and corpus is None:
            verdicts.append(Verdict(name, skipped=missing))
            continue
        if update:
            verdicts.append(raise_floors(setup, file, lower))
            note(f"{name} 的基线已写入 {file}")
        else:
            verdicts.append(hold(setup, file))
    if json:
        say_json([verdict_json(verdict) for verdict in verdicts])
    else:
        for verdict in verdicts:
            stdout().print(verdict_table(verdict))
    if not verdicts:
        raise typer.BadParameter(f"没有语料「{corpus}」，可用 digests、originals")
    if not all(verdict.ok for verdict in verdicts):
        raise typer.Exit(Code.NOTHING)


for function in (ablate, adapt, train, table, beir, squad, ncp, draft):
    app.command(cls=Command)(function)
