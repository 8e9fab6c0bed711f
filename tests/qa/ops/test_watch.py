"""Headers, hosts, numbers and failures of every response."""

from __future__ import annotations

import json
from ipaddress import ip_network

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.ops import Metrics
from qa.ops.probes import NetworkError, may_read, networks
from qa.ops.watch import Watch, host_fits, route_of
from qa.page.app import web_app
from qa.page.site import Site
from qa.service import Service
from tests.qa.page.fake_service import FakeService

PATHS = (
    "/", "/favicon.ico", "/config", "/accessibility", "/embed.js", "/page/x/main.js", "/c/none",
    "/api/health", "/api/health/live", "/api/health/ready", "/api/docs", "/api/openapi.json",
    "/api/search?q=落户", "/api/documents/none", "/api/answer", "/metrics", "/nothing-here",
    "/gradio_api/file=/etc/passwd", "/theme.css", "/robots.txt",
)  # fmt: skip


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(web_app(FakeService(), Site(per_minute=0)))


@pytest.mark.parametrize("path", PATHS)
def test_every_response_is_guarded(client: TestClient, path: str) -> None:
    headers = client.get(path, follow_redirects=False).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    expected = "cross-origin" if path == "/embed.js" else "same-origin"
    assert headers["cross-origin-resource-policy"] == expected
    assert len(headers["x-request-id"]) == 12
    assert "strict-transport-security" not in headers
    assert "access-control-allow-origin" not in headers
    assert "set-cookie" not in headers
    if headers.get("content-type", "").startswith(("text/html", "application/json")):
        assert headers["cache-control"] == "no-store"


def test_https_is_kept_where_it_is_there() -> None:
    client = TestClient(web_app(FakeService(), Site()), base_url="https://testserver")
    assert client.get("/").headers["strict-transport-security"].startswith("max-age=")


def test_sites_that_may_frame_the_page_are_not_kept_out_by_the_old_header() -> None:
    site = Site(embed_origins=("https://www.example.gov.cn",))
    headers = TestClient(web_app(FakeService(), site)).get("/").headers
    assert "x-frame-options" not in headers
    assert "frame-ancestors 'self' https://www.example.gov.cn" in headers["content-security-policy"]


def test_a_failure_is_a_guarded_answer(caplog: pytest.LogCaptureFixture) -> None:
    app = FastAPI()

    @app.get("/broken")
    def broken(q: str) -> None:
        raise RuntimeError(q)

    app.add_middleware(Watch, metrics=Metrics())
    answer = TestClient(app).get("/broken?q=王小明，电话13800138000")
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal"
    assert answer.headers["x-request-id"]
    assert "RuntimeError" in caplog.text
    assert "王小明" not in caplog.text
    assert "13800138000" not in caplog.text


@pytest.mark.parametrize(
    ("host", "allowed", "fits"),
    [
        ("localhost:7860", (), True),
        ("www.example.gov.cn", (), True),
        ("[::1]:7860", (), True),
        ("localhost:7860", ("localhost",), True),
        ("LOCALHOST", ("localhost",), True),
        ("[::1]", ("[::1]",), True),
        ("[::1]:7860", ("[::1]",), True),
        ("rebound.example", ("localhost",), False),
        ("localhost.rebound.example", ("localhost",), False),
        ("localhost@rebound.example", (), False),
        ("", (), False),
        ("a b", (), False),
        ('x"><script>', (), False),
        ("x/../y", (), False),
        ("localhost:x", (), False),
        ("x\r\nset-cookie: a=b", (), False),
        ("a" * 300, (), False),
    ],
)
def test_hosts(host: str, allowed: tuple[str, ...], fits: bool) -> None:
    assert host_fits(host, allowed) is fits


def test_a_foreign_host_gets_nothing() -> None:
    client = TestClient(web_app(FakeService(), Site(hosts=("localhost",))))
    for path in ("/", "/api/search?q=落户", "/api/health"):
        answer = client.get(path, headers={"host": "rebound.example"})
        assert answer.status_code == 421
        assert "--allow-host" in answer.json()["error"]["message"]
    assert client.get("/", headers={"host": "localhost:7860"}).status_code == 200


def test_links_are_not_built_from_what_a_visitor_claims(client: TestClient) -> None:
    claims = {
        "x-forwarded-host": "elsewhere.example",
        "x-forwarded-proto": "https",
        "x-forwarded-prefix": "/elsewhere",
    }
    text = client.get("/", headers=claims).text
    assert "elsewhere" not in text
    assert "https://testserver" not in text


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "/"),
        ("/api/answer", "/api/answer"),
        ("/api/clauses/350500199001011234", "/api/clauses/{id}"),
        ("/api/documents/x/y", "/api/documents/{id}"),
        ("/c/秘密", "/c/{id}"),
        ("/api/health/ready", "/api/health/ready"),
        ("/gradio_api/mcp/http", "/gradio_api/mcp"),
        ("/gradio_api/queue/join", "/gradio_api/queue/join"),
        ("/staff/login", "/staff"),
        ("/我的电话13800138000", "other"),
        ("/api/answer/13800138000", "other"),
    ],
)
def test_a_route_says_nothing_of_the_visitor(path: str, route: str) -> None:
    assert route_of(path) == route


def test_metrics_count_and_name_no_question(client: TestClient) -> None:
    client.post("/api/answer", json={"question": "孩子能上小学吗，我叫王小明"})
    client.get("/api/search", params={"q": "王小明"})
    client.get("/王小明")
    text = client.get("/metrics", headers={"host": "localhost"})
    assert text.status_code == 403  # the test client has no address: it is not this machine
    site = Site(per_minute=0, metrics_from=networks(["192.0.2.0/24"]))
    asking = TestClient(web_app(FakeService(), site), client=("192.0.2.9", 5))
    asking.post("/api/answer", json={"question": "孩子能上小学吗，我叫王小明"})
    asking.post("/api/answer", json={"question": "崩溃"})
    asking.get("/%E7%8E%8B")
    said = asking.get("/metrics").text
    assert 'tiaowen_answers_total{status="answered"} 1.0' in said
    assert 'tiaowen_answers_total{status="error"} 1.0' in said
    assert 'tiaowen_requests_total{route="/api/answer",status="200"} 1.0' in said
    assert 'tiaowen_requests_total{route="other",status="404"} 1.0' in said
    assert 'tiaowen_request_seconds_bucket{le="+Inf",route="/api/answer"} 2.0' in said
    assert "process_resident_memory_bytes" in said
    assert "tiaowen_line_waiting 0.0" in said
    assert "tiaowen_page_queue 0.0" in said
    assert "王" not in said


def test_refusals_are_counted() -> None:
    site = Site(per_minute=2, metrics_from=networks(["192.0.2.9"]))
    client = TestClient(web_app(FakeService(), site), client=("192.0.2.9", 5))
    for _ in range(3):
        client.post("/api/answer", json={"question": "租房"})
    client.post("/api/feedback", content=b"x" * 70_000)
    said = client.get("/metrics").text
    assert 'tiaowen_refused_total{reason="rate_limited"}' in said


@pytest.mark.parametrize(
    ("host", "local", "may"),
    [
        ("127.0.0.1", True, True),
        ("127.0.0.1", False, False),  # passed on by a proxy
        ("10.1.2.3", False, True),
        ("192.0.2.1", False, False),
        ("2001:db8::5", False, True),
        ("testclient", False, False),
        (None, False, False),
    ],
)
def test_who_may_read_metrics(host: str | None, local: bool, may: bool) -> None:
    allowed = (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))
    assert may_read(host, local, allowed) is may


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        pytest.param(("127.0.0.1", 5), {}, 200, id="here"),
        pytest.param(("127.0.0.1", 5), {"x-forwarded-for": "192.0.2.9"}, 403, id="other-proxy"),
        pytest.param(("192.0.2.9", 0), {"x-forwarded-for": "192.0.2.9"}, 403, id="through-ours"),
        pytest.param(("127.0.0.1", 0), {"x-forwarded-for": "127.0.0.1"}, 200, id="here-too"),
        pytest.param(("127.0.0.1", 5), {"host": "www.example.gov.cn"}, 403, id="foreign-name"),
    ],
)
def test_metrics_behind_a_proxy(
    client: tuple[str, int], headers: dict[str, str], status: int
) -> None:
    asking = TestClient(web_app(FakeService(), Site(trust_proxy="10.0.0.1")), client=client)
    said = asking.get("/metrics", headers={"host": "localhost", **headers})
    assert said.status_code == status


def test_a_proxy_that_names_nobody_reads_no_metrics() -> None:
    app = web_app(FakeService(), Site(trust_proxy="127.0.0.1"))
    for client, status in ((("127.0.0.1", 5), 403), (("127.0.0.1", 0), 200), (("::1", 5), 200)):
        asking = TestClient(app, client=client)
        assert asking.get("/metrics", headers={"host": "localhost"}).status_code == status


def test_networks_are_read_strictly() -> None:
    assert networks([" 10.1.2.3 ", "10.9.9.9/8"]) == (
        ip_network("10.1.2.3/32"),
        ip_network("10.0.0.0/8"),
    )
    with pytest.raises(NetworkError, match=r"10\.0\.0\.0/8"):
        networks(["everybody"])


def test_health_names_the_index(town_by_words: Service) -> None:
    client = TestClient(web_app(town_by_words, Site(metrics_from=networks(["192.0.2.9"]))))
    health = client.get("/api/health").json()
    manifest = town_by_words.index.manifest
    assert (health["live"], health["ready"], health["model"]) == (True, True, None)
    assert health["index"]["name"] == manifest.snapshot
    assert health["index"]["clauses"] == manifest.clauses
    assert 0 <= health["index"]["age_seconds"] < 3_600
    assert "词语" in health["notice"]
    metrics = TestClient(
        web_app(town_by_words, Site(metrics_from=networks(["192.0.2.9"]))), client=("192.0.2.9", 1)
    )
    said = metrics.get("/metrics").text
    assert "tiaowen_index_lexical_only 1.0" in said
    assert f"tiaowen_index_clauses {float(manifest.clauses)}" in said
    assert manifest.snapshot in said


def test_stopping_is_told(client: TestClient) -> None:
    app = web_app(FakeService(), Site())
    stopping = TestClient(app)
    assert stopping.get("/api/health/ready").json() == {"ready": True}
    app.state.line.stopping = True
    assert stopping.get("/api/health/ready").status_code == 503
    assert stopping.get("/api/health/live").status_code == 200
    assert stopping.get("/api/health").json()["ready"] is False
    for method, path in (
        ("POST", "/api/answer"),
        ("GET", "/api/search?q=落户"),
        ("POST", "/gradio_api/queue/join"),
        ("POST", "/gradio_api/mcp/"),
    ):
        refused = stopping.request(method, path)
        assert refused.status_code == 503
        assert "请稍等" in json.loads(refused.text)["error"]["message"]
        assert refused.headers["retry-after"] == "10"
    assert stopping.get("/api/clauses/none").status_code == 404  # reading on is no new question
