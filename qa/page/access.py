"""Who is sitting at this very machine: what staff see without a login is for them alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from ipaddress import ip_address
from typing import Final

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

_FORWARDED: Final = (
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "forwarded",
    "x-real-ip",
    "via",
)
_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


def is_named(client: tuple[str, int] | None) -> bool:
    """Whether a trusted proxy named the visitor: uvicorn gives him port 0, no connection has it."""
    return client is not None and client[1] == 0


def is_nameless(client: tuple[str, int] | None, trust_proxy: str | None) -> bool:
    """Whether a trusted proxy sent a request and did not say for whom.

    It may be anybody then, and must not pass for somebody at this machine.

    :param client: address and port of the request, as uvicorn leaves them.
    :param trust_proxy: what ``--trust-proxy`` says: addresses, networks, or ``*``.
    """
    if client is None or trust_proxy is None or is_named(client):
        return False
    return client[0] in _proxies(trust_proxy).trusted_hosts


@cache
def _proxies(said: str) -> ProxyHeadersMiddleware:
    """What uvicorn makes of ``--trust-proxy``, so that both understand the same."""
    return ProxyHeadersMiddleware(_nothing, said)


async def _nothing(*_: object) -> None:
    """Stand where an application would."""


def is_local(host: str | None, headers: Mapping[str, str], *, trusts_proxy: bool = False) -> bool:
    """Whether a request comes from this machine and was not passed on from elsewhere.

    :param host: address of the peer, or of the visitor where a trusted proxy named it.
    :param headers: lower-case names; Host must name this machine, lest a foreign page whose
        name was re-pointed here (DNS rebinding) pass for a local one.
    :param trusts_proxy: whether ``host`` already is what a trusted proxy said.
    """
    if not trusts_proxy and any(name in headers for name in _FORWARDED):
        return False
    named = headers.get("host", "").lower()
    name = named if named.endswith("]") else named.rsplit(":", 1)[0]
    return name in _NAMES and _is_loopback(host)


def _is_loopback(host: str | None) -> bool:
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False
