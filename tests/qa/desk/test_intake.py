"""Files that are brought: names, archives, bad ones, and versions that wait for a yes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import CorpusError, LoadError, Origin, UnknownDocument, retired_versions
from corpus.limits import Limits
from qa.desk.desk import Desk
from qa.desk.errors import DeskError, StaleError
from qa.desk.intake import Received, safe_name
from qa.types import Status
from tests.qa.desk.conftest import RULES
from tests.qa.town import PLAN, PLAN_TITLE


def bring(desk: Desk, tmp_path: Path, content: str | bytes, name: str) -> tuple[Received, ...]:
    path = tmp_path / "upload"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return desk.receive(path, name, "林")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("办法.docx", "办法.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\文件\\办法.txt", "办法.txt"),
        ("a\u202etxt.exe\x00", "atxt.exe"),
        ('<b onclick="x">.txt', "b onclick=x.txt"),
        ("", "未命名"),
        ("....", "未命名"),
        ("/", "未命名"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_names_are_made_safe(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


@given(st.text(max_size=300))
def test_no_name_leads_anywhere(sent: str) -> None:
    kept = safe_name(sent)
    assert 0 < len(kept) <= 132
    assert not set(kept) & set('/\\\x00\n\r<>"')
    assert kept not in {".", ".."}
    assert safe_name(kept) == kept or kept.endswith((" ", "."))


def test_a_new_document_is_taken_in_and_written_down(desk: Desk, tmp_path: Path) -> None:
    (one,) = bring(desk, tmp_path, RULES, "电梯.txt")
    assert (one.report.outcome, one.report.clauses, one.token) == ("added", 3, None)
    entry = desk.audit.entries()[0]
    assert (entry.who, entry.action, entry.target) == ("林", "upload", one.report.title)
    assert bring(desk, tmp_path, RULES, "电梯.txt")[0].report.outcome == "unchanged"
    assert len(desk.audit.entries()) == 1


def test_a_bad_file_says_why_and_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    before = desk.service.store.digest()
    for content, name, said in (
        (b"", "空.txt", "空的"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "图.png", "图片"),
        (b"PK\x03\x04broken", "坏.docx", "坏.docx"),
        (b"\x00\x01\x02" * 500, "乱.txt", "乱.txt"),
    ):
        (one,) = bring(desk, tmp_path, content, name)
        assert one.report.outcome == "failed"
        assert said in (one.report.error or "")
        assert "tiaowen " not in (one.report.error or "")
    assert desk.service.store.digest() == before
    assert desk.audit.entries() == ()


def test_an_archive_gives_a_report_for_each_member(desk: Desk, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("电梯.txt", RULES)
        archive.writestr("空.txt", "")
        archive.writestr("../出去.txt", RULES)
    reports = [one.report for one in bring(desk, tmp_path, packed.getvalue(), "一包.zip")]
    assert [report.outcome for report in reports].count("added") == 1
    assert [report.outcome for report in reports].count("failed") == 2
    assert {d.file for d in desk.service.store.documents()} >= {"一包.zip/电梯.txt"}


def test_another_version_waits_for_a_yes(desk: Desk, tmp_path: Path) -> None:
    store = desk.service.store
    old = store.find("远安.txt")
    (one,) = bring(desk, tmp_path, PLAN.replace("320套", "350套"), "新.txt")
    assert (one.report.outcome, len(one.report.changed)) == ("waiting", 1)
    assert store.document(old.doc_id) == old
    assert one.token is not None
    shown = desk.preview(one.token)
    ((before, after),) = shown.changes.changed
    assert "320套" in before.text
    assert "350套" in after.text
    assert not shown.other_identity
    document, result = desk.confirm(one.token, "数字有误", "林")
    assert (document.doc_id, result.kind) == (old.doc_id, "replaced")
    assert [v.sha256 for v in retired_versions(store, old.doc_id)] == [old.sha256]
    entry = desk.audit.entries()[0]
    assert (entry.action, entry.detail["reason"], entry.detail["changed"]) == (
        "replace",
        "数字有误",
        1,
    )
    with pytest.raises(StaleError, match="确认、放弃或过期"):
        desk.confirm(one.token, "", "林")


def test_given_up_nothing_changes(desk: Desk, tmp_path: Path) -> None:
    before = desk.service.store.digest()
    (one,) = bring(desk, tmp_path, PLAN.replace("320套", "350套"), "新.txt")
    assert one.token is not None
    desk.discard(one.token, "林")
    assert desk.service.store.digest() == before
    with pytest.raises(StaleError):
        desk.preview(one.token)


def test_a_decision_on_what_has_changed_is_refused(desk: Desk) -> None:
    """Two editors compare with the same version; the second one has to look again."""
    doc_id = desk.service.store.find("远安.txt").doc_id
    first = desk.stage(doc_id, PLAN.replace("320套", "350套").encode(), "a.txt", "林")
    raw = desk.staging.get(first.staged.token).raw
    desk.confirm(first.staged.token, "", "林")
    again = desk.staging.put(doc_id, first.staged.base, "b.txt", "陈", raw)
    with pytest.raises(StaleError, match="又变了"):
        desk.confirm(again.token, "", "陈")


def test_replacing_by_what_is_not_better_is_refused(desk: Desk) -> None:
    store = desk.service.store
    doc_id = store.find("远安.txt").doc_id
    with pytest.raises(DeskError, match="一字不差"):
        desk.stage(doc_id, PLAN.encode(), "a.txt", "林")
    with pytest.raises(LoadError):
        desk.stage(doc_id, b"", "a.txt", "林")
    with pytest.raises(UnknownDocument):
        desk.stage("nothing", PLAN.encode(), "a.txt", "林")
    other = desk.stage(doc_id, store.find("上虞.txt").raw, "a.txt", "林")
    assert other.other_identity
    with pytest.raises(CorpusError, match="是同一份"):
        desk.confirm(other.staged.token, "", "林")


def test_an_older_version_comes_back_through_the_same_look(desk: Desk) -> None:
    store = desk.service.store
    old = store.find("远安.txt")
    staged = desk.stage(old.doc_id, PLAN.replace("320套", "350套").encode(), "a.txt", "林").staged
    desk.confirm(staged.token, "", "林")
    (kept,) = retired_versions(store, old.doc_id)
    back = desk.stage_version(kept.id, "林")
    desk.confirm(back.staged.token, "改错了", "林")
    assert store.document(old.doc_id).text == old.text
    assert len(retired_versions(store, old.doc_id)) == 2
    with pytest.raises(DeskError, match="换回这一版"):
        desk.restore(kept.id, "林")


def test_an_official_text_takes_its_digests_place(desk: Desk, tmp_path: Path) -> None:
    marked = RULES.replace(
        "各乡镇人民政府：", "要点摘编，非官方原文，办理以原文为准\n\n各乡镇人民政府："
    )
    (one,) = bring(desk, tmp_path, marked, "摘编.txt")
    document = desk.service.store.document(one.report.doc_id or "")
    if document.origin is not Origin.DIGEST:
        pytest.skip("the mark of a digest is another one")
    (two,) = bring(desk, tmp_path, RULES, "原文.txt")
    assert two.report.outcome == "replaced"
    assert bring(desk, tmp_path, marked, "摘编.txt")[0].report.outcome == "kept"


def test_withdrawn_with_a_reason_and_undone(desk: Desk, tmp_path: Path) -> None:
    service = desk.service
    doc_id = service.store.find("远安.txt").doc_id
    with pytest.raises(DeskError, match="理由"):
        desk.withdraw(doc_id, "  \n ", "林")
    with pytest.raises(DeskError, match="太长"):
        desk.withdraw(doc_id, "长" * 501, "林")
    kept = desk.withdraw(doc_id, "已经\n废止", "林")
    assert (kept.reason, kept.by) == ("已经 废止", "林")
    assert service.answer("远安公租房有多少套").status is Status.OTHER_AREA
    (one,) = bring(desk, tmp_path, PLAN.replace("320套", "350套"), "新.txt")
    assert "由 林 撤下，理由：已经 废止" in one.notes[0]
    with pytest.raises(CorpusError, match="已经有一份在用"):
        desk.restore(kept.id, "林")
    desk.withdraw(doc_id, "又撤下", "林")
    desk.restore(kept.id, "林")
    answer = service.answer("远安公租房有多少套")
    assert answer.status is Status.ANSWERED
    assert answer.parts[0].citation.title == PLAN_TITLE
    actions = [entry.action for entry in desk.audit.entries()]
    assert actions == ["restore", "withdraw", "upload", "withdraw"]


def test_a_file_that_takes_too_long_costs_the_server_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever brings a file in reads it elsewhere, held to limits that cannot be kept here."""
    store = desk.service.store
    doc_id = store.find("远安.txt").doc_id
    newer = PLAN.replace("320套", "350套").encode()
    staged = desk.stage(doc_id, newer, "a.txt", "林").staged
    replaced = desk.stage(doc_id, PLAN.replace("320套", "360套").encode(), "b.txt", "林").staged
    desk.confirm(replaced.token, "", "林")
    waiting = desk.stage(doc_id, newer, "a.txt", "林").staged
    (old,) = retired_versions(store, doc_id)
    away = desk.withdraw(store.find("上虞.txt").doc_id, "废止", "林")
    before = store.digest()
    monkeypatch.setattr("corpus.confined.Limits", lambda: Limits(seconds=0.0))
    (one,) = bring(desk, tmp_path, RULES, "电梯.txt")
    assert "时间超过上限" in (one.report.error or "")
    for work in (
        lambda: desk.stage(doc_id, PLAN.encode(), "c.txt", "林"),
        lambda: desk.stage_version(old.id, "林"),
        lambda: desk.preview(waiting.token),
        lambda: desk.confirm(waiting.token, "", "林"),
        lambda: desk.restore(away.id, "林"),
    ):
        with pytest.raises(LoadError, match="时间超过上限"):
            work()
    assert store.digest() == before
    monkeypatch.undo()
    assert desk.confirm(waiting.token, "", "林")[1].kind == "replaced"
    assert desk.restore(away.id, "林").kind == "added"
    with pytest.raises(StaleError):
        desk.preview(staged.token)
