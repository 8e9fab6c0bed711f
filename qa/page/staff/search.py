"""The search tab."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.responses import Response

from qa.page.staff.context import Context
from qa.page.staff.guard import current
from qa.page.staff.shell import staff_page


def add_search(pages: FastAPI, api: FastAPI, context: Context) -> None:
    """Serve the search page."""

    @pages.get("/search")
    def page(request: Request) -> Response:
        return staff_page(current(request), "search", "检索", "<h1>检索</h1>")
