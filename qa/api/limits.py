"""How much one address may ask, and how large a request may be; for page, API and MCP alike."""

from __future__ import annotations

import contextlib
import math
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.api.errors import BodyTooLarge, error_response

MAX_BODY: Final = 64 * 1024  # bytes; a question with its history is far smaller
_REMEMBERED: Final = 20_000  # addresses; the one unseen for longest is forgotten first
# These have limits of their own; those of the staff are read only after the guard let them in.
_UPLOAD = re.compile(r"/(?:gradio_api/upload|api/staff/uploads|api/staff/lexicon/[a-z./]+)$")
_FREE = re.compile(r"/api/(?:health|docs|openapi\.json|staff/jobs)$")
_COUNTED = re.compile(r"/(?:api|c)/")
_TYPING = re.compile(r"/api/suggest$")
_TYPING_COST: Final = 0.1  # one look-up for each pause in typing, and cheap to serve


class TokenBuckets:
    """One bucket for each address; a request takes tokens out, time puts them back."""

    def __init__(
        self, per_minute: float, burst: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take the lasting rate, the most tokens saved up, and a clock in seconds."""
        self.rate = per_minute / 60
        self.burst = burst
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str, cost: float = 1.0) -> float:
        """Take tokens; gives 0.0 when there were enough, else the seconds until there are."""
        now = self._clock()
        with self._lock:
            left, since = self._buckets.pop(address, (self.burst, now))
            left = min(self.burst, left + (now - since) * self.rate)
            enough = left >= cost
            self._buckets[address] = (left - cost if enough else left, now)
            if len(self._buckets) > _REMEMBERED:
                self._buckets.popitem(last=False)
        return 0.0 if enough else (cost - left) / self.rate


def cost_of(method: str, path: str) -> float:
    """Tokens that a request takes: whatever makes the engine work counts."""
    if _TYPING.search(path):
        return _TYPING_COST
    if method == "POST":
        return 1.0
    return 1.0 if _COUNTED.search(path) and not _FREE.search(path) else 0.0


def visitor_of(scope: Scope) -> str:
    """Name the address a request comes from; an IPv6 visitor has a whole /64 to herself."""
    client = scope.get("client")
    host = client[0] if client else "local"
    try:
        address = ip_address(host)
    except ValueError:
        return str(host)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return address.exploded[:19]
    return str(address)


class Gate:
    """ASGI layer in front of everything: turns away what is too much or too large."""

    def __init__(
        self, app: ASGIApp, buckets: TokenBuckets | None = None, max_body: int = MAX_BODY
    ) -> None:
        """Take the application behind, and no buckets for no limit on the rate."""
        self.app = app
        self.buckets = buckets
        self.max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Admit a request, or answer it with 429 or 413."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        wait = self._wait(scope)
        if wait > 0:
            seconds = math.ceil(wait)
            refusal = error_response(
                "rate_limited", seconds=seconds, headers={"Retry-After": str(seconds)}
            )
            await refusal(scope, receive, send)
            return
        if _UPLOAD.search(scope["path"]):
            await self.app(scope, receive, send)
            return
        await self._bounded(scope, receive, send)

    def _wait(self, scope: Scope) -> float:
        """Seconds that this visitor has to wait."""
        cost = cost_of(scope["method"], scope["path"])
        if self.buckets is None or not cost:
            return 0.0
        return self.buckets.take(visitor_of(scope), cost)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on as long as its body stays within the limit."""
        read = 0
        started = refused = False

        async def refuse() -> None:
            nonlocal refused
            refused = True
            kilobytes = self.max_body // 1024
            await error_response("body_too_large", kilobytes=kilobytes)(scope, receive, send)

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self.max_body:
                if not started and not refused:
                    await refuse()
                raise BodyTooLarge
            return message

        async def noting(message: Message) -> None:
            nonlocal started
            if refused:  # what the application makes of the broken body is of no interest
                return
            started = True
            await send(message)

        named = dict(scope["headers"]).get(b"content-length", b"0")
        if named.isdigit() and int(named) > self.max_body:
            await refuse()
            return
        with contextlib.suppress(BodyTooLarge):
            await self.app(scope, counted, noting)
