"""What a search has found: the count, the hits with their snippets, the pages."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Final

from corpus.types import Origin
from index.querying import QueryError
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
from qa.page.marks import marked_html
from qa.page.staff.asking import PAGE, SORTS, Asked
from qa.search.types import Hit, How, Results
from qa.search.wording import NOTHING

EXPORT_MOST: Final = 10_000  # rows of an exported table
_HOW: Final = {How.LABEL: "编号直达", How.NEAR: "意思相近"}


def count_line(asked: Asked, results: Results) -> str:
    """Say how many there are and which of them are shown; also told to screen readers."""
    if asked.blank:
        return f"共收录 {results.total} 条条款"
    if not results.total:
        return "没有找到条款" if not results.hits else "没有条款写到这些词"
    first = (asked.page - 1) * PAGE + 1
    if not results.hits:
        return f"共 {results.total} 条，没有第 {asked.page} 页"
    if len(results.hits) == results.total:
        return f"共 {results.total} 条"
    return f"共 {results.total} 条，这里是第 {first}—{first + len(results.hits) - 1} 条"


def found_html(asked: Asked, results: Results) -> str:
    """Render count, tools, notes, hits and pages."""
    notes = "".join(f'<p class="tw-found-note">{escape(note)}</p>' for note in results.notes)
    if not results.hits and not asked.blank:
        notes += f'<p class="tw-found-note">{NOTHING}</p>'
    first = (asked.page - 1) * PAGE + 1
    hits = "".join(_hit_html(asked, hit) for hit in results.hits)
    listed = f'<ol class="tw-hits" start="{first}">{hits}</ol>' if hits else ""
    return (
        '<section class="tw-found" aria-labelledby="tw-count"><div class="tw-found-head">'
        f'<h2 id="tw-count" tabindex="-1">{count_line(asked, results)}</h2>'
        f"{_tools_html(asked, results) if results.total and not asked.blank else ''}</div>"
        f"{notes}{listed}{_pages_html(asked, results.total)}</section>"
    )


def wrong_html(query: str, error: QueryError | None, reason: str) -> str:
    """Say what cannot be read, and mark the character where reading stopped."""
    if error is None or not query:
        return _alert(escape(reason))
    at = error.position
    shown = (
        f'<code class="tw-query">{escape(query[:at])}<mark class="tw-stop">'
        f"{escape(query[at : at + 1])}</mark>{escape(query[at + 1 :])}</code>"
    )
    return _alert(f"第 {at + 1} 个字这里看不懂：{escape(reason)}。{shown}")


def _alert(inner: str) -> str:
    return (
        '<div class="tw-form-said tw-form-wrong" role="alert" id="tw-said">'
        f"{icon('warning')}<div>{inner}</div></div>"
    )


def _tools_html(asked: Asked, results: Results) -> str:
    """Render the orders to choose from, and the exports of all that was found."""
    here = ' aria-current="true"'
    sorts = "".join(
        f'<li><a href="{escape(replace(asked, sort=sort, page=1).address())}"'
        f"{here if sort is asked.sort else ''}>{words}</a></li>"
        for sort, words in SORTS.items()
    )
    table = replace(asked, page=1).address("../api/staff/search")
    limit = f"前 {EXPORT_MOST} 条" if results.total > EXPORT_MOST else f"{results.total} 条"
    exports = "".join(
        f'<a class="tw-tool" download href="{escape(table.replace("?", f".{kind}?", 1))}">'
        f'{icon("save")}<span><span class="tw-sr">把{limit}存成 </span>{words}</span></a>'
        for kind, words in (("csv", "CSV"), ("xlsx", "Excel"))
    )
    return (
        '<div class="tw-found-tools"><nav aria-label="排列">'
        f'<ul class="tw-sorts">{sorts}</ul></nav><div class="tw-exports">{exports}</div></div>'
    )


def _hit_html(asked: Asked, hit: Hit) -> str:
    """Render one clause that was found."""
    clause, document = hit.clause, hit.document
    name = f"{path_label(clause.path)} {clause.heading}".strip() or document.title
    how = f'<span class="tw-chip">{_HOW[hit.how]}</span>' if hit.how in _HOW else ""
    number = f"（{document.doc_number}）" if document.doc_number else ""
    about = "，".join(
        text for text in (area_name(document.area), chinese_date(document.published)) if text
    )
    digest = f'<span class="tw-chip">{DIGEST_NOTICE}</span>' if _is_digest(hit) else ""
    return (
        f'<li class="tw-hit tw-panel"><h3><a href="../{clause_link(clause.clause_id)}">'
        f"{escape(name)}</a></h3>"
        f'<p class="tw-hit-source">{escape(book_title(document.title) + number)}'
        f'<span class="tw-hit-about">{escape(about)}</span></p>'
        f'<div class="tw-hit-marks">{validity_html(hit.validity)}{how}{digest}</div>'
        f"{_snippet_html(hit)}{_units_html(asked, hit)}{_actions_html(hit, name)}</li>"
    )


def _is_digest(hit: Hit) -> bool:
    return hit.document.origin is Origin.DIGEST


def _snippet_html(hit: Hit) -> str:
    """Render the window with its marks; the whole clause folds out where it is longer."""
    text, (start, end), marks = hit.clause.text, hit.snippet.span, hit.snippet.marks
    shown = marked_html(text[start:end], [(a - start, b - start) for a, b in marks])
    line = (
        f'<p class="tw-snippet">{"……" if start else ""}{shown}{"……" if end < len(text) else ""}</p>'
    )
    if not start and end >= len(text.rstrip()):
        return line
    return (
        f'{line}<details class="tw-whole"><summary>{icon("chevron")}展开整条</summary>'
        f'{trail_html(hit.clause)}<div class="tw-clause">{marked_html(text, marks)}</div></details>'
    )


def _units_html(asked: Asked, hit: Hit) -> str:
    """Render the responsible units, each a way to narrow the search down to it."""
    links = "、".join(
        f'<a href="{escape(asked.with_filter("unit", unit).address())}">{escape(unit)}</a>'
        for unit in dict.fromkeys(hit.clause.unit_names)
    )
    return f'<p class="tw-hit-units">责任单位：{links}</p>' if links else ""


def _actions_html(hit: Hit, name: str) -> str:
    """Render what can be done with a clause; the names tell one hit's buttons from another's."""
    clause_id = escape(hit.clause.clause_id)
    of = f'<span class="tw-sr">：{escape(name)}</span>'
    line = escape(source_line(hit.document, hit.clause.path))
    return (
        '<div class="tw-hit-actions">'
        f'<button type="button" class="tw-act" data-basket="{clause_id}" aria-pressed="false" '
        f'data-label="{escape(name + book_title(hit.document.title))}" hidden>'
        f"{icon('list')}<span>加入对比</span>{of}</button>"
        f'<button type="button" class="tw-act" data-copy="{line}" '
        f'data-link="{escape(clause_link(hit.clause.clause_id))}" hidden>'
        f"{icon('copy')}<span>复制出处</span>{of}</button>"
        f'<a class="tw-act" href="../{escape(clause_link(hit.clause.clause_id))}">'
        f"{icon('page')}<span>在原文里看</span>{of}</a></div>"
    )


def _pages_html(asked: Asked, total: int) -> str:
    """Render the way to the pages before and after."""
    last = max(1, -(-total // PAGE))
    if asked.blank or (last == 1 and asked.page == 1):
        return ""
    here = min(asked.page, last + 1)
    before = _page_link(asked, here - 1, "back", "上一页") if here > 1 else ""
    after = _page_link(asked, here + 1, "chevron", "下一页") if here < last else ""
    return (
        f'<nav class="tw-pages" aria-label="翻页">{before}'
        f"<span>第 {asked.page} 页，共 {last} 页</span>{after}</nav>"
    )


def _page_link(asked: Asked, page: int, picture: str, words: str) -> str:
    to = escape(replace(asked, page=page).address())
    rel = "prev" if picture == "back" else "next"
    return f'<a class="tw-quiet" rel="{rel}" href="{to}">{icon(picture)}<span>{words}</span></a>'
