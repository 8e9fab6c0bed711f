"""Which document somebody means who names one."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.errors import UnknownDocument
from corpus.identity import normalise
from corpus.types import Document


def only_named(name: str, documents: Sequence[Document]) -> Document:
    """The one document with this id, 文号, title or file; raises UnknownDocument."""
    wanted = normalise(name)
    for exact in (True, False):
        found = [d for d in documents if wanted and _named(d, name, wanted, exact)]
        if len(found) == 1:
            return found[0]
        if found:
            listed = "；".join(f"{d.doc_id} {d.title}" for d in found[:5])
            raise UnknownDocument(f"「{name}」对应多份文件：{listed}。请用编号指定其中一份。")
    raise UnknownDocument(f"没有文件「{name}」。用 tiaowen corpus list 查看已有文件。")


def _named(document: Document, name: str, wanted: str, exact: bool) -> bool:
    if name in {document.doc_id, document.file}:
        return True
    names = [normalise(text) for text in (document.doc_number or "", document.title, document.file)]
    return wanted in names if exact else any(wanted in text for text in names)
