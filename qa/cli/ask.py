"""`tiaowen ask`: one answer in the terminal."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.types import Origin
from qa.cli import session
from qa.cli.options import Area, AsOf, Code, Home, Json, Model, ModelDir, Reranker
from qa.cli.output import line, say, say_json
from qa.cli.profile import Profile, Profiled
from qa.labels import place_of, validity_text
from qa.messages import DIGEST_NOTICE

if TYPE_CHECKING:
    from qa.types import Answer, Citation, Trace

_STYLES = {"answered": "bold green", "clarify": "bold cyan", "refused": "bold red", "error": "red"}


def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="要问的问题")],
    area: Area = None,
    history: Annotated[
        list[str] | None,
        typer.Option("--history", metavar="Q", help="同一次对话里先前的问题，可写多次，先问的在前"),
    ] = None,
    as_of: AsOf = None,
    json: Json = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="说明答案怎么来的：理解、候选、淘汰原因、用时")
    ] = False,
    profile: Profiled = False,
    home: Home = None,
    model: Model = None,
    model_dir: ModelDir = None,
    reranker: Reranker = None,
) -> None:
    """问一个问题，得到文件原文和出处。"""
    clock = Profile(profile)
    with session.opened(home, model, model_dir, clock, reranker=reranker) as service:
        if profile and service.encoder is not None:
            service.encoder.encode([""], kind="query")  # or it would be loaded while retrieving
            clock.lap("model")
        begin = time.perf_counter()
        answer = service.answer(question, history=tuple(history or ()), area=area, as_of=as_of)
        ms = (time.perf_counter() - begin) * 1000
        clock.answered(answer.trace.steps_ms)
    if json:
        _as_json(question, answer, ms, explain)
    else:
        show_answer(answer)
        if explain:
            show_trace(answer.trace)
    clock.lap("show")
    clock.show()
    if answer.status.value != "answered":
        raise typer.Exit(Code.NOTHING)


def _as_json(question: str, answer: Answer, ms: float, explain: bool) -> None:
    from qa.records import answer_record, trace_record

    record = {"question": question, **answer_record(answer), "ms": round(ms, 1)}
    if explain:
        record["trace"] = trace_record(answer.trace)
    say_json(record)


def show_answer(answer: Answer) -> None:
    """Print an answer: message, each quote with its source, warnings, what is near."""
    from qa.types import in_reading_order

    line(answer.message, _STYLES.get(answer.status.value, "bold yellow"))
    if answer.resolved_question:
        line(f"理解为：{answer.resolved_question}", "dim")
    groups = [(asked.question, answer.parts[slice(*asked.parts)]) for asked in answer.asked]
    for question, parts in groups or [("", answer.parts)]:
        for number, part in enumerate(in_reading_order(parts)):
            say()
            if question and number == 0:
                line(f"问：{question}", "underline")
            line(part.quote, "bold")
            _show_source(part.citation)
    warnings = [text for text in answer.warnings if text != DIGEST_NOTICE]  # is at each source
    if warnings:
        say()
        for warning in warnings:
            line(f"注意：{warning}", "yellow")
    if answer.related:
        say()
        if answer.parts:
            line("相关条款：", "dim")
        for citation in answer.related:
            line(f"  · {place_of(citation)}  {citation.heading}".rstrip(), "dim")


def _show_source(citation: Citation) -> None:
    line(f"  —— {place_of(citation)}", "cyan")
    if citation.units:
        line(f"     责任单位：{'、'.join(citation.units)}")
    line(f"     效力：{validity_text(citation.validity)}")
    if citation.origin is Origin.DIGEST:
        line(f"     {DIGEST_NOTICE}", "yellow")


def show_trace(trace: Trace) -> None:
    """Print how an answer came about."""
    from rich.table import Table

    from qa.cli.output import stdout

    say()
    for step in trace.understood:
        line(f"理解：{step}")
    rejected = {entry.clause_id: entry.reason for entry in trace.rejected}
    if not trace.hits and not trace.steps_ms:
        line("没有查找：这句话不用查文件就能回答。")
        return
    table = Table("名次", "条款", "得分", "未采用的原因", title="候选条款", title_justify="left")
    for rank, (clause_id, score) in enumerate(trace.hits, start=1):
        table.add_row(str(rank), clause_id, f"{score:.4f}", rejected.get(clause_id, ""))
    stdout().print(table)
    steps = "，".join(f"{step} {ms:.1f}" for step, ms in trace.steps_ms.items())
    unseen = [entry for entry in trace.rejected if entry.clause_id not in dict(trace.hits)]
    for entry in unseen:
        line(f"未采用：{entry.clause_id}  {entry.reason}", "dim")
    total = sum(trace.steps_ms.values())
    line(f"用时（毫秒）：{steps}，合计 {total:.1f}")
