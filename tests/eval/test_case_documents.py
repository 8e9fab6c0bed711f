"""The committed cases against the documents they speak about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus import CorpusStore, ingest
from eval.caseset import load_cases
from eval.fold import fold_text
from eval.golds import Golds

_LONGEST_COPY = 25  # characters of an original that a case may hold in a row


@pytest.fixture
def originals(shared: Path, tmp_path: Path) -> Iterator[CorpusStore]:
    store = CorpusStore.open(tmp_path, samples=False)
    ingest(store, [shared / "originals"])
    yield store
    store.close()


@pytest.fixture
def digests(tmp_path: Path) -> Iterator[CorpusStore]:
    store = CorpusStore.open(tmp_path, samples=True)
    yield store
    store.close()


@pytest.mark.parametrize("corpus", ["digests", "originals"])
def test_every_gold_is_a_clause(corpus: str, request: pytest.FixtureRequest) -> None:
    golds = Golds(request.getfixturevalue(corpus))
    missing = [
        (case.id, gold)
        for case in load_cases()
        for gold in (*case.gold, *case.near)
        if not golds.clauses_of(gold)
    ]
    assert missing == []


def test_every_fact_stands_in_its_original(originals: CorpusStore) -> None:
    golds = Golds(originals)
    unstated = [
        case.id for case in load_cases() if case.answerable and not golds.resolve(case).stated
    ]
    assert unstated == []


def test_most_facts_stand_in_the_digests(digests: CorpusStore) -> None:
    """A digest says some things in other words; figures and names it must keep."""
    golds = Golds(digests)
    answerable = [case for case in load_cases() if case.answerable]
    unstated = [case for case in answerable if not golds.resolve(case).stated]
    assert len(unstated) < 0.2 * len(answerable)
    figures = [c.id for c in unstated if all(re.search(r"\d", fact) for fact in c.facts)]
    assert len(figures) <= 4


def test_no_case_copies_a_sentence(originals: CorpusStore) -> None:
    folded: Callable[[str], str] = fold_text
    texts = "\n".join(folded(document.text) for document in originals.documents())
    titles = "\n".join(folded(document.title) for document in originals.documents())
    copied = []
    for case in load_cases():
        for text in map(folded, (case.question, *case.history, *case.facts)):
            runs = (text[i : i + _LONGEST_COPY] for i in range(len(text) - _LONGEST_COPY + 1))
            copied += [(case.id, run) for run in runs if run in texts and run not in titles]
    assert copied == []
