"""The staff pages on real sockets, directly and behind proxies of several kinds."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from qa.page.app import page_server
from qa.page.site import Site
from qa.service import Service
from tests.qa.page.conftest import serving
from tests.qa.page.fake_service import FakeService
from tests.qa.page.proxied import PREFIX, proxied_server
from tests.qa.page.staff.conftest import PASSWORD, Clerk, staff_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def code_of(url: str, **headers: str) -> str:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = httpx.get(f"{url}api/staff/any", headers=named, trust_env=False)
    return str(answer.json()["error"]["code"])


def test_a_proxy_of_old_http_is_not_local() -> None:
    """Many proxies, as they come, speak HTTP/1.0 and name no visitor."""
    with serving(page_server, FakeService(), port=0, site=Site(per_minute=0)) as url:
        assert code_of(url) == "not_found"  # let in: there only is no such path
        host, port = url.removeprefix("http://").rstrip("/").split(":")
        with socket.create_connection((host, int(port))) as line:
            line.sendall(f"GET /api/staff/any HTTP/1.0\r\nHost: {host}:{port}\r\n\r\n".encode())
            got = b"".join(iter(lambda: line.recv(4096), b""))
    assert b"local_only" in got


@pytest.mark.parametrize(
    ("trusted", "forwarded", "code"),
    [
        ("127.0.0.1", "192.0.2.7", "local_only"),
        ("127.0.0.1", None, "local_only"),  # the proxy names nobody
        ("127.0.0.1", "", "local_only"),
        ("127.0.0.1", "127.0.0.1", "not_found"),
        ("192.0.2.1", "127.0.0.1", "local_only"),  # not the proxy that is trusted
        ("192.0.2.1", None, "not_found"),  # that proxy is elsewhere, this one sits here
    ],
)
def test_a_trusted_proxy_names_the_visitor(trusted: str, forwarded: str | None, code: str) -> None:
    site = Site(per_minute=0, trust_proxy=trusted)
    with serving(page_server, FakeService(), port=0, site=site) as url:
        named = {} if forwarded is None else {"x_forwarded_for": forwarded}
        assert code_of(url, **named) == code


@pytest.mark.parametrize(("trusted", "secure"), [("127.0.0.1", True), (None, False)])
def test_https_before_a_trusted_proxy_is_believed(
    tmp_path: Path, trusted: str | None, secure: bool
) -> None:
    with staff_site(FakeService(), tmp_path, trust_proxy=trusted) as url:
        answer = httpx.post(
            f"{url}staff/login",
            data={"name": "lin", "password": PASSWORD},
            headers={"x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.7"},
            trust_env=False,
        )
    assert answer.status_code == 303
    assert ("Secure" in answer.headers["set-cookie"]) is secure


def test_below_the_prefix_of_a_proxy(
    browser: Browser, tmp_path: Path, samples_by_words: Service
) -> None:
    """The proxy fails on any path outside its prefix, so every link has been right."""
    with staff_site(samples_by_words, tmp_path, proxied_server, root_path=PREFIX) as address:
        url = f"{address.rstrip('/')}{PREFIX}/"
        clerk = Clerk(browser, url).login("chen", to="search?q=教育")
        page = clerk.page
        page.get_by_role("link", name="按文件顺序").click()
        page.wait_for_selector(".tw-sorts a[aria-current]:has-text('按文件顺序')")
        with page.expect_download():
            page.get_by_role("link", name="CSV").click()
        for number in range(2):
            page.locator("[data-basket]").nth(number).click()
        page.get_by_role("link", name="并排比较 2 条").click()
        page.wait_for_selector("article")
        page.locator("article a", has_text="在原文里看").first.click()
        page.wait_for_selector(".tw-reader .tw-here")
        page.locator(".tw-menu-button").click()
        page.get_by_role("link", name="工作人员入口").click()
        page.wait_for_selector(".tw-search")
        page.locator(".tw-menu-button").click()
        page.get_by_role("button", name="退出登录").click()
        page.wait_for_selector("#tw-user")
        clerk.leave()
