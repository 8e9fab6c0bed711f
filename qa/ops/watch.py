"""The layer that sees every request: numbers it, checks its Host, counts it, answers for failures.

What a request asks for is told by its route; its path and its query may hold a question.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
import traceback
from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders

from qa.api.errors import error_response
from qa.ops.logs import log_request, request_id

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from qa.ops.metrics import Metrics

_log = logging.getLogger("qa.ops")
_HOST: Final = re.compile(
    r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?"
)
_ROUTES: Final = (  # the first that fits names the route; the rest of the path is left out
    (
        re.compile(
            r"^/api/(answer|search|suggest|feedback|health|docs|openapi\.json)(?:/(live|ready))?$"
        ),
        None,
    ),
    (re.compile(r"^/api/clauses/"), "/api/clauses/{id}"),
    (re.compile(r"^/api/documents/"), "/api/documents/{id}"),
    (re.compile(r"^/api/staff(?:/|$)"), "/api/staff"),
    (re.compile(r"^/staff(?:/|$)"), "/staff"),
    (re.compile(r"^/c/"), "/c/{id}"),
    (re.compile(r"^/page/"), "/page"),
    (re.compile(r"^/(?:assets|static)/"), "/assets"),
    (re.compile(r"^/gradio_api/mcp(?:/|$)"), "/gradio_api/mcp"),
    (re.compile(r"^/gradio_api/(?:queue/(?:join|data)|run/predict)$"), None),
    (re.compile(r"^/(?:metrics|accessibility|embed\.js|config|theme\.css|favicon\.ico)?$"), None),
)


def route_of(path: str) -> str:
    """Name the route of a path: few names, and never anything that a visitor chose."""
    for pattern, name in _ROUTES:
        if pattern.match(path):
            return name or path
    return "other"


def host_fits(host: str, allowed: Collection[str]) -> bool:
    """Whether a Host header is well formed and, where names are listed, is one of them.

    :param allowed: lower-case names without a port; empty for any.
    """
    if not _HOST.fullmatch(host):
        return False
    name = host if host.endswith("]") else re.sub(r":\d+$", "", host)
    return not allowed or name.lower() in allowed


class Watch:
    """ASGI layer around everything but the headers."""

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        hosts: Collection[str] = (),
    ) -> None:
        """Take the names that Host may have; empty for any."""
        self.app = app
        self.metrics = metrics
        self.hosts = frozenset(name.lower() for name in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and see how it ends."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        seen = _Seen(send, self.metrics, scope)
        token = request_id.set(seen.number)
        try:
            await self._pass(scope, receive, seen)
        finally:
            seen.done()
            request_id.reset(token)

    async def _pass(self, scope: Scope, receive: Receive, seen: _Seen) -> None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        host = hosts[0].decode("latin-1") if len(hosts) == 1 else ""
        if not host_fits(host, self.hosts):
            self.metrics.refused("wrong_host")
            await error_response("wrong_host")(scope, receive, seen.send)
            return
        try:
            await self.app(scope, receive, seen.send)
        except Exception as error:
            place = "".join(traceback.format_tb(error.__traceback__))
            _log.error("%s failed: %s\n%s", seen.route, type(error).__name__, place)
            if not seen.status:
                await error_response("internal")(scope, receive, seen.send)


class _Seen:
    """One request on its way."""

    def __init__(self, send: Send, metrics: Metrics, scope: Scope) -> None:
        self._send = send
        self._metrics = metrics
        self._started = time.perf_counter()
        self.number = secrets.token_hex(6)
        self.method: str = scope["method"] if scope["method"].isalpha() else "?"
        root = scope.get("root_path", "")
        self.route = route_of(scope["path"].removeprefix(root))
        self.client: str = scope["client"][0] if scope.get("client") else ""
        self.status = 0

    async def send(self, message: Message) -> None:
        """Note the status, and give the number of the request along."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)["x-request-id"] = self.number
        await self._send(message)

    def done(self) -> None:
        """Count and log the request; one without a response was left by its visitor."""
        seconds = time.perf_counter() - self._started
        status = self.status or 499
        self._metrics.request(self.route, status, seconds)
        log_request(self.method, self.route, status, seconds * 1000, self.client)
