"""Documents and clauses as rows: parsed values are kept as JSON, ready to be read back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from corpus.types import (
    Clause,
    Document,
    Figure,
    Origin,
    ParseWarning,
    Repair,
    Role,
    Span,
    Unit,
)

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
    doc_id TEXT PRIMARY KEY, sort_key TEXT NOT NULL, sha256 TEXT NOT NULL, fields TEXT NOT NULL,
    text TEXT NOT NULL, raw_text TEXT NOT NULL, raw BLOB NOT NULL,
    repairs TEXT NOT NULL, warnings TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS clauses (
    clause_id TEXT PRIMARY KEY,
    doc_id TEXT NOT NULL REFERENCES documents(doc_id) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, role TEXT NOT NULL, fields TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS clauses_by_document ON clauses(doc_id, start);
CREATE TABLE IF NOT EXISTS retired (
    id INTEGER PRIMARY KEY, doc_id TEXT NOT NULL, kind TEXT NOT NULL,
    reason TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL,
    file TEXT NOT NULL, title TEXT NOT NULL, doc_number TEXT, area TEXT NOT NULL,
    sha256 TEXT NOT NULL, raw BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS retired_by_document ON retired(doc_id, id);
"""
DOCUMENT_COLUMNS = (
    "doc_id", "sort_key", "sha256", "fields", "text", "raw_text", "raw", "repairs", "warnings",
)  # fmt: skip
CLAUSE_COLUMNS = ("clause_id", "doc_id", "start", "end", "role", "fields")
Row = sqlite3.Row | Mapping[str, Any]
_FIELDS = ("file", "title", "doc_number", "issuer", "declared_status", "area", "kind")
_DATES = ("published", "effective_from", "effective_until", "plan_until")


def dump(value: object) -> str:
    """Compact JSON with Chinese left as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def sort_key(document: Document) -> str:
    """Corpus order: area, then 文号, then title."""
    return "\x1f".join((document.area, document.doc_number or "\uffff", document.title))


def document_row(document: Document) -> tuple[Any, ...]:
    """Values of a documents row, in the order of the schema."""
    fields: dict[str, Any] = {name: getattr(document, name) for name in _FIELDS}
    for name in _DATES:
        day: date | None = getattr(document, name)
        fields[name] = day.isoformat() if day else None
    fields["origin"] = document.origin.value
    repairs = [[r.kind, *r.raw_span, *r.span] for r in document.repairs]
    warnings = [[w.message, w.line, w.column] for w in document.warnings]
    return (
        document.doc_id, sort_key(document), document.sha256, dump(fields), document.text,
        document.raw_text, document.raw, dump(repairs), dump(warnings),
    )  # fmt: skip


def document_of(row: Row) -> Document:
    """Return the document of a row; repairs are cut from the two texts again."""
    fields = json.loads(row["fields"])
    values: dict[str, Any] = {name: fields[name] for name in _FIELDS}
    for name in _DATES:
        values[name] = date.fromisoformat(fields[name]) if fields[name] else None
    text, raw_text = row["text"], row["raw_text"]
    repairs = tuple(
        Repair(kind, (a, b), (c, d), raw_text[a:b], text[c:d])
        for kind, a, b, c, d in json.loads(row["repairs"])
    )
    return Document(
        doc_id=row["doc_id"],
        **values,
        origin=Origin(fields["origin"]),
        text=text,
        raw=row["raw"],
        raw_text=raw_text,
        sha256=row["sha256"],
        repairs=repairs,
        warnings=tuple(ParseWarning(*values) for values in json.loads(row["warnings"])),
    )


def clause_row(clause: Clause) -> tuple[Any, ...]:
    """Values of a clauses row, in the order of the schema."""
    units = [[u.name, u.lead, *u.span] for u in clause.units]
    figures = [[f.text, f.value, f.unit, f.noun, *f.span] for f in clause.figures]
    fields = [clause.path, clause.headings, units, figures, clause.parents]
    return (clause.clause_id, clause.doc_id, *clause.span, clause.role.value, dump(fields))


def clause_of(row: Row, text: str) -> Clause:
    """Return the clause of a row; its text is cut from the document's."""
    path, headings, units, figures, *more = json.loads(row["fields"])
    parents = more[0] if more else []  # a row of an older parser, kept as it is, has none
    span: Span = (row["start"], row["end"])
    return Clause(
        clause_id=row["clause_id"],
        doc_id=row["doc_id"],
        role=Role(row["role"]),
        path=tuple(path),
        label=path[-1] if path else "",
        heading=headings[-1] if headings else "",
        headings=tuple(headings),
        span=span,
        text=text[span[0] : span[1]],
        units=tuple(Unit(name, lead, (a, b)) for name, lead, a, b in units),
        figures=tuple(Figure(t, v, u, n, (a, b)) for t, v, u, n, a, b in figures),
        parents=tuple((a, b) for a, b in parents),
    )


def placeholders(values: Sequence[object]) -> str:
    """``?,?,?`` for that many values."""
    return ",".join("?" * len(values))
