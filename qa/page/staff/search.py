"""The search tab: every state of it has an address, and works without a script."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import quote

from fastapi import FastAPI, Request
from starlette.responses import Response

from index.querying import QueryError
from qa.api.errors import ApiError
from qa.page.staff.asking import Asked, asked_from
from qa.page.staff.asking_form import form_html
from qa.page.staff.compare import clauses_of, compare_html
from qa.page.staff.context import Context
from qa.page.staff.facets import chosen_html, facets_html
from qa.page.staff.found import EXPORT_MOST, count_line, found_html, wrong_html
from qa.page.staff.guard import current
from qa.page.staff.shell import staff_page
from qa.search import export
from qa.search.types import FilterError, Results

_EMPTY: Final = Results(0, (), {})
_BASKET: Final = '<aside class="tw-basket" id="tw-basket" aria-label="对比篮" hidden></aside>'
_KINDS: Final = {
    "csv": ("text/csv; charset=utf-8", export.as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", export.as_xlsx),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a search: results, or what is wrong with it."""

    results: Results
    reason: str = ""
    error: QueryError | None = None


def add_search(pages: FastAPI, api: FastAPI, context: Context) -> None:
    """Serve the search page, the comparison and the exports."""

    @pages.get("/search")
    def page(request: Request) -> Response:
        asked = asked_from(request.query_params)
        outcome = run(context, asked)
        body = search_html(asked, outcome, context.service.areas())
        return staff_page(
            current(request), "search", title(asked, outcome), body, scripts=("staff-search",)
        )

    @pages.get("/compare")
    def compare(request: Request) -> Response:
        ids = request.query_params.getlist("c")
        found, gone = clauses_of(context.service, ids)
        body = compare_html(found, gone, len(set(ids)))
        return staff_page(current(request), "search", "对比条款", body, scripts=("staff-search",))

    @api.get("/search.{kind}")
    def table(kind: str, request: Request) -> Response:
        if kind not in _KINDS:
            raise ApiError("not_found")
        return exported(context, asked_from(request.query_params), kind)


def run(context: Context, asked: Asked) -> Outcome:
    """Search, and keep what is wrong with the query apart from what was found."""
    try:
        return Outcome(context.service.find(asked.request()))
    except QueryError as error:
        return Outcome(_EMPTY, error.reason, error)
    except FilterError as error:
        return Outcome(_EMPTY, str(error))


def title(asked: Asked, outcome: Outcome) -> str:
    """Name the page after what was searched and found, for history and screen readers."""
    if outcome.reason:
        return "查询写法有误 · 检索"
    if asked.blank:
        return "检索"
    said = asked.query or "、".join(asked.chosen().values())
    return f"{said[:40]} · {count_line(asked, outcome.results)} · 检索"


def search_html(asked: Asked, outcome: Outcome, areas: tuple[str, ...]) -> str:
    """Render the whole page: form, filters that are set, facets, hits."""
    facets, wrong = outcome.results.facets, None
    if outcome.error is not None:
        # Scripts count UTF-16 units.
        wrong = len(asked.query[: outcome.error.position].encode("utf-16-le", "replace")) // 2
    form = form_html(asked, facets, areas, wrong=wrong)
    if outcome.reason:
        inner = wrong_html(asked.query, outcome.error, outcome.reason) + chosen_html(asked, facets)
    else:
        inner = (
            f'{chosen_html(asked, facets)}<div class="tw-columns">'
            f"{facets_html(asked, facets)}{found_html(asked, outcome.results)}</div>"
        )
    return f'{form}<div id="tw-results">{inner}</div>{_BASKET}'


def exported(context: Context, asked: Asked, kind: str) -> Response:
    """All that a search finds as a table; the file's name says what and when.

    :raises ApiError: when the query or a filter cannot be read.
    """
    request = replace(asked.request(), offset=0, limit=EXPORT_MOST, facets=False)
    try:
        results = context.service.find(request)
    except QueryError as error:
        reason = f"查询写法有误：{error.reason}（第 {error.position + 1} 个字）。"
        raise ApiError("invalid_query", reason=reason) from error
    except FilterError as error:
        raise ApiError("invalid_query", reason=str(error)) from error
    media, make = _KINDS[kind]
    name = quote(f"条问检索-{date.today().isoformat()}.{kind}")
    return Response(
        make(export.table(results.hits)),
        media_type=media,
        headers={"content-disposition": f"attachment; filename*=UTF-8''{name}"},
    )
