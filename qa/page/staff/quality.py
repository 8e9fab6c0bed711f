"""The quality tab: the last evaluation, what residents said, cases drafted from it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import Depends, FastAPI, Query, Request
from starlette.responses import HTMLResponse, Response

from qa.desk.bench import Report
from qa.desk.errors import MissingError
from qa.desk.quality import STATUSES, VERDICTS, Wanted
from qa.feedback import REASONS, Verdict
from qa.page.staff.bodies import quality_body
from qa.page.staff.context import Context
from qa.page.staff.desk import Sample, desk_of, download, who
from qa.page.staff.guard import current
from qa.page.staff.records import job_record, opinion_record
from qa.page.staff.shell import staff_page

_Short = Annotated[str | None, Query(max_length=100)]
# The report brings its own styles and pictures, and nothing that runs.
_REPORT_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; sandbox"
)


def _wanted(
    verdict: Annotated[Verdict | None, Query()] = None,
    status: _Short = None,
    reason: _Short = None,
    area: _Short = None,
    q: Annotated[str, Query(max_length=200)] = "",
    unanswered: bool = False,
) -> Wanted:
    """Read the filters of what residents said from an address."""
    return Wanted(verdict, status, reason, area, q, unanswered)


_Filters = Annotated[Wanted, Depends(_wanted)]


def add_quality(pages: FastAPI, api: FastAPI, context: Context) -> None:
    """Serve the quality page and what its script asks for."""

    @pages.get("/quality")
    def page(request: Request) -> Response:
        body = quality_body(context.site.desk is not None)
        return staff_page(current(request), "quality", "质量", body, scripts=("staff-quality",))

    _add_report(api, context)
    _add_opinions(api, context)


def _add_report(api: FastAPI, context: Context) -> None:
    @api.get("/quality/report")
    def report() -> dict[str, Any]:
        try:
            return {"report": _report_record(desk_of(context).report()), "missing": None}
        except MissingError as error:  # the other half of the page does not need it
            return {"report": None, "missing": str(error)}

    @api.get("/quality/report.html")
    def report_html() -> Response:
        html = desk_of(context).report_html()
        return HTMLResponse(html, headers={"content-security-policy": _REPORT_POLICY})

    @api.post("/quality/run", status_code=202)
    def run(said: Sample, request: Request) -> dict[str, Any]:
        return {"job": job_record(desk_of(context).evaluate(said.sample, who(request)))}


def _report_record(report: Report | None) -> dict[str, Any] | None:
    if report is None:
        return None
    return {
        "label": report.label,
        "started": report.started,
        "facts": [list(fact) for fact in report.facts],
        "measures": [asdict(measure) for measure in report.measures],
    }


def _add_opinions(api: FastAPI, context: Context) -> None:
    @api.get("/feedback")
    def opinions(
        wanted: _Filters,
        before: Annotated[int | None, Query(ge=1)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 30,
    ) -> dict[str, Any]:
        desk = desk_of(context)
        found = desk.opinions(wanted, limit, before)
        drafted = [draft.get("draft", {}).get("feedback") for draft in desk.drafts.all()]
        return {
            "entries": [opinion_record(entry, drafted) for entry in found.entries],
            "next": found.next,
            "counts": desk.feedback.counts() if desk.feedback else {},
            "choices": {
                "verdict": VERDICTS,
                "status": {status.value: words for status, words in STATUSES.items()},
                "reason": REASONS,
                "area": {area: area for area in context.service.areas()},
            },
        }

    @api.get("/feedback.csv")
    def table(wanted: _Filters) -> Response:
        return download(desk_of(context).opinions_csv(wanted), "评价.csv", "text/csv")

    @api.post("/feedback/{number}/draft", status_code=201)
    def draft(number: int, request: Request) -> dict[str, Any]:
        return {"draft": desk_of(context).draft(number, who(request))}

    @api.delete("/feedback/{number}")
    def remove(number: int, request: Request) -> dict[str, Any]:
        desk_of(context).remove_opinion(number, who(request))
        return {}

    @api.get("/drafts")
    def drafts() -> dict[str, Any]:
        return {"drafts": list(desk_of(context).drafts.all())}

    @api.get("/drafts.jsonl")
    def drafts_file() -> Response:
        lines = [json.dumps(d, ensure_ascii=False) + "\n" for d in desk_of(context).drafts.all()]
        return download("".join(lines).encode(), "题目草稿.jsonl", "application/x-ndjson")
