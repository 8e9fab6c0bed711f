"""The documents tab: the list, one document, uploads, replacing, withdrawing, building."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from corpus import retired_raw, retired_version
from qa.desk.intake import safe_name
from qa.desk.jobs import Kind
from qa.desk.marked import rows_of
from qa.page.staff.bodies import documents_body
from qa.page.staff.context import Context
from qa.page.staff.desk import Reason, add_refusals, desk_of, download, received, who
from qa.page.staff.guard import current
from qa.page.staff.records import (
    detail_record,
    entry_record,
    job_record,
    preview_record,
    received_record,
    row_record,
)
from qa.page.staff.shell import staff_page

_Name = Annotated[str, Query(min_length=1, max_length=500, description="文件名")]
_Of = Annotated[str | None, Query(max_length=40, description="要替换的文件的编号")]


def add_documents(pages: FastAPI, api: FastAPI, context: Context) -> None:
    """Serve the page of the documents and what its script asks for."""
    add_refusals(api)

    @pages.get("/documents")
    def page(request: Request) -> Response:
        body = documents_body(context.site.desk is not None)
        return staff_page(current(request), "documents", "文件", body, scripts=("staff-documents",))

    _add_reading(api, context)
    _add_uploads(api, context)
    _add_replacing(api, context)
    _add_changes(api, context)


def _add_reading(api: FastAPI, context: Context) -> None:
    @api.get("/documents")
    def listing() -> dict[str, Any]:
        desk = desk_of(context)
        found, waiting = desk.shelf.listing(), desk.staging.waiting()
        entries = [entry_record(entry, waiting) for entry in found.entries]
        return {"entries": entries, "stale": found.stale}

    @api.get("/documents/{doc_id}")
    def detail(doc_id: str) -> dict[str, Any]:
        desk = desk_of(context)
        return detail_record(desk.shelf.detail(doc_id), desk.staging.waiting())

    @api.get("/documents/{doc_id}/texts")
    def texts(doc_id: str) -> dict[str, Any]:
        document = desk_of(context).service.document(doc_id)
        return {"rows": [row_record(row) for row in rows_of(document)]}

    @api.get("/documents/{doc_id}/file")
    def original(doc_id: str) -> Response:
        document = desk_of(context).service.document(doc_id)
        return download(document.raw, safe_name(document.file))

    @api.get("/versions/{number}/file")
    def old_original(number: int) -> Response:
        store = desk_of(context).service.store
        name = safe_name(retired_version(store, number).file)
        return download(retired_raw(store, number), name)

    @api.get("/jobs")
    def jobs() -> dict[str, Any]:
        running = desk_of(context).jobs
        return {kind.value: job_record(running.last(kind)) for kind in Kind}


def _add_uploads(api: FastAPI, context: Context) -> None:
    @api.post("/uploads")
    async def upload(request: Request, name: _Name, replaces: _Of = None) -> dict[str, Any]:
        """One file a request: each has its own progress and report, and spoils no other."""
        desk, by = desk_of(context), who(request)
        async with received(request, safe_name(name)) as path:
            if replaces is None:
                reports = await run_in_threadpool(desk.receive, path, name, by)
                return {"files": [received_record(report) for report in reports]}
            raw = path.read_bytes()
            shown = await run_in_threadpool(desk.stage, replaces, raw, name, by)
            return {"token": shown.staged.token}


def _add_replacing(api: FastAPI, context: Context) -> None:
    @api.get("/replacements/{token}")
    def look(token: str) -> dict[str, Any]:
        return preview_record(desk_of(context).preview(token))

    @api.post("/replacements/{token}")
    def confirm(token: str, said: Reason, request: Request) -> dict[str, Any]:
        document, result = desk_of(context).confirm(token, said.reason, who(request))
        return {"doc_id": document.doc_id, "title": document.title, "outcome": result.kind}

    @api.delete("/replacements/{token}")
    def discard(token: str, request: Request) -> dict[str, Any]:
        desk_of(context).discard(token, who(request))
        return {}

    @api.post("/versions/{number}/stage")
    def bring_back(number: int, request: Request) -> dict[str, Any]:
        shown = desk_of(context).stage_version(number, who(request))
        return {"token": shown.staged.token}


def _add_changes(api: FastAPI, context: Context) -> None:
    @api.post("/documents/{doc_id}/withdraw")
    def withdraw(doc_id: str, said: Reason, request: Request) -> dict[str, Any]:
        kept = desk_of(context).withdraw(doc_id, said.reason, who(request))
        return {"number": kept.id, "title": kept.title}

    @api.post("/versions/{number}/restore")
    def restore(number: int, request: Request) -> dict[str, Any]:
        return {"doc_id": desk_of(context).restore(number, who(request)).doc_id}

    @api.post("/build", status_code=202)
    def build(request: Request) -> dict[str, Any]:
        return {"job": job_record(desk_of(context).build(who(request)))}
