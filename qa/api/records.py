"""Clauses and documents as plain JSON values."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.contacts import contacts
from corpus.standing import validity
from corpus.types import Clause, Document, Validity
from qa.records import Record
from qa.search.types import Hit, Request, Results


def clause_record(clause: Clause) -> Record:
    """Return a clause: ``text`` is ``Document.text[span[0]:span[1]]``, in code points."""
    return {
        "clause_id": clause.clause_id,
        "doc_id": clause.doc_id,
        "role": clause.role.value,
        "path": list(clause.path),
        "label": clause.label,
        "heading": clause.heading,
        "span": list(clause.span),
        "text": clause.text,
        "units": list(clause.unit_names),
    }


def source_record(document: Document, standing: Validity | None = None) -> Record:
    """Return what is known about a document, without its text.

    :param standing: its validity where it was found out already; else as of today.
    """
    standing = standing or validity(document)
    return {
        "doc_id": document.doc_id,
        "file": document.file,
        "title": document.title,
        "doc_number": document.doc_number,
        "issuer": document.issuer,
        "published": document.published.isoformat() if document.published else None,
        "area": document.area,
        "kind": document.kind,
        "origin": document.origin.value,
        "validity": standing.state.value,
        "validity_reason": standing.reason,
    }


def results_record(request: Request, results: Results) -> Record:
    """Return one page of a search; snippets and marks are offsets into the clause's text."""
    facets = {
        name: [{"value": v.value, "label": v.label, "count": v.count} for v in values]
        for name, values in results.facets.items()
    }
    return {
        "query": request.query,
        "total": results.total,
        "offset": request.offset,
        "sort": request.sort.value,
        "notes": list(results.notes),
        "facets": facets,
        "hits": [_hit_record(hit) for hit in results.hits],
    }


def _hit_record(hit: Hit) -> Record:
    start, end = hit.snippet.span
    source = source_record(hit.document, hit.validity)
    return {
        "score": round(hit.score, 4),
        "how": hit.how.value,
        "clause": {**clause_record(hit.clause), "document": source},
        "snippet": hit.clause.text[start:end],
        "snippet_span": [start, end],
        "marks": [list(mark) for mark in hit.snippet.marks],
    }


def document_record(document: Document, passages: Sequence[Clause]) -> Record:
    """Return a whole document; passages name their spans only, the text is there once."""
    return {
        **source_record(document),
        "text": document.text,
        "passages": [
            {
                "clause_id": passage.clause_id,
                "role": passage.role.value,
                "path": list(passage.path),
                "headings": list(passage.headings),
                "span": list(passage.span),
            }
            for passage in passages
        ],
        "contacts": [
            {
                "purpose": contact.purpose,
                "person": contact.person,
                "phones": list(contact.phones),
                "span": list(contact.span),
            }
            for contact in contacts(document)
        ],
    }
