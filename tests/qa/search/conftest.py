"""Staff search over the shipped documents, by words alone and with the model."""

from __future__ import annotations

import pytest

from qa.search.staff import StaffSearch
from qa.service import Service


@pytest.fixture(scope="session")
def staff(samples_by_words: Service) -> StaffSearch:
    """Return the search over the shipped documents where there is no model."""
    return StaffSearch.over(samples_by_words)
