"""What a visitor sees and does, in Debian's chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from qa.page import app
from tests.qa.page import fake_service as fake
from tests.qa.page.conftest import serving
from tests.qa.page.proxied import proxied_server
from tests.qa.page.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_ask_and_find_the_quote_marked_in_its_clause(visitor: Visitor) -> None:
    turn = visitor.ask("外地户口的孩子能上小学吗")
    assert turn.locator(".tw-asked-text").inner_text() == "外地户口的孩子能上小学吗"
    assert turn.locator(".tw-card:not(.tw-card-near) blockquote").inner_text() == fake.SCHOOL_QUOTE
    mark = turn.locator("mark").first
    assert not mark.is_visible()
    turn.get_by_text("查看条款原文").first.click()
    assert mark.is_visible()
    assert mark.inner_text() == fake.SCHOOL_QUOTE
    assert turn.locator(".tw-clause").first.inner_text() == fake.SCHOOL.text
    assert visitor.page.input_value("#tw-input") == ""
    assert visitor.page.title() == "条问 · 政策问答"


def test_related_clauses_fold_out(visitor: Visitor) -> None:
    turn = visitor.ask("孩子能上小学吗")
    near = turn.locator(".tw-card-near blockquote")
    assert not near.is_visible()
    turn.get_by_text("相关条款（1）").click()
    assert near.inner_text() == fake.SETTLE_QUOTE


def test_follow_up_sends_the_last_five_questions(
    visitor: Visitor, service: fake.FakeService
) -> None:
    asked = [f"第{n}问，上小学" for n in range(1, 7)]
    for question in asked:
        visitor.ask(question)
    visitor.ask("我的身份证号是多少")
    visitor.ask("崩溃")
    turn = visitor.ask("那什么时候报名")
    assert service.asked[1][1] == (asked[0],)
    assert service.asked[-1][1] == tuple(asked[1:])
    assert "东湾区小学报名是什么时候？" in turn.locator(".tw-resolved").inner_text()


def test_area_is_passed_and_remembered(visitor: Visitor, service: fake.FakeService) -> None:
    visitor.page.select_option("#tw-area", label="东湾区（海州省临港市）")
    turn = visitor.ask("能上小学吗")
    assert turn.locator(".tw-asked-area").inner_text() == "东湾区"
    visitor.page.reload()
    visitor.answered(1)
    visitor.ask("租房")
    visitor.page.select_option("#tw-area", label="全部地区")
    visitor.ask("租房")
    assert [area for *_, area in service.asked] == [fake.HARBOUR.area, fake.HARBOUR.area, None]


def test_an_example_is_asked_by_keyboard(visitor: Visitor, service: fake.FakeService) -> None:
    example = visitor.page.get_by_role("button", name="小学报名是什么时候？")
    example.focus()
    visitor.page.keyboard.press("Enter")
    visitor.answered(1)
    assert service.asked[0][0] == "小学报名是什么时候？"
    assert not example.is_visible()
    assert visitor.page.evaluate("document.activeElement.className") == "tw-turn"


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("落户要几个工作日", "related_only"),
        ("北京怎么落户", "other_area"),
        ("怎么办", "clarify"),
        ("今天天气", "off_topic"),
        ("身份证号 123", "refused"),
        ("崩溃", "error"),
        ("", "clarify"),
        ("问" * 5000, "clarify"),
        ("？？？……", "off_topic"),
        ("🏫🏠", "off_topic"),
    ],
)
def test_every_other_state_is_told_apart(visitor: Visitor, question: str, status: str) -> None:
    turn = visitor.ask(question)
    assert turn.locator(".tw-reply").get_attribute("data-status") == status
    assert turn.locator(".tw-message").is_visible()
    assert turn.locator(".tw-message-title").inner_text()


def test_a_failure_keeps_the_chat(visitor: Visitor) -> None:
    visitor.ask("孩子能上小学吗")
    visitor.ask("崩溃")
    assert "前面的问答都还在" in visitor.turns.last.inner_text()
    visitor.ask("租房")
    assert visitor.turns.count() == 3
    assert fake.SCHOOL_QUOTE in visitor.turns.first.inner_text()


def test_a_folded_out_clause_stays_open_when_the_chat_goes_on(visitor: Visitor) -> None:
    turn = visitor.ask("孩子能上小学吗")
    turn.get_by_text("查看条款原文").first.click()
    visitor.ask("租房")
    assert visitor.turns.first.locator("mark").first.is_visible()


def test_waiting_shows_and_a_second_question_waits(
    visitor: Visitor, service: fake.FakeService
) -> None:
    service.delay = 0.8
    visitor.page.fill("#tw-input", "能上小学吗")
    visitor.page.click(".tw-send")
    assert visitor.page.locator(".tw-waiting").is_visible()
    assert visitor.page.get_attribute(".tw-send", "aria-disabled") == "true"
    visitor.page.fill("#tw-input", "租房")
    visitor.page.press("#tw-input", "Enter")
    visitor.answered(1)
    assert visitor.page.input_value("#tw-input") == "租房"
    assert len(service.asked) == 1


def test_a_lost_line_is_said_and_gives_the_question_back(
    visitor: Visitor, service: fake.FakeService
) -> None:
    service.delay = 1.0
    visitor.page.fill("#tw-input", "能上小学吗")
    visitor.page.press("#tw-input", "Enter")
    visitor.page.wait_for_selector(".tw-waiting")
    visitor.page.evaluate("window.dispatchEvent(new Event('tiaowen-failed'))")
    assert "没有收到答复" in visitor.turns.last.inner_text()
    assert visitor.page.input_value("#tw-input") == "能上小学吗"
    visitor.page.wait_for_timeout(1200)  # the late answer must not land in another turn
    service.delay = 0.0
    assert fake.SCHOOL_QUOTE in visitor.ask("能上小学吗").inner_text()


def test_too_many_at_once_are_turned_away_politely(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "_WAITING", 1)
    monkeypatch.setattr(app, "_AT_ONCE", 1)
    with serving(app.page_server, fake.FakeService(delay=1.5), port=0) as url:
        visitors = [Visitor(browser, url) for _ in range(4)]
        for visitor in visitors:
            visitor.page.fill("#tw-input", "能上小学吗")
            visitor.page.press("#tw-input", "Enter")
            visitor.page.wait_for_timeout(150)
        texts = [visitor.answered(1).inner_text() for visitor in visitors]
        assert fake.SCHOOL_QUOTE in texts[0]
        assert "没有收到答复" in texts[-1]
        for visitor in visitors:
            visitor.errors.clear()  # Gradio reports the full queue on the console
            visitor.leave()


def test_input_method_enter_does_not_send(visitor: Visitor, service: fake.FakeService) -> None:
    visitor.page.fill("#tw-input", "luohu")
    visitor.page.evaluate(
        """document.querySelector('#tw-input').dispatchEvent(new KeyboardEvent('keydown',
        {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"""
    )
    visitor.page.press("#tw-input", "Shift+Enter")
    assert visitor.page.input_value("#tw-input") == "luohu\n"
    assert visitor.turns.count() == 0
    assert service.asked == []


def test_copy_citation(visitor: Visitor) -> None:
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    turn = visitor.ask("孩子能上小学吗")
    turn.get_by_role("button", name="复制出处").first.click()
    turn.get_by_role("button", name="已复制").wait_for()
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    line, link = copied.splitlines()
    assert line == f"《{fake.HARBOUR.title}》（临东政办〔2025〕8号）第二（三）条"
    assert unquote(link) == f"{visitor.url}c/{fake.SCHOOL.clause_id}"


def test_clear_after_asking_back(visitor: Visitor, service: fake.FakeService) -> None:
    menu = visitor.page.get_by_role("button", name="菜单")
    clear = visitor.page.get_by_role("button", name="清空对话")
    menu.click()
    assert not clear.is_visible()
    menu.click()
    visitor.ask("孩子能上小学吗")
    visitor.page.once("dialog", lambda dialog: dialog.dismiss())
    menu.click()
    clear.click()
    assert visitor.turns.count() == 1
    visitor.page.once("dialog", lambda dialog: dialog.accept())
    menu.click()
    clear.click()
    assert visitor.turns.count() == 0
    assert visitor.page.get_by_role("heading", name="想问什么政策").is_visible()
    visitor.ask("租房")
    assert service.asked[-1][1] == ()


def test_reload_keeps_the_conversation_but_not_personal_data(
    visitor: Visitor, service: fake.FakeService
) -> None:
    visitor.ask("孩子能上小学吗")
    visitor.ask("身份证号 350500199001011234")
    kept = visitor.page.evaluate(
        "JSON.stringify({...sessionStorage}) + JSON.stringify({...localStorage})"
    )
    assert "350500199001011234" not in kept
    visitor.page.reload()
    visitor.answered(2)
    assert fake.SCHOOL_QUOTE in visitor.turns.first.inner_text()
    visitor.ask("租房")
    assert service.asked[-1][1] == ("孩子能上小学吗",)


def test_injection_is_inert(visitor: Visitor) -> None:
    turn = visitor.ask(f"恶意 {fake.EVIL}")
    turn.get_by_text("查看条款原文").click()
    visitor.page.wait_for_timeout(200)
    assert visitor.page.evaluate("window.pwned") is None
    assert fake.EVIL in turn.locator(".tw-asked-text").inner_text()
    assert turn.locator("img, script").count() == 0
    visitor.page.reload()
    visitor.answered(1)
    assert visitor.page.evaluate("window.pwned") is None


def test_answers_are_announced(visitor: Visitor) -> None:
    visitor.ask("孩子能上小学吗")
    live = visitor.page.locator("[role=status][aria-live=polite].tw-live")
    visitor.page.wait_for_function(
        "document.querySelector('.tw-live').textContent.includes('处依据')"
    )
    assert fake.SCHOOL_QUOTE in (live.text_content() or "")
    assert visitor.page.evaluate("document.documentElement.lang") == "zh-CN"


def test_new_areas_and_notice_arrive_without_a_restart(
    visitor: Visitor, service: fake.FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert visitor.page.locator(".tw-notice").count() == 0
    service.line = "没有向量模型，仅按词查找"
    monkeypatch.setattr(service, "areas", lambda: ("新海省/白沙市",))
    visitor.page.reload()
    visitor.page.get_by_text("没有向量模型，仅按词查找").wait_for()
    assert visitor.page.locator("#tw-area option").all_inner_texts() == [
        "全部地区",
        "白沙市（新海省）",
    ]


def test_behind_a_proxy_that_strips_the_prefix(browser: Browser) -> None:
    with serving(proxied_server, fake.FakeService()) as url:
        visitor = Visitor(browser, f"{url}tiaowen/")
        assert fake.SCHOOL_QUOTE in visitor.ask("能上小学吗").inner_text()
        visitor.leave()
