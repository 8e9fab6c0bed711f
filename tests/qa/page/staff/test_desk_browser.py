"""The documents and quality tabs in a real browser, over a real service with real builds."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from eval.desk import BENCH
from qa.desk import desk as desk_module
from qa.desk.jobs import Kind
from qa.service import Service
from tests.qa.desk.conftest import RULES
from tests.qa.page.staff.conftest import Clerk
from tests.qa.page.staff.desk_site import Office, office, served
from tests.qa.page.visitor import AXE_PATH, Visitor
from tests.qa.town import PLAN

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect

LIFT = "远安加装电梯每部补助多少钱"
PAGES = ("documents", "lexicon", "audit", "quality")
AXE = "axe.run(document, {resultTypes: ['violations']})"


@pytest.fixture(scope="module")
def opened(town: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(town, tmp_path_factory.mktemp("office") / "home") as found:
        yield found


@pytest.fixture(scope="module")
def url(opened: Office) -> Iterator[str]:
    with served(opened) as address:
        yield address


@pytest.fixture
def clerk_of(browser: Browser, url: str) -> Iterator[Callable[..., Clerk]]:
    """Make browsers of staff; each is checked when the test is over."""
    clerks: list[Clerk] = []

    def make(name: str = "lin", to: str = "documents", **context: object) -> Clerk:
        clerk = Clerk(browser, url, **context).login(name, to)
        clerk.page.wait_for_selector(".tw-desk-wait", state="detached")
        clerks.append(clerk)
        return clerk

    yield make
    for clerk in clerks:
        clerk.leave()


def files(folder: Path, **contents: str | bytes) -> list[str]:
    paths = []
    for name, content in contents.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        paths.append(str(path))
    return paths


def line(page: Page, title: str) -> str:
    return page.locator(".tw-doc", has_text=title).inner_text()


def test_uploaded_built_and_answered_while_the_page_answers(
    browser: Browser,
    clerk_of: Callable[..., Clerk],
    opened: Office,
    url: str,
    tmp_path: Path,
) -> None:
    """A batch with a bad file; the index is built beside the chat; then the new text is quoted."""
    resident = Visitor(browser, url)
    before = resident.ask(LIFT)
    assert "18万元" not in before.inner_text()
    page = clerk_of().page
    picked = files(tmp_path, 电梯_txt=RULES, 图_png=b"\x89PNG\r\n\x1a\n" + b"\0" * 60)
    page.set_input_files("#tw-files", [picked[1], picked[0]])
    page.locator("#tw-desk").get_by_text("处理完 2 份，1 份没有问题，1 份没有导入").wait_for()
    sent = page.locator(".tw-sent").inner_text()
    assert "没有导入" in sent
    assert "图片" in sent
    assert "已加入" in sent
    assert "3 条条款" in sent
    assert "待更新索引（新加入）" in line(page, "加装电梯")
    page.get_by_role("button", name="更新索引").click()
    page.locator(".tw-index progress").wait_for()
    (worker,) = opened.desk.jobs._workers.values()
    os.kill(worker.pid, signal.SIGSTOP)  # so that the build is surely under way meanwhile
    try:
        during = resident.ask("上虞保障性租赁住房筹集多少套")
        assert "1500套" in during.inner_text()
        assert worker.poll() is None
        page.reload()  # what is under way is known to the server
        page.locator(".tw-index progress").wait_for()
        assert "lin 开始于" in page.locator(".tw-index").inner_text()
    finally:
        os.kill(worker.pid, signal.SIGCONT)
    page.locator(".tw-index").get_by_text("索引已更新：4 份文件").wait_for(timeout=120_000)
    page.locator(".tw-doc", has_text="加装电梯").get_by_text("已用于答复").wait_for()
    after = resident.ask(LIFT)
    assert "18万元" in after.locator(".tw-quote").first.inner_text()
    resident.leave()


def test_dropped_files_are_taken_too(clerk_of: Callable[..., Clerk]) -> None:
    """By drag and drop, a text that waits for a yes because another version is in use."""
    page = clerk_of().page
    page.locator(".tw-drop").wait_for()
    page.evaluate(
        """(text) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], "虞.txt"));
          const drop = document.querySelector(".tw-drop");
          const how = {dataTransfer, bubbles: true, cancelable: true};
          for (const name of ["dragenter", "dragover", "drop"]) {
            drop.dispatchEvent(new DragEvent(name, how));
          }
        }""",
        PLAN.replace("6元", "7元"),
    )
    page.locator(".tw-sent").get_by_text("与在用的版本不同，等您确认").wait_for()
    assert "新增 0 条，删去 0 条，改动 1 条" in page.locator(".tw-sent").inner_text()
    page.locator(".tw-sent").get_by_role("link", name="看变化并确认替换").click()
    page.get_by_role("button", name="不替换").click()
    page.wait_for_url(re.compile("doc="))
    assert "等确认" not in page.locator(".tw-desk").inner_text()


def test_replaced_after_the_diff_was_seen(
    clerk_of: Callable[..., Clerk], opened: Office, tmp_path: Path
) -> None:
    page = clerk_of().page
    page.get_by_role("link", name="远安县安居乐业").click()
    page.get_by_text("替换为新版本").wait_for()
    new = PLAN.replace("320套", "350套").replace(
        "\n三、附则", "\n（五）修路。修路3条。\n\n三、附则"
    )
    (picked,) = files(tmp_path, 新_txt=new)
    page.set_input_files("#tw-new-version", picked)
    page.wait_for_url(re.compile("replace="))
    page.get_by_text("条款：新增 1，删去 0，改动 1").wait_for()
    assert "2" in page.locator("del").first.inner_text()
    assert "5" in page.locator("ins").first.inner_text()
    assert "320套" in opened.service.store.find("远安.txt").text
    page.reload()  # the comparison waits on the server
    page.fill("#tw-why", "数字更正")
    page.get_by_role("button", name="确认替换").click()
    page.wait_for_url(re.compile("doc="))
    page.get_by_text("被替换：数字更正").wait_for()
    assert "350套" in opened.service.store.find("新.txt").text
    assert "待更新索引（有新版本）" in page.locator(".tw-desk").inner_text()


def test_withdrawn_with_a_reason_and_restored(
    browser: Browser, clerk_of: Callable[..., Clerk], url: str
) -> None:
    """It is not quoted from the moment it is withdrawn, and is again when it is restored."""
    resident = Visitor(browser, url)
    question = "上虞保障性租赁住房筹集多少套"
    assert "1500套" in resident.ask(question).inner_text()
    page = clerk_of().page
    for _ in range(2):  # the points and what explains them
        row = page.locator(".tw-doc", has=page.get_by_role("link", name="上虞区")).first
        row.get_by_role("button").click()
        dialog = page.get_by_role("dialog")
        assert dialog.locator("textarea").evaluate("node => node === document.activeElement")
        dialog.locator("button[type=submit]").click()  # without a reason it stays open
        assert dialog.is_visible()
        dialog.locator("textarea").fill("等待修订")
        dialog.locator("button[type=submit]").click()
        expect(page.locator(".tw-desk")).to_contain_text("答复里已经不再引用它")
        page.locator(".tw-form-said").evaluate_all("nodes => nodes.forEach(n => n.remove())")
    assert "由 lin 撤下。理由：等待修订" in page.locator(".tw-docs").inner_text()
    assert "1500套" not in resident.ask(question).inner_text()
    for _ in range(2):
        page.get_by_role("button", name=re.compile("^恢复")).first.click()
        expect(page.locator(".tw-desk")).to_contain_text("已恢复")
        page.locator(".tw-form-said").evaluate_all("nodes => nodes.forEach(n => n.remove())")
    expect(page.locator(".tw-docs")).not_to_contain_text("已撤下")
    assert "1500套" in resident.ask(question).inner_text()
    resident.leave()


def test_texts_and_repairs_side_by_side(clerk_of: Callable[..., Clerk], tmp_path: Path) -> None:
    page = clerk_of().page
    text = RULES.replace("18万元", "18\u200b万元").replace("3号", "9号")
    page.set_input_files("#tw-files", files(tmp_path, 修复_txt=text))
    page.locator(".tw-sent a").first.click()
    page.get_by_text("读到的原文与整理后的文字对照").click()
    repaired = page.locator(".tw-both-repaired")
    repaired.first.wait_for()
    assert repaired.count() == 1
    assert "[零宽]" in repaired.locator("del").inner_text()
    assert "修复：去掉看不见的字符" in repaired.inner_text()
    page.get_by_label("只看有修复的行").uncheck()
    assert page.locator(".tw-both").count() > 5


def test_the_editor_of_word_lists(clerk_of: Callable[..., Clerk], opened: Office) -> None:
    page = clerk_of(to="lexicon").page
    page.fill("#tw-text", "食堂 老年食堂\n")
    page.get_by_role("button", name="检查").click()
    page.get_by_text("错误：格式不对").wait_for()
    page.get_by_role("button", name="第 1 行").click()
    assert page.evaluate("getSelection().toString()") == "食堂 老年食堂"
    page.fill("#tw-text", "")
    page.fill("[name=resident]", "饭堂")
    page.fill("[name=official]", "老年食堂  食堂")
    page.get_by_role("button", name="加一行").click()
    assert page.input_value("#tw-text") == "饭堂\t老年食堂 食堂\t落户\t口语\n"
    assert "还没有保存" in page.locator(".tw-desk").inner_text()
    page.get_by_role("button", name="保存").click()
    page.get_by_text("已保存，1 条").wait_for()
    assert opened.desk.lists.read("synonyms.tsv").entries == 1
    page.goto(page.url.replace("lexicon", "audit"))
    page.locator(".tw-change", has_text="修改词表").first.wait_for()
    page.get_by_text("改动的行").first.click()
    assert "+饭堂\t老年食堂" in page.locator("pre").first.inner_text()


def test_a_list_is_tried_on_the_cases(
    clerk_of: Callable[..., Clerk], opened: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real worker answers a few cases twice; its end is shown without a reload."""
    start = opened.desk.jobs.start
    monkeypatch.setattr(desk_module, "bench", lambda: BENCH)
    monkeypatch.setattr(
        type(opened.desk.jobs),
        "start",
        lambda self, kind, who, order, finish: start(
            kind,
            who,
            type(order)(order.task, {**order.values, "sample": 3, "words_only": True}),
            finish,
        ),
    )
    page = clerk_of(to="lexicon").page
    page.fill("#tw-text", "饭馆\t老年食堂\t养老托育\t口语\n")
    page.get_by_role("button", name="试一试").click()
    page.locator(".tw-trial").get_by_text("试了 3 题：多答对").wait_for(timeout=60_000)
    assert "命中@1" in page.locator(".tw-trial table").inner_text()
    over = opened.desk.jobs.last(Kind.PREVIEW)
    assert over is not None
    assert over.who == "lin"
    page.fill("#tw-text", opened.desk.lists.read("synonyms.tsv").text)


def test_quality_filters_drafts_and_deletes(
    clerk_of: Callable[..., Clerk], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(desk_module, "bench", lambda: BENCH)
    monkeypatch.chdir(tmp_path)
    page = clerk_of(to="quality").page
    lines = page.locator(".tw-opinion-line")
    lines.nth(3).wait_for()
    page.get_by_label("没答上来的提问").check()
    expect(lines).to_have_count(1)
    assert "远安养猫要办证吗" in lines.inner_text()
    with page.expect_download() as got:
        page.get_by_role("link", name="导出为表格").click()
    table = Path(got.value.path()).read_text(encoding="utf-8-sig")
    assert table.count("\n") == 2
    assert "远安养猫要办证吗" in table
    page.get_by_role("button", name="起草题目").click()
    page.locator("#tw-said").get_by_text("已起草，在下面").wait_for()
    expect(page.locator("#tw-drafts")).to_contain_text("远安养猫要办证吗")
    page.get_by_label("全部", exact=True).first.check()
    expect(lines).to_have_count(4)
    page.fill("[name=q]", "没说在哪办")
    expect(lines).to_have_count(1)
    page.get_by_role("button", name=re.compile("^删除")).click()
    page.get_by_role("dialog").locator("button[type=submit]").click()
    page.get_by_text("没有符合条件的评价").wait_for()


def test_readers_look_and_change_nothing(clerk_of: Callable[..., Clerk]) -> None:
    page = clerk_of("chen").page
    page.locator(".tw-doc").first.wait_for()
    assert page.locator("#tw-files").count() == 0
    assert page.get_by_role("button", name=re.compile("撤下|恢复|更新索引")).count() == 0
    page.locator(".tw-doc a").first.click()
    page.get_by_text("目录").first.wait_for()
    assert page.locator("#tw-new-version").count() == 0
    for name, place in (("lexicon", "保存"), ("quality", "运行评测")):
        page.goto(
            re.sub(r"documents.*", name, page.url) if name == "lexicon" else name_of(page, name)
        )
        page.wait_for_selector(".tw-desk-wait", state="detached")
        assert page.get_by_role("button", name=place).count() == 0
    page.goto(name_of(page, "audit"))
    page.get_by_text("变更记录只有编辑人员能看").first.wait_for()


def name_of(page: Page, name: str) -> str:
    return page.url.split("/staff/")[0] + f"/staff/{name}"


@pytest.mark.parametrize("name", PAGES)
def test_nobody_gets_in_without_a_login(browser: Browser, url: str, name: str) -> None:
    clerk = Clerk(browser, url)
    clerk.page.goto(f"{url}staff/{name}")
    assert "/staff/login" in clerk.page.url
    assert clerk.page.locator("#tw-desk").count() == 0
    clerk.leave()


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_accessible_and_fitting(
    clerk_of: Callable[..., Clerk], opened: Office, scheme: str, width: int
) -> None:
    screen = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    page = clerk_of(**screen).page
    doc_id = next(iter(opened.service.store.versions()))
    for place in (*PAGES, f"documents?doc={doc_id}"):
        page.goto(name_of(page, place))
        page.wait_for_selector(".tw-desk-wait", state="detached")
        page.wait_for_timeout(200)
        page.evaluate(AXE_PATH.read_text(encoding="utf-8"))
        found = page.evaluate(AXE)["violations"]
        serious = [
            f"{place} {rule['id']}: {[node['html'][:120] for node in rule['nodes'][:3]]}"
            for rule in found
            if rule["impact"] in ("serious", "critical")
        ]
        assert serious == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, place
        small = page.evaluate(
            """[...document.querySelectorAll('.tw-staff :is(button, summary, select, .tw-quiet)')]
            .filter((node) => node.checkVisibility())
            .filter((node) => node.getBoundingClientRect().height < 44)
            .map((node) => node.outerHTML.slice(0, 80))"""
        )
        assert small == [], place
