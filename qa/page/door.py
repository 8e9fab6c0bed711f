"""The part of Gradio that a visitor can reach: what the page and MCP need, and nothing else.

Gradio also serves files by path, fetches addresses for a caller, takes uploads, edits the running
program («vibe») and describes itself. None of it has a use here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from qa.api.errors import error_response

# (methods, whole paths); what the browser asks for was listed from a visit.
OPEN: Final = (
    (frozenset({"GET", "HEAD"}), re.compile(r"/")),
    (frozenset({"GET"}), re.compile(r"/(?:config|theme\.css|robots\.txt)")),
    (frozenset({"GET"}), re.compile(r"/(?:assets|static)/[A-Za-z0-9_./@~+-]+")),
    (frozenset({"POST"}), re.compile(r"/gradio_api/(?:queue/join|run/predict)")),
    (frozenset({"GET"}), re.compile(r"/gradio_api/queue/data")),
    (frozenset({"GET", "POST", "DELETE"}), re.compile(r"/gradio_api/mcp(?:/(?:http/?)?)?")),
)
# Gradio builds links from them; uvicorn has taken from a trusted proxy what it may say.
_CLAIMS: Final = frozenset(
    {b"x-forwarded-host", b"x-forwarded-port", b"x-forwarded-server", b"x-forwarded-prefix"}
)
_PROTO: Final = b"x-forwarded-proto"


def is_open(method: str, path: str) -> bool:
    """Whether a request may reach Gradio; one that climbs out of a folder never does."""
    if ".." in path or "//" in path:
        return False
    return any(method in methods and pattern.fullmatch(path) for methods, pattern in OPEN)


class Door:
    """ASGI application that stands where Gradio was mounted."""

    def __init__(
        self,
        gradio: ASGIApp,
        *,
        trusts_proxy: bool = False,
        tidy: Callable[[], None] = lambda: None,
    ) -> None:
        """Take Gradio, whether a proxy in front may say https, and what to do before requests."""
        self.gradio = gradio
        self.tidy = tidy
        self.claims = _CLAIMS if trusts_proxy else _CLAIMS | {_PROTO}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or say that there is nothing."""
        if scope["type"] == "lifespan":
            await self.gradio(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if scope["type"] == "http" and is_open(scope["method"], path or "/"):
            self.tidy()
            kept = [pair for pair in scope["headers"] if pair[0] not in self.claims]
            await self.gradio({**scope, "headers": kept}, receive, send)
        elif scope["type"] == "http":
            await error_response("not_found")(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})
