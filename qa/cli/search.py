"""`tiaowen search`: clauses for staff, best first."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.cli import session
from qa.cli.options import Area, AsOf, Code, Home, Json, Model, ModelDir
from qa.cli.output import fail, line, note, say, say_json, stdout
from qa.labels import VALIDITY_WORDS, name_of, path_label

if TYPE_CHECKING:
    from rich.text import Text

    from qa.search.types import Hit, Request, Results
    from qa.service import Service

_LIMIT = 10
_MOST = 200
_FACET_ROWS = 10  # values of a facet in the terminal; --json has all of them
_FACETS = {
    "area": "地区", "unit": "责任单位", "document": "文件", "kind": "文种", "year": "年份",
    "validity": "效力",
}  # fmt: skip


class State(StrEnum):
    """What ``--validity`` can be."""

    IN_FORCE = "in_force"
    LAPSED = "lapsed"
    REPEALED = "repealed"
    UNKNOWN = "unknown"


class Order(StrEnum):
    """What ``--sort`` can be."""

    RELEVANCE = "relevance"
    DATE = "date"
    CORPUS = "corpus"


def search(
    query: Annotated[
        str,
        typer.Argument(
            metavar="QUERY",
            help="要找的词；可用「短语」、AND/OR/NOT（且 或 非）、括号、教育*，"
            "以及 地区: 单位: 文件: 文号: 文种: 年份: 效力: 标题:",
        ),
    ],
    area: Area = None,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="单位", help="只看这个责任单位的条款，可写简称")
    ] = None,
    doc: Annotated[
        str | None,
        typer.Option("--doc", metavar="文件", help="只看这份文件（编号、文号、标题或文件名）"),
    ] = None,
    validity: Annotated[State | None, typer.Option("--validity", help="只看这种效力的文件")] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="文种", help="只看这种文件，如 通知、方案、解读")
    ] = None,
    year: Annotated[
        str | None,
        typer.Option("--year", metavar="年份", help="只看这些年的文件：2024 或 2023-2025"),
    ] = None,
    as_of: AsOf = None,
    sort: Annotated[
        Order, typer.Option("--sort", help="排列：相关的在前、新的文件在前、按文件顺序")
    ] = Order.RELEVANCE,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            min=1,
            max=_MOST,
            metavar="N",
            help=f"最多列出几条（默认 {_LIMIT}；导出文件时默认全部）",
        ),
    ] = None,
    offset: Annotated[
        int, typer.Option("--offset", min=0, metavar="N", help="跳过前面几条，用于翻页")
    ] = 0,
    facets: Annotated[
        bool, typer.Option("--facets", help="列出各地区、单位、文件等各有几条")
    ] = False,
    csv: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", dir_okay=False, help="把结果存成 CSV 表格"),
    ] = None,
    xlsx: Annotated[
        Path | None,
        typer.Option("--xlsx", metavar="FILE", dir_okay=False, help="把结果存成 Excel 表格"),
    ] = None,
    json: Json = False,
    home: Home = None,
    model: Model = None,
    model_dir: ModelDir = None,
) -> None:
    """查条款，供工作人员使用：短语、与或非、筛选、计数、导出。"""
    from qa.search.types import Filters, Request, Sort

    exported = csv is not None or xlsx is not None
    with session.opened(home, model, model_dir) as service:
        document = service.store.find(doc).doc_id if doc else None
        state = validity.value if validity else None
        request = Request(
            query,
            Filters(area, unit, document, kind, year, state),
            Sort(sort.value),
            offset,
            limit or (None if exported else _LIMIT),
            as_of or date.today(),
            facets or json,
        )
        results = _searched(service, request)
    _export(results, offset, csv, xlsx)
    if json:
        say_json(record(query, request, results))
    elif not exported or facets:
        _show(results, offset, facets=facets, hits=not exported)
    if not results.hits:
        if not json:
            from qa.search.wording import NOTHING

            note(NOTHING)
        raise typer.Exit(Code.NOTHING)


def _searched(service: Service, request: Request) -> Results:
    """Search; what is wrong with the query is told with a caret under the character."""
    from index.querying import QueryError
    from qa.search.staff import StaffSearch

    try:
        return StaffSearch.over(service).search(request)
    except QueryError as error:
        fail(str(error))
        raise typer.Exit(Code.USAGE) from None


def record(query: str, request: Request, results: Results) -> dict[str, Any]:
    """Return one page as JSON values."""
    return {
        "query": query,
        "total": results.total,
        "count": len(results.hits),
        "offset": request.offset,
        "sort": request.sort.value,
        "notes": list(results.notes),
        "facets": {
            name: [{"value": v.value, "label": v.label, "count": v.count} for v in values]
            for name, values in results.facets.items()
        },
        "hits": [hit_record(hit) for hit in results.hits],
    }


def hit_record(hit: Hit) -> dict[str, Any]:
    """Return a hit as JSON values; ``snippet_span`` and ``marks`` are offsets into ``text``."""
    document, clause = hit.document, hit.clause
    start, end = hit.snippet.span
    return {
        "clause_id": clause.clause_id,
        "score": round(hit.score, 4),
        "how": hit.how.value,
        "doc_id": document.doc_id,
        "file": document.file,
        "title": document.title,
        "doc_number": document.doc_number,
        "published": document.published.isoformat() if document.published else None,
        "area": document.area,
        "kind": document.kind,
        "validity": hit.validity.state.value,
        "validity_reason": hit.validity.reason,
        "path": list(clause.path),
        "label": clause.label,
        "heading": clause.heading,
        "units": list(clause.unit_names),
        "span": list(clause.span),
        "text": clause.text,
        "snippet": clause.text[start:end],
        "snippet_span": [start, end],
        "marks": [list(mark) for mark in hit.snippet.marks],
    }


def _export(results: Results, offset: int, csv: Path | None, xlsx: Path | None) -> None:
    """Write the tables that were asked for."""
    if csv is None and xlsx is None:
        return
    from qa.search import export

    rows = export.table(results.hits, offset + 1)
    for target, make in ((csv, export.as_csv), (xlsx, export.as_xlsx)):
        if target is not None:
            export.write(target, make(rows))
            note(f"已把 {len(rows)} 条存到 {target}")


def _show(results: Results, offset: int, *, facets: bool, hits: bool) -> None:
    for text in results.notes:
        note(text)
    if hits:
        for rank, hit in enumerate(results.hits, start=offset + 1):
            _show_hit(rank, hit)
    if results.total:
        last = offset + len(results.hits)
        page = f"，这里是第 {offset + 1}—{last} 条" if 0 < len(results.hits) < results.total else ""
        say(f"共 {results.total} 条{page}")
    if facets:
        _show_facets(results)


def _show_hit(rank: int, hit: Hit) -> None:
    line(f"{rank}. {path_label(hit.clause.path)} {hit.clause.heading}".rstrip(), "bold")
    line(
        f"   {name_of(hit.document)}  {VALIDITY_WORDS[hit.validity.state]}  {hit.score:.3f}", "cyan"
    )
    if hit.clause.units:
        line(f"   责任单位：{'、'.join(hit.clause.unit_names)}")
    stdout().print(_snippet(hit), soft_wrap=True)
    say()


def _snippet(hit: Hit) -> Text:
    """The window with its marks in bold; line breaks as blanks, … where it is cut."""
    from rich.text import Text

    text, (start, end) = hit.clause.text, hit.snippet.span
    shown = Text("   " + ("…" if start else ""))
    at = start
    for first, last in hit.snippet.marks:
        shown.append(_flat(text[at:first]), "dim")
        shown.append(_flat(text[first:last]), "bold")
        at = last
    shown.append(_flat(text[at:end]), "dim")
    return shown.append("…" if end < len(text) else "")


def _flat(text: str) -> str:
    return "".join(" " if char.isspace() else char for char in text)


def _show_facets(results: Results) -> None:
    for name, title in _FACETS.items():
        values = results.facets[name]
        if values:
            shown = "、".join(f"{value.label}（{value.count}）" for value in values[:_FACET_ROWS])
            more = f"……另有 {len(values) - _FACET_ROWS} 个" if len(values) > _FACET_ROWS else ""
            line(f"{title}：{shown}{more}")
