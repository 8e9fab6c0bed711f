"""Clauses side by side: two to four, from the basket or from a link."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final
from urllib.parse import urlencode

from corpus import validity
from corpus.errors import UnknownDocument
from corpus.types import Clause, Document, Origin
from qa.api import PolicyService
from qa.labels import (
    area_name,
    book_title,
    chinese_date,
    clause_link,
    path_label,
    source_line,
)
from qa.page.cards import DIGEST_NOTICE, trail_html, validity_html
from qa.page.icons import icon

MOST: Final = 4  # clauses side by side; more cannot be read
Pair = tuple[Clause, Document]


def clauses_of(
    service: PolicyService, ids: Sequence[str]
) -> tuple[tuple[Pair, ...], tuple[str, ...]]:
    """Look clauses up: those that are there with their documents, and the ids of those gone."""
    found, gone = list[Pair](), list[str]()
    for clause_id in list(dict.fromkeys(ids))[:MOST]:
        try:
            clause = service.clause(clause_id)
            found.append((clause, service.document(clause.doc_id)))
        except (UnknownDocument, KeyError):
            gone.append(clause_id)
    return tuple(found), tuple(gone)


def compare_html(found: Sequence[Pair], gone: Sequence[str], asked: int) -> str:
    """Render the comparison; what is missing or too much is said above it.

    :param asked: how many clauses the address names.
    """
    said = []
    if gone:
        said.append(f"有 {len(gone)} 条已经随文件更新或撤下，没有列出。")
    if asked > MOST:
        said.append(f"一次最多并排 {MOST} 条，只列出了前 {MOST} 条。")
    if len(found) < 2:
        said.append("至少要有两条才好比较：请回到检索，在结果里点「加入对比」。")
    notes = "".join(f'<p class="tw-found-note">{line}</p>' for line in said)
    columns = "".join(_column_html(found, place) for place in range(len(found)))
    return (
        '<div class="tw-compare-head"><h1 tabindex="-1" id="tw-count">对比条款</h1>'
        '<div class="tw-row tw-noprint"><a class="tw-quiet" href="search" data-back>'
        f"{icon('back')}<span>回到检索</span></a>"
        f'<button type="button" class="tw-quiet" data-print hidden>{icon("print")}'
        "<span>打印</span></button></div></div>"
        f'{notes}<div class="tw-compare" data-columns="{len(found)}">{columns}</div>'
    )


def address(ids: Sequence[str]) -> str:
    """Where these clauses stand side by side."""
    return f"compare?{urlencode([('c', clause_id) for clause_id in ids])}"


def _column_html(found: Sequence[Pair], place: int) -> str:
    """Render one clause: its parts are rows, so that they stand level with the others'."""
    clause, document = found[place]
    name = f"{path_label(clause.path)} {clause.heading}".strip() or document.title
    number = f"（{document.doc_number}）" if document.doc_number else ""
    digest = f'<p class="tw-digest">{DIGEST_NOTICE}</p>' if _is_digest(document) else ""
    left = [other.clause_id for other, _ in found if other.clause_id != clause.clause_id]
    return (
        f'<article class="tw-column" aria-labelledby="tw-column-{place}">'
        f'<header><h2 id="tw-column-{place}">{escape(name)}</h2>'
        f'<p class="tw-hit-source">{escape(book_title(document.title) + number)}</p></header>'
        f"<div>{validity_html(validity(document))}{digest}</div>{_facts_html(clause, document)}"
        f'<div class="tw-column-text">{trail_html(clause)}'
        f'<div class="tw-clause">{_text_html(clause)}</div></div>'
        f"{_actions_html(clause, document, name, address(left))}</article>"
    )


def _is_digest(document: Document) -> bool:
    return document.origin is Origin.DIGEST


def _facts_html(clause: Clause, document: Document) -> str:
    """Render what is compared beside the words; what is not stated is said to be so."""
    facts = (
        ("地区", area_name(document.area)),
        ("发布日期", chinese_date(document.published)),
        ("责任单位", "、".join(dict.fromkeys(clause.unit_names))),
    )
    rows = "".join(
        f"<div><dt>{term}</dt><dd>{escape(said) or '未注明'}</dd></div>" for term, said in facts
    )
    return f'<dl class="tw-column-facts">{rows}</dl>'


def _text_html(clause: Clause) -> str:
    """The clause as it stands; its figures in bold, since they are what differs most."""
    start, pieces, at = clause.span[0], [], 0
    for figure in sorted(clause.figures, key=lambda one: one.span):
        left, right = figure.span[0] - start, figure.span[1] - start
        if not at <= left < right <= len(clause.text):
            continue
        pieces += [
            escape(clause.text[at:left]),
            f"<strong>{escape(clause.text[left:right])}</strong>",
        ]
        at = right
    return "".join([*pieces, escape(clause.text[at:])])


def _actions_html(clause: Clause, document: Document, name: str, without: str) -> str:
    """Render what can be done with one column."""
    of = f'<span class="tw-sr">：{escape(name)}</span>'
    link = escape(clause_link(clause.clause_id))
    line = escape(source_line(document, clause.path))
    return (
        '<div class="tw-hit-actions tw-noprint">'
        f'<button type="button" class="tw-act" data-copy="{line}" data-link="{link}" hidden>'
        f"{icon('copy')}<span>复制出处</span>{of}</button>"
        f'<a class="tw-act" href="../{link}">{icon("page")}<span>在原文里看</span>{of}</a>'
        f'<a class="tw-act" href="{escape(without)}" data-drop="{escape(clause.clause_id)}">'
        f"{icon('close')}<span>移出对比</span>{of}</a></div>"
    )
