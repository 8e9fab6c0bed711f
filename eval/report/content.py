"""What both forms of the report show, as plain rows of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.labels import REASON_LABELS, STATUS_LABELS
from eval.measures import MEASURES
from eval.runs import Run
from eval.score import OUTCOME_LABELS, CaseScore, Outcome, score_run
from eval.summary import Stats, confusion, status_scores, summarise
from eval.tables import show_interval
from eval.types import Gold
from qa.types import Status

Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Page:
    """A scored run."""

    run: Run
    scores: tuple[CaseScore, ...]
    stats: Stats

    @classmethod
    def of(cls, run: Run) -> Page:
        """Score a run for a report."""
        scores = score_run(run)
        return cls(run, scores, summarise(scores))

    def name(self, clause_id: str) -> str:
        """Name a clause for people."""
        return self.run.names.get(clause_id, clause_id)


def facts_about(run: Run) -> Rows:
    """Say what was run: label and value."""
    config = run.config
    return [
        ["语料", f"{config.corpus}（{config.documents} 份文件，{config.clauses} 段）"],
        ["题目", f"{config.split}，{config.cases} 题"],
        ["向量模型", config.model or "无（仅词法检索）"],
        *([["重排模型", config.reranker]] if config.reranker else []),
        ["程序", f"{config.version}，提交 {config.commit or '未知'}"],
        ["时间", f"{config.started_at}，用时 {config.seconds:.1f} 秒，效力按 {config.as_of} 判断"],
        ["指纹", f"题目 {config.cases_digest[:12]}，语料 {config.corpus_digest[:12]}"],
    ]


def measure_rows(stats: Stats) -> Rows:
    """Write every measure: label, value, interval, cases, undefined, meaning."""
    return [
        [
            MEASURES[name].label,
            MEASURES[name].show(stat.value),
            show_interval(name, stat),
            str(stat.n),
            str(stat.undefined),
            MEASURES[name].what,
        ]
        for name, stat in stats.items()
    ]


def outcome_counts(scores: Sequence[CaseScore]) -> list[tuple[Outcome, int]]:
    """Count outcomes that occur, right ones first."""
    counts = [(o, sum(score.outcome is o for score in scores)) for o in Outcome]
    return [(outcome, count) for outcome, count in counts if count]


def confusion_rows(
    scores: Sequence[CaseScore],
) -> tuple[list[Status], list[Status], list[list[int]]]:
    """Count expected (rows) against given (columns) statuses; only those that occur."""
    table = confusion(scores)
    wanted = [s for s in Status if any(w is s for w, _ in table)]
    given = [s for s in Status if any(g is s for _, g in table)]
    return wanted, given, [[table[w, g] for g in given] for w in wanted]


def status_rows(scores: Sequence[CaseScore]) -> Rows:
    """Write precision and recall of each status."""
    show = MEASURES["status"].show
    return [
        [
            f"{STATUS_LABELS[row.status]} {row.status}",
            show(row.precision),
            show(row.recall),
            str(row.given),
            str(row.expected),
        ]
        for row in status_scores(scores)
    ]


def failures(scores: Sequence[CaseScore]) -> list[tuple[Outcome, list[CaseScore]]]:
    """Sort what went wrong by how it went wrong, in `Outcome` order."""
    wrong = [score for score in scores if not score.right]
    groups = [(o, [score for score in wrong if score.outcome is o]) for o in Outcome]
    return [(outcome, members) for outcome, members in groups if members]


def expected_lines(score: CaseScore) -> list[str]:
    """Say what would have been right."""
    case = score.case
    if not case.answerable:
        near = [f"最近的条款：{gold_name(gold)}" for gold in case.near]
        reason = REASON_LABELS[case.reason] if case.reason else ""
        return [f"{STATUS_LABELS[case.status]}（{reason}）", *near]
    how = "全部需要：" if case.need_all else ("任一：" if len(case.gold) > 1 else "")
    golds = "；".join(gold_name(gold) for gold in case.gold)
    return [f"{how}{golds}", f"要点：{'、'.join(case.facts)}"]


def gold_name(gold: Gold) -> str:
    """Write a gold as people name a clause."""
    return f"{gold.doc} {''.join(gold.path)}"


def got_lines(page: Page, score: CaseScore) -> list[str]:
    """Say what came instead; the quotes are added by the caller."""
    prediction = score.prediction
    lines = [f"{STATUS_LABELS[prediction.status]}（把握 {prediction.confidence:.2f}）"]
    rank = _gold_rank(score)
    if score.case.answerable:
        lines.append(f"正确条款排在第 {rank} 位" if rank else "前 10 位里没有正确条款")
    if not prediction.quotes and prediction.ranking:
        lines.append(f"排第一的是：{page.name(prediction.ranking[0][0])}")
    return lines


def _gold_rank(score: CaseScore) -> int | None:
    hits = score.prediction.resolved.hits
    ranked = enumerate((clause_id for clause_id, _ in score.prediction.ranking), start=1)
    return next((rank for rank, clause_id in ranked if clause_id in hits), None)


def trace_lines(page: Page, score: CaseScore) -> list[str]:
    """Say how the answer came about."""
    prediction = score.prediction
    lines = list(prediction.trace)
    if not any(line.startswith("排序") for line in lines):
        lines += [
            f"排序 {rank}：{page.name(clause_id)}（{value:.3f}）"
            for rank, (clause_id, value) in enumerate(prediction.ranking, start=1)
        ]
    steps = "，".join(f"{step} {ms:.1f}" for step, ms in prediction.steps_ms.items())
    return [*lines, f"用时 {prediction.ms:.1f} 毫秒" + (f"（{steps}）" if steps else "")]


def outcome_label(outcome: Outcome) -> str:
    """Write an outcome in words."""
    return OUTCOME_LABELS[outcome]
