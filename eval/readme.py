"""The table of results in README: written by a command, so that it never drifts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eval.errors import EvalError
from eval.measures import MEASURES
from eval.report.markdown import table
from eval.runs import Run
from eval.score import score_run
from eval.summary import summarise
from eval.tables import show_interval

START, END = "<!-- eval:start -->", "<!-- eval:end -->"
ROWS = (
    "hit@1", "hit@5", "correct", "facts", "first_quote", "refusal_recall", "refusal_precision",
    "false_refusal", "status", "fidelity", "aurc", "ece", "latency_p50", "latency_p95",
)  # fmt: skip
_CORPORA = {"digests": "要点摘编", "originals": "五份原文"}


def results_table(runs: Sequence[Run]) -> str:
    """Return a Markdown table: one column a run, one row a measure, 95 % intervals in brackets."""
    columns = [summarise(score_run(run)) for run in runs]
    heads = [
        f"{_CORPORA.get(run.config.corpus, run.config.corpus)}，{run.config.split}"
        f"（{run.config.cases} 题）"
        for run in runs
    ]
    rows = []
    for name in ROWS:
        cells = []
        for stats in columns:
            interval = show_interval(name, stats[name])
            value = MEASURES[name].show(stats[name].value)
            value += " ms" if MEASURES[name].unit == "ms" else ""
            cells.append(f"{value}（{interval}）" if interval else value)
        rows.append([MEASURES[name].label, *cells])
    commits = dict.fromkeys(run.config.commit or "未提交" for run in runs)
    models = dict.fromkeys(run.config.model or "无向量模型" for run in runs)
    note = f"括号内为 95% 区间。提交 {'、'.join(commits)}，向量模型 {'、'.join(models)}。"
    return table(("指标", *heads), rows) + "\n\n" + note


def put_into(path: Path, text: str) -> bool:
    """Put ``text`` between the marks of a file.

    :return: whether the file changed.
    :raises EvalError: the file cannot be read, or a mark is missing.
    """
    try:
        old = path.read_text(encoding="utf-8")
    except OSError as error:
        raise EvalError(f"无法读取 {path}（{error}）") from error
    start, end = old.find(START), old.find(END)
    if not 0 <= start < end:
        raise EvalError(f"{path} 里没有成对的 {START} 和 {END}")
    new = f"{old[: start + len(START)]}\n{text}\n{old[end:]}"
    if new != old:
        path.write_text(new, encoding="utf-8")
    return new != old
