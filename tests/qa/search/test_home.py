"""Staff search and the home it is over: its own lexicon, and documents that move on meanwhile."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import CorpusStore
from qa.search.types import Request
from qa.service import Service


@pytest.fixture
def home(tmp_path: Path, town_by_words: Service) -> Path:
    """A copy of the invented town that a test may change."""
    return Path(shutil.copytree(town_by_words.home, tmp_path / "home"))


@pytest.fixture
def opened(home: Path) -> Iterator[list[Service]]:
    services: list[Service] = []
    yield services
    for service in services:
        service.close()


def serve(home: Path, opened: list[Service]) -> Service:
    opened.append(Service(home, CorpusStore.open(home, samples=False), None))
    return opened[-1]


def test_words_of_the_home_are_taken_along(home: Path, opened: list[Service]) -> None:
    asked = Request("饭堂票 AND 每餐")
    assert serve(home, opened).find(asked).total == 0
    (home / "lexicon").mkdir()
    (home / "lexicon" / "synonyms.tsv").write_text("饭堂票\t老年食堂\n", encoding="utf-8")
    found = serve(home, opened).find(asked)
    assert [hit.clause.heading for hit in found.hits] == ["办好老年食堂"]


def test_search_goes_on_while_documents_are_taken_out(home: Path, opened: list[Service]) -> None:
    """Until the next index is published, what is loaded is what is searched."""
    service = serve(home, opened)
    doc_id = service.store.documents()[0].doc_id
    before = serve(home, opened).find(Request("落户"))
    service.store.remove(doc_id)
    after = service.find(Request("落户"))
    assert [hit.clause for hit in after.hits] == [hit.clause for hit in before.hits]
    assert doc_id in {hit.document.doc_id for hit in after.hits}
