"""Nothing of the staff is served to anybody else: every route that there is, one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount, Route
from starlette.testclient import TestClient

from qa.accounts import Role, open_accounts
from qa.page.app import web_app
from qa.page.site import Site
from qa.page.staff.app import READERS_MAY
from qa.page.staff.guard import Guard
from tests.qa.page.fake_service import FakeService
from tests.qa.page.staff.conftest import HOME, PASSWORD, login, token

Client = Callable[..., TestClient]
PUBLIC = {
    "",  # Gradio's own: the chat
    "/favicon.ico",
    "/page/{version}/staff.css",
    "/page/{version}/{name}",
    "/embed.js",
    "/accessibility",
    "/metrics",
    "/c/{clause_id}",
    "/staff",  # leads to /staff/
}
FREE = {"/staff/login", "/staff/logout"}


def routes(found: list[BaseRoute], above: str = "") -> Iterator[tuple[str, str, bool]]:
    """Yield method, path and whether a guard stands before it, for every route below."""
    for route in found:
        if isinstance(route, Mount):
            behind = isinstance(route.app, Guard)
            inner = route.app.app if isinstance(route.app, Guard) else route.app
            if type(inner) is not FastAPI:
                yield "?", above + route.path, behind
                continue
            for method, path, guarded in routes(inner.routes, above + route.path):
                yield method, path, guarded or behind
        elif isinstance(route, Route):
            for method in sorted(route.methods or ()):
                yield method, above + route.path, False
        else:
            yield "?", above + str(getattr(route, "path", route)), False


APP = web_app(FakeService(), Site(per_minute=0))
ROUTES = sorted(set(routes(APP.routes)))
STAFF = [(method, path) for method, path, guarded in ROUTES if guarded]
CLOSED = [(method, path) for method, path in STAFF if path not in FREE]


def filled(path: str) -> str:
    return re.sub(r"{[^}]*}", "x", path)


def test_routes_outside_the_guard_are_the_known_ones() -> None:
    outside = {path for _, path, guarded in ROUTES if not guarded}
    assert {path for path in outside if not path.startswith("/api/")} == PUBLIC
    assert not [path for path in outside if path.startswith(("/api/staff", "/staff/"))]
    assert len(CLOSED) > 3


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_nobody_is_let_in_without_a_login(client_for: Client, method: str, path: str) -> None:
    answer = client_for().request(method, filled(path))
    if path.startswith("/api/"):
        assert answer.status_code == 401
        if method != "HEAD":
            assert answer.json()["error"]["code"] == "login_required"
    else:
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("login?next=")
        assert answer.content == b""


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_without_users_only_this_machine_is_let_in(method: str, path: str) -> None:
    for client in (
        TestClient(APP, base_url=HOME, client=("192.0.2.7", 5), follow_redirects=False),
        TestClient(
            APP,
            base_url=HOME,
            client=("127.0.0.1", 5),
            headers={"x-forwarded-for": "192.0.2.7"},
            follow_redirects=False,
        ),
        TestClient(APP, base_url="http://evil.example", client=("127.0.0.1", 5)),
    ):
        client.follow_redirects = False
        answer = client.request(method, filled(path))
        assert answer.status_code == (403 if path.startswith("/api/") else 303)
        if path.startswith("/api/") and method != "HEAD":
            assert answer.json()["error"]["code"] == "local_only"


def changing() -> list[tuple[str, str]]:
    return [
        (method, path)
        for method, path in CLOSED
        if path.startswith("/api/staff")
        and method not in ("GET", "HEAD")
        and (method, path.removeprefix("/api/staff")) not in READERS_MAY
    ]


@pytest.fixture(scope="module")
def reader(client_for: Client) -> TestClient:
    """Somebody who may only look; one login does for every path."""
    return client_for("chen")


@pytest.mark.parametrize("path", ["/any", *sorted({filled(p)[10:] for _, p in changing()})])
def test_readers_change_nothing(reader: TestClient, path: str) -> None:
    """Even a path that is not there: who may not change is told so first."""
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        if (method, path) in READERS_MAY:
            continue
        answer = reader.request(method, f"/api/staff{path}")
        assert answer.json()["error"]["code"] == "not_allowed", method


FOREIGN = [
    pytest.param({"x-tiaowen-token": ""}, id="no-token"),
    pytest.param({"x-tiaowen-token": "0" * 64}, id="wrong-token"),
    pytest.param({"origin": "https://evil.example"}, id="origin"),
    pytest.param({"origin": "null"}, id="sandboxed"),
    pytest.param({"referer": "https://evil.example/127.0.0.1:7860"}, id="referer"),
    pytest.param({"sec-fetch-site": "cross-site"}, id="cross-site"),
    pytest.param({"sec-fetch-site": "same-site", "origin": HOME}, id="same-site"),
    pytest.param({"sec-fetch-site": "none"}, id="address-bar"),
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_foreign_pages_change_nothing(client_for: Client, headers: dict[str, str]) -> None:
    answer = client_for("lin").post("/api/staff/any", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "cross_site")


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": HOME}, {"sec-fetch-site": "same-origin"},
     {"origin": "https://zhengce.example", "x-forwarded-host": "zhengce.example"}],
)  # fmt: skip
def test_pages_of_ours_get_through(client_for: Client, headers: dict[str, str]) -> None:
    answer = client_for("lin").post("/api/staff/any", headers=headers)
    assert answer.json()["error"]["code"] == "not_found"


def test_data_is_not_for_other_sites(client_for: Client) -> None:
    client = client_for("lin")
    answer = client.get("/api/staff/any", headers={"sec-fetch-site": "cross-site"})
    assert answer.json()["error"]["code"] == "cross_site"
    headers = client.get("/staff/search").headers
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


def test_a_link_from_a_mail_opens(client_for: Client) -> None:
    answer = client_for("lin").get("/staff/search?q=x", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 200


def test_staff_pages_run_nothing_inline_and_are_not_framed(site: Site) -> None:
    framed = Site(per_minute=0, embed_origins=("https://a.gov.cn",), accounts=site.accounts)
    client = TestClient(web_app(FakeService(), framed), base_url=HOME, follow_redirects=False)
    login(client, "chen")
    policy = client.get("/staff/search").headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "a.gov.cn" not in policy
    assert "a.gov.cn" in client.get("/accessibility").headers["content-security-policy"]


@pytest.mark.parametrize(
    ("site", "headers"),
    [
        pytest.param(Site(per_minute=0, root_path="/tiaowen"), {}, id="prefix-of-a-proxy"),
        pytest.param(Site(per_minute=0, trust_proxy="127.0.0.1"), {}, id="names-nobody"),
        pytest.param(Site(per_minute=0, trust_proxy="10.1.1.1, 127.0.0.0/8"), {}, id="network"),
        pytest.param(Site(per_minute=0, trust_proxy="*"), {}, id="any-proxy"),
        pytest.param(Site(per_minute=0), {"via": "1.1 proxy"}, id="via"),
        pytest.param(Site(per_minute=0), {"x-forwarded-proto": "https"}, id="forwarded"),
    ],
)
def test_behind_a_proxy_nobody_is_local(site: Site, headers: dict[str, str]) -> None:
    client = TestClient(
        web_app(FakeService(), site),
        base_url=HOME,
        client=("127.0.0.1", 5),
        headers=headers,
        root_path="",
    )
    assert client.get("/api/staff/any").json()["error"]["code"] == "local_only"


def test_local_work_needs_the_token_too() -> None:
    client = TestClient(APP, base_url=HOME, client=("127.0.0.1", 5))
    assert client.post("/api/staff/any").json()["error"]["code"] == "cross_site"
    headers = {"x-tiaowen-token": token(client)}
    assert client.post("/api/staff/any", headers=headers).json()["error"]["code"] == "not_found"


def test_users_end_local_work_at_once(tmp_path: Path) -> None:
    accounts = open_accounts(tmp_path)
    app = web_app(FakeService(), Site(per_minute=0, accounts=accounts))
    client = TestClient(app, base_url=HOME, client=("127.0.0.1", 5), follow_redirects=False)
    assert client.get("/staff/search").status_code == 200
    open_accounts(tmp_path).add("lin", PASSWORD, Role.EDITOR)  # as another process does
    assert client.get("/staff/search").status_code == 303
    accounts.close()
