"""Where the shared test documents are, and what is made from them once for all tests."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import pytest

from corpus import Clause, Document, build_document, read_source

SHARED = Path(os.environ.get("TIAOWEN_SHARED", Path(__file__).parents[3] / "shared"))
REASON = f"the shared test documents are not at {SHARED} (set TIAOWEN_SHARED)"


@lru_cache(maxsize=64)
def built(path: Path) -> tuple[Document, tuple[Clause, ...]]:
    """Document and passages of a file, parsed once for the whole run."""
    return build_document(read_source(path))


@pytest.fixture(scope="session")
def originals() -> list[Path]:
    """The five originals, in the order of their numbers."""
    found = sorted((SHARED / "originals").glob("*.txt"))
    if not found:
        pytest.skip(REASON)
    return found


@pytest.fixture(scope="session")
def govdocs() -> Path:
    """The folder of annotated official documents."""
    folder = SHARED / "govdocs"
    if not (folder / "manifest.jsonl").exists():
        pytest.skip(REASON)
    return folder
