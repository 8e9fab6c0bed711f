"""The served frame, without a browser."""

from __future__ import annotations

import socket

import gradio as gr
import httpx
import pytest

from qa.page import PageError, Site, build_app, launch, page_server
from qa.page.app import forget_sessions
from qa.page.frame import polish
from qa.page.welcome import setting, shell_html
from tests.qa.page.conftest import serving
from tests.qa.page.fake_service import EVIL, FakeService


def test_page_is_ours(address: str) -> None:
    answer = httpx.get(address, trust_env=False)
    assert answer.status_code == 200
    assert '<html lang="zh-CN"' in answer.text.replace("\n\t", " ")
    assert answer.text.count("<title>条问 · 政策问答</title>") == 1
    assert "og:image" not in answer.text
    assert "manifest.json" not in answer.text
    assert "tw-splash" in answer.text
    assert "<noscript>" in answer.text
    assert len(answer.content) == int(answer.headers["content-length"])


def test_every_response_forbids_other_hosts(address: str) -> None:
    for path in ("", "favicon.ico", "config", "nothing-here"):
        headers = httpx.get(address + path, trust_env=False).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_head_request_and_favicon(address: str) -> None:
    assert httpx.head(address, trust_env=False).status_code == 200
    assert httpx.get(f"{address}favicon.ico", trust_env=False).text.startswith("<svg")


def test_the_page_takes_no_uploads(address: str) -> None:
    files = {"files": ("big.txt", b"x" * 5000)}
    answer = httpx.post(f"{address}gradio_api/upload", files=files, trust_env=False)
    assert answer.status_code == 404


def test_gradio_keeps_no_history_and_offers_the_tools_alone(address: str) -> None:
    config = httpx.get(f"{address}config", trust_env=False).json()
    assert config["run_history"] is False
    assert config["analytics_enabled"] is False
    assert config["footer_links"] == []
    public = [d["api_name"] for d in config["dependencies"] if d["api_visibility"] != "private"]
    assert public == ["answer", "search", "clause"]


def test_sessions_that_wait_for_nothing_are_forgotten() -> None:
    pending: dict[str, set[str]] = {str(number): set() for number in range(9)}
    pending["waits"] = {"event"}
    forget_sessions(pending, most=10)
    assert len(pending) == 10  # not before there are many
    forget_sessions(pending, most=9)
    assert pending == {"waits": {"event"}}


def test_polish_needs_nothing_but_a_head() -> None:
    html = '<html lang="en"><head><meta property="og:title" content="Gradio" /></head><gradio-app>'
    assert "og:title" not in polish(html)
    assert polish("<html><head></head><gradio-app>").count("<title>") == 1


def test_polish_leaves_our_own_pages_alone() -> None:
    html = "<html><head><title>无障碍声明</title></head></html>"
    assert polish(html) == html


def test_build_app_makes_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    page = build_app(FakeService())
    assert isinstance(page, gr.Blocks)
    assert page.title == "条问 · 政策问答"


def test_shell_escapes_what_the_corpus_says() -> None:
    html = shell_html(setting([EVIL], {EVIL: [EVIL]}, EVIL))
    assert "<script" not in html
    assert "<img" not in html


def test_no_notice_no_line() -> None:
    assert setting((), {}, None)["notice"] == ""
    assert "全部地区" in setting((), {}, None)["areas"]


@pytest.mark.parametrize("port", [-1, 70_000])
def test_impossible_port(port: int) -> None:
    with pytest.raises(PageError, match="--port"):
        launch(FakeService(), port=port)


def test_occupied_port(address: str) -> None:
    port = int(address.rstrip("/").rsplit(":", 1)[1])
    with pytest.raises(PageError, match="--port"):
        launch(FakeService(), port=port)


def test_address_to_open() -> None:
    with serving(page_server, FakeService(), host="0.0.0.0", port=0) as url:
        assert url.startswith("http://127.0.0.1:")
        assert httpx.get(url, trust_env=False).status_code == 200


def test_root_path_is_in_the_page() -> None:
    with serving(page_server, FakeService(), port=0, site=Site(root_path="/tiaowen")) as url:
        text = httpx.get(url, trust_env=False).text
    assert f'"root":"{url}tiaowen"' in text.replace(" ", "").replace("\\/", "/")
