"""The card of one cited clause: quote, validity, source, and the clause itself to fold out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from corpus.types import Clause, Origin, Validity, ValidityState
from qa.labels import (
    VALIDITY_WORDS,
    area_name,
    book_title,
    chinese_date,
    clause_link,
    copy_line,
    path_label,
)
from qa.page.icons import icon
from qa.page.marks import inner_spans, marked_html
from qa.page.quotes import quote_html
from qa.types import Citation

DIGEST_NOTICE = "要点摘编，非官方原文，办理以原文为准"
CLAUSE_GONE = "这一条的原文暂时打不开，请稍后再试。"

_VALIDITY_ICONS = {
    ValidityState.IN_FORCE: "check",
    ValidityState.LAPSED: "clock",
    ValidityState.REPEALED: "ban",
    ValidityState.UNKNOWN: "question",
}


def card_html(
    citations: Sequence[Citation],
    clauses: Mapping[str, Clause],
    *,
    main: bool = True,
    name: str = "引用条款",
) -> str:
    """Render one clause of an answer.

    :param citations: one or more citations of the same clause, in the order to be shown.
    :param clauses: clause by clause_id; a clause that is missing is said to be missing.
    :param main: whether the quotes answer the question (large) or are only near it.
    :param name: what the card is called for a screen reader.
    """
    first = citations[0]
    kind = "tw-card" if main else "tw-card tw-card-near"
    quotes = "".join(
        f'<blockquote class="tw-quote">{quote_html(citation.quote.strip())}</blockquote>'
        for citation in citations
    )
    return (
        f'<section class="{kind}" aria-label="{escape(name)}"{_target(citations)}>'
        f"{validity_html(first.validity)}{quotes}{_source_html(first)}"
        f"{_clause_html(first, citations, clauses.get(first.clause_id))}</section>"
    )


def _target(citations: Sequence[Citation]) -> str:
    """Name what the reader opens: document, clause, quoted spans in code points."""
    first = citations[0]
    spans = ",".join(f"{start}-{end}" for start, end in sorted(c.span for c in citations))
    return (
        f' data-doc="{escape(first.doc_id)}" data-clause="{escape(first.clause_id)}"'
        f' data-spans="{spans}" data-cite="{escape(copy_line(first))}"'
    )


def validity_html(validity: Validity) -> str:
    """Say in word, icon and colour whether the document is in force, and why."""
    state = validity.state
    reason = f'<span class="tw-reason">{escape(validity.reason)}</span>' if validity.reason else ""
    return (
        f'<p class="tw-validity" data-validity="{state.value}"><span class="tw-badge">'
        f"{icon(_VALIDITY_ICONS[state])}{VALIDITY_WORDS[state]}</span>{reason}</p>"
    )


def _source_html(citation: Citation) -> str:
    """Render where the quote stands: document, 文号, clause, units, date, area, digest notice."""
    number = (
        f' <span class="tw-number">{escape(citation.doc_number)}</span>'
        if citation.doc_number
        else ""
    )
    return (
        '<footer class="tw-source">'
        f'<p class="tw-title">{escape(book_title(citation.title))}{number}</p>'
        f"{_place_html(citation)}{_facts_html(citation)}{_digest_html(citation)}"
        f"</footer>"
    )


def _place_html(citation: Citation) -> str:
    """Render the clause label and heading; nothing where the passage has neither."""
    label = path_label(citation.path)
    shown = f'<span class="tw-label">{escape(label)}</span>' if label else ""
    heading = f'<span class="tw-heading">{escape(citation.heading)}</span>'
    if not label and not citation.heading:
        return ""
    return f'<p class="tw-place">{shown}{heading if citation.heading else ""}</p>'


def _facts_html(citation: Citation) -> str:
    """Render the facts known about a source as a list of terms; unknown ones are left out."""
    units = "".join(f'<span class="tw-chip">{escape(unit)}</span>' for unit in citation.units)
    facts = (
        ("tw-units", "责任单位", units),
        ("tw-fact", "发布机关", escape(citation.issuer or "")),
        ("tw-fact", "发布日期", chinese_date(citation.published)),
        ("tw-fact", "适用地区", escape(area_name(citation.area))),
    )
    rows = "".join(
        f'<div class="{kind}"><dt>{term}</dt><dd>{said}</dd></div>'
        for kind, term, said in facts
        if said
    )
    return f'<dl class="tw-facts">{rows}</dl>' if rows else ""


def _digest_html(citation: Citation) -> str:
    """Say on every citation of a digest that it is not the official text."""
    if citation.origin is not Origin.DIGEST:
        return ""
    return f'<p class="tw-digest">{icon("info")}<span>{DIGEST_NOTICE}</span></p>'


def _clause_html(first: Citation, citations: Sequence[Citation], clause: Clause | None) -> str:
    """Render the row of actions and the fold-out with the whole clause, quotes marked."""
    read = (
        f'<button type="button" class="tw-act tw-read" data-read>{icon("page")}'
        "<span>打开全文</span></button>"
    )
    copy = (
        f'<button type="button" class="tw-act" data-copy="{escape(copy_line(first))}" '
        f'data-link="{escape(clause_link(first.clause_id))}">'
        f"{icon('copy')}<span>复制出处</span></button>"
    )
    if clause is None:
        body = f'<p class="tw-gone">{CLAUSE_GONE}</p>'
    else:
        spans = inner_spans(clause.span, [citation.span for citation in citations])
        if spans == ((0, len(clause.text)),):
            spans = ()  # the whole clause is quoted: nothing in it stands out
        text = marked_html(clause.text, spans)
        body = f'{trail_html(clause)}<div class="tw-clause" lang="zh-CN">{text}</div>'
    return (
        f'<div class="tw-actions">{read}{copy}<details class="tw-fold">'
        f"<summary>{icon('chevron')}查看条款原文</summary>{body}</details></div>"
    )


def trail_html(clause: Clause) -> str:
    """Render the headings above a clause, so that it is read in its place."""
    above = list(zip(clause.path, clause.headings, strict=False))[:-1]
    steps = [f"{label} {heading}".strip() for label, heading in above]
    if not steps:
        return ""
    return f'<p class="tw-trail">{" › ".join(escape(step) for step in steps)}</p>'
