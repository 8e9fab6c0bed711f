"""How the page stands on screens of all sizes: fit, contrast, touch, keyboard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.qa.page.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_fits_and_is_readable(browser: Browser, address: str, width: int, scheme: str) -> None:
    screen = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    visitor = Visitor(browser, address, **screen)
    assert visitor.overflow() <= 0
    assert visitor.faint() == []
    for question in ("两地", "落户要几个工作日", "废止", f"恶意{'长' * 120}", "租房"):
        turn = visitor.ask(question)
        for fold in turn.get_by_text(re.compile("查看条款原文")).all():
            fold.click()
    assert visitor.overflow() <= 0
    assert visitor.faint() == []
    visitor.leave()


def test_controls_are_large_enough_to_touch(browser: Browser, address: str) -> None:
    visitor = Visitor(browser, address, viewport={"width": 390, "height": 844}, has_touch=True)
    visitor.ask("能上小学吗")
    visitor.page.locator("[data-rate=down]").click()
    visitor.page.locator(".tw-menu-button").click()
    small = visitor.page.evaluate(
        """[...document.querySelectorAll(
          '.tw-app button, .tw-app summary, .tw-app select, .tw-app label:has(input)')]
        .filter((node) => node.checkVisibility())
        .filter((node) => node.getBoundingClientRect().height < 44)
        .map((node) => node.outerHTML.slice(0, 80))"""
    )
    assert small == []
    visitor.leave()


def test_keyboard_reaches_everything_in_order(visitor: Visitor) -> None:
    visitor.ask("能上小学吗")
    visitor.page.evaluate("document.activeElement.blur(); window.getSelection().removeAllRanges()")
    visitor.page.focus(".tw-skip")
    seen = []
    for _ in range(12):
        seen.append(visitor.page.evaluate("document.activeElement.textContent.trim().slice(0, 6)"))
        visitor.page.keyboard.press("Tab")
    assert seen == [
        "跳到提问框",
        "字大字",
        "菜单",
        "试试这样问",
        "打开全文",
        "复制出处",
        "查看条款原文",
        "相关条款（1",
        "有用",
        "没用",
        "复制提问链接",
        "东湾区“落户",
    ]
