"""Staff search over the shipped documents, by words alone and with the model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from corpus import CorpusStore
from qa.search.staff import StaffSearch
from qa.service import Service
from tests.qa.town import open_home


@pytest.fixture(scope="session")
def samples_by_words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Return the service over the shipped documents where there is no model."""
    home = tmp_path_factory.mktemp("samples-by-words")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("TIAOWEN_SAMPLES", raising=False)
        CorpusStore.open(home).close()
    service = open_home(home, None)
    yield service
    service.close()


@pytest.fixture(scope="session")
def staff(samples_by_words: Service) -> StaffSearch:
    """Return the search over the shipped documents where there is no model."""
    return StaffSearch.over(samples_by_words)
