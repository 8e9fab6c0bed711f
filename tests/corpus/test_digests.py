"""The shipped digests: same identity and clauses as the originals, every figure, own wording."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import corpus
from corpus import Clause, Document, Origin, Role, normalise
from corpus.samples import sample_documents

from .conftest import built

LONGEST_SHARED = 30  # normalised characters; from here on a run counts as copied
FIXED = re.compile(r"[《〈“][^》〉”\n]*[》〉”]|[（(](?:责任单位|牵头单位)[^（）()]*[）)]")


@pytest.fixture(scope="module")
def digests() -> dict[str, tuple[Document, tuple[Clause, ...]]]:
    return {document.doc_id: (document, clauses) for document, clauses in sample_documents()}


def listed(clauses: tuple[Clause, ...]) -> dict[str, Clause]:
    return {clause.clause_id: clause for clause in clauses if clause.role == Role.CLAUSE}


def test_five_digests_are_shipped(digests: dict[str, tuple[Document, tuple[Clause, ...]]]) -> None:
    assert len(digests) == 5
    for document, clauses in digests.values():
        assert document.origin == Origin.DIGEST
        assert document.area
        assert not document.warnings
        assert listed(clauses)


def test_same_identity_and_clauses_as_the_originals(
    originals: list[Path], digests: dict[str, tuple[Document, tuple[Clause, ...]]]
) -> None:
    for path in originals:
        document, clauses = built(path)
        assert document.doc_id in digests, document.title
        digest, passages = digests[document.doc_id]
        assert list(listed(passages)) == list(listed(clauses))
        assert digest.area == document.area
        assert digest.plan_until == document.plan_until
        for clause_id, clause in listed(clauses).items():
            ours = listed(passages)[clause_id].unit_names
            assert len(ours) == len(clause.unit_names)
            assert all(map(is_part, clause.unit_names, ours))


def test_every_figure_is_kept(
    originals: list[Path], digests: dict[str, tuple[Document, tuple[Clause, ...]]]
) -> None:
    missing = []
    for path in originals:
        document, clauses = built(path)
        passages = listed(digests[document.doc_id][1])
        for clause_id, clause in listed(clauses).items():
            kept = normalise(passages[clause_id].text)
            missing += [
                (path.name[:3], clause.path, figure.text)
                for figure in clause.figures
                if normalise(figure.text) not in kept
            ]
    assert missing == []


def test_no_sentence_is_copied(
    originals: list[Path], digests: dict[str, tuple[Document, tuple[Clause, ...]]]
) -> None:
    copied = []
    for path in originals:
        document, clauses = built(path)
        passages = listed(digests[document.doc_id][1])
        for clause_id, clause in listed(clauses).items():
            source, ours = (own_words(c) for c in (clause, passages[clause_id]))
            runs = {
                source[i : i + LONGEST_SHARED]
                for i in range(len(source) - LONGEST_SHARED + 1)
                if source[i : i + LONGEST_SHARED] in ours
            }
            copied += [(path.name[:3], clause.path, run) for run in runs]
    assert copied == []


def is_part(printed: str, ours: str) -> bool:
    """Whether ``printed`` is ``ours``, less characters that the page lost (县科局: 县科技局)."""
    rest = iter(ours)
    return all(char in rest for char in printed)


def own_words(clause: Clause) -> str:
    """Normalised text of a clause without names in 《》 and “”, units and their trailer."""
    text = clause.text
    if clause.units:
        start = min(unit.span[0] for unit in clause.units) - clause.span[0]
        text = text[:start]
    return normalise(FIXED.sub("\n", text))


def test_package_names_what_it_exports() -> None:
    assert len(set(corpus.__all__)) == len(corpus.__all__)
    assert all(hasattr(corpus, name) for name in corpus.__all__)
