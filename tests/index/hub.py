"""A hub on 127.0.0.1 for the tests: real HTTP, with the faults that real ones show."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

PREFIX = "/Qdrant/bge-small-zh-v1.5/resolve/main/"


class FakeHub:
    """Serves ``contents`` by file name; ``faults`` are used up one per request, then all is well.

    A fault is one of the method names of ``_Handler`` that begin with ``fault_``, without that.
    ``requests`` keeps (path, Range header or None) of every request, in order.
    """

    def __init__(self, contents: dict[str, bytes]) -> None:
        """Begin to serve on a free port."""
        self.contents = contents
        self.faults: list[str] = []
        self.always: str | None = None
        self.requests: list[tuple[str, str | None]] = []
        self.pages: dict[str, bytes] = {}  # served as they are: a package index, for one
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.hub = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self) -> str:
        """The endpoint, as HF_ENDPOINT would give it."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """Stop serving; hanging faults end."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextlib.contextmanager
def fake_hub(contents: dict[str, bytes]) -> Iterator[FakeHub]:
    """Yield a hub that serves ``contents``."""
    hub = FakeHub(contents)
    try:
        yield hub
    finally:
        hub.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    hub: FakeHub

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Say nothing: clients that hang up are what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer with the next fault, or with the file."""
        hub = self.server.hub
        path = unquote(self.path)
        asked = self.headers.get("Range")
        hub.requests.append((path, asked))
        if path in hub.pages:
            return self._send(200, hub.pages[path], {"Content-Type": "text/html"})
        name = path.removeprefix(PREFIX).removeprefix("/cdn/")
        body = hub.contents.get(name)
        if body is None:
            return self.fault_missing(b"", None)
        fault = hub.faults.pop(0) if hub.faults else hub.always
        if path.startswith("/cdn/") or fault is None:
            return self.fine(body, asked)
        getattr(self, f"fault_{fault}")(body, asked)
        return None

    def fine(self, body: bytes, asked: str | None) -> None:
        """Send the file, or the range of it that was asked for."""
        start = _start(asked)
        if not asked:
            return self._send(200, body)
        if start >= len(body):
            return self._send(416, b"", {"Content-Range": f"bytes */{len(body)}"})
        span = f"bytes {start}-{len(body) - 1}/{len(body)}"
        return self._send(206, body[start:], {"Content-Range": span})

    def fault_missing(self, body: bytes, asked: str | None) -> None:
        self._send(404, b"Entry not found")

    def fault_forbidden(self, body: bytes, asked: str | None) -> None:
        self._send(403, b"")

    def fault_broken(self, body: bytes, asked: str | None) -> None:
        self._send(500, b"")

    def fault_wrong(self, body: bytes, asked: str | None) -> None:
        """Right length, other bytes."""
        self.fine(bytes(255 - byte for byte in body), asked)

    def fault_page(self, body: bytes, asked: str | None) -> None:
        """Send the log-in page of a hotel."""
        self._send(200, b"<html>please log in</html>")

    def fault_page_of_unknown_size(self, body: bytes, asked: str | None) -> None:
        self._send(200, b"<html>please log in</html>", length=None)

    def fault_longer(self, body: bytes, asked: str | None) -> None:
        self._send(200, body + b"more", length=None)

    def fault_truncated(self, body: bytes, asked: str | None) -> None:
        """Half of what was asked for, then the connection closes."""
        rest = body[_start(asked) :]
        span = f"bytes {_start(asked)}-{len(body) - 1}/{len(body)}"
        headers = {"Content-Range": span} if asked else {}
        self._send(206 if asked else 200, rest[: len(rest) // 2], headers, length=len(rest))

    def fault_closed(self, body: bytes, asked: str | None) -> None:
        """Headers, and no byte of the body."""
        self._send(200, b"", length=len(body))

    def fault_no_range(self, body: bytes, asked: str | None) -> None:
        """Range is not understood: the whole file."""
        self._send(200, body)

    def fault_other_range(self, body: bytes, asked: str | None) -> None:
        self._send(206, body, {"Content-Range": f"bytes 0-{len(body) - 1}/{len(body)}"})

    def fault_redirect(self, body: bytes, asked: str | None) -> None:
        self._send(302, b"", {"Location": "/cdn/" + self.path.rsplit("/", 1)[-1]})

    def fault_loop(self, body: bytes, asked: str | None) -> None:
        self._send(302, b"", {"Location": self.path})

    def fault_silent(self, body: bytes, asked: str | None) -> None:
        """Take the request and never answer."""
        self.server.hub.closing.wait(30)

    def fault_stalled(self, body: bytes, asked: str | None) -> None:
        """Half of the body, then nothing."""
        self._send(200, body[: len(body) // 2], length=len(body))
        self.wfile.flush()
        self.server.hub.closing.wait(30)

    def fault_dripping(self, body: bytes, asked: str | None) -> None:
        """Send a byte now and then."""
        self._send(200, b"", length=len(body))
        for byte in body:
            if self.server.hub.closing.is_set():
                return
            self.wfile.write(bytes([byte]))
            time.sleep(0.02)

    def _send(
        self, code: int, body: bytes, headers: dict[str, str] | None = None, length: int | None = -1
    ) -> None:
        """Send a response; ``length`` -1 stands for the body's own, None for no header."""
        self.send_response(code)
        if length is not None:
            self.send_header("Content-Length", str(len(body) if length == -1 else length))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _start(asked: str | None) -> int:
    return int(asked.removeprefix("bytes=").split("-")[0]) if asked else 0
