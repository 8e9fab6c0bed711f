"""The reader: the whole document beside the chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.types import cite
from tests.qa.page import fake_service as fake
from tests.qa.page.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

IN_VIEW = """(node) => {
  const at = node.getBoundingClientRect();
  const box = node.closest('.tw-sheet').getBoundingClientRect();
  return at.top >= box.top && at.bottom <= box.bottom;
}"""


def open_first(visitor: Visitor, turn: Locator) -> Locator:
    """Open the first citation of a turn and wait for the mark; return the reader."""
    turn.locator("[data-read]").first.click()
    reader = visitor.page.get_by_role("dialog")
    reader.locator("mark").first.wait_for()
    return reader


def test_a_citation_opens_its_document_with_the_sentence_marked(visitor: Visitor) -> None:
    reader = open_first(visitor, visitor.ask("孩子能上小学吗"))
    mark = reader.locator("mark")
    assert mark.inner_text() == fake.SCHOOL_QUOTE
    visitor.page.wait_for_timeout(200)
    assert mark.evaluate(IN_VIEW)
    assert reader.get_by_role("heading", level=2).inner_text() == fake.HARBOUR.title
    assert "临东政办〔2025〕8号" in reader.inner_text()
    assert "计划期至2028年12月31日" in reader.inner_text()  # as on the card
    text = reader.locator(".tw-sheet").inner_text()
    assert "".join(text.split()) == "".join(fake.HARBOUR_TEXT.split())
    assert reader.locator(".tw-entry[aria-current]").inner_text() == "（三） 小学入学"


def test_two_quotes_of_one_clause_are_both_marked(visitor: Visitor) -> None:
    reader = open_first(visitor, visitor.ask("什么时候报名"))
    assert reader.locator("mark").all_inner_texts() == [
        fake.SCHOOL_TIME,
        "区教育局应当在7月31日前公布录取结果。",
    ]


def test_next_and_previous_citation(visitor: Visitor) -> None:
    reader = open_first(visitor, visitor.ask("两地"))
    assert reader.locator(".tw-count").inner_text() == "1 / 2"
    assert reader.get_by_role("button", name="上一处").is_disabled()
    reader.get_by_role("button", name="下一处").click()
    reader.get_by_text(fake.PERMIT_QUOTE).wait_for()
    assert reader.get_by_role("heading", level=2).inner_text() == fake.HILL.title
    assert reader.locator("mark").inner_text() == fake.PERMIT_QUOTE
    assert "已过期" in reader.inner_text()
    assert reader.get_by_role("button", name="下一处").is_disabled()
    reader.get_by_role("button", name="上一处").click()
    reader.get_by_text(fake.SCHOOL_QUOTE).wait_for()


def test_escape_closes_and_gives_the_focus_back(visitor: Visitor) -> None:
    turn = visitor.ask("孩子能上小学吗")
    turn.locator("[data-read]").first.focus()
    visitor.page.keyboard.press("Enter")
    reader = visitor.page.get_by_role("dialog")
    reader.locator("mark").wait_for()
    assert reader.evaluate("(node) => node === document.activeElement")
    visitor.page.keyboard.press("Escape")
    assert not reader.is_visible()
    assert visitor.page.evaluate("document.activeElement.dataset.read") == ""
    visitor.page.keyboard.press("Escape")  # nothing is open: nothing happens
    assert visitor.turns.count() == 1


def test_the_quote_itself_opens_the_reader(visitor: Visitor) -> None:
    visitor.ask("孩子能上小学吗").locator("blockquote").first.click()
    visitor.page.get_by_role("dialog").locator("mark").wait_for()


def test_the_outline_leads_to_a_clause(visitor: Visitor) -> None:
    reader = open_first(visitor, visitor.ask("孩子能上小学吗"))
    outline = reader.get_by_role("navigation", name="目录")
    if not outline.is_visible():
        reader.get_by_role("button", name="目录").click()
    assert outline.get_by_role("button").all_inner_texts() == [
        "二 便民服务",
        "（三） 小学入学",
        "（四） 落户",
    ]
    outline.get_by_role("button", name="落户").click()
    assert reader.locator(".tw-line-of-text", has_text="（四）落户").evaluate(IN_VIEW)
    reader.get_by_role("button", name="目录").click()
    assert not outline.is_visible()


def test_on_a_phone_it_is_a_sheet_and_back_closes_it(browser: Browser, address: str) -> None:
    visitor = Visitor(browser, address, viewport={"width": 390, "height": 844}, has_touch=True)
    reader = open_first(visitor, visitor.ask("孩子能上小学吗"))
    assert reader.get_attribute("aria-modal") == "true"
    visitor.page.wait_for_timeout(200)
    assert reader.locator("mark").evaluate(IN_VIEW)
    assert visitor.overflow() <= 0
    assert visitor.faint() == []
    for _ in range(25):  # the page behind is out of reach
        visitor.page.keyboard.press("Tab")
        assert visitor.page.evaluate(
            "document.activeElement === document.body"
            " || Boolean(document.activeElement.closest('.tw-reader'))"
        )
    visitor.page.go_back()
    reader.wait_for(state="hidden")
    assert visitor.turns.count() == 1
    assert visitor.ask("租房").is_visible()
    visitor.leave()


def test_beside_the_chat_asking_goes_on(visitor: Visitor) -> None:
    reader = open_first(visitor, visitor.ask("孩子能上小学吗"))
    assert reader.get_attribute("aria-modal") == "false"
    assert visitor.overflow() <= 0
    visitor.ask("租房")
    assert reader.is_visible()
    chat = visitor.page.locator(".tw-composer").bounding_box()
    panel = reader.bounding_box()
    assert chat is not None
    assert panel is not None
    assert chat["x"] + chat["width"] <= panel["x"]


def test_hostile_documents_are_text(visitor: Visitor) -> None:
    reader = open_first(visitor, visitor.ask("恶意"))
    assert fake.EVIL in reader.locator(".tw-sheet").inner_text()
    assert reader.locator(".tw-sheet img, .tw-sheet script").count() == 0
    assert visitor.page.evaluate("window.pwned") is None


def test_a_document_of_a_megabyte_opens_fast_at_its_clause(visitor: Visitor) -> None:
    turn = visitor.ask("长文")
    assert len(fake.LONG_TEXT.encode()) > 1_000_000
    visitor.page.evaluate("window.opened = performance.now()")
    reader = open_first(visitor, turn)
    took = visitor.page.evaluate("performance.now() - window.opened")
    visitor.page.wait_for_timeout(300)
    assert reader.locator("mark").evaluate(IN_VIEW)
    assert took < 3_000  # 0.3 s on the machine it was written on
    longest = visitor.page.evaluate(
        """async () => {
          const sheet = document.querySelector('.tw-sheet');
          let last = performance.now(), longest = 0;
          for (let i = 0; i < 30; i += 1) {
            sheet.scrollTop += 900;
            await new Promise(requestAnimationFrame);
            longest = Math.max(longest, performance.now() - last);
            last = performance.now();
          }
          return longest;
        }"""
    )
    assert longest < 500  # milliseconds for one frame, on a busy machine without a GPU


def test_offsets_hold_beyond_the_basic_plane(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "𠮷" * 40 + fake.HARBOUR_TEXT
    document = fake._document("astral", "生僻字文件", text)
    start = text.index(fake.SCHOOL_TIME)
    citation = cite(document, fake.SCHOOL, (start, start + len(fake.SCHOOL_TIME)), fake.IN_FORCE)
    monkeypatch.setitem(fake.PREPARED, "生僻", fake.answered(citation))
    monkeypatch.setattr(fake.FakeService, "document", lambda *_: document)
    reader = open_first(visitor, visitor.ask("生僻"))
    assert reader.locator("mark").text_content() == fake.SCHOOL_TIME


def test_a_vanished_document_is_said(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise KeyError

    turn = visitor.ask("孩子能上小学吗")
    monkeypatch.setattr(fake.FakeService, "document", gone)
    turn.locator("[data-read]").first.click()
    visitor.page.get_by_text("没有编号为「harbour」的文件").first.wait_for()
    visitor.errors.clear()  # the browser reports the 404 on the console
