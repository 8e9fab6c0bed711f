"""The annotated official documents, held to their manifest."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from corpus import Role, normalise
from corpus.loading import suffixes

from .conftest import REASON, SHARED, built

MANIFEST = SHARED / "govdocs" / "manifest.jsonl"
ENTRIES: list[dict[str, Any]] = (
    [json.loads(line) for line in MANIFEST.read_text(encoding="utf-8").splitlines()]
    if MANIFEST.exists()
    else []
)
pytestmark = pytest.mark.skipif(not ENTRIES, reason=REASON)


@pytest.fixture(params=ENTRIES, ids=lambda entry: str(entry["file"]))
def entry(request: pytest.FixtureRequest) -> dict[str, Any]:
    """One line of the manifest whose format can be read."""
    found: dict[str, Any] = request.param
    if Path(found["file"]).suffix not in suffixes():
        pytest.skip(f"no loader for {found['file']} yet")
    return found


def folder(entry: dict[str, Any]) -> Path:
    return SHARED / "govdocs" / str(entry["file"])


def joined(path: tuple[str, ...]) -> str:
    return "".join(path)


def bare(label: str) -> str:
    return label.rstrip("、．.")


def test_counts_labels_and_paths(entry: dict[str, Any]) -> None:
    clauses = [c for c in built(folder(entry))[1] if c.role == Role.CLAUSE]
    assert len(clauses) == entry["clauses"]
    labels = [clause.label for clause in clauses]
    ends = [bare(label) for label in entry["clause_labels"]]
    assert labels[:3] == ends[:3]
    assert labels[-2:] == ends[-2:]
    paths = [joined(clause.path) for clause in clauses]
    wanted = [bare(path) for path in entry["clause_paths"]]
    assert paths[:3] + paths[-2:] == wanted


def test_metadata(entry: dict[str, Any]) -> None:
    document = built(folder(entry))[0]
    assert document.doc_number == entry["doc_number"]
    assert str(document.published) == str(entry["date"])
    title = re.sub(r"（题目据正文.*", "", entry["title"])
    assert normalise(document.title) == normalise(title)
    if entry["issuer"] and "据正文" not in entry["issuer"]:
        assert document.issuer == entry["issuer"]


def test_units(entry: dict[str, Any]) -> None:
    passages = built(folder(entry))[1]
    clauses = [c for c in passages if c.role == Role.CLAUSE]
    if not entry["has_responsible_units"]:
        assert not any(clause.units for clause in clauses)
        return
    assert all(clause.units for clause in clauses if not _a_principle(entry, clause.path))
    example = entry["units_example"]
    named = next(c for c in clauses if joined(c.path).endswith(bare(example["label"])))
    assert list(named.unit_names) == example["units"]


def _a_principle(entry: dict[str, Any], path: tuple[str, ...]) -> bool:
    """005: four of its items are principles, which name nobody."""
    return entry["file"] == "005.html" and path[0] == "二"
