"""The whole way for one file: source → repaired text → metadata → passages → document."""

from __future__ import annotations

from corpus.cleaning import clean
from corpus.identity import document_id, document_identity
from corpus.loading import Source
from corpus.metadata import read_metadata
from corpus.parsing import parse
from corpus.types import Clause, Document


def build_document(source: Source) -> tuple[Document, tuple[Clause, ...]]:
    """Document and passages of one source, in order of place."""
    cleaned = clean(source.raw_text)
    about = read_metadata(cleaned.text, source.file, source.raw_text)
    identity = document_identity(about.title, about.doc_number, about.issuer, about.kind)
    doc_id = document_id(identity)
    parsed = parse(cleaned.text, doc_id, about.kind)
    document = Document(
        doc_id=doc_id,
        file=source.file,
        title=about.title,
        doc_number=about.doc_number,
        issuer=about.issuer,
        published=about.published,
        effective_from=about.effective_from,
        effective_until=about.effective_until,
        plan_until=about.plan_until,
        declared_status=about.declared_status,
        area=about.area,
        kind=about.kind,
        origin=about.origin,
        text=cleaned.text,
        raw=source.raw,
        raw_text=source.raw_text,
        sha256=source.sha256,
        repairs=cleaned.repairs,
        warnings=parsed.warnings,
    )
    return document, parsed.clauses
