"""Routes for machines that look after the server: alive, ready, and numbers for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from corpus.errors import TiaowenError
from qa.api.errors import error_response
from qa.ops.metrics import CONTENT_TYPE

if TYPE_CHECKING:
    from qa.ops.line import Line
    from qa.ops.metrics import Metrics

Network = IPv4Network | IPv6Network


class NetworkError(TiaowenError):
    """An address that may read the metrics was not written as one."""


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Read addresses and networks such as ``10.0.0.0/8``.

    :raises NetworkError: when one of them is neither.
    """
    try:
        return tuple(ip_network(text.strip(), strict=False) for text in texts)
    except ValueError as error:
        raise NetworkError(
            f"看不懂地址（{error}）。请写成 10.1.2.3 或 10.0.0.0/8 这样。"
        ) from error


def may_read(host: str | None, local: bool, allowed: Sequence[Network]) -> bool:
    """Whether metrics are shown: at this machine, and to the networks that the operator named."""
    if local:
        return True
    try:
        address = ip_address(host or "")
    except ValueError:
        return False
    return any(address in network for network in allowed)


def add_probes(
    app: FastAPI,
    line: Line,
    metrics: Metrics,
    *,
    is_local: Callable[[Request], bool],
    allowed: Sequence[Network] = (),
) -> None:
    """Serve ``/metrics``, ``/api/health/live`` and ``/api/health/ready``."""

    @app.get("/metrics", include_in_schema=False)
    def read(request: Request) -> Response:
        host = request.client.host if request.client else None
        if not may_read(host, is_local(request), allowed):
            return error_response("metrics_closed")
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    @app.get("/api/health/live", include_in_schema=False)
    async def live() -> Response:
        return JSONResponse({"live": True})

    @app.get("/api/health/ready", include_in_schema=False)
    async def ready() -> Response:
        return JSONResponse({"ready": not line.stopping}, status_code=503 if line.stopping else 200)
