"""From use to cases: what people asked in vain becomes drafts that a person must finish.

A draft carries a ``draft`` field, which `read_cases` refuses: it can never count as gold before
someone has read it, filled in what is right and deleted that field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.fold import fold_name
from eval.records import Record, read_records
from eval.types import Case
from qa.privacy import personal_data

_SUGGESTED = 3  # nearest clauses shown to the person who finishes a draft
_BAD = frozenset({"down", "dislike", "no", "bad", "没用", "不满意", "踩"})


@dataclass(frozen=True, slots=True)
class Drafts:
    """Drafts as JSON objects, and how many lines were left out, by reason."""

    drafts: tuple[Mapping[str, Any], ...]
    left_out: Mapping[str, int]


def draft_cases(paths: Iterable[Path], known: Iterable[Case]) -> Drafts:
    """Turn exported questions into drafts.

    Taken: questions that were not answered, and answers that the asker marked as no help. Left
    out: answered and not complained about, personal data (never written anywhere), questions
    that are a case already or came before.

    :param paths: JSON lines with ``question`` and, where known, ``history``, ``area``,
        ``status``, ``helpful`` (or ``rating``), ``comment``, ``parts``, ``related``: what the
        page exports, and what `tiaowen batch` writes.
    :raises CaseError: a bad line.
    """
    return draft_records(_records(paths), known)


def draft_records(records: Iterable[Record], known: Iterable[Case]) -> Drafts:
    """Turn records into drafts; what is taken is said in `draft_cases`.

    :raises CaseError: a bad record.
    """
    seen = {_key(case.question, case.history) for case in known}
    drafts: list[Mapping[str, Any]] = []
    left_out: dict[str, int] = {}
    for record in records:
        question, history = record.text("question"), record.texts("history")
        reason = _reason_to_skip(record, question, history, seen)
        if reason is not None:
            left_out[reason] = left_out.get(reason, 0) + 1
            continue
        seen.add(_key(question, history))
        drafts.append(_draft(record, f"draft-{len(drafts) + 1:03d}"))
    return Drafts(tuple(drafts), left_out)


def _records(paths: Iterable[Path]) -> Iterator[Record]:
    for path in paths:
        yield from read_records(path)


def _key(question: str, history: Iterable[str]) -> tuple[str, ...]:
    return tuple(fold_name(turn) for turn in (*history, question))


def _reason_to_skip(
    record: Record, question: str, history: tuple[str, ...], seen: set[tuple[str, ...]]
) -> str | None:
    comment = record.text_or_none("comment") or ""
    if any(personal_data(text) for text in (question, *history, comment)):
        return "含个人信息"
    if _key(question, history) in seen:
        return "已有"
    if record.values.get("status") == "answered" and not _complaint(record.values):
        return "已作答，且无人反映有误"
    return None


def _complaint(values: Mapping[str, Any]) -> bool:
    rating = values.get("rating", values.get("feedback"))
    return values.get("helpful") is False or (isinstance(rating, str) and rating in _BAD)


def _draft(record: Record, name: str) -> dict[str, Any]:
    """Return a case to be finished: what is not known is null or empty."""
    values = record.values
    history = record.texts("history")
    return {
        "id": name,
        "question": record.text("question"),
        "history": list(history),
        "area": record.text_or_none("area"),
        "category": None,
        "style": None,
        "ask": None,
        "kind": "dialogue" if history else "qa",
        "answerable": None,
        "gold": [],
        "facts": [],
        "reason": None,
        "status": None,
        "draft": {
            "why": "answer_marked_wrong" if _complaint(values) else "not_answered",
            "status": values.get("status"),
            "comment": record.text_or_none("comment"),
            "suggested": _suggested(values),
        },
    }


def _suggested(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Name the clauses that were shown: where the person who finishes the draft looks first."""
    parts = values.get("parts") or []
    citations = [part.get("citation") for part in parts if isinstance(part, dict)]
    citations += values.get("related") or []
    named = [
        {"doc": citation.get("doc_number") or citation.get("title"), "path": citation["path"]}
        for citation in citations
        if isinstance(citation, dict) and citation.get("path")
    ]
    unique = [gold for position, gold in enumerate(named) if gold not in named[:position]]
    return unique[:_SUGGESTED]
