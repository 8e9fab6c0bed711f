"""Questions that the operator wants to keep."""

from __future__ import annotations

import json
import logging
import stat
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ops import Journal, Line, Metrics, serve_through
from qa.privacy import mask
from qa.types import Status
from tests.qa.page.fake_service import FakeService


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("我叫王小明，想落户", "我叫［姓名］，想落户"),
        ("我的名字叫欧阳娜娜。能上学吗", "我的名字叫［姓名］。能上学吗"),
        ("姓名：李四，怎么办", "姓名：［姓名］，怎么办"),
        ("电话0595-2238 1234能打吗", "电话［号码］能打吗"),
        ("我手机１３８００１３８０００", "我手机［号码］"),
        ("一三八零零一三八零零零是我的号", "［号码］是我的号"),
        ("身份证 350500 1990 0101 123X", "身份证 ［号码］"),
        ("发到 wang.xm@example.gov.cn 行吗", "发到 ［邮箱］ 行吗"),
        ("微信号：wxm_1990 加我", "微信号：［账号］ 加我"),
        ("住丰泽街道田安路12号3幢501室", "住丰泽街道田安路［门牌］"),
        ("泉鲤政办〔2025〕6号第三条", "泉鲤政办〔2025〕6号第三条"),
        ("2024—2025年的计划还有效吗", "2024—2025年的计划还有效吗"),
        ("到2025年城镇化率72%，学位1800个", "到2025年城镇化率72%，学位1800个"),
        ("租房满6个月能落户吗", "租房满6个月能落户吗"),
    ],
)
def test_what_is_masked(text: str, kept: str) -> None:
    assert mask(text) == kept


@given(
    st.text(max_size=8), st.from_regex(r"1[3-9]\d{9}", fullmatch=True), st.sampled_from("  -－.")
)
def test_no_mobile_number_survives(before: str, number: str, gap: str) -> None:
    said = f"{before}，{number[:3]}{gap}{number[3:7]}{gap}{number[7:]}"
    assert number[3:7] not in mask(said) or number[3:7] in before


def test_a_question_is_kept_without_who_and_when(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "questions", today=lambda: date(2026, 3, 1))
    journal.note("我叫王小明，租房能落户吗", Status.ANSWERED, "云山省/青岩县")
    journal.note("350500199001011234", Status.REFUSED, None)
    journal.note("   ", Status.CLARIFY, None)
    file = tmp_path / "questions" / "2026-03-01.jsonl"
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert lines == [
        {"question": "我叫［姓名］，租房能落户吗", "status": "answered", "area": "云山省/青岩县"}
    ]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_old_questions_are_deleted_at_start_and_at_midnight(tmp_path: Path) -> None:
    today = date(2026, 3, 31)
    for age in (0, 1, 29, 30, 200):
        (tmp_path / f"{today - timedelta(days=age)}.jsonl").write_text("{}\n", encoding="utf-8")
    (tmp_path / "notes.jsonl").write_text("mine", encoding="utf-8")
    journal = Journal(tmp_path, days=30, today=lambda: today)
    assert sorted(path.stem for path in tmp_path.iterdir()) == [
        "2026-03-02", "2026-03-30", "2026-03-31", "notes",
    ]  # fmt: skip
    today = date(2026, 4, 1)
    journal.note("租房能落户吗", Status.ANSWERED, None)
    assert not (tmp_path / "2026-03-02.jsonl").exists()
    assert (tmp_path / "2026-04-01.jsonl").exists()


def test_the_day_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.ops.journal._MOST", 3)
    for _ in range(2):  # a restart does not begin to count anew
        journal = Journal(tmp_path, today=lambda: date(2026, 3, 1))
        for _ in range(2):
            journal.note("租房能落户吗", Status.ANSWERED, None)
    assert len((tmp_path / "2026-03-01.jsonl").read_text(encoding="utf-8").splitlines()) == 3


def test_a_note_that_cannot_be_written_costs_no_answer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    journal = Journal(tmp_path / "questions", today=lambda: date(2026, 3, 1))
    (tmp_path / "questions" / "2026-03-01.jsonl").mkdir()  # stands for a disk that refuses
    served = serve_through(FakeService(), Line(), Metrics(), journal)
    with caplog.at_level(logging.WARNING):
        assert served.answer("租房能落户吗").status is Status.ANSWERED
    assert "question not kept" in caplog.text
    assert "租房" not in caplog.text
