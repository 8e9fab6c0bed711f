"""The questions that the update is trained on: apart from the scored ones, golds in place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from corpus import CorpusStore, ingest
from corpus.types import Document
from eval.caseset import FOLDER, load_cases, read_cases
from eval.engine import city_files, shared_folder
from eval.errors import CorpusMissingError
from eval.fold import fold_name
from eval.golds import Golds
from eval.training_set import documents_of, home_cases, train_cases
from eval.types import Case


@pytest.fixture(scope="module")
def training() -> tuple[Case, ...]:
    return tuple(case for cases in train_cases().values() for case in cases)


@pytest.fixture(scope="module")
def scored() -> dict[str, tuple[Case, ...]]:
    """The questions that are scored: over the five documents, and over other cities."""
    ours = (*load_cases("all"), *read_cases(FOLDER / "heldout.jsonl"))
    return {"ours": ours, "cities": read_cases(FOLDER / "cities.jsonl")}


def _files(cases: Iterable[Case]) -> set[str]:
    return {gold.file for case in cases for gold in (*case.gold, *case.near)}


def _names(cases: Iterable[Case]) -> set[str]:
    return {fold_name(gold.doc) for case in cases for gold in (*case.gold, *case.near)}


def test_ids_are_unique_over_all_files(
    training: tuple[Case, ...], scored: dict[str, tuple[Case, ...]]
) -> None:
    ids = [c.id for cases in (training, home_cases(), *scored.values()) for c in cases]
    assert len(set(ids)) == len(ids)


def test_no_training_question_is_a_scored_one(
    training: tuple[Case, ...], scored: dict[str, tuple[Case, ...]]
) -> None:
    asked = {(case.question, case.history) for cases in scored.values() for case in cases}
    everything = (*training, *home_cases())
    assert [c.id for c in everything if (c.question, c.history) in asked] == []


def test_no_training_question_is_about_a_document_of_dev_or_test(
    training: tuple[Case, ...], scored: dict[str, tuple[Case, ...]]
) -> None:
    assert all(_files([case]) and "" not in _files([case]) for case in training)
    assert not _names(training) & _names(scored["ours"])


def test_no_training_question_is_about_a_document_of_cities(
    training: tuple[Case, ...], scored: dict[str, tuple[Case, ...]]
) -> None:
    both = _files(training) & _files(scored["cities"])
    assert both == set()


# The same, and the golds, by what stands in the documents.


@pytest.fixture(scope="module")
def documents(
    training: tuple[Case, ...], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CorpusStore]:
    """Return every document of the training questions."""
    try:
        paths = documents_of(training)
    except CorpusMissingError as error:
        pytest.skip(f"needs ../shared: {error}")
    store = CorpusStore.open(tmp_path_factory.mktemp("training"), samples=False)
    ingest(store, paths)
    yield store
    store.close()


@pytest.mark.slow
def test_no_training_document_is_a_scored_one(documents: CorpusStore, tmp_path: Path) -> None:
    """By 文号 and title as printed: one document may lie in two files."""
    store = CorpusStore.open(tmp_path, samples=False)
    ingest(store, [shared_folder() / "originals", *city_files()])
    scored = {name for document in store.documents() for name in _printed(document)}
    store.close()
    both = {d.file for d in documents.documents() if _printed(d) & scored}

    assert both == set()


def _printed(document: Document) -> set[str]:
    return {fold_name(document.doc_number or ""), fold_name(document.title)} - {""}


@pytest.mark.slow
def test_golds_are_clauses_and_state_the_facts(
    documents: CorpusStore, training: tuple[Case, ...]
) -> None:
    golds = Golds(documents)
    unresolved = {
        case.id
        for case in training
        if not all(golds.clauses_of(gold) for gold in (*case.gold, *case.near))
    }
    unstated = {c.id for c in training if c.answerable and not golds.resolve(c).stated}

    assert len(documents.documents()) == len(_files(training))
    assert (unresolved, unstated) == (set(), set())
