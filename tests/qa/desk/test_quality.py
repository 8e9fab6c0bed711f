"""What residents said: filtered, exported, drafted as cases."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import TiaowenError
from qa.desk import bench as bench_module
from qa.desk import desk as desk_module
from qa.desk.bench import Measured, Report
from qa.desk.desk import Desk
from qa.desk.errors import DeskError, MissingError
from qa.desk.quality import COLUMNS, STATUSES, Wanted
from qa.feedback import Feedback
from qa.types import Status

SAID = (
    Feedback("up", question="公租房有多少套", status="answered", area="湖北省/宜昌市/远安县"),
    Feedback("down", "incomplete", "没说在哪办", "在哪落户", "answered"),
    Feedback("down", question="补课要多少钱", status="related_only"),
    Feedback("down", "other", "=1+1", None, "related_only"),
)


class FakeBench:
    """Says what it was asked."""

    def latest(self, roots: object) -> Report:
        measure = Measured("命中@1", "90.0%", "80.0% – 95.0%", 20, "…")
        return Report(Path("runs/x"), "x", "2026-01-01T00:00:00+00:00", (), (measure,))

    def draft(self, said: dict[str, Any]) -> dict[str, Any]:
        return {"id": "draft-001", "question": said["question"], "draft": {"said": said}}


@pytest.fixture
def full(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    assert desk.feedback is not None
    for said in SAID:
        desk.feedback.add(said)
    monkeypatch.setattr(desk_module, "bench", FakeBench)
    return desk


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Wanted(), [4, 3, 2, 1]),
        (Wanted(verdict="down"), [4, 3, 2]),
        (Wanted(unanswered=True), [3]),
        (Wanted(status="answered"), [2, 1]),
        (Wanted(reason="incomplete"), [2]),
        (Wanted(area="湖北省/宜昌市"), [1]),
        (Wanted(text="落户"), [2]),
        (Wanted(text="在哪办"), [2]),
        (Wanted(verdict="up", status="related_only"), []),
    ],
)
def test_filters(full: Desk, wanted: Wanted, ids: list[int]) -> None:
    assert [entry.id for entry in full.opinions(wanted).entries] == ids


def test_pages(full: Desk) -> None:
    first = full.opinions(Wanted(verdict="down"), limit=2)
    assert ([entry.id for entry in first.entries], first.next) == ([4, 3], 3)
    second = full.opinions(Wanted(verdict="down"), limit=2, before=first.next)
    assert ([entry.id for entry in second.entries], second.next) == ([2], None)


def test_the_table_has_all_and_no_formulas(full: Desk) -> None:
    raw = full.opinions_csv(Wanted(verdict="down"))
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS
    assert [row[0] for row in rows[1:]] == ["4", "3", "2"]
    assert rows[1][4] == "'=1+1"
    assert rows[3][2:4] == ["没用", "不完整"]
    assert rows[2][6] == STATUSES[Status.RELATED_ONLY]


def test_a_case_is_drafted_once(full: Desk) -> None:
    made = full.draft(2, "林")
    assert made["id"] == "draft-2"
    said = made["draft"]["said"]
    assert (said["question"], said["helpful"], said["comment"]) == ("在哪落户", False, "没说在哪办")
    with pytest.raises(DeskError, match="已经起草过"):
        full.draft(2, "陈")
    assert [draft["id"] for draft in full.drafts.all()] == ["draft-2"]
    full.drafts.path.write_text(full.drafts.path.read_text() + '{"id": "cut', encoding="utf-8")
    assert len(full.drafts.all()) == 1
    assert full.audit.entries()[0].action == "draft"


def test_no_case_without_a_question(full: Desk) -> None:
    with pytest.raises(DeskError, match="没有同意发送"):
        full.draft(4, "林")
    with pytest.raises(MissingError):
        full.draft(99, "林")
    assert full.drafts.all() == ()


def test_the_clauses_that_were_shown_are_suggested(full: Desk) -> None:
    clause = full.service.store.clauses()[0]
    assert full.feedback is not None
    number = full.feedback.add(
        Feedback("down", None, "", "归谁管", "answered", None, (clause.clause_id, "gone-1"))
    )
    (shown,) = full.draft(number, "林")["draft"]["said"]["related"]
    assert shown["path"] == list(clause.path)


def test_an_opinion_can_be_deleted(full: Desk) -> None:
    full.remove_opinion(3, "林")
    assert [entry.id for entry in full.opinions(Wanted()).entries] == [4, 2, 1]
    with pytest.raises(MissingError):
        full.remove_opinion(3, "林")
    assert full.audit.entries()[0].target == "第 3 条"


def test_without_the_evaluation_the_rest_works(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_module, "entry_points", lambda group: ())
    bench_module.bench.cache_clear()
    try:
        with pytest.raises(TiaowenError, match="没有装好"):
            desk.report()
        with pytest.raises(TiaowenError, match="没有装好"):
            desk.evaluate(None, "林")
    finally:
        bench_module.bench.cache_clear()
    assert desk.opinions(Wanted()).entries == ()
    assert desk.audit.entries() == ()
