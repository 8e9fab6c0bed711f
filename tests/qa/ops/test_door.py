"""What of Gradio can be reached, route by route."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from qa.page.app import web_app
from qa.page.door import OPEN, Door, is_open
from qa.page.site import Site
from tests.qa.page.fake_service import FakeService

# Every route of Gradio that answers. A new one of Gradio's is closed until it is named here.
REACHED = {
    ("GET", "/"),
    ("HEAD", "/"),
    ("GET", "/config"),
    ("GET", "/theme.css"),
    ("GET", "/robots.txt"),
    ("GET", "/static/{path:path}"),
    ("GET", "/assets/{path:path}"),
    ("POST", "/gradio_api/queue/join"),
    ("POST", "/gradio_api/run/{api_name}"),
    ("GET", "/gradio_api/queue/data"),
    ("GET", "/gradio_api/mcp"),
    ("POST", "/gradio_api/mcp"),
    ("DELETE", "/gradio_api/mcp"),
}
_VALUES = {"path": "x/y.js", "api_name": "predict", "url_path": "x", "path_or_url": "/etc/passwd"}


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = web_app(FakeService(), Site(per_minute=0))
    return TestClient(app, raise_server_exceptions=False)


def routes_of(app: Any, prefix: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Yield method and path of every route, those of mounted applications too."""
    for route in app.routes:
        inner = getattr(route, "original_router", None)  # an included router of FastAPI
        if isinstance(route, Mount):
            yield "GET", prefix + route.path
            yield "POST", prefix + route.path
            yield "DELETE", prefix + route.path
            yield from routes_of(route, prefix + route.path)
        elif isinstance(route, Route):
            for method in route.methods or ():
                yield method, prefix + route.path
        elif inner is not None:
            yield from routes_of(inner, prefix)


def all_routes(client: TestClient) -> set[tuple[str, str]]:
    app: Any = client.app
    door = app.routes[-1].app
    assert isinstance(door, Door)
    return set(routes_of(door.gradio))


def test_gradio_offers_more_than_it_may(client: TestClient) -> None:
    """The list below is worth something only if the routes are found."""
    found = {path for _, path in all_routes(client)}
    for path in ("/gradio_api/upload", "/gradio_api/file={path_or_url:path}", "/monitoring"):
        assert path in found
    assert len(found) > 50


def test_only_named_routes_are_reached(client: TestClient) -> None:
    reached = set()
    for method, path in all_routes(client):
        filled = re.sub(r"\{(\w+)(?::\w+)?\}", lambda m: _VALUES.get(m[1], "x"), path)
        if is_open(method, filled):
            reached.add((method, path))
    assert {pair for pair in reached if not pair[1].startswith("/gradio_api/mcp/")} == REACHED
    assert {path for _, path in reached if path.startswith("/gradio_api/mcp/")} <= {
        "/gradio_api/mcp/"
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/file=http://127.0.0.1:1/"),
        ("GET", "/gradio_api/file=../../../../etc/passwd"),
        ("GET", "/gradio_api/file/etc/passwd"),
        ("GET", "/gradio_api/proxy=http://127.0.0.1:1/"),
        ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/upload_progress?upload_id=x"),
        ("POST", "/gradio_api/vibe-edit/"),
        ("GET", "/gradio_api/vibe-code/"),
        ("GET", "/gradio_api/info"),
        ("GET", "/gradio_api/openapi.json"),
        ("GET", "/gradio_api/heartbeat/x"),
        ("POST", "/gradio_api/call/answer"),
        ("POST", "/gradio_api/run/answer"),
        ("POST", "/gradio_api/reset"),
        ("POST", "/gradio_api/cancel"),
        ("POST", "/gradio_api/component_server"),
        ("GET", "/gradio_api/mcp/sse"),
        ("GET", "/gradio_api/mcp/schema"),
        ("GET", "/gradio_api/runs"),
        ("GET", "/gradio_api/startup-events"),
        ("GET", "/gradio_api/deep_link"),
        ("GET", "/gradio_api/custom_component/x/client/component/../../../routes.py"),
        ("GET", "/monitoring"),
        ("GET", "/monitoring/summary"),
        ("POST", "/login"),
        ("GET", "/logout"),
        ("GET", "/manifest.json"),
        ("GET", "/pwa_icon"),
        ("GET", "/svelte/x"),
    ],
)
def test_closed(client: TestClient, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../../../../../../etc/passwd",
        "/assets/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/assets//etc/passwd",
        "/assets/..\\..\\etc\\passwd",
        "/static/../../routes.py",
        "/static/..%2f..%2froutes.py",
        "/static/%252e%252e/routes.py",
        "/page/x/..%2f..%2fapp.py",
        "/page/..%2f/app.py",
        "/page/x/app.py",
        "/page/x/%00main.js",
        "/c/..%2f..%2f..%2fetc%2fpasswd",
        "/api/documents/..%2f..%2fetc%2fpasswd",
        "/api/clauses/..%2f..%2fetc%2fpasswd",
    ],
)
def test_no_path_leads_out(client: TestClient, path: str) -> None:
    answer = client.get(path, follow_redirects=False)
    assert answer.status_code in (400, 404)
    assert "root:" not in answer.text
    assert "import " not in answer.text


def test_a_clause_link_leads_nowhere_else(client: TestClient) -> None:
    for clause_id in (
        "//elsewhere.example",
        "https:%2f%2felsewhere.example",
        "x%0d%0aset-cookie:a",
    ):
        answer = client.get(f"/c/{clause_id}", follow_redirects=False)
        assert answer.status_code == 404
        assert "location" not in answer.headers
        assert "set-cookie" not in answer.headers


def test_every_open_path_is_whole() -> None:
    for _, pattern in OPEN:
        assert not pattern.fullmatch("/gradio_api/file=/etc/passwd")
        assert not pattern.fullmatch("/assets/../x") or not is_open("GET", "/assets/../x")
