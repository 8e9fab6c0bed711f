"""How much one address may ask, and how large a request may be; for page, API and MCP alike."""

from __future__ import annotations

import asyncio
import math
import re
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.api.errors import error_response
from qa.ops.line import Busy, Line
from qa.ops.metrics import Metrics

MAX_BODY: Final = 64 * 1024  # bytes; a question with its history is far smaller
BODY_SECONDS: Final = 15.0  # for all of it to arrive
STREAMS: Final = 256  # answers of the page and MCP streams that are open at once
STREAMS_EACH: Final = 32  # of them for one address; one stream lasts as long as one answer
_REMEMBERED: Final = 20_000  # addresses; the one unseen for longest is forgotten first
# These have limits of their own; those of the staff are read only after the guard let them in.
_UPLOAD = re.compile(r"/(?:api/staff/uploads|api/staff/lexicon/[a-z./]+)$")
_FREE = re.compile(r"/api/(?:health(?:/\w+)?|docs|openapi\.json|staff/jobs)$")
_ENGINE = re.compile(
    r"/api/(?:answer|search)$|/staff/(?:search(?:\.\w+)?|compare)$|/gradio_api/mcp(?:/|$)"
)
_STREAM = re.compile(r"/gradio_api/(?:queue/data|mcp)(?:/|$)")
_ASKS = re.compile(r"/gradio_api/queue/join$")
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
    if not isinstance(address, IPv6Address):
        return str(address)
    # A server that listens on both sees IPv4 visitors as ::ffff:192.0.2.7.
    mapped = address.ipv4_mapped
    return address.exploded[:19] if mapped is None else str(mapped)


class Gate:
    """ASGI layer in front of the application: turns away what is too much, too large or too slow.

    The body is read before a place in line is taken: who sends it slowly holds up nobody else.
    """

    def __init__(
        self,
        app: ASGIApp,
        buckets: TokenBuckets | None = None,
        line: Line | None = None,
        metrics: Metrics | None = None,
        max_body: int = MAX_BODY,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        """Take the application behind, and no buckets for no limit on the rate."""
        self.app = app
        self.buckets = buckets
        self.line = line or Line()
        self.metrics = metrics or Metrics()
        self.max_body = max_body
        self.body_seconds = body_seconds
        self._streams: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Admit a request, or answer it with 408, 413, 429 or 503."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            self._admit(scope)
            if scope["method"] in ("GET", "HEAD"):
                await self._enter(scope, receive, send)
            elif _UPLOAD.search(scope["path"]):
                await self._enter(scope, _Steady(receive, self.body_seconds), send)
            else:
                body = await self._body(scope, receive)
                await self._enter(scope, _Again(body, receive), send)
        except _Refusal as refusal:
            await self._refuse(refusal, scope, receive, send)

    def _admit(self, scope: Scope) -> None:
        """Look at method, path and address alone.

        :raises _Refusal: when the visitor has to wait, or the server is stopping.
        """
        works = _ENGINE.search(scope["path"]) or _ASKS.search(scope["path"])
        if works and self.line.stopping:
            raise _Refusal("stopping", seconds=10)
        cost = cost_of(scope["method"], scope["path"])
        if self.buckets is not None and cost:
            wait = self.buckets.take(visitor_of(scope), cost)
            if wait > 0:
                raise _Refusal("rate_limited", seconds=math.ceil(wait))

    async def _body(self, scope: Scope, receive: Receive) -> bytes | None:
        """Read the whole body; None when the visitor has gone.

        :raises _Refusal: when it is too large, by its own account or in fact, or too slow.
        """
        too_large = _Refusal("body_too_large", kilobytes=self.max_body // 1024)
        named = dict(scope["headers"]).get(b"content-length", b"0")
        if named.isdigit() and (len(named) > 15 or int(named) > self.max_body):
            raise too_large
        body = bytearray()
        try:
            async with asyncio.timeout(self.body_seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    body += message.get("body", b"")
                    if len(body) > self.max_body:
                        raise too_large
                    if not message.get("more_body", False):
                        return bytes(body)
        except TimeoutError:
            raise _Refusal("body_too_slow", seconds=round(self.body_seconds)) from None

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on; one that makes the engine work takes its place in line first.

        :raises _Refusal: when the line is full, or too many streams are open.
        """
        path = scope["path"]
        if scope["method"] == "GET" and _STREAM.search(path):
            await self._stream(scope, receive, send)
        elif _ENGINE.search(path):
            await self._in_turn(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _in_turn(self, scope: Scope, receive: Receive, send: Send) -> None:
        entered = False
        try:
            async with self.line.place() as place:
                entered = True

                async def answering(message: Message) -> None:
                    place.give_up()  # the answer is computed; sending it may take its time
                    await send(message)

                await self.app(scope, receive, answering)
        except Busy as busy:
            if entered:  # raised behind us: what it means is not for the gate to say
                raise
            raise _Refusal("busy", seconds=busy.seconds) from None

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        visitor = visitor_of(scope)
        if self._streams.total() >= STREAMS or self._streams[visitor] >= STREAMS_EACH:
            raise _Refusal("busy", seconds=self.line.retry_after)
        self._streams[visitor] += 1
        self.line.streams += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.line.streams -= 1
            self._streams[visitor] -= 1
            if not self._streams[visitor]:
                del self._streams[visitor]

    async def _refuse(self, refusal: _Refusal, scope: Scope, receive: Receive, send: Send) -> None:
        self.metrics.refused(refusal.code)
        seconds = refusal.said.get("seconds")
        headers = {} if seconds is None else {"Retry-After": str(seconds)}
        await error_response(refusal.code, headers=headers, **refusal.said)(scope, receive, send)


class _Refusal(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """A request is turned away, with a code of `qa.api.errors` and what its message names."""

    def __init__(self, code: str, **said: int) -> None:
        super().__init__(code)
        self.code = code
        self.said = said


class _Again:
    """Stands in for ``receive`` after the body has been read."""

    def __init__(self, body: bytes | None, receive: Receive) -> None:
        self._body = body
        self._receive = receive

    async def __call__(self) -> Message:
        """Give the body, once; then whatever comes."""
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


class _Steady:
    """Stands in for ``receive`` where a body is read as it comes: a sender that stalls is gone."""

    def __init__(self, receive: Receive, seconds: float) -> None:
        self._receive = receive
        self._seconds = seconds
        self._more = True

    async def __call__(self) -> Message:
        """Give the next piece, or say that the visitor has gone."""
        if not self._more:
            return await self._receive()
        try:
            async with asyncio.timeout(self._seconds):
                message = await self._receive()
        except TimeoutError:
            return {"type": "http.disconnect"}
        self._more = message.get("more_body", False)
        return message
