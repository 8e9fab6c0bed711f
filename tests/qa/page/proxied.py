"""The page behind a reverse proxy that strips its prefix, as nginx is usually set up."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import Receive, Scope, Send

from qa.api import PolicyService
from qa.page.app import PageServer, web_app
from qa.page.site import Site

PREFIX = "/tiaowen"


def proxied_server(
    service: PolicyService, on_ready: Callable[[str], None], site: Site | None = None
) -> PageServer:
    """Serve the page under the prefix, and nothing anywhere else.

    :param site: a set-up with this prefix, default a plain one.
    """
    app = web_app(service, site or Site(root_path=PREFIX))

    async def proxy(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            assert scope["path"].startswith(PREFIX), f"{scope['path']} left the prefix"
            path = scope["path"].removeprefix(PREFIX)
            scope = {**scope, "path": path, "raw_path": path.encode()}
        await app(scope, receive, send)

    return PageServer(proxy, "127.0.0.1", 0, on_ready)
