"""A running page over the fake service, and a browser to visit it with."""

from __future__ import annotations

import queue
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from qa.feedback import FeedbackStore, open_feedback
from qa.page.app import page_server
from qa.page.server import PageServer
from qa.page.site import Site
from tests.qa.page.fake_service import FakeService
from tests.qa.page.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)


@contextmanager
def serving(make: Callable[..., PageServer], *args: Any, **more: Any) -> Iterator[str]:  # noqa: ANN401
    """Run a server in a thread until the block ends; gives its address."""
    ready: queue.Queue[str] = queue.Queue()
    server = make(*args, on_ready=ready.put, **more)
    thread = threading.Thread(target=server.serve_page)
    thread.start()
    try:
        yield ready.get(timeout=30)
    finally:
        server.should_exit = True
        thread.join(timeout=20)
    assert not thread.is_alive(), "the server did not stop"


@pytest.fixture(scope="module")
def service() -> FakeService:
    return FakeService()


@pytest.fixture(scope="module")
def feedback(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FeedbackStore]:
    store = open_feedback(tmp_path_factory.mktemp("feedback"))
    yield store
    store.close()


@pytest.fixture(scope="module")
def address(service: FakeService, feedback: FeedbackStore) -> Iterator[str]:
    """A page without a limit on the rate: tests ask faster than any visitor."""
    with serving(page_server, service, port=0, site=Site(per_minute=0, feedback=feedback)) as url:
        yield url


@pytest.fixture
def visitor(browser: Browser, address: str, service: FakeService) -> Iterator[Visitor]:
    """A visitor on the page; the service is as new."""
    service.asked.clear()
    service.delay = 0.0
    service.line = None
    visitor = Visitor(browser, address)
    yield visitor
    visitor.leave()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium, closed with the module: its event loop would disturb later tests."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    with api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(ARGS))
        yield launched
        launched.close()
