"""Links, completion, keeping, opinion, look: what a visit is made of besides asking."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlparse

import pytest

from qa.feedback import FeedbackStore
from tests.qa.page import fake_service as fake
from tests.qa.page.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_a_shared_question_is_asked_at_once_in_its_area(
    visitor: Visitor, service: fake.FakeService
) -> None:
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.page.select_option("#tw-area", value=fake.HARBOUR.area)
    visitor.ask("孩子能上小学吗").get_by_role("button", name="复制提问链接").click()
    visitor.page.get_by_role("button", name="已复制").wait_for()
    link = visitor.page.evaluate("navigator.clipboard.readText()")
    assert parse_qs(urlparse(link).query) == {
        "q": ["孩子能上小学吗"],
        "area": [fake.HARBOUR.area],
    }
    visitor.page.evaluate("sessionStorage.clear(); localStorage.clear()")
    service.asked.clear()
    visitor.open(link)
    visitor.answered(1)
    assert service.asked == [("孩子能上小学吗", (), fake.HARBOUR.area)]
    assert visitor.page.url == visitor.url  # so that a reload does not ask again
    visitor.page.reload()
    visitor.answered(1)
    assert len(service.asked) == 1


def test_a_clause_link_opens_the_reader(visitor: Visitor) -> None:
    visitor.open(f"{visitor.url}c/{quote(fake.SETTLE.clause_id)}")
    reader = visitor.page.get_by_role("dialog")
    here = reader.locator(".tw-here")
    here.first.wait_for()
    assert "（四）落户" in here.first.inner_text()
    assert reader.locator("mark").count() == 0


def test_an_unknown_clause_is_a_page_in_chinese(visitor: Visitor) -> None:
    answer = visitor.page.goto(f"{visitor.url}c/nothing")
    assert answer is not None
    assert answer.status == 404
    assert visitor.page.get_by_role("heading", name="没有找到这条条款").is_visible()
    assert visitor.axe() == []
    visitor.page.get_by_role("link", name="去提问").click()
    visitor.page.wait_for_selector(".tw-send")
    visitor.errors.clear()  # the browser reports the 404 on the console


def test_the_area_outlives_the_conversation(visitor: Visitor) -> None:
    visitor.page.select_option("#tw-area", value=fake.HARBOUR.area)
    visitor.page.evaluate("sessionStorage.clear()")
    visitor.page.reload()
    visitor.page.wait_for_selector("#tw-splash", state="detached")
    assert visitor.page.input_value("#tw-area") == fake.HARBOUR.area


def test_completion_by_keyboard(visitor: Visitor, service: fake.FakeService) -> None:
    box = visitor.page.get_by_role("combobox", name="您的问题")
    box.press_sequentially("落户", delay=30)
    options = visitor.page.locator(".tw-suggest [role=option]")
    options.first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    offered = options.all_inner_texts()
    assert "落户由哪个部门办？" in offered
    assert "东湾区“落户”是怎么规定的？" in offered
    box.press("ArrowDown")
    box.press("ArrowDown")
    active = box.get_attribute("aria-activedescendant")
    assert visitor.page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    box.press("Enter")
    visitor.answered(1)
    assert service.asked[0][0] == offered[1]
    assert not visitor.page.get_by_role("listbox").is_visible()


def test_completion_gets_out_of_the_way(visitor: Visitor, service: fake.FakeService) -> None:
    box = visitor.page.get_by_role("combobox", name="您的问题")
    box.press_sequentially("小学", delay=30)
    visitor.page.locator(".tw-suggest [role=option]").first.wait_for()
    assert visitor.axe() == []
    box.press("Escape")
    assert not visitor.page.get_by_role("listbox").is_visible()
    assert box.input_value() == "小学"
    box.press_sequentially("报名", delay=30)
    visitor.page.locator(".tw-suggest [role=option]").first.wait_for()
    box.press("Enter")  # nothing chosen: what was typed is asked
    visitor.answered(1)
    assert service.asked[0][0] == "小学报名"


def test_a_next_question_is_asked(visitor: Visitor, service: fake.FakeService) -> None:
    turn = visitor.ask("孩子能上小学吗")
    turn.get_by_role("button", name="东湾区“落户”是怎么规定的？").click()
    visitor.answered(2)
    assert service.asked[-1] == ("东湾区“落户”是怎么规定的？", ("孩子能上小学吗",), None)


def test_the_conversation_is_saved_as_markdown(visitor: Visitor, tmp_path: Path) -> None:
    visitor.ask("孩子能上小学吗")
    visitor.ask("身份证号 350500199001011234")
    visitor.page.get_by_role("button", name="菜单").click()
    with visitor.page.expect_download() as saving:
        visitor.page.get_by_role("button", name="保存问答").click()
    assert re.fullmatch(r"条问问答-\d{4}-\d\d-\d\d\.md", saving.value.suggested_filename)
    saving.value.save_as(tmp_path / "saved.md")
    text = (tmp_path / "saved.md").read_text(encoding="utf-8-sig")
    assert "## 孩子能上小学吗" in text
    assert f"> {fake.SCHOOL_QUOTE}" in text
    assert "临东政办〔2025〕8号" in text
    assert "350500199001011234" not in text


def test_on_paper_only_the_answers_stay(visitor: Visitor) -> None:
    visitor.ask("孩子能上小学吗")
    visitor.page.emulate_media(media="print")
    assert visitor.page.locator("blockquote").first.is_visible()
    for gone in (".tw-composer", ".tw-menu-button", ".tw-tools", "[data-read]"):
        assert not visitor.page.locator(gone).first.is_visible()


def test_an_opinion_is_stored_with_the_question_sent_along(
    visitor: Visitor, feedback: FeedbackStore
) -> None:
    turn = visitor.ask("孩子能上小学吗")
    before = len(feedback.entries())
    turn.get_by_role("button", name="没用").click()
    form = turn.locator(".tw-opinion")
    assert "不记录您是谁" in form.inner_text()
    assert len(feedback.entries()) == before  # pressing alone sends nothing
    form.get_by_label("不完整").check()
    form.get_by_label("想补充的话").fill("还想知道要带什么材料")
    form.get_by_role("button", name="发送").click()
    turn.get_by_text("谢谢，您的评价已经收到。").wait_for()
    said = feedback.entries()[0].feedback
    assert (said.verdict, said.reason, said.question) == ("down", "incomplete", "孩子能上小学吗")
    assert said.comment == "还想知道要带什么材料"
    assert said.clause_ids == (fake.SCHOOL.clause_id, fake.SETTLE.clause_id)
    assert not form.is_visible()


def test_an_opinion_without_the_question_and_one_with_a_number(
    visitor: Visitor, feedback: FeedbackStore
) -> None:
    turn = visitor.ask("租房")
    turn.get_by_role("button", name="有用").click()
    form = turn.locator(".tw-opinion")
    assert not form.get_by_text("哪里不好").is_visible()
    form.get_by_label("一并发送").uncheck()
    form.get_by_label("想补充的话").fill("请打 13800138000 找我")
    before = len(feedback.entries())
    form.get_by_role("button", name="发送").click()
    form.get_by_text("手机号").wait_for()
    assert len(feedback.entries()) == before
    form.get_by_label("想补充的话").fill("谢谢")
    form.get_by_role("button", name="发送").click()
    turn.get_by_text("谢谢，您的评价已经收到。").wait_for()
    said = feedback.entries()[0].feedback
    assert (said.verdict, said.question, said.comment) == ("up", None, "谢谢")
    visitor.errors.clear()  # the browser reports the refusal on the console


@pytest.mark.parametrize("question", ["身份证号 123", "崩溃", "", "怎么办"])
def test_no_opinion_is_asked_where_there_is_nothing_to_judge(
    visitor: Visitor, question: str
) -> None:
    assert visitor.ask(question).locator(".tw-tools").count() == 0


def test_large_type_and_colours_are_remembered(visitor: Visitor) -> None:
    size = "parseFloat(getComputedStyle(document.querySelector('#tw-input')).fontSize)"
    normal = visitor.page.evaluate(size)
    visitor.page.get_by_role("button", name="大字").click()
    assert visitor.page.evaluate(size) == pytest.approx(normal * 1.25)
    visitor.page.get_by_role("button", name="菜单").click()
    visitor.page.get_by_label("深色").check()
    visitor.page.reload()
    visitor.page.wait_for_selector("#tw-splash", state="detached")
    assert visitor.page.evaluate(size) == pytest.approx(normal * 1.25)
    assert visitor.page.evaluate("document.documentElement.dataset.theme") == "dark"
    button = visitor.page.get_by_role("button", name="大字")
    assert button.get_attribute("aria-pressed") == "true"
    visitor.page.get_by_role("button", name="菜单").click()
    assert visitor.page.get_by_label("深色").is_checked()
    assert visitor.faint() == []
    visitor.page.get_by_label("跟随系统").check()
    assert visitor.page.evaluate("document.documentElement.dataset.theme") == "light"
    visitor.page.keyboard.press("Escape")
    assert not visitor.page.get_by_label("深色").is_visible()


def test_staff_at_this_machine_see_how_an_answer_came_about(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert visitor.ask("孩子能上小学吗").locator(".tw-trace").count() == 0
    visitor.open(f"{visitor.url}?explain=1")
    turn = visitor.ask("孩子能上小学吗")
    turn.get_by_text("这个答复是怎么来的").click()
    assert turn.get_by_text("把握：0.90").is_visible()


def test_a_whole_visit_by_keyboard(visitor: Visitor, service: fake.FakeService) -> None:
    keys = visitor.page.keyboard
    keys.type("孩子能上小学吗")  # the box has the focus from the start
    keys.press("Enter")
    turn = visitor.answered(1)
    visitor.page.focus(".tw-skip")
    keys.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "tw-input"
    for _ in range(30):
        keys.press("Shift+Tab")
        if visitor.page.evaluate("'read' in document.activeElement.dataset"):
            break
    keys.press("Enter")
    reader = visitor.page.get_by_role("dialog")
    reader.locator("mark").wait_for()
    keys.press("Tab")
    assert visitor.page.evaluate("document.activeElement.textContent.trim()") == "关闭"
    keys.press("Enter")
    assert not reader.is_visible()
    keys.press("Tab")
    assert visitor.page.evaluate("document.activeElement.textContent.trim()") == "复制出处"
    assert turn.is_visible()
    assert len(service.asked) == 1


def test_without_a_line_the_page_says_so(visitor: Visitor) -> None:
    turn = visitor.ask("孩子能上小学吗")
    visitor.context.set_offline(True)
    turn.locator("[data-read]").first.click()
    visitor.page.get_by_text("网络好像断开了").first.wait_for()
    visitor.page.keyboard.press("Escape")
    visitor.context.set_offline(False)
    turn.locator("[data-read]").first.click()
    visitor.page.get_by_role("dialog").locator("mark").wait_for()
    visitor.errors.clear()  # the browser reports the lost line on the console


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_serious(browser: Browser, address: str, width: int, scheme: str) -> None:
    screen = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    visitor = Visitor(browser, address, **screen)
    assert visitor.axe() == []
    turn = visitor.ask("两地")
    turn.get_by_text("查看条款原文").first.click()
    turn.get_by_role("button", name="没用").click()
    visitor.page.get_by_role("button", name="菜单").click()
    assert visitor.axe() == []
    visitor.page.keyboard.press("Escape")
    turn.locator("[data-read]").first.click()
    visitor.page.get_by_role("dialog").locator("mark").wait_for()
    visitor.page.wait_for_timeout(1700)  # the flash is over
    assert visitor.axe() == []
    assert visitor.faint() == []
    visitor.leave()


@pytest.mark.parametrize("path", ["accessibility", "api/docs"])
def test_pages_that_stand_alone_are_accessible(visitor: Visitor, path: str) -> None:
    visitor.page.goto(visitor.url + path)
    assert visitor.page.locator("h1").count() == 1
    assert visitor.axe() == []
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    assert visitor.overflow() <= 0


def test_twice_the_size_loses_nothing(browser: Browser, address: str) -> None:
    """200 % zoom of a window of 1280 by 1024 is a window of 640 by 512 at two device pixels."""
    visitor = Visitor(
        browser, address, viewport={"width": 640, "height": 512}, device_scale_factor=2
    )
    visitor.page.get_by_role("button", name="大字").click()
    turn = visitor.ask("两地")
    assert visitor.overflow() <= 0
    turn.locator("[data-read]").first.click()
    visitor.page.get_by_role("dialog").locator("mark").wait_for()
    assert visitor.overflow() <= 0
    assert visitor.page.get_by_role("button", name="关闭").is_visible()
    visitor.leave()
