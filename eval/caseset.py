"""The evaluation cases: reading, checking, digest, split."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal, TypeAlias

from eval.errors import CaseError, EvalError
from eval.fold import fold_label, fold_name
from eval.records import Record, read_records
from eval.types import ASKS, CATEGORIES, STYLES, Case, Gold, Kind, Reason
from qa.types import Status

Split: TypeAlias = Literal["dev", "test"]
SPLITS: tuple[Split, ...] = ("dev", "test")
FOLDER = Path(__file__).parent / "cases"
DEV_SHARE = 0.55  # of all clauses, not of all cases: a clause's questions stay together
# Chosen once, before any system ran, out of 3,000: the salt whose sides come closest to 55 % in
# every category, style, ask, kind, reason and document. Changing it makes old dev results void.
_SALT = 2626

FIELDS = frozenset(Case.__dataclass_fields__)
EXPECTED: Mapping[Reason, Status | None] = {
    Reason.OTHER_AREA: Status.OTHER_AREA,
    Reason.NOT_STATED: Status.RELATED_ONLY,
    Reason.OFF_TOPIC: Status.OFF_TOPIC,
    Reason.PERSONAL_DATA: Status.REFUSED,
    Reason.EXPIRED_ONLY: None,  # the case says it
}


def parse_case(record: Record) -> Case:
    """Turn one line into a case.

    :raises CaseError: naming file, line and field.
    """
    if "draft" in record.values:
        raise record.error("draft", "这是草稿：补全各字段、核对无误并删去 draft 后才能使用")
    record.only(FIELDS)
    case = Case(
        id=record.text("id"),
        question=record.text("question"),
        category=record.one_of("category", CATEGORIES),
        style=record.one_of("style", STYLES),
        ask=record.one_of("ask", ASKS),
        answerable=record.flag("answerable"),
        status=record.enum("status", Status),
        kind=record.enum("kind", Kind, Kind.QA),
        history=record.texts("history"),
        area=record.text_or_none("area"),
        gold=tuple(map(_parse_gold, record.records("gold"))),
        near=tuple(map(_parse_gold, record.records("near"))),
        need_all=record.flag("need_all", default=False),
        facts=record.texts("facts"),
        reason=None if record.values.get("reason") is None else record.enum("reason", Reason),
    )
    _check(case, record)
    return case


def _parse_gold(record: Record) -> Gold:
    record.only(("doc", "path", "file"))
    path = record.texts("path")
    if not path:
        raise record.error("path", "不能为空")
    return Gold(record.text("doc"), path, record.text_or_none("file") or "")


def _check(case: Case, record: Record) -> None:
    """Hold the rules between fields."""
    if (case.kind is Kind.DIALOGUE) != bool(case.history):
        raise record.error("history", "只有对话（kind=dialogue）有、且必须有之前的提问")
    if case.answerable:
        _check_answerable(case, record)
    else:
        _check_unanswerable(case, record)


def _check_answerable(case: Case, record: Record) -> None:
    if not case.gold:
        raise record.error("gold", "可回答的问题至少要有一个正确条款")
    if not case.facts:
        raise record.error("facts", "可回答的问题至少要有一个必须出现的事实")
    if case.reason is not None:
        raise record.error("reason", "可回答的问题不应有原因")
    if case.status is not Status.ANSWERED:
        raise record.error("status", "可回答的问题应为 answered")


def _check_unanswerable(case: Case, record: Record) -> None:
    if case.gold or case.facts:
        raise record.error("gold", "不可回答的问题不能有 gold 或 facts（邻近条款写入 near）")
    if case.reason is None:
        raise record.error("reason", "不可回答的问题必须写明原因")
    expected = EXPECTED[case.reason]
    if expected is not None and case.status is not expected:
        raise record.error("status", f"原因 {case.reason} 对应的状态应为 {expected}")


def read_cases(*paths: Path) -> tuple[Case, ...]:
    """Read case files in order.

    :raises CaseError: a bad line, or an id used twice (across all files).
    """
    cases: dict[str, Case] = {}
    for path in paths:
        for record in read_records(path):
            case = parse_case(record)
            if case.id in cases:
                raise record.error("id", f"「{case.id}」重复")
            cases[case.id] = case
    return tuple(cases.values())


def load_cases(split: str = "all", folder: Path = FOLDER) -> tuple[Case, ...]:
    """Read the committed cases of ``dev``, ``test`` or ``all``.

    :raises EvalError: an unknown split.
    """
    if split not in (*SPLITS, "all"):
        raise EvalError(f"没有名为「{split}」的分组（可用：dev、test、all）")
    names = SPLITS if split == "all" else (split,)
    return read_cases(*(folder / f"{name}.jsonl" for name in names))


def split_of(case: Case) -> Split:
    """Return the side of a case, decided by its clause so that a clause is never on both.

    The key is the first gold (document and path); for an unanswerable case the nearest clause,
    and where none is named its own id.
    """
    named = case.gold or case.near
    key = case.id
    if named:
        key = "|".join((fold_name(named[0].doc), *map(fold_label, named[0].path)))
    number = int.from_bytes(hashlib.sha256(f"{_SALT}|{key}".encode()).digest()[:8], "big")
    return "dev" if number / 2**64 < DEV_SHARE else "test"


def digest(cases: Iterable[Case]) -> str:
    """SHA-256 over the cases' content, whatever the order of lines and fields."""
    lines = sorted(json.dumps(to_json(case), ensure_ascii=False, sort_keys=True) for case in cases)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def to_json(case: Case) -> dict[str, Any]:
    """Return the JSON object of a case, fields in the order of the README; defaults left out."""
    values = asdict(case)
    for gold in (*values["gold"], *values["near"]):
        gold["path"] = list(gold["path"])
        if not gold["file"]:
            del gold["file"]
    order = (
        "id", "question", "history", "area", "category", "style", "ask", "kind",
        "answerable", "gold", "near", "need_all", "facts", "reason", "status",
    )  # fmt: skip
    optional = {"near": (), "need_all": False}
    return {k: values[k] for k in order if k not in optional or values[k] != optional[k]}


def write_cases(path: Path, cases: Iterable[Case]) -> None:
    """Write cases as JSON lines."""
    lines = (json.dumps(to_json(case), ensure_ascii=False) for case in cases)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def write_split(sources: Sequence[Path], folder: Path = FOLDER) -> dict[Split, int]:
    """Merge raw case files into ``dev.jsonl`` and ``test.jsonl``, each sorted by id.

    :return: the number of cases on each side.
    """
    cases = sorted(read_cases(*sources), key=lambda case: case.id)
    counts: dict[Split, int] = {}
    for name in SPLITS:
        side = [case for case in cases if split_of(case) == name]
        write_cases(folder / f"{name}.jsonl", side)
        counts[name] = len(side)
    return counts


def case_from_json(values: dict[str, Any], file: str, line: int) -> Case:
    """Read a case that a run folder kept."""
    return parse_case(Record(values, file, line))


__all__ = [
    "CaseError",
    "case_from_json",
    "digest",
    "load_cases",
    "parse_case",
    "read_cases",
    "split_of",
    "to_json",
    "write_cases",
    "write_split",
]
