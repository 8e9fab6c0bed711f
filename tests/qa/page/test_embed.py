"""The floating button on another site: opens where the operator allows it, and nowhere else."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import pytest

from qa.page import Site, page_server
from tests.qa.page import fake_service as fake
from tests.qa.page.conftest import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@contextmanager
def other_site(chat: str) -> Iterator[str]:
    """A site of somebody else that carries the snippet; gives its origin."""
    page = f'<!doctype html><title>x</title><p>x</p><script src="{chat}embed.js" async></script>'

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{cast('tuple[str, int]', server.server_address)[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("allowed", [True, False])
def test_the_snippet_opens_the_chat_where_it_may(browser: Browser, allowed: bool) -> None:
    origins: list[str] = []
    service = fake.FakeService()
    # The origin is known only once the site runs, and the site has to know the chat: so first a
    # site over any chat, then the chat that allows it.
    with serving(page_server, service, port=0) as first:
        port = int(first.rstrip("/").rsplit(":", 1)[1])
    with other_site(f"http://127.0.0.1:{port}/") as host:
        if allowed:
            origins.append(host)
        site = Site(embed_origins=tuple(origins), per_minute=0)
        with serving(page_server, service, port=port, site=site):
            context = browser.new_context(viewport={"width": 1000, "height": 800})
            page = context.new_page()
            page.goto(host)
            button = page.get_by_role("button", name="问政策")
            button.click()
            frame = page.frame_locator("iframe[title^=条问]")
            if allowed:
                frame.locator("#tw-input").fill("孩子能上小学吗")
                frame.locator("#tw-input").press("Enter")
                frame.get_by_text(fake.SCHOOL_QUOTE).first.wait_for()
                page.get_by_role("button", name="关闭", exact=True).click()
                assert not page.locator("iframe").is_visible()
            else:
                page.wait_for_timeout(2_000)
                assert frame.locator("#tw-input").count() == 0
            context.close()
