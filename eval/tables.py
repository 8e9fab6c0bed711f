"""Results as tables for the terminal and as JSON values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from eval.labels import STATUS_LABELS
from eval.measures import MEASURES
from eval.runs import Run, RunConfig
from eval.score import OUTCOME_LABELS, CaseScore, Outcome
from eval.summary import GROUPINGS, Stat, Stats, by_group, status_scores, summarise

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from eval.compare import Comparison
    from eval.gate_run import Verdict

GROUP_MEASURES = ("correct", "hit@1", "hit@5", "facts", "refusal_recall", "false_refusal")


def print_scores(console: Console, run: Run, scores: Sequence[CaseScore]) -> None:
    """Print the scores of a run: overall, by status, by kind and category."""
    console.print(heading(run.config), style="bold", soft_wrap=True)
    console.print(stats_table(summarise(scores)))
    console.print(status_table(scores))
    for grouping in ("kind", "reason", "category"):
        console.print(group_table(scores, grouping))
    counts = Counter(score.outcome for score in scores)
    shown = (f"{OUTCOME_LABELS[o]} {counts[o]}" for o in Outcome if counts[o])
    console.print("结果：" + "，".join(shown), soft_wrap=True)
    if unstated := facts_unstated(scores):
        names = " ".join(unstated)
        console.print(
            f"{len(unstated)} 题的要点在本语料的正确条款里没有原话，未计要点：{names}",
            style="dim",
            soft_wrap=True,
        )


def facts_unstated(scores: Iterable[CaseScore]) -> list[str]:
    """Name the answerable cases whose facts no gold clause of this corpus states."""
    return [s.case.id for s in scores if s.case.answerable and not s.prediction.resolved.stated]


def scores_json(run: Run, scores: Sequence[CaseScore]) -> dict[str, Any]:
    """Return everything about a scored run as JSON values."""
    outcomes = Counter(score.outcome.value for score in scores)
    return {
        "label": run.config.label,
        "corpus": run.config.corpus,
        "split": run.config.split,
        "cases": len(scores),
        "outcomes": dict(sorted(outcomes.items())),
        "facts_not_stated_in_corpus": facts_unstated(scores),
        "measures": stats_json(summarise(scores)),
        "statuses": {
            row.status.value: {
                "precision": row.precision,
                "recall": row.recall,
                "given": row.given,
                "expected": row.expected,
            }
            for row in status_scores(scores)
        },
        "per_case": {
            s.case.id: {"outcome": s.outcome.value, "why": s.why, **s.values} for s in scores
        },
    }


def heading(config: RunConfig) -> str:
    """Return one line that says what was run."""
    model = config.model or "无向量模型（仅词法检索）"
    if config.reranker:
        model += f" · 重排 {config.reranker}"
    return (
        f"{config.label} · 语料 {config.corpus}（{config.documents} 份文件，{config.clauses} 段）"
        f" · {config.split} {config.cases} 题 · {model} · {config.commit or '无提交号'}"
    )


def stats_table(stats: Stats) -> Table:
    """Draw every measure with its interval and the cases that define it."""
    from rich.table import Table

    table = Table("指标", "值", "95% 区间", "题数", "未定义", title="总体", title_justify="left")
    for name, stat in stats.items():
        measure = MEASURES[name]
        table.add_row(
            measure.label,
            measure.show(stat.value),
            show_interval(name, stat),
            str(stat.n),
            str(stat.undefined),
        )
    return table


def show_interval(name: str, stat: Stat) -> str:
    """Write the interval of a measure, nothing where there is none."""
    if stat.interval is None:
        return ""
    show = MEASURES[name].show
    return f"{show(stat.interval.low)} – {show(stat.interval.high)}"


def group_table(scores: Iterable[CaseScore], grouping: str) -> Table:
    """Draw the main measures for every group."""
    from rich.table import Table

    title = GROUPINGS[grouping][0]
    labels = [MEASURES[name].label for name in GROUP_MEASURES]
    table = Table(title, "题数", *labels, title=f"按{title}", title_justify="left")
    for name, members in by_group(scores, grouping).items():
        table.add_row(name, str(len(members)), *group_row(members))
    return table


def group_row(members: Sequence[CaseScore]) -> list[str]:
    """Write the main measures of one group."""
    stats = summarise(members, intervals=False)
    return [MEASURES[name].show(stats[name].value) for name in GROUP_MEASURES]


def status_table(scores: Iterable[CaseScore]) -> Table:
    """Draw precision and recall of each status."""
    from rich.table import Table

    columns = ("状态", "精确率", "召回率", "给出", "应为")
    table = Table(*columns, title="按状态", title_justify="left")
    show = MEASURES["status"].show
    for row in status_scores(scores):
        counts = (str(row.given), str(row.expected))
        label = f"{STATUS_LABELS[row.status]} {row.status}"
        table.add_row(label, show(row.precision), show(row.recall), *counts)
    return table


def stats_json(stats: Stats) -> dict[str, Any]:
    """Return measures as JSON values."""
    return {
        name: {
            "value": stat.value,
            "low": stat.interval.low if stat.interval else None,
            "high": stat.interval.high if stat.interval else None,
            "n": stat.n,
            "undefined": stat.undefined,
        }
        for name, stat in stats.items()
    }


def difference_table(comparison: Comparison) -> Table:
    """Draw what changed between two runs."""
    from rich.table import Table

    columns = ("指标", "A", "B", "差", "差的 95% 区间", "p", "题数")
    table = Table(*columns, title="B 与 A 相比", title_justify="left")
    styles = {True: "green", False: "red", None: None}
    for row in comparison.differences:
        show = MEASURES[row.name].show
        interval = row.interval
        table.add_row(
            MEASURES[row.name].label,
            show(row.a),
            show(row.b),
            show(row.b - row.a),
            f"{show(interval.low)} – {show(interval.high)}" if interval else "",
            "—" if row.p is None else f"{row.p:.3f}",
            str(row.n),
            style=styles[row.better],
        )
    return table


def verdict_table(verdict: Verdict) -> Table:
    """Draw what the gate says about one corpus."""
    from rich.table import Table

    title = f"基线 {verdict.corpus}：{'通过' if verdict.ok else '未通过'}"
    if verdict.skipped:
        title = f"基线 {verdict.corpus}：跳过（{verdict.skipped}）"
    table = Table("项目", "基线", "现在", "结果", title=title, title_justify="left")
    for check in verdict.checks:
        measure = MEASURES.get(check.name)
        label, show = (measure.label, measure.show) if measure else (check.name, str)
        wanted = show(check.wanted) if check.wanted is not None else ""
        got = show(check.got) if check.got is not None else ""
        style = None if check.ok else "red"
        table.add_row(label, wanted, got, "通过" if check.ok else check.why, style=style)
    return table


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """Return what the gate says as JSON values."""
    return {
        "corpus": verdict.corpus,
        "ok": verdict.ok,
        "skipped": verdict.skipped,
        "checks": [
            {"name": c.name, "floor": c.wanted, "value": c.got, "ok": c.ok, "why": c.why}
            for c in verdict.checks
        ],
    }
