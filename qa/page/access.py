"""Who is sitting at this very machine: what staff see without a login is for them alone."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final

_FORWARDED: Final = (
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "forwarded",
    "x-real-ip",
    "via",
)
_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


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
