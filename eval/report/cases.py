"""The part of the HTML report that lists what went wrong, question by question."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from eval.labels import ASK_LABELS, KIND_LABELS, STYLE_LABELS
from eval.report import content
from eval.report.content import Page
from eval.score import CaseScore


def failure_section(page: Page) -> str:
    """List every failure by kind, each with what was expected, what came, and its trace."""
    groups = content.failures(page.scores)
    if not groups:
        return '<h2 id="failures">没答好的题</h2><p>没有。</p>'
    parts = []
    for outcome, members in groups:
        articles = "".join(_article(page, score) for score in members)
        label = content.outcome_label(outcome)
        parts.append(f'<h3 id="{outcome}">{label}（{len(members)}）</h3>{articles}')
    return f'<h2 id="failures">没答好的题</h2>{"".join(parts)}'


def _article(page: Page, score: CaseScore) -> str:
    case = score.case
    history = "".join(f"<p>先问：{escape(turn)}</p>" for turn in case.history)
    picked = f"，选定地区 {case.area}" if case.area else ""
    words = (STYLE_LABELS[case.style], ASK_LABELS[case.ask], KIND_LABELS[case.kind])
    meta = " · ".join((case.id, case.category, *words)) + picked
    read_as = score.prediction.read_as
    understood = f"<p>理解为：{escape(read_as)}</p>" if read_as else ""
    return (
        f'<article id="case-{escape(case.id)}"><h4>{escape(case.question)}</h4>'
        f'<div class="meta">{escape(meta)}</div>{history}{understood}'
        f'<div class="pair"><div><h5>应为</h5>{_lines(content.expected_lines(score))}'
        f"{_references(score)}</div>"
        f"<div><h5>得到</h5>{_lines(content.got_lines(page, score))}"
        f"{_quotes(page, score)}</div></div>"
        f'<p class="why">{escape(score.why)}</p>'
        f'<details id="trace-{escape(case.id)}"><summary>'
        f'<a href="#trace-{escape(case.id)}">来龙去脉</a></summary>'
        f"<ol>{''.join(f'<li>{escape(x)}</li>' for x in content.trace_lines(page, score))}</ol>"
        "</details></article>"
    )


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def _references(score: CaseScore) -> str:
    texts = [reference.text for reference in score.prediction.resolved.references]
    return "".join(f"<blockquote>{escape(text)}</blockquote>" for text in texts[:3])


def _quotes(page: Page, score: CaseScore) -> str:
    return "".join(
        f"<blockquote>{escape(quote.text)}<br><small>{escape(page.name(quote.clause_id))}"
        f"{'' if quote.faithful else '（引文与原文不符！）'}</small></blockquote>"
        for quote in score.prediction.quotes
    )
