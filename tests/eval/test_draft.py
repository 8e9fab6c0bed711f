"""Drafts from use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.caseset import read_cases
from eval.draft import draft_cases
from eval.errors import CaseError
from eval.types import Case


def _write(path: Path, *records: dict[str, Any]) -> Path:
    lines = (json.dumps(record, ensure_ascii=False) for record in records)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_unanswered_and_complained_about_become_drafts(tmp_path: Path) -> None:
    near = {"doc_number": "甲政发〔2030〕1号", "title": "办法", "path": ["二", "（一）"]}
    path = _write(
        tmp_path / "use.jsonl",
        {"question": "落户要几天", "status": "related_only", "related": [near, near]},
        {"question": "能落户吗", "status": "answered", "helpful": False, "comment": "答非所问"},
        {"question": "谁管落户", "status": "answered", "helpful": True},
        {"question": "那小孩呢", "history": ["能落户吗"], "status": "off_topic"},
    )
    found = draft_cases([path], ())
    assert [draft["question"] for draft in found.drafts] == ["落户要几天", "能落户吗", "那小孩呢"]
    assert found.left_out == {"已作答，且无人反映有误": 1}
    first, second, third = found.drafts
    assert first["draft"]["suggested"] == [{"doc": "甲政发〔2030〕1号", "path": ["二", "（一）"]}]
    assert second["draft"]["why"] == "answer_marked_wrong"
    assert third["kind"] == "dialogue"


def test_known_questions_and_repeats_are_left_out(tmp_path: Path, cases: tuple[Case, ...]) -> None:
    path = _write(
        tmp_path / "use.jsonl",
        {"question": "租房能落户吗？", "status": "off_topic"},  # t-1, with a question mark
        {"question": "怎么 办社保", "status": "off_topic"},
        {"question": "怎么办社保？", "status": "off_topic"},
    )
    found = draft_cases([path], cases)
    assert len(found.drafts) == 1
    assert found.left_out == {"已有": 2}


@pytest.mark.parametrize("field", ["question", "comment"])
def test_personal_data_is_never_written(tmp_path: Path, field: str) -> None:
    record = {"question": "能落户吗", "status": "off_topic"}
    record[field] = "我的身份证号是11010519491231002X，能查吗"
    found = draft_cases([_write(tmp_path / "use.jsonl", record)], ())
    assert found.drafts == ()
    assert found.left_out == {"含个人信息": 1}


def test_draft_is_never_gold(tmp_path: Path) -> None:
    path = _write(tmp_path / "use.jsonl", {"question": "落户要几天", "status": "related_only"})
    (draft,) = draft_cases([path], ()).drafts
    with pytest.raises(CaseError, match="草稿"):
        read_cases(_write(tmp_path / "drafts.jsonl", dict(draft)))
