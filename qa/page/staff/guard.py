"""The one door to everything of the staff: nothing behind it runs without somebody known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.accounts import Door, Role
from qa.api.errors import ApiError, error_response
from qa.page.access import is_named, is_nameless
from qa.page.site import Site
from qa.page.staff.identity import SAFE, Refused, Staff, problem, same_origin, staff_of

# Nothing inline and nothing evaluated: staff pages are ours alone, and nobody may frame them.
POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-frame-options": "DENY",
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
_OWN: Final = frozenset({"content-security-policy"})  # a route may set another one, not none
_STATE: Final = "tiaowen.staff"


@dataclass(frozen=True, slots=True)
class Watch:
    """Knows who a request comes from: the users, and what is known about proxies."""

    site: Site
    door: Door | None

    def staff(self, scope: Scope) -> Staff | Refused:
        """Name who sends the request of a scope."""
        headers = dict(Headers(scope=scope))
        client = scope.get("client")
        # Another proxy on this machine is none that was trusted.
        trusts = self.site.trust_proxy is not None and is_named(client)
        proxied = is_nameless(client, self.site.trust_proxy) or (
            bool(self.site.root_path) and not trusts
        )
        if scope.get("http_version") == "1.0":  # no browser of today, but proxies as they come
            proxied = not trusts
        host = client[0] if client else None
        return staff_of(headers, host, self.door, proxied=proxied, trusts=trusts)


class Guard:
    """ASGI layer around the pages or the API of the staff."""

    def __init__(
        self,
        app: ASGIApp,
        watch: Watch,
        *,
        api: bool = False,
        free: tuple[str, ...] = (),
        readers_may: frozenset[tuple[str, str]] = frozenset(),
    ) -> None:
        """Take the application behind the door.

        :param api: whether refusals are JSON; else they lead to the login.
        :param free: paths below the mount that need no login.
        :param readers_may: methods and paths that change something, yet not what is stored.
        """
        self.app = app
        self.watch = watch
        self.api = api
        self.free = free
        self.readers_may = readers_may

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer for what is behind."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # a socket that is not answered is refused
        guarded = _with_headers(send)
        path = str(scope["path"]).removeprefix(scope.get("root_path", "")) or "/"
        staff = await run_in_threadpool(self.watch.staff, scope)
        if isinstance(staff, Staff):
            scope[_STATE] = staff
        refusal = self._refusal(scope, path, staff)
        await (refusal or self.app)(scope, receive, guarded)

    def _refusal(self, scope: Scope, path: str, staff: Staff | Refused) -> Response | None:
        """What a request gets that is not let in."""
        method, headers = scope["method"], dict(Headers(scope=scope))
        if method not in SAFE and not same_origin(headers):
            return error_response("cross_site")
        if path in self.free:
            return None
        if isinstance(staff, Refused):
            return error_response(staff.code) if self.api else _to_login(scope, path)
        if not self.api:
            return None
        reads = method in SAFE or (method, path) in self.readers_may
        code = problem(method, headers, staff, Role.READER if reads else Role.EDITOR)
        return error_response(code) if code else None


def current(request: Request) -> Staff:
    """Who sends a request that was let in.

    :raises KeyError: on a path that is free.
    """
    staff: Staff = request.scope[_STATE]
    return staff


def somebody(request: Request) -> Staff | None:
    """Who sends a request, None when it is not known."""
    return request.scope.get(_STATE)


def editor(request: Request) -> Staff:
    """For ``Depends``: who sends a request that only editors may send, were it only reading.

    :raises ApiError: for anybody else.
    """
    staff = current(request)
    if not staff.role.may(Role.EDITOR):
        raise ApiError("not_allowed")
    return staff


def _to_login(scope: Scope, path: str) -> Response:
    """Send a visitor to the login, and from there back to where she wanted to go."""
    query = scope.get("query_string", b"").decode("latin-1")
    wanted = path.lstrip("/") + (f"?{query}" if query else "")
    up = "../" * path.lstrip("/").count("/")
    return RedirectResponse(f"{up}login?next={quote(wanted, safe='')}", status_code=303)


def _with_headers(send: Send) -> Send:
    """Add the headers of everything that is for the staff alone."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                if name not in _OWN or name not in headers:
                    headers[name] = value
        await send(message)

    return sending
