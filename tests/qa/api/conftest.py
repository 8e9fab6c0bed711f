"""The API over the fake service, without a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from qa.feedback import FeedbackStore, open_feedback
from qa.page.app import web_app
from qa.page.site import Site
from tests.qa.page.fake_service import FakeService


@pytest.fixture(scope="module")
def _service() -> FakeService:
    return FakeService()


@pytest.fixture(scope="module")
def _feedback(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FeedbackStore]:
    store = open_feedback(tmp_path_factory.mktemp("feedback"))
    yield store
    store.close()


@pytest.fixture(scope="module")
def client(_service: FakeService, _feedback: FeedbackStore) -> TestClient:
    """The whole application as it is served, but for the socket."""
    return TestClient(web_app(_service, Site(per_minute=0, feedback=_feedback)))


@pytest.fixture
def service(_service: FakeService) -> FakeService:
    """The service behind the client, as new."""
    _service.asked.clear()
    _service.line = None
    return _service


@pytest.fixture
def feedback(_feedback: FeedbackStore) -> FeedbackStore:
    """The store behind the client, empty."""
    for entry in _feedback.entries():
        _feedback.remove(entry.id)
    return _feedback
