"""What is logged, and what is not."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import httpx
import pytest
from starlette.testclient import TestClient

from qa.ops.logs import set_up_logs, shorten
from qa.page.app import page_server, web_app
from qa.page.site import Site
from tests.qa.api.test_mcp import call
from tests.qa.page.conftest import serving
from tests.qa.page.fake_service import FakeService

SECRET = "王小明的秘密"


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """Take over logging, and give it back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def test_json_lines_of_requests(out: io.StringIO) -> None:
    set_up_logs("json", out)
    client = TestClient(web_app(FakeService(), Site()), client=("192.0.2.7", 5))
    answer = client.post("/api/answer", json={"question": "租房能落户吗"})
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    said = next(line for line in lines if line["logger"] == "qa.access")
    assert said["request"] == answer.headers["x-request-id"]
    assert (said["method"], said["route"], said["status"]) == ("POST", "/api/answer", 200)
    assert said["client"] == "192.0.2.0/24"
    assert said["ms"] > 0
    assert said["time"].endswith("+00:00")


def test_text_is_quiet_while_all_is_well(out: io.StringIO) -> None:
    set_up_logs("text", out)
    client = TestClient(web_app(FakeService(), Site()))
    client.get("/")
    client.post("/api/answer", json={"question": "租房"})
    assert out.getvalue() == ""
    client.post("/api/answer", json={"question": f"崩溃{SECRET}"})
    assert "ERROR qa.api API failed: RuntimeError" in out.getvalue()
    assert "WARNING qa.access POST /api/answer 500" in out.getvalue()


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_question_is_logged_whatever_happens(out: io.StringIO, form: str) -> None:
    set_up_logs("json" if form == "json" else "text", out)
    logging.getLogger().setLevel(logging.DEBUG)
    with serving(page_server, FakeService(), port=0, site=Site(per_minute=0)) as url:
        for question in (SECRET, f"崩溃{SECRET}", f"{SECRET}350500199001011234"):
            data = {"question": question, "history": [SECRET], "area": SECRET}
            httpx.post(f"{url}api/answer", json=data, trust_env=False)
            httpx.post(f"{url}api/answer", json={"question": question}, trust_env=False)
            httpx.post(f"{url}api/answer", content=question.encode(), trust_env=False)
            httpx.post(f"{url}api/feedback", json={"verdict": question}, trust_env=False)
            for path in ("api/search", "api/suggest", SECRET, f"c/{SECRET}"):
                httpx.get(url + path, params={"q": question}, trust_env=False)
            httpx.post(
                f"{url}gradio_api/queue/join",
                json={
                    "data": [{"question": question}],
                    "fn_index": 0,
                    "session_hash": "x",
                    "event_data": {"question": question},
                },
                trust_env=False,
            )
            call(url, "answer", question=question)
            call(url, "search", query=question)
    said = "\n".join(line for line in out.getvalue().splitlines() if not _is_of_this_client(line))
    assert "RuntimeError" in said
    assert SECRET not in said
    assert "350500199001011234" not in said


def _is_of_this_client(line: str) -> bool:
    """At DEBUG the test's own HTTP client logs what it sends."""
    return any(name in line for name in ("httpcore", "httpx", "mcp.client"))


def test_exceptions_lose_their_message(out: io.StringIO) -> None:
    set_up_logs("json", out)
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    said = json.loads(out.getvalue())
    assert said["trace"].endswith("ValueError")
    assert "test_logs.py" in said["trace"]
    assert SECRET not in said["trace"].replace("raise ValueError(SECRET)", "")


def test_a_number_in_a_message_is_masked(out: io.StringIO) -> None:
    set_up_logs("text", out)
    logging.getLogger("elsewhere").warning("from 13800138000")
    assert "13800138000" not in out.getvalue()
    assert "［号码］" in out.getvalue()


@pytest.mark.parametrize(
    ("address", "short"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2:3::7", "2001:db8:1::/48"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("unix", "-"),
        ("", "-"),
    ],
)
def test_addresses(address: str, short: str) -> None:
    assert shorten(address) == short
