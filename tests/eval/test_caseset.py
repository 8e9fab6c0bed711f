"""Reading cases, and the committed set itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from eval.caseset import (
    FOLDER,
    digest,
    load_cases,
    read_cases,
    split_of,
    to_json,
    write_cases,
    write_split,
)
from eval.errors import CaseError, EvalError
from eval.types import Case, Gold, Kind, Reason
from qa.types import Status

GOOD: dict[str, Any] = {
    "id": "x-1", "question": "能落户吗", "history": [], "area": None, "category": "落户",
    "style": "colloquial", "ask": "yesno", "answerable": True,
    "gold": [{"doc": "甲政发〔2030〕1号", "path": ["二", "（一）"]}], "facts": ["落户"],
    "reason": None, "status": "answered",
}  # fmt: skip
UNANSWERABLE = GOOD | {
    "answerable": False, "gold": [], "facts": [], "reason": "not_stated", "status": "related_only",
}  # fmt: skip


def _write(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    return path


def test_reads_a_case(tmp_path: Path) -> None:
    (case,) = read_cases(_write(tmp_path / "a.jsonl", GOOD))
    assert case.gold == (Gold("甲政发〔2030〕1号", ("二", "（一）")),)
    assert (case.kind, case.status, case.need_all) == (Kind.QA, Status.ANSWERED, False)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"questoin": "?"}, "questoin", id="misspelt-field"),
        pytest.param({"question": " "}, "question", id="blank-question"),
        pytest.param({"category": "天气"}, "category", id="unknown-category"),
        pytest.param({"style": 3}, "style", id="not-a-string"),
        pytest.param({"answerable": "yes"}, "answerable", id="not-a-flag"),
        pytest.param({"gold": []}, "gold", id="answerable-without-gold"),
        pytest.param({"gold": [{"doc": "x", "path": []}]}, "path", id="gold-without-path"),
        pytest.param({"gold": [{"doc": "x", "path": ["一"], "x": 1}]}, "x", id="gold-extra-field"),
        pytest.param({"gold": {"doc": "x"}}, "gold", id="gold-not-a-list"),
        pytest.param({"facts": []}, "facts", id="answerable-without-facts"),
        pytest.param({"facts": [1]}, "facts", id="fact-not-a-string"),
        pytest.param({"reason": "off_topic"}, "reason", id="answerable-with-reason"),
        pytest.param({"status": "related_only"}, "status", id="answerable-but-related-only"),
        pytest.param({"kind": "dialogue"}, "history", id="dialogue-without-history"),
        pytest.param({"history": ["先问"]}, "history", id="history-without-dialogue"),
    ],
)
def test_bad_field_is_named_with_file_and_line(
    tmp_path: Path, change: dict[str, Any], field: str
) -> None:
    """The line counted is the one in the file, blank lines included."""
    path = tmp_path / "bad.jsonl"
    path.write_text("\n\n" + json.dumps(GOOD | change), encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        read_cases(path)
    assert (caught.value.file, caught.value.line, caught.value.field) == (str(path), 3, field)
    assert str(caught.value).startswith(f"{path} 第 3 行，字段 {field}：")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"gold": GOOD["gold"]}, "gold", id="gold"),
        pytest.param({"facts": ["x"]}, "gold", id="facts"),
        pytest.param({"reason": None}, "reason", id="no-reason"),
        pytest.param({"status": "off_topic"}, "status", id="status-of-another-reason"),
    ],
)
def test_unanswerable_case_must_be_consistent(
    tmp_path: Path, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(CaseError) as caught:
        read_cases(_write(tmp_path / "a.jsonl", UNANSWERABLE | change))
    assert caught.value.field == field


@pytest.mark.parametrize("line", ["{", "[1]", '"x"'])
def test_line_that_is_no_object(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(CaseError, match="第 1 行"):
        read_cases(path)


def test_missing_file_and_unknown_split(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match="无法读取"):
        read_cases(tmp_path / "none.jsonl")
    with pytest.raises(EvalError, match="dev、test、all"):
        load_cases("train")


def test_id_used_in_two_files(tmp_path: Path) -> None:
    paths = [_write(tmp_path / name, GOOD) for name in ("a.jsonl", "b.jsonl")]
    with pytest.raises(CaseError, match="重复"):
        read_cases(*paths)


def test_cases_survive_a_round_trip(tmp_path: Path, cases: tuple[Case, ...]) -> None:
    write_cases(tmp_path / "a.jsonl", cases)
    assert read_cases(tmp_path / "a.jsonl") == cases


def test_digest_ignores_order_and_sees_content(cases: tuple[Case, ...]) -> None:
    assert digest(cases) == digest(reversed(cases))
    assert digest(cases) != digest(cases[1:])


def test_split_follows_the_clause_however_it_is_written() -> None:
    """Bracket width and traditional script do not move a clause to the other side."""
    spelt = [("青溪政發[2030] 8號", "(一)"), ("青溪政发〔2030〕8号", "（一）")]
    sides = {split_of(_case(Gold(doc, ("二", label)))) for doc, label in spelt}
    assert len(sides) == 1


def _case(gold: Gold) -> Case:
    return Case(
        "i", "q", "落户", "formal", "what", True, Status.ANSWERED, gold=(gold,), facts=("f",)
    )


def test_write_split_puts_every_case_on_its_side(tmp_path: Path, cases: tuple[Case, ...]) -> None:
    write_cases(tmp_path / "raw.jsonl", cases)
    counts = write_split([tmp_path / "raw.jsonl"], tmp_path)
    assert sum(counts.values()) == len(cases)
    assert {case.id for case in load_cases("all", tmp_path)} == {case.id for case in cases}
    assert all(split_of(case) == "dev" for case in load_cases("dev", tmp_path))


# The committed cases.


@pytest.fixture(scope="module")
def committed() -> tuple[Case, ...]:
    return load_cases("all")


def test_committed_cases_are_enough(committed: tuple[Case, ...]) -> None:
    """What issue 4 asks for."""
    assert len(committed) >= 500
    assert sum(case.answerable for case in committed) >= 300
    assert sum(not case.answerable for case in committed) >= 120
    assert sum(case.reason is Reason.NOT_STATED for case in committed) >= 60
    kinds = Counter(case.kind for case in committed)
    assert kinds[Kind.DIALOGUE] >= 60
    assert kinds[Kind.SEARCH] >= 20
    wanted = ("落户", "入学")
    assert sum(case.answerable and case.category in wanted for case in committed) >= 100


def test_committed_cases_stand_on_their_side() -> None:
    for side in ("dev", "test"):
        assert {split_of(case) for case in load_cases(side)} == {side}


def test_no_clause_is_on_both_sides() -> None:
    assert not _clauses(load_cases("dev")) & _clauses(load_cases("test"))


def _clauses(cases: Iterable[Case]) -> set[Gold]:
    return {(case.gold or case.near)[0] for case in cases if case.gold or case.near}


def test_no_question_is_asked_twice(committed: tuple[Case, ...]) -> None:
    asked = Counter((case.question, case.history, case.area) for case in committed)
    assert [question for question, count in asked.items() if count > 1] == []


def test_committed_files_are_in_the_written_form() -> None:
    """A hand edit that another tool would rewrite shows up here, not in a later diff."""
    for side in ("dev", "test"):
        text = (FOLDER / f"{side}.jsonl").read_text(encoding="utf-8")
        lines = [json.dumps(to_json(case), ensure_ascii=False) for case in load_cases(side)]
        assert text == "".join(line + "\n" for line in lines)
