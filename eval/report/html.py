"""The report as one HTML page without external resources."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from eval.labels import STATUS_LABELS
from eval.measures import MEASURES
from eval.metrics import reliability_bins, risk_coverage
from eval.report import content
from eval.report.cases import failure_section
from eval.report.content import Page
from eval.report.style import STYLE
from eval.report.svg import reliability_plot, risk_coverage_plot, stacked_bar
from eval.runs import Run
from eval.score import Outcome
from eval.summary import GROUPINGS, asked, by_group, judged
from eval.tables import GROUP_MEASURES, group_row, show_interval

_CARDS = (
    "correct", "hit@1", "hit@5", "facts", "refusal_recall", "false_refusal", "fidelity",
    "latency_p95",
)  # fmt: skip
_COLOURS = {
    Outcome.CORRECT: "good",
    Outcome.REFUSED: "good2",
    Outcome.FOUND: "good3",
    Outcome.FALSE_REFUSAL: "mid",
    Outcome.FACTS_MISSING: "mid2",
    Outcome.WRONG_CLAUSE: "bad",
    Outcome.ANSWERED_ANYWAY: "bad2",
    Outcome.NOT_FOUND: "mid2",
}


def html_report(run: Run) -> str:
    """Return the whole page."""
    page = Page.of(run)
    title = f"条问评测：{run.config.label}"
    sections = (
        _header(page, title),
        _cards(page),
        _outcomes(page),
        _measures(page),
        _groups(page),
        _statuses(page),
        _plots(page),
        failure_section(page),
    )
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n"
        f"<body><main>{''.join(sections)}</main></body></html>\n"
    )


def _header(page: Page, title: str) -> str:
    about = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
        for name, value in content.facts_about(page.run)
    )
    links = (
        ("measures", "全部指标"),
        ("groups", "分组"),
        ("statuses", "状态"),
        ("plots", "风险与校准"),
        ("failures", "没答好的题"),
    )
    nav = "".join(f'<a href="#{name}">{label}</a>' for name, label in links)
    return f'<h1>{escape(title)}</h1><dl class="about">{about}</dl><nav>{nav}</nav>'


def _cards(page: Page) -> str:
    cards = []
    for name in _CARDS:
        measure, stat = MEASURES[name], page.stats[name]
        interval = show_interval(name, stat)
        small = f"<span>{interval or f'{stat.n} 题'}</span>"
        value = measure.show(stat.value) + (" 毫秒" if measure.unit == "ms" else "")
        cards.append(
            f'<div class="card" title="{escape(measure.what)}"><span>{measure.label}</span>'
            f"<b>{value}</b>{small}</div>"
        )
    return f'<div class="cards">{"".join(cards)}</div>'


def _outcomes(page: Page) -> str:
    """Draw how the cases ended, each kind of failure linked to its list."""
    counts = content.outcome_counts(page.scores)
    parts = [(_colour(o), content.outcome_label(o), count) for o, count in counts]
    legend = []
    for outcome, count in counts:
        label = f"{content.outcome_label(outcome)} {count}"
        wrong = any(score.outcome is outcome and not score.right for score in page.scores)
        text = f'<a href="#{outcome}">{label}</a>' if wrong else label
        square = f'<rect class="{_colour(outcome)}" width="1" height="1"/>'
        key = f'<svg viewBox="0 0 1 1" aria-hidden="true">{square}</svg>'
        legend.append(f"<li>{key}{text}</li>")
    return f'{stacked_bar(parts)}<ul class="legend">{"".join(legend)}</ul>'


def _colour(outcome: Outcome) -> str:
    return _COLOURS.get(outcome, "grey")


def _measures(page: Page) -> str:
    head = ("指标", "值", "95% 区间", "题数", "未定义", "含义")
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row[:-1])
        + f'<td class="text">{escape(row[-1])}</td></tr>'
        for row in content.measure_rows(page.stats)
    )  # fmt: skip
    return f'<h2 id="measures">全部指标</h2>{_table(head, rows)}'


def _groups(page: Page) -> str:
    head = ("", "题数", *(MEASURES[name].label for name in GROUP_MEASURES))
    tables = []
    for grouping, (title, _) in GROUPINGS.items():
        rows = "".join(
            _row([name, str(len(members)), *group_row(members)])
            for name, members in by_group(page.scores, grouping).items()
        )
        tables.append(_table((title, *head[1:]), rows, f"按{title}"))
    return f'<h2 id="groups">分组</h2>{"".join(tables)}'


def _statuses(page: Page) -> str:
    wanted, given, counts = content.confusion_rows(page.scores)
    label = STATUS_LABELS
    body = []
    for status, row in zip(wanted, counts, strict=True):
        total = sum(row) or 1
        cells = "".join(
            f'<td class="cell{" right-cell" if got is status else ""}" '
            f'style="background:color-mix(in srgb,var(--{"good" if got is status else "bad"}) '
            f'{round(45 * count / total)}%,transparent)">{count}</td>'
            for got, count in zip(given, row, strict=True)
        )
        body.append(f'<tr><th scope="row">应为：{label[status]}</th>{cells}</tr>')
    matrix = _table(("", *(f"给出：{label[got]}" for got in given)), "".join(body), "应为与给出")
    rows = "".join(_row(row) for row in content.status_rows(page.scores))
    head = ("状态", "精确率", "召回率", "给出", "应为")
    return f'<h2 id="statuses">状态</h2>{matrix}{_table(head, rows, "各状态的精确率和召回率")}'


def _plots(page: Page) -> str:
    answers = judged(page.scores)
    if not answers:
        return '<h2 id="plots">风险与校准</h2><p>没有作答的题，无图可画。</p>'
    show = MEASURES["aurc"].show
    aurc, ece = page.stats["aurc"].value, page.stats["ece"].value
    left = risk_coverage_plot(risk_coverage(answers, asked(page.scores)))
    right = reliability_plot(reliability_bins(answers))
    return (
        '<h2 id="plots">风险与校准</h2><div class="plots">'
        f"<figure>{left}<figcaption>只接受把握最高的回答时，覆盖多少、错多少。"
        f"AURC {show(aurc)}，曲线止于系统不再作答处。</figcaption></figure>"
        f"<figure>{right}<figcaption>柱高应与虚线齐平，柱上为题数。ECE {show(ece)}。</figcaption>"
        "</figure></div>"
    )


def _table(head: Sequence[str], rows: str, caption: str = "") -> str:
    columns = "".join(
        f'<th scope="col"{" class=text" if column == "含义" else ""}>{escape(column)}</th>'
        for column in head
    )
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return (
        f'<div class="scroll"><table>{title}<thead><tr>{columns}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
