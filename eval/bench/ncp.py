"""Other people's policy questions end to end: NCP, 284 texts and 609 questions of 2020.

``qa.jsonl`` holds ``{"id", "doc", "q", "answer"}``, ``docs/`` one text file per ``doc``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from corpus.types import Role
from eval.engine import Engine
from eval.errors import EvalError
from eval.fold import fold_text
from eval.metrics import hit_at, reciprocal_rank, rouge_l
from eval.records import Record, read_all
from qa.types import Status

_CLAUSES = 60  # ranked clauses asked for: enough to see ten documents
Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, its document (file name without ending) and the answer found there."""

    id: str
    doc: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Replied:
    """What came back: documents in ranked order, the joined quotes, milliseconds."""

    asked: Asked
    status: Status
    documents: tuple[str, ...]
    quoted: str
    ms: float


def read_ncp(folder: Path) -> tuple[Asked, ...]:
    """Read the questions of a folder.

    :raises EvalError: it is not of this layout, or a line is bad.
    """
    if not (folder / "docs").is_dir():
        raise EvalError(f"{folder} 里没有 docs 目录，不是 NCP 格式的目录")
    asked = read_all(folder / "qa.jsonl", _parse)
    if not asked:
        raise EvalError(f"{folder / 'qa.jsonl'} 里没有问题")
    return asked


def _parse(record: Record) -> Asked:
    return Asked(record.text("id"), record.text("doc"), record.text("q"), record.text("answer"))


def ask_all(
    engine: Engine, questions: Sequence[Asked], report: Report | None = None
) -> tuple[Replied, ...]:
    """Put every question to the engine."""
    files = {d.doc_id: PurePosixPath(d.file).stem for d in engine.store.documents()}
    owners = {c.clause_id: files[c.doc_id] for c in engine.store.clauses(roles=tuple(Role))}
    replies = []
    for done, asked in enumerate(questions, start=1):
        replies.append(_ask(engine, asked, owners))
        if report is not None:
            report("NCP", done, len(questions))
    return tuple(replies)


def _ask(engine: Engine, asked: Asked, owners: dict[str, str]) -> Replied:
    started = time.perf_counter()
    answer = engine.answer(asked.question)
    ms = (time.perf_counter() - started) * 1000
    ranked = engine.search(asked.question, limit=_CLAUSES)
    documents = dict.fromkeys(owners[clause_id] for clause_id, _ in ranked if clause_id in owners)
    quoted = "".join(part.quote for part in answer.parts)
    return Replied(asked, answer.status, tuple(documents), quoted, ms)


def summary(replies: Sequence[Replied], loaded: int) -> dict[str, Any]:
    """Return mean scores over all questions.

    ROUGE-L and ``holds`` (the answer stands in the quotes word for word) count a refusal as 0;
    ``*_answered`` are over the answered ones alone, None when there is none.
    """
    count = len(replies)
    answered = [reply for reply in replies if reply.quoted]
    hits = {
        f"doc_hit@{k}": _mean([hit_at(r.documents, {r.asked.doc}, k) or 0.0 for r in replies])
        for k in (1, 3, 5, 10)
    }
    times = sorted(reply.ms for reply in replies)
    return {
        "questions": count,
        "documents": loaded,
        **hits,
        "doc_mrr@10": _mean(
            [reciprocal_rank(r.documents, {r.asked.doc}, 10) or 0.0 for r in replies]
        ),
        "answered": len(answered) / count,
        "rouge_l": _mean([_rouge(reply) for reply in replies]),
        "rouge_l_answered": _mean([_rouge(reply) for reply in answered]) if answered else None,
        "holds": _mean([_holds(reply) for reply in replies]),
        "holds_answered": _mean([_holds(reply) for reply in answered]) if answered else None,
        "quote_chars": _mean([float(len(reply.quoted)) for reply in answered] or [0.0]),
        "latency_p50": times[count // 2],
        "latency_p95": times[min(count - 1, int(0.95 * count))],
    }


def _rouge(reply: Replied) -> float:
    return rouge_l(reply.quoted, reply.asked.answer) or 0.0


def _holds(reply: Replied) -> float:
    return float(fold_text(reply.asked.answer) in fold_text(reply.quoted))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
