"""HTML and scripts in questions, documents, file names and opinions: shown, never run.

A real service over documents made to do harm, in a real browser that notices dialogs, a mark left
on the window, markup that was not ours, and requests that leave the machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
import pytest

from corpus import CorpusStore, ingest
from qa.desk.desk import open_desk
from qa.feedback import FeedbackStore, open_feedback
from qa.page.app import page_server
from qa.page.site import Site
from qa.service import Service
from tests.qa.page.conftest import serving
from tests.qa.page.visitor import Visitor
from tests.qa.town import open_home

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IMAGE = '<img src=x onerror="window.pwned=1">'
PAYLOADS = {
    "image": IMAGE,
    "script": "<script>window.pwned=1</script>",
    "closing": "</title></textarea></script></style><script>window.pwned=1</script>",
    "svg": '"><svg/onload=window.pwned=1>',
    "attribute": "' onmouseover='window.pwned=1' autofocus onfocus='window.pwned=1' x='",
    "template": "${window.pwned=1}{{constructor.constructor('window.pwned=1')()}}",
    "link": "[点这里](javascript:window.pwned=1) <a href=javascript:window.pwned=1>点</a>",
    "frame": "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "entity": "&lt;img src=x onerror=window.pwned=1&gt;&#60;script&#62;window.pwned=1",
    "style": "<style>*{display:none}</style><base href=//elsewhere.example/>",
    "dialog": "<body onload=alert(1)><details open ontoggle=alert(1)>",
}
TITLE = f"海棠县便民服务站建设办法{IMAGE}"
TEXT = f"""{TITLE}

棠政办〔2026〕3号

一、建设数量{PAYLOADS["svg"]}

全县建设便民服务站12个，{PAYLOADS["script"]}每个服务站配备工作人员3名{PAYLOADS["attribute"]}。责任单位：县政务服务局{IMAGE}

二、开放时间

便民服务站每天上午8时至下午6时开放{PAYLOADS["template"]}。{PAYLOADS["link"]}
{PAYLOADS["frame"]}{PAYLOADS["entity"]}{PAYLOADS["style"]}{PAYLOADS["dialog"]}
"""
FILE = "<img src=x onerror=window.pwned=1>&quot;'.txt"
QUESTION = "海棠县便民服务站开放时间"
FOREIGN = "img, script, svg[onload], iframe, a[href^='javascript'], [onmouseover], [onerror], base"


@pytest.fixture(scope="module")
def opinions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FeedbackStore]:
    store = open_feedback(tmp_path_factory.mktemp("opinions"))
    yield store
    store.close()


@pytest.fixture(scope="module")
def service_of_harm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    home = tmp_path_factory.mktemp("harm")
    path: Path = home / "originals" / FILE
    path.parent.mkdir()
    path.write_text(TEXT, encoding="utf-8")
    with CorpusStore.open(home / "home", samples=False) as store:
        assert [report.outcome for report in ingest(store, [path])] == ["added"]
    service = open_home(home / "home", None)
    yield service
    service.close()


@pytest.fixture(scope="module")
def site_of_harm(service_of_harm: Service, opinions: FeedbackStore) -> Iterator[str]:
    desk = open_desk(service_of_harm, opinions)
    site = Site(per_minute=0, feedback=opinions, desk=desk)
    with serving(page_server, service_of_harm, port=0, site=site) as url:
        yield url
    desk.close()


@pytest.fixture
def wary(browser: Browser, site_of_harm: str) -> Iterator[Visitor]:
    """A visitor who fails when anything was run."""
    visitor = Visitor(browser, site_of_harm)
    dialogs: list[str] = []

    def refuse(dialog: object) -> None:
        dialogs.append(str(dialog))
        dialog.dismiss()  # type: ignore[attr-defined]

    visitor.page.on("dialog", refuse)
    yield visitor
    visitor.page.wait_for_timeout(150)
    assert visitor.page.evaluate("window.pwned") is None
    assert dialogs == []
    visitor.leave()


def test_questions_are_text(wary: Visitor) -> None:
    for payload in PAYLOADS.values():
        turn = wary.ask(f"{payload} 便民服务站几点开放")
        assert payload in turn.locator(".tw-asked-text").inner_text()
        assert turn.locator(FOREIGN).count() == 0
    wary.page.reload()  # the conversation comes back from the browser's own store
    wary.answered(len(PAYLOADS))
    assert wary.page.locator(".tw-turn").locator(FOREIGN).count() == 0


def test_a_shared_link_is_text(wary: Visitor) -> None:
    wary.open(
        f"{wary.url}?q={quote(PAYLOADS['closing'])}&area={quote(IMAGE)}&clause={quote(IMAGE)}"
    )
    wary.page.wait_for_timeout(500)
    assert wary.page.locator(".tw-app").locator("img, iframe, base").count() == 0
    wary.errors[:] = [said for said in wary.errors if "404" not in said]  # there is no such clause


def test_an_answer_and_the_reader_show_a_document_as_text(
    wary: Visitor, service_of_harm: Service
) -> None:
    turn = wary.ask(QUESTION)
    said = turn.inner_text()
    assert '<img src=x onerror="window.' in said  # the title
    assert turn.locator(FOREIGN).count() == 0
    turn.locator("[data-read]").first.click()
    sheet = wary.page.locator(".tw-reader .tw-sheet")
    wary.page.wait_for_selector(".tw-reader mark")  # the whole document is there
    (document,) = service_of_harm.store.documents()
    shown, stored = sheet.inner_text(), document.text
    kept = [payload for payload in PAYLOADS.values() if payload in stored]
    assert len(kept) >= 8
    assert all(payload in shown for payload in kept)
    assert wary.page.locator(".tw-reader").locator(FOREIGN).count() == 0


def test_the_start_and_completions_are_text(wary: Visitor) -> None:
    assert wary.page.locator(".tw-app").locator("img, iframe, base").count() == 0
    wary.page.fill("#tw-input", "建设数量")
    wary.page.wait_for_timeout(500)
    assert wary.page.locator(".tw-app").locator("img, iframe, base").count() == 0


def test_an_opinion_is_text(wary: Visitor, opinions: FeedbackStore) -> None:
    turn = wary.ask(QUESTION)
    turn.get_by_role("button", name="没用").click()
    form = turn.locator(".tw-opinion")
    form.get_by_label("不完整").check()
    form.get_by_label("想补充的话").fill(PAYLOADS["closing"])
    form.get_by_role("button", name="发送").click()
    turn.get_by_text("谢谢，您的评价已经收到。").wait_for()
    assert opinions.entries()[0].feedback.comment == PAYLOADS["closing"]


@pytest.mark.parametrize("path", ["staff", "staff/search", "staff/documents", "staff/quality"])
def test_staff_pages_are_text(wary: Visitor, path: str) -> None:
    wary.page.goto(f"{wary.url}{path}?q={quote('便民服务站 ' + PAYLOADS['svg'])}")
    wary.page.wait_for_timeout(500)
    body = wary.page.locator("main")
    assert body.locator("img[onerror], svg[onload], iframe, [onmouseover], base").count() == 0


def test_the_api_gives_text_for_what_it_is(site_of_harm: str) -> None:
    """A browser that is pointed at the API shows text: the type is said, and not guessed."""
    for path in (
        f"api/search?q={quote(IMAGE)}",
        f"api/suggest?q={quote(IMAGE)}",
        f"c/{quote(IMAGE)}",
    ):
        answer = httpx.get(site_of_harm + path, trust_env=False)
        kind = answer.headers["content-type"]
        assert kind.startswith(("application/json", "text/html"))
        assert answer.headers["x-content-type-options"] == "nosniff"
        if kind.startswith("text/html"):
            assert "<img" not in answer.text
