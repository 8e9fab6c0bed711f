"""The gate in front of page, API and MCP."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from qa.api.limits import MAX_BODY, TokenBuckets, cost_of, visitor_of
from qa.page.app import web_app
from qa.page.site import Site
from tests.qa.page.fake_service import FakeService


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills() -> None:
    clock = Clock()
    buckets = TokenBuckets(60, 2, clock)
    assert [buckets.take("a"), buckets.take("a")] == [0.0, 0.0]
    assert buckets.take("a") == pytest.approx(1.0)
    assert buckets.take("b") == 0.0  # each address has its own
    clock.now = 0.5
    assert buckets.take("a") == pytest.approx(0.5)
    clock.now = 1.0
    assert buckets.take("a") == 0.0


@given(
    st.lists(st.floats(0, 5), max_size=60),
    st.floats(1, 600),
    st.integers(1, 20),
)
def test_no_more_than_burst_and_rate_get_through(
    pauses: list[float], per_minute: float, burst: int
) -> None:
    clock = Clock()
    buckets = TokenBuckets(per_minute, burst, clock)
    admitted = 0
    for pause in pauses:
        clock.now += pause
        admitted += buckets.take("a") == 0.0
    assert admitted <= burst + clock.now * per_minute / 60 + 1e-6


def test_addresses_are_forgotten_in_time() -> None:
    buckets = TokenBuckets(60, 1, Clock())
    for number in range(25_000):
        buckets.take(str(number))
    assert len(buckets._buckets) == 20_000


@pytest.mark.parametrize(
    ("method", "path", "cost"),
    [
        ("POST", "/api/answer", 1.0),
        ("POST", "/gradio_api/queue/join", 1.0),
        ("POST", "/gradio_api/mcp/", 1.0),
        ("POST", "/gradio_api/call/answer", 1.0),
        ("GET", "/api/search", 1.0),
        ("GET", "/c/some-clause", 1.0),
        ("GET", "/tiaowen/api/documents/x", 1.0),
        ("GET", "/api/suggest", 0.1),
        ("GET", "/api/health", 0.0),
        ("GET", "/api/health/ready", 0.0),
        ("GET", "/metrics", 0.0),
        ("GET", "/api/docs", 0.0),
        ("GET", "/", 0.0),
        ("GET", "/page/abc/main.js", 0.0),
        ("GET", "/gradio_api/queue/data", 0.0),
    ],
)
def test_what_a_request_costs(method: str, path: str, cost: float) -> None:
    assert cost_of(method, path) == cost


@pytest.mark.parametrize(
    ("client", "name"),
    [
        (("192.0.2.7", 5), "192.0.2.7"),
        (("2001:db8:1:2:aaaa::1", 5), "2001:0db8:0001:0002"),
        (("2001:db8:1:2:bbbb::9", 5), "2001:0db8:0001:0002"),
        (("::ffff:192.0.2.7", 5), "192.0.2.7"),
        (("testclient", 5), "testclient"),
        (None, "local"),
    ],
)
def test_who_is_counted(client: tuple[str, int] | None, name: str) -> None:
    assert visitor_of({"type": "http", "client": client}) == name


def test_too_many_requests_on_api_page_and_mcp() -> None:
    client = TestClient(web_app(FakeService(), Site(per_minute=6)))  # three at once
    for _ in range(3):
        assert client.get("/api/search", params={"q": "落户"}).status_code == 200
    for method, path in (
        ("GET", "/api/search?q=落户"),
        ("POST", "/api/answer"),
        ("POST", "/gradio_api/queue/join"),
        ("POST", "/gradio_api/mcp/"),
    ):
        refused = client.request(method, path)
        assert refused.status_code == 429
        assert refused.json()["error"]["code"] == "rate_limited"
        assert 1 <= int(refused.headers["retry-after"]) <= 10
    assert client.get("/api/health").status_code == 200
    assert client.get("/").status_code == 200


def test_one_ipv6_network_is_one_visitor() -> None:
    app = web_app(FakeService(), Site(per_minute=4))  # two at once
    codes = [
        TestClient(app, client=(f"2001:db8:1:2::{host:x}", 5))
        .get("/api/search", params={"q": "落户"})
        .status_code
        for host in range(1, 6)
    ]
    assert codes == [200, 200, 429, 429, 429]
    other = TestClient(app, client=("2001:db8:1:3::1", 5))
    assert other.get("/api/search", params={"q": "落户"}).status_code == 200


def test_a_full_line_is_a_polite_503() -> None:
    app = web_app(FakeService(), Site(per_minute=0))
    app.state.line._slots._value = 0  # all at the counter
    app.state.line._longest = 0
    client = TestClient(app)
    for method, path in (("POST", "/api/answer"), ("GET", "/api/search?q=落户")):
        refused = client.request(method, path, json={"question": "租房"})
        assert refused.status_code == 503
        assert refused.json()["error"]["code"] == "busy"
        assert "请稍等" in refused.json()["error"]["message"]
        assert int(refused.headers["retry-after"]) >= 1
    assert client.get("/api/clauses/none").status_code == 404  # reading goes on
    assert app.state.line.waiting == 0


def test_a_forwarded_address_is_not_believed() -> None:
    client = TestClient(web_app(FakeService(), Site(per_minute=2)))
    codes = [
        client.get(
            "/api/search", params={"q": "落"}, headers={"x-forwarded-for": f"192.0.2.{n}"}
        ).status_code
        for n in range(3)
    ]
    assert codes == [200, 429, 429]


@pytest.mark.parametrize("path", ["/api/answer", "/gradio_api/queue/join"])
def test_a_large_body_is_refused(client: TestClient, path: str) -> None:
    body = b'{"question": "' + b"x" * MAX_BODY + b'"}'
    headers = {"content-type": "application/json"}
    refused = client.post(path, content=body, headers=headers)
    assert refused.status_code == 413
    assert refused.json()["error"]["code"] == "body_too_large"


def test_a_large_body_without_a_length_is_refused(client: TestClient) -> None:
    headers = {"content-type": "application/json"}
    pieces = (b" " * 10_000 for _ in range(10))
    refused = client.post("/api/answer", content=pieces, headers=headers)
    assert refused.status_code == 413
