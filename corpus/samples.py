"""The documents that are shipped, for a home that is new."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import as_file, files

from corpus.building import build_document
from corpus.loading import read_source
from corpus.types import Clause, Document


def sample_documents() -> Iterator[tuple[Document, tuple[Clause, ...]]]:
    """Return the shipped documents of ``corpus/documents``, parsed."""
    with as_file(files("corpus") / "documents") as folder:
        for path in sorted(folder.glob("*.txt")):
            yield build_document(read_source(path))
