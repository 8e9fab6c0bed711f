"""Pages and API of the staff, put behind the guard and into the one application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from qa.accounts import Door
from qa.api import PolicyService
from qa.api.errors import add_handlers
from qa.page.site import Site
from qa.page.staff.context import Context
from qa.page.staff.documents import add_documents
from qa.page.staff.guard import Guard, Watch, somebody
from qa.page.staff.lexicon import add_lexicon
from qa.page.staff.login import START, add_login
from qa.page.staff.quality import add_quality
from qa.page.staff.search import add_search
from qa.page.staff.shell import staff_page

# What puts the routes of a tab into the pages and into the API.
Tab = Callable[[FastAPI, FastAPI, Context], None]
TABS: Final[tuple[Tab, ...]] = (add_search, add_documents, add_lexicon, add_quality)
# What somebody who may only look may send all the same.
READERS_MAY: Final[frozenset[tuple[str, str]]] = frozenset()
_MISSING = (
    "<h1>没有这个页面</h1><p>网址可能写错了，或者页面已经移走。请从上面的栏目里重新打开。</p>"
)


def add_staff(app: FastAPI, service: PolicyService, site: Site) -> Watch:
    """Mount ``/staff`` and ``/api/staff``; gives back what knows who a request comes from."""
    door = None if site.accounts is None else Door(site.accounts)
    context, watch = Context(service, site, door), Watch(site, door)
    pages, api = _pages(), FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_handlers(api)
    add_login(pages, context)
    for add in TABS:
        add(pages, api, context)

    @app.get("/staff", include_in_schema=False)
    def without_slash() -> Response:
        return RedirectResponse("staff/", status_code=303)

    app.mount("/staff", Guard(pages, watch, free=("/login", "/logout")))
    app.mount("/api/staff", Guard(api, watch, api=True, readers_may=READERS_MAY))
    return watch


def _pages() -> FastAPI:
    """Make the application of the pages: it starts at the first tab, and says what is missing."""
    pages = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)

    @pages.get("/")
    def start() -> Response:
        return RedirectResponse(START, status_code=303)

    async def missing(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        return staff_page(somebody(request), "", "没有这个页面", _MISSING, status=status)

    pages.add_exception_handler(HTTPException, missing)
    return pages
