"""The server that runs the page: bound at once, patient but not for ever, finishing its work."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from corpus.errors import TiaowenError
from qa.ops import Line
from qa.ops.wire import PatientProtocol, allow_connections

_GRACE_SECONDS: Final = 3  # for open event streams when the server is told to stop
_FINISH_SECONDS: Final = 20.0  # for answers in hand before that; most take a fraction of one
_LOOK_SECONDS: Final = 0.05


class PageError(TiaowenError):
    """The page cannot be served; the message says why and what to do."""


class PageServer(uvicorn.Server):
    """A server bound to its port from the start: an occupied port is an error at once."""

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        port: int,
        on_ready: Callable[[str], None] | None = None,
        trust_proxy: str | None = None,
        line: Line | None = None,
    ) -> None:
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level="warning",
            http=PatientProtocol,
            ws="none",
            server_header=False,
            access_log=False,
            # What a header says about an address is believed only where the operator says so.
            proxy_headers=trust_proxy is not None,
            forwarded_allow_ips=trust_proxy or "",
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        super().__init__(config)
        self._socket = _bind(host, port)
        self._on_ready = on_ready
        self._line = line
        shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)
        self.url = f"http://{shown}:{self._socket.getsockname()[1]}/"

    def serve_page(self) -> None:
        """Serve until told to stop."""
        allow_connections()
        try:
            self.run(sockets=[self._socket])
        finally:
            self._socket.close()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Turn new questions away, finish those in hand, then stop; a second Ctrl+C does not wait.

        Whoever comes meanwhile is told to wait a little: another server may take over.
        """
        if self._line is not None:
            self._line.stopping = True
            for _ in range(int(_FINISH_SECONDS / _LOOK_SECONDS)):
                if self._line.idle or self.force_exit:
                    break
                await asyncio.sleep(_LOOK_SECONDS)
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then tell who waits for it."""
        await super().startup(sockets)
        if self.started and self._on_ready is not None:
            self._on_ready(self.url)


def _bind(host: str, port: int) -> socket.socket:
    """Take the port now, or say in plain words why not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, or asyncio takes it for something else than TCP and leaves Nagle's algorithm on: the
    # reader's delayed acknowledgement then holds every reply back for 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise PageError(
            f"无法在 {host}:{port} 打开网页（{error}）。端口可能已被占用，"
            "请用 --port 换一个端口，或检查 --host。"
        ) from error
    return listener
