"""What the desk knows, as plain JSON values for the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from difflib import SequenceMatcher
from typing import Any, Final

from corpus import Retired
from corpus.types import Clause, Document
from qa.desk.audit import ACTIONS, AuditEntry
from qa.desk.checks import expected
from qa.desk.intake import Preview, Received
from qa.desk.jobs import NAMES, Job
from qa.desk.marked import Row, kind_words
from qa.desk.quality import VERDICTS, status_words
from qa.desk.shelf import STANDINGS, Detail, Entry
from qa.desk.wordlists import TITLES, Checked, WordList
from qa.feedback import REASONS
from qa.feedback import Entry as Opinion
from qa.labels import ORIGIN_WORDS, ROLE_WORDS, VALIDITY_WORDS, path_label

Record = dict[str, Any]
_LONGEST_DIFF: Final = 3_000  # characters that are compared letter by letter; quadratic beyond
_OUTCOMES: Final = {
    "added": "已加入",
    "replaced": "已用原文替换要点摘编",
    "unchanged": "与已有的一字不差，没有变化",
    "kept": "已有文件原文，没有用要点摘编替换",
    "waiting": "与在用的版本不同，等您确认",
    "failed": "没有导入",
}
_STEPS: Final = {
    "start": "正在启动",
    "lexical": "建立全文索引",
    "embed": "计算向量",
    "dense": "整理向量",
    "store": "送入 Milvus",
    "cases": "回答评测题目",
}


def entry_record(entry: Entry, waiting: Mapping[str, str]) -> Record:
    """One line of the list of documents; ``waiting``: tokens of comparisons, by document id."""
    state = entry.validity
    return {
        "doc_id": entry.doc_id,
        "title": entry.title,
        "doc_number": entry.doc_number,
        "area": entry.area,
        "kind": entry.kind,
        "file": entry.file,
        "origin": ORIGIN_WORDS[entry.origin] if entry.origin else "",
        "standing": entry.standing.value,
        "standing_words": STANDINGS[entry.standing],
        "clauses": entry.clauses,
        "validity": state.state.value if state else None,
        "validity_words": VALIDITY_WORDS[state.state] if state else "",
        "validity_reason": state.reason if state else "",
        "notices": list(entry.notices),
        "repairs": entry.repairs,
        "version": version_record(entry.version) if entry.version else None,
        "waiting": waiting.get(entry.doc_id) if entry.version is None else None,
    }


def version_record(version: Retired) -> Record:
    """One version that was taken out."""
    return asdict(version)


def detail_record(detail: Detail, waiting: Mapping[str, str]) -> Record:
    """One document without its text: facts, outline, older versions."""
    document = detail.document
    return {
        "entry": entry_record(detail.entry, waiting),
        "facts": [[name, value] for name, value in _facts(document) if value],
        "outline": [
            {
                "clause_id": passage.clause_id,
                "depth": max(len(passage.path) - 1, 0),
                "label": passage.label,
                "heading": passage.heading or _opening(passage),
                "role": ROLE_WORDS[passage.role],
                "units": list(passage.unit_names),
            }
            for passage in detail.passages
        ],
        "versions": [version_record(version) for version in detail.versions],
        "characters": len(document.text),
    }


def _facts(document: Document) -> list[tuple[str, str]]:
    until = document.effective_until or document.plan_until
    return [
        *expected(document),
        ("文种", document.kind),
        ("施行", document.effective_from.isoformat() if document.effective_from else ""),
        ("有效期至", until.isoformat() if until else ""),
        ("来源", ORIGIN_WORDS[document.origin]),
        ("文件名", document.file),
        ("编号", document.doc_id),
    ]


def _opening(clause: Clause) -> str:
    text = " ".join(clause.text.split()).removeprefix(clause.label).lstrip("、．. ")
    return text[:24] + ("…" if len(text) > 24 else "")


def row_record(row: Row) -> Record:
    """One row of both texts: pieces as [raw, text] or [raw, text, what was repaired]."""
    pieces = [
        [piece.raw, piece.text, kind_words(piece.kind)] if piece.kind else [piece.raw, piece.text]
        for piece in row.pieces
    ]
    return {"line": row.line, "repaired": row.repaired, "pieces": pieces}


def received_record(received: Received) -> Record:
    """What became of one file that was sent."""
    report = received.report
    return {
        "file": report.file,
        "outcome": report.outcome,
        "words": _OUTCOMES.get(report.outcome, report.outcome),
        "error": report.error,
        "doc_id": report.doc_id,
        "title": report.title,
        "doc_number": report.doc_number,
        "clauses": report.clauses,
        "units": report.units,
        "format": report.format,
        "repairs": sum(n for kind, n in report.repairs.items() if kind != "line_ends"),
        "warnings": list(report.warnings),
        "notes": list(received.notes),
        "changes": [len(report.added), len(report.removed), len(report.changed)],
        "token": received.token,
    }


def preview_record(shown: Preview) -> Record:
    """A comparison: every clause that one version has and the other has not, or has otherwise."""
    changes = shown.changes
    return {
        "token": shown.staged.token,
        "doc_id": shown.before.doc_id,
        "file": shown.staged.file,
        "who": shown.staged.who,
        "before": _version_facts(shown.before),
        "after": _version_facts(shown.after),
        "other_identity": shown.other_identity,
        "warnings": list(shown.warnings),
        "added": [
            *(_clause(clause, shown.before.text) for clause in changes.added),
            *({**_clause(clause), "still": True} for clause in changes.listed),
        ],
        "removed": [
            *(_clause(clause, shown.after.text) for clause in changes.removed),
            *({**_clause(clause), "still": True} for clause in changes.unlisted),
        ],
        "changed": [
            {**_clause(new), "marks": differences(old.text, new.text)}
            for old, new in changes.changed
        ],
    }


def _version_facts(document: Document) -> Record:
    return {
        "title": document.title,
        "doc_number": document.doc_number,
        "published": document.published.isoformat() if document.published else None,
        "characters": len(document.text),
    }


def _clause(clause: Clause, other: str = "") -> Record:
    """A clause; ``still`` says that its text stands in the other version too, as no clause."""
    return {
        "path": path_label(clause.path),
        "heading": clause.heading,
        "text": clause.text,
        "still": clause.text.strip() in other if other else False,
    }


def differences(before: str, after: str) -> list[list[str]]:
    """Pieces of two texts: ["same" | "gone" | "new", piece], in reading order."""
    if max(len(before), len(after)) > _LONGEST_DIFF:
        return [["gone", before], ["new", after]]
    pieces: list[list[str]] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(["same", before[a:b]])
            continue
        pieces += [["gone", before[a:b]]] if b > a else []
        pieces += [["new", after[c:d]]] if d > c else []
    return pieces


def job_record(job: Job | None) -> Record | None:
    """One job; ``share`` is how much of the present step is done, from 0 to 1."""
    if job is None:
        return None
    return {
        "id": job.id,
        "kind": job.kind.value,
        "name": NAMES[job.kind],
        "who": job.who,
        "started": job.started,
        "ended": job.ended,
        "state": job.state.value,
        "step": _STEPS.get(job.step, job.step),
        "done": job.done,
        "total": job.total,
        "message": job.message,
        "result": dict(job.result),
    }


def list_record(kept: WordList) -> Record:
    """One word list."""
    return {**asdict(kept), "title": TITLES[kept.name]}


def checked_record(checked: Checked) -> Record:
    """What was found in a word list."""
    findings = [
        {**asdict(finding), "fault": finding.fault.value, "error": finding.fault.error}
        for finding in checked.findings
    ]
    return {"findings": findings, "errors": checked.errors, "more": checked.more}


def audit_record(entry: AuditEntry) -> Record:
    """One change."""
    return {**asdict(entry), "action_words": ACTIONS.get(entry.action, entry.action)}


def opinion_record(opinion: Opinion, drafted: Sequence[object]) -> Record:
    """One opinion; ``drafted``: ids of opinions that a case was drafted from."""
    said = opinion.feedback
    return {
        "id": opinion.id,
        "day": opinion.day,
        "verdict": said.verdict,
        "verdict_words": VERDICTS[said.verdict],
        "reason": REASONS.get(said.reason or "", ""),
        "comment": said.comment,
        "question": said.question,
        "status": said.status,
        "status_words": status_words(said.status),
        "area": said.area,
        "clause_ids": list(said.clause_ids),
        "drafted": opinion.id in drafted,
    }
