"""Who a request comes from, and whether it may do what it asks for. Plain functions."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from typing import Final

from qa.accounts import Door, Role
from qa.page.access import is_local

COOKIE: Final = "tiaowen_staff"
TOKEN_HEADER: Final = "x-tiaowen-token"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Staff:
    """Who is at work. ``name`` is None without any user: then it is whoever sits here.

    ``token`` must come back with every request that changes something; ``session`` is the
    cookie's value.
    """

    name: str | None
    role: Role
    token: str
    session: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nobody is let in: no login yet, or only this machine may (no user was made)."""

    code: str  # login_required | local_only


def staff_of(
    headers: Mapping[str, str], host: str | None, door: Door | None, *, proxied: bool, trusts: bool
) -> Staff | Refused:
    """Name who sends a request.

    :param headers: names in lower case.
    :param host: address of the visitor.
    :param door: the users; None where the server knows of none.
    :param proxied: whether a proxy stands before the server that it does not trust to name the
        visitor, or that did not name him: then nobody counts as local.
    :param trusts: whether ``host`` is what a trusted proxy said.
    """
    if door is None or not door.store.any_users():
        here = not proxied and is_local(host, headers, trusts_proxy=trusts)
        return Staff(None, Role.EDITOR, _own_token()) if here else Refused("local_only")
    session = _cookie(headers.get("cookie", ""))
    user = door.user_of(session) if session else None
    if session is None or user is None:
        return Refused("login_required")
    return Staff(user.name, user.role, token_of(session), session)


def token_of(session: str) -> str:
    """The token that goes with a session; the session cannot be had from it."""
    return sha256(f"tiaowen csrf {session}".encode()).hexdigest()


def same_origin(headers: Mapping[str, str]) -> bool:
    """Whether a request comes from a page of ours, or from no browser at all.

    Browsers say so in Sec-Fetch-Site, or over plain http in Origin. A proxy may put its own name
    in place of the host; X-Forwarded-Host then has the visitor's, and no foreign page can set it.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    said = headers.get("origin") or headers.get("referer")
    if said is None:
        return True
    hosts = {headers.get("host", ""), headers.get("x-forwarded-host", "")}
    return said.split("://", 1)[-1].split("/", 1)[0].lower() in {h.lower() for h in hosts if h}


def good_token(staff: Staff, said: str | None) -> bool:
    """Whether a request brings the token along that its page was given."""
    return said is not None and hmac.compare_digest(said.encode(), staff.token.encode())


def problem(method: str, headers: Mapping[str, str], staff: Staff, needed: Role) -> str | None:
    """Code of what stands against a same-origin request of the staff API; None for nothing."""
    if headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return "cross_site"
    if method not in SAFE and not good_token(staff, headers.get(TOKEN_HEADER)):
        return "cross_site"
    return None if staff.role.may(needed) else "not_allowed"


def _cookie(text: str) -> str | None:
    try:
        found = SimpleCookie(text).get(COOKIE)
    except CookieError:
        return None
    return found.value if found else None


@cache
def _own_token() -> str:
    """The token of this run, for work without a login."""
    return secrets.token_urlsafe(32)
