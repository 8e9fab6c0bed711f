"""The report as Markdown: the same tables and failures, without plots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eval.labels import STATUS_LABELS
from eval.measures import MEASURES
from eval.report import content
from eval.report.content import Page
from eval.runs import Run
from eval.score import CaseScore
from eval.summary import GROUPINGS, by_group
from eval.tables import GROUP_MEASURES, group_row


def markdown_report(run: Run) -> str:
    """Return the whole report."""
    page = Page.of(run)
    about = [f"- {name}：{value}" for name, value in content.facts_about(run)]
    blocks = [
        f"# 条问评测：{run.config.label}",
        "\n".join(about),
        "## 结果",
        _outcome_list(page),
        "## 全部指标",
        table(
            ("指标", "值", "95% 区间", "题数", "未定义", "含义"),
            content.measure_rows(page.stats),
        ),
        *_groups(page),
        "## 状态",
        _confusion(page),
        table(("状态", "精确率", "召回率", "给出", "应为"), content.status_rows(page.scores)),
        "## 没答好的题",
        *_failures(page),
    ]
    return "\n\n".join(blocks) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a Markdown table; the first column is left-aligned, the others right."""
    lines = [_line(head), _line([":---", *["---:"] * (len(head) - 1)])]
    return "\n".join([*lines, *(_line(row) for row in rows)])


def _line(cells: Sequence[str]) -> str:
    escaped = (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
    return "| " + " | ".join(escaped) + " |"


def _outcome_list(page: Page) -> str:
    counts = content.outcome_counts(page.scores)
    return "，".join(f"{content.outcome_label(outcome)} {count}" for outcome, count in counts)


def _groups(page: Page) -> list[str]:
    blocks = []
    for grouping, (title, _) in GROUPINGS.items():
        rows = [
            [name, str(len(members)), *group_row(members)]
            for name, members in by_group(page.scores, grouping).items()
        ]
        head = (title, "题数", *(MEASURES[name].label for name in GROUP_MEASURES))
        blocks += [f"## 按{title}", table(head, rows)]
    return blocks


def _confusion(page: Page) -> str:
    wanted, given, counts = content.confusion_rows(page.scores)
    label = STATUS_LABELS
    rows = [[label[status], *map(str, row)] for status, row in zip(wanted, counts, strict=True)]
    return table(("应为＼给出", *(label[status] for status in given)), rows)


def _failures(page: Page) -> list[str]:
    blocks = []
    for outcome, members in content.failures(page.scores):
        blocks.append(f"### {content.outcome_label(outcome)}（{len(members)}）")
        blocks += [_failure(page, score) for score in members]
    return blocks or ["没有。"]


def _failure(page: Page, score: CaseScore) -> str:
    case = score.case
    lines = [f"**{case.id}** {case.question}"]
    lines += [f"- 先问：{turn}" for turn in case.history]
    lines += [f"- 应为：{line}" for line in content.expected_lines(score)]
    lines += [f"- 得到：{line}" for line in content.got_lines(page, score)]
    quotes = score.prediction.quotes
    lines += [f"- 引文：{_flat(quote.text)}（{page.name(quote.clause_id)}）" for quote in quotes]
    if score.why:
        lines.append(f"- 问题：{_flat(score.why)}")
    return "\n".join(lines)


def _flat(text: str) -> str:
    return " ".join(text.split())
