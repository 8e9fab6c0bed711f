"""Staff at work in a real browser: logging in, being kept out, searching, comparing."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.service import Service
from tests.qa.page.fake_service import FakeService
from tests.qa.page.staff.conftest import PASSWORD, Clerk, staff_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

KEYS = "document.activeElement.id || document.activeElement.textContent.trim().slice(0, 8)"


@pytest.fixture(scope="module")
def url(samples_by_words: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with staff_site(samples_by_words, tmp_path_factory.mktemp("staff")) as address:
        yield address


@pytest.fixture
def clerk(browser: Browser, url: str) -> Iterator[Clerk]:
    clerk = Clerk(browser, url).login("chen")
    yield clerk
    clerk.leave()


def search(page: Page, query: str) -> None:
    """Type a query, press Enter, wait for what it finds."""
    page.fill("#tw-q", query)
    page.press("#tw-q", "Enter")
    page.wait_for_function("(q) => new URLSearchParams(location.search).get('q') === q", arg=query)
    page.wait_for_selector("#tw-content:not([aria-busy])")


def said(page: Page, words: str) -> None:
    """Wait until the live region says something."""
    page.wait_for_function(
        "(words) => document.querySelector('.tw-live').textContent.includes(words)", arg=words
    )


def test_kept_out_let_in_and_out_again(browser: Browser, url: str) -> None:
    clerk = Clerk(browser, url)
    page = clerk.page
    page.goto(f"{url}staff/search?q=落户")
    assert page.locator(".tw-hit, .tw-tabs").count() == 0
    page.fill("#tw-user", "chen")
    page.fill("#tw-password", "not the password")
    page.press("#tw-password", "Enter")
    page.get_by_role("alert").get_by_text("用户名或密码不对").wait_for()
    assert page.input_value("#tw-user") == "chen"
    assert page.evaluate("document.activeElement.id") == "tw-password"
    clerk.errors.clear()  # the browser reports the 401 on the console
    page.fill("#tw-password", PASSWORD)
    page.press("#tw-password", "Enter")
    page.wait_for_selector(".tw-hit")
    assert page.input_value("#tw-q") == "落户"
    assert page.evaluate("document.cookie") == ""  # out of reach of scripts
    page.locator(".tw-menu-button").click()
    page.get_by_text("已登录：chen（查看）").wait_for()
    page.get_by_role("button", name="退出登录").click()
    page.get_by_text("已经退出登录").wait_for()
    page.go_back()
    page.wait_for_selector("#tw-user")  # not a copy of the page from the browser's memory
    assert page.locator(".tw-hit").count() == 0
    clerk.leave()


def test_searching_narrowing_and_the_address(clerk: Clerk, browser: Browser, url: str) -> None:
    page = clerk.page
    search(page, "教育")
    said(page, "条")
    whole = page.locator("#tw-count").inner_text()
    assert page.evaluate("document.activeElement.id") == "tw-q"
    assert page.locator(".tw-hit mark").count() > 0
    value = page.locator("#tw-facet-area + ul a").first
    value.click()
    page.wait_for_selector(".tw-chosen")
    assert "area=" in page.url
    narrowed = page.locator("#tw-count").inner_text()
    assert narrowed != whole
    said(page, narrowed)
    assert narrowed in page.title()
    other = Clerk(browser, url).login("lin", to=page.url.split("/staff/")[1])
    assert other.page.locator("#tw-count").inner_text() == narrowed  # the address is enough
    other.leave()
    page.go_back()
    page.wait_for_selector(".tw-chosen", state="detached")
    assert page.locator("#tw-count").inner_text() == whole
    assert page.input_value("#tw-q") == "教育"


def test_further_conditions_are_typed(clerk: Clerk) -> None:
    page = clerk.page
    page.fill("#tw-q", "就业")
    page.locator("#tw-more > summary").click()
    page.get_by_role("textbox", name="年份").fill("2023-2024")
    page.get_by_role("combobox", name="效力").select_option("已过期")
    page.get_by_role("button", name="按这些条件检索").click()
    page.wait_for_selector(".tw-hit")
    assert page.locator(".tw-chosen").count() == 2
    assert page.url.endswith("&year=2023-2024&validity=lapsed")
    assert set(page.locator(".tw-hit .tw-badge").all_inner_texts()) == {"已过期"}
    page.get_by_role("link", name="全部去掉").click()
    page.wait_for_selector(".tw-chosen", state="detached")


def test_an_error_puts_the_cursor_on_the_character(clerk: Clerk) -> None:
    page = clerk.page
    search(page, "居住证 AND (学位")
    page.get_by_role("alert").get_by_text("第 9 个字").wait_for()
    place = page.evaluate("[document.activeElement.id, document.activeElement.selectionStart]")
    assert place == ["tw-q", 8]
    search(page, "居住证 AND 学位")
    assert page.locator("#tw-said").count() == 0


def test_the_table_is_what_is_shown(clerk: Clerk, tmp_path: Path) -> None:
    page = clerk.page
    search(page, "居住证")
    shown = page.locator("[data-basket]").evaluate_all("all => all.map(b => b.dataset.basket)")
    with page.expect_download() as loading:
        page.get_by_role("link", name="CSV").click()
    assert loading.value.suggested_filename.startswith("条问检索-")
    loading.value.save_as(tmp_path / "table.csv")
    with open(tmp_path / "table.csv", encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    assert [row[-1] for row in rows][: len(shown)] == shown
    with page.expect_download() as loading:
        page.get_by_role("link", name="Excel").click()
    assert loading.value.path().read_bytes()[:2] == b"PK"


def test_the_basket(clerk: Clerk) -> None:
    page = clerk.page
    search(page, "随迁子女")
    buttons = page.locator("[data-basket]")
    wanted = buttons.evaluate_all("all => all.map(b => b.dataset.basket)")[:3]
    buttons.nth(0).press("Enter")
    said(page, "篮里有 1 条")
    assert page.locator("#tw-basket a").count() == 0
    buttons.nth(1).press("Enter")
    buttons.nth(2).press("Enter")
    assert buttons.nth(2).get_attribute("aria-pressed") == "true"
    search(page, "居住证")  # it outlives the search
    page.get_by_role("link", name="并排比较 3 条").click()
    page.wait_for_selector("article")
    columns = page.locator("article")
    assert columns.count() == 3
    tops = columns.locator(".tw-column-text").evaluate_all(
        "all => all.map(node => Math.round(node.getBoundingClientRect().top))"
    )
    assert len(set(tops)) == 1  # side by side, and level
    columns.nth(0).get_by_role("link", name="移出对比").click()
    page.wait_for_function("document.querySelectorAll('article').length === 2")
    assert [i for i in wanted[1:] if i not in page.url] == []
    page.get_by_role("link", name="回到检索").click()
    page.wait_for_selector("#tw-basket h2")
    assert "2/4" in page.locator("#tw-basket h2").inner_text()
    page.get_by_role("button", name="清空").click()
    page.wait_for_selector("#tw-basket", state="hidden")


def test_a_full_basket_says_so(clerk: Clerk) -> None:
    page = clerk.page
    search(page, "教育")
    for number in range(5):
        page.locator("[data-basket]").nth(number).click()
    said(page, "最多并排 4 条")
    assert page.locator("[data-basket][aria-pressed=true]").count() == 4


def test_citing_and_reading(clerk: Clerk) -> None:
    page = clerk.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    search(page, "泉鲤政办〔2025〕6号第三条")
    hit = page.locator(".tw-hit").first
    assert hit.get_by_text("编号直达").is_visible()
    hit.get_by_role("button", name="复制出处").click()
    said(page, "已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("《")
    assert "（泉鲤政办〔2025〕6号）第二（三）条" in copied
    link = copied.split("\n")[1]
    assert "/c/" in link
    assert "/staff/" not in link
    hit.locator("h3 a").click()
    page.wait_for_selector(".tw-reader mark, .tw-reader .tw-here")
    assert page.locator(".tw-reader").is_visible()


def test_by_keyboard_alone(clerk: Clerk) -> None:
    page = clerk.page
    page.keyboard.press("Tab")
    seen = []
    tabs = ["检索", "文件", "质量", "提问"]
    for _ in range(5 + len(tabs)):
        seen.append(page.evaluate(KEYS))
        page.keyboard.press("Tab")
    assert seen == ["跳到内容", "条条问，回到提问", *tabs, "字大字", "菜单", "tw-q"]
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("落户")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tw-hit")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.basket"):
            break
    page.keyboard.press("Space")
    said(page, "已加入对比")


def test_without_scripts_everything_but_the_basket_works(browser: Browser, url: str) -> None:
    clerk = Clerk(browser, url, java_script_enabled=False).login("chen")
    page = clerk.page
    page.fill("#tw-q", "教育")
    page.press("#tw-q", "Enter")
    page.wait_for_selector(".tw-hit")
    page.get_by_role("link", name="新的在前").click()
    page.wait_for_url("**sort=date")
    assert page.locator("[data-basket]").first.is_hidden()
    clerk.leave()


def test_a_session_that_ended_leads_to_the_login(browser: Browser, url: str) -> None:
    clerk = Clerk(browser, url).login("chen")
    clerk.context.clear_cookies()
    clerk.page.fill("#tw-q", "落户")
    clerk.page.press("#tw-q", "Enter")
    clerk.page.wait_for_selector("#tw-user")
    clerk.page.fill("#tw-user", "chen")
    clerk.page.fill("#tw-password", PASSWORD)
    clerk.page.press("#tw-password", "Enter")
    clerk.page.wait_for_selector(".tw-hit")
    assert clerk.page.input_value("#tw-q") == "落户"  # nothing is lost
    clerk.leave()


def test_hostile_documents_are_text(browser: Browser, tmp_path: Path) -> None:
    with staff_site(FakeService(), tmp_path) as address:
        clerk = Clerk(browser, address).login("lin")
        search(clerk.page, "测试条款")
        clerk.page.locator("[data-basket]").first.click()
        clerk.page.wait_for_selector("#tw-basket li")
        assert clerk.page.evaluate("window.pwned") is None
        assert clerk.page.locator(".tw-hit img, #tw-basket img").count() == 0
        clerk.leave()
