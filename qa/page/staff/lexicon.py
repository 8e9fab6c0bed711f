"""The word lists and the record of changes, both pages of the documents tab."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from qa.api.errors import ApiError
from qa.desk.audit import ACTIONS
from qa.page.staff.bodies import audit_body, lexicon_body
from qa.page.staff.context import Context
from qa.page.staff.desk import desk_of, sent_json, text_in, who
from qa.page.staff.guard import current, editor
from qa.page.staff.records import audit_record, checked_record, job_record, list_record
from qa.page.staff.shell import staff_page

_PAGE = 50  # changes shown at once


def add_lexicon(pages: FastAPI, api: FastAPI, context: Context) -> None:
    """Serve the editor of the word lists, and the record of changes."""

    @pages.get("/lexicon")
    def page(request: Request) -> Response:
        body = lexicon_body(context.site.desk is not None)
        return staff_page(current(request), "documents", "词表", body, scripts=("staff-lexicon",))

    @pages.get("/audit")
    def changes(request: Request) -> Response:
        body = audit_body(context.site.desk is not None)
        return staff_page(current(request), "documents", "变更记录", body, scripts=("staff-audit",))

    @api.get("/audit", dependencies=[Depends(editor)])
    def audit(
        action: Annotated[str | None, Query(max_length=40)] = None,
        before: Annotated[int | None, Query(ge=1)] = None,
    ) -> dict[str, Any]:
        entries = desk_of(context).audit.entries(action=action, limit=_PAGE, before=before)
        following = entries[-1].id if len(entries) == _PAGE else None
        return {
            "entries": [audit_record(entry) for entry in entries],
            "next": following,
            "actions": dict(ACTIONS),
        }

    _add_lists(api, context)


def _add_lists(api: FastAPI, context: Context) -> None:
    @api.get("/lexicon/{name}")
    def read(name: str) -> dict[str, Any]:
        return list_record(desk_of(context).lists.read(name))

    @api.post("/lexicon/{name}/check")
    async def check(name: str, request: Request) -> dict[str, Any]:
        text = text_in(await sent_json(request), "text")
        return checked_record(await run_in_threadpool(desk_of(context).lists.check, name, text))

    @api.put("/lexicon/{name}")
    async def save(name: str, request: Request) -> dict[str, Any]:
        said = await sent_json(request)
        text, base = text_in(said, "text"), text_in(said, "base")
        desk = desk_of(context)
        return list_record(await run_in_threadpool(desk.save_list, name, text, base, who(request)))

    @api.post("/lexicon/{name}/try", status_code=202)
    async def try_out(name: str, request: Request) -> dict[str, Any]:
        said = await sent_json(request)
        text, sample = text_in(said, "text"), said.get("sample")
        if sample is not None and (not isinstance(sample, int) or sample < 1):
            raise ApiError("invalid_request", fields="sample 应为正整数")
        desk = desk_of(context)
        job = await run_in_threadpool(desk.try_list, name, text, sample, who(request))
        return {"job": job_record(job)}
