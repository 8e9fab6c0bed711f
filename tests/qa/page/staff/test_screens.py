"""The staff pages on screens of all sizes: fit, contrast, axe-core, touch, paper.

``TIAOWEN_SHOTS=docs/images pytest tests/qa/page/staff/test_screens.py`` writes the pictures.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qa.service import Service
from tests.qa.page.staff.conftest import Clerk, staff_site
from tests.qa.page.visitor import AXE_PATH, CONTRAST_JS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUERY = "search?q=随迁子女 入学"
SMALL_JS = """[...document.querySelectorAll(
  '.tw-app button, .tw-app summary, .tw-app select, .tw-app input:not([type=hidden]),'
  + '.tw-facet-value, .tw-chosen, .tw-tab, .tw-act, .tw-sorts a')]
.filter((node) => node.checkVisibility() && node.type !== 'radio')
.filter((node) => node.getBoundingClientRect().height < 44)
.map((node) => node.outerHTML.slice(0, 80))"""
MARKED_TWICE_JS = """[...document.querySelectorAll('summary')].filter((node) =>
  node.querySelector('.tw-icon') && getComputedStyle(node, '::before').content !== 'none')
.map((node) => node.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def url(samples_by_words: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with staff_site(samples_by_words, tmp_path_factory.mktemp("screens")) as address:
        yield address


def overflow(page: Page) -> Any:  # noqa: ANN401
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def axe(page: Page) -> list[str]:
    """Serious findings; the page forbids evaluated scripts, so the tool comes by the protocol."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE_PATH.read_text(encoding="utf-8")})
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {[node['html'][:120] for node in rule['nodes'][:3]]}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
    ]


def shot(page: Page, name: str) -> None:
    """Keep a picture where one is wanted."""
    if folder := os.environ.get("TIAOWEN_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 768, 1280])
def test_fits_and_is_readable(browser: Browser, url: str, width: int, scheme: str) -> None:
    screen = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    clerk = Clerk(browser, url, **screen)
    page = clerk.page
    page.goto(f"{url}staff/")
    assert (overflow(page), page.evaluate(CONTRAST_JS), axe(page)) == (0, [], [])
    clerk.login("lin")
    assert (overflow(page), page.evaluate(CONTRAST_JS), axe(page)) == (0, [], [])
    page.goto(f"{url}staff/{QUERY}&kind=要点")
    shot(page, f"staff-search-{width}-{scheme}")
    assert page.evaluate(MARKED_TWICE_JS) == []
    for number in range(2):
        page.locator("[data-basket]").nth(number).click()
    for fold in page.locator("main summary").all():
        if fold.is_visible():
            fold.click()
    assert (overflow(page), page.evaluate(CONTRAST_JS), axe(page)) == (0, [], [])
    page.goto(page.locator("#tw-basket").evaluate("node => node.querySelector('a').href"))
    if scheme == "light":
        shot(page, f"staff-compare-{width}-{scheme}")
    assert (overflow(page), page.evaluate(CONTRAST_JS), axe(page)) == (0, [], [])
    page.goto(f"{url}staff/search?q=(居住证 OR 学位")
    assert (overflow(page), page.evaluate(CONTRAST_JS), axe(page)) == (0, [], [])
    clerk.leave()


def test_large_type_at_320(browser: Browser, url: str) -> None:
    """As a page of 1280 px at 400 %, and with the large-type switch besides."""
    clerk = Clerk(browser, url, viewport={"width": 320, "height": 700}).login("lin")
    clerk.page.locator(".tw-large").click()
    clerk.page.goto(f"{url}staff/{QUERY}")
    assert clerk.page.evaluate("document.documentElement.dataset.type") == "large"
    assert overflow(clerk.page) <= 0
    clerk.leave()


def test_controls_are_large_enough_to_touch(browser: Browser, url: str) -> None:
    clerk = Clerk(browser, url, viewport={"width": 390, "height": 844}, has_touch=True).login()
    clerk.page.goto(f"{url}staff/{QUERY}&kind=要点")
    clerk.page.locator("[data-basket]").first.click()
    clerk.page.locator("#tw-more > summary").click()
    clerk.page.locator(".tw-menu-button").click()
    assert clerk.page.evaluate(SMALL_JS) == []
    clerk.leave()


def test_paper_has_the_clauses_alone(browser: Browser, url: str) -> None:
    clerk = Clerk(browser, url).login("lin")
    page = clerk.page
    page.goto(f"{url}staff/{QUERY}")
    ids = page.locator("[data-basket]").evaluate_all("all => all.map(b => b.dataset.basket)")
    page.goto(f"{url}staff/compare?c={ids[0]}&c={ids[1]}")
    page.emulate_media(media="print")
    for hidden in (".tw-header", ".tw-hit-actions", ".tw-footer"):
        assert page.locator(hidden).first.is_hidden()
    assert page.locator(".tw-clause").nth(1).is_visible()
    assert page.locator(".tw-compare-head h1").is_visible()
    clerk.leave()
