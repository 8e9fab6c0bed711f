"""Answers as plain JSON values: one form for `ask --json`, `batch` and the page's API."""

from __future__ import annotations

from typing import Any, TypeAlias

from qa.types import Answer, Citation, Part, Trace

Record: TypeAlias = dict[str, Any]


def citation_record(citation: Citation) -> Record:
    """Return a citation as JSON values: dates as ISO text, the span as ``[start, end]``."""
    return {
        "clause_id": citation.clause_id,
        "doc_id": citation.doc_id,
        "file": citation.file,
        "title": citation.title,
        "doc_number": citation.doc_number,
        "issuer": citation.issuer,
        "published": citation.published.isoformat() if citation.published else None,
        "validity": citation.validity.state.value,
        "validity_reason": citation.validity.reason,
        "area": citation.area,
        "path": list(citation.path),
        "label": citation.label,
        "heading": citation.heading,
        "units": list(citation.units),
        "span": list(citation.span),
        "quote": citation.quote,
        "origin": citation.origin.value,
    }


def part_record(part: Part) -> Record:
    """Return a quote and where it stands."""
    return {"quote": part.quote, "citation": citation_record(part.citation)}


def answer_record(answer: Answer) -> Record:
    """Return an answer without its trace; with ``asked`` where a message asks several things."""
    several = [
        {"question": a.question, "status": a.status.value, "parts": list(a.parts)}
        for a in answer.asked
    ]
    return {
        "status": answer.status.value,
        "parts": [part_record(part) for part in answer.parts],
        "related": [citation_record(citation) for citation in answer.related],
        "warnings": list(answer.warnings),
        "message": answer.message,
        "confidence": round(answer.confidence, 4),
        "resolved_question": answer.resolved_question,
        **({"asked": several} if several else {}),
    }


def trace_record(trace: Trace) -> Record:
    """Return how an answer came about; scores and milliseconds are rounded."""
    return {
        "understood": list(trace.understood),
        "hits": [{"clause_id": clause, "score": round(score, 4)} for clause, score in trace.hits],
        "rejected": [
            {"clause_id": r.clause_id, "score": round(r.score, 4), "reason": r.reason}
            for r in trace.rejected
        ],
        "steps_ms": {step: round(ms, 2) for step, ms in trace.steps_ms.items()},
    }


def batch_record(
    case_id: str | int | None, question: str | None, answer: Answer, ms: float
) -> Record:
    """Return the line that `batch` writes for one question; ``ms`` is the whole time it took."""
    record = answer_record(answer)
    del record["resolved_question"]
    return {"id": case_id, "question": question, **record, "ms": round(ms, 1)}
