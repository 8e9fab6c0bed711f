"""The staff pages over the fake service: as a client, and in a browser that has logged in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from qa.accounts import AccountStore, Role, open_accounts
from qa.api import PolicyService
from qa.page.app import page_server, web_app
from qa.page.server import PageServer
from qa.page.site import Site
from tests.qa.page.conftest import serving
from tests.qa.page.fake_service import FakeService
from tests.qa.page.watched import Watched

if TYPE_CHECKING:
    pass

PASSWORD = "春眠不觉晓 2026 处处"
USERS = {"lin": Role.EDITOR, "chen": Role.READER}
HOME = "http://127.0.0.1:7860"


@pytest.fixture(scope="module", autouse=True)
def _quick(quick_hashes: None) -> None:
    """Logins are many here, and how they are hashed is tested elsewhere."""


@pytest.fixture(scope="module")
def accounts(
    tmp_path_factory: pytest.TempPathFactory, quick_hashes: None
) -> Iterator[AccountStore]:
    """One editor (lin) and one reader (chen)."""
    store = open_accounts(tmp_path_factory.mktemp("accounts"))
    for name, role in USERS.items():
        store.add(name, PASSWORD, role)
    yield store
    store.close()


@pytest.fixture(scope="module")
def site(accounts: AccountStore) -> Site:
    """A site with users and without a limit on the rate."""
    return Site(per_minute=0, accounts=accounts)


@pytest.fixture(scope="module")
def client_for(site: Site) -> Callable[..., TestClient]:
    """Make clients of one application: ``client_for("lin")`` has logged in, ``()`` has not."""
    app = web_app(FakeService(), site)

    def make(name: str | None = None) -> TestClient:
        client = TestClient(
            app, base_url=HOME, client=("127.0.0.1", 50_000), follow_redirects=False
        )
        if name is not None:
            login(client, name)
        return client

    return make


def login(client: TestClient, name: str, password: str = PASSWORD) -> None:
    """Log a client in and let it send the token of its page along."""
    answer = client.post("/staff/login", data={"name": name, "password": password})
    assert answer.status_code == 303, answer.text
    client.headers["x-tiaowen-token"] = token(client)


def token(client: TestClient) -> str:
    """Read the token from a page, as its script does."""
    text = client.get("/staff/search").text
    return text.split('name="tw-token" content="')[1].split('"')[0]


_SERVE = partial(page_server, port=0)


@contextmanager
def staff_site(
    service: PolicyService,
    folder: Path,
    serve: Callable[..., PageServer] = _SERVE,
    **more: Any,  # noqa: ANN401 - fields of Site
) -> Iterator[str]:
    """Serve with the users above on a real socket; gives the address."""
    store = open_accounts(folder)
    for name, role in USERS.items():
        store.add(name, PASSWORD, role)
    try:
        site = Site(per_minute=0, accounts=store, **more)
        with serving(serve, service, site=site) as url:
            yield url
    finally:
        store.close()


class Clerk(Watched):
    """A browser of somebody of the staff."""

    def login(self, name: str = "lin", to: str = "search", password: str = PASSWORD) -> Clerk:
        """Fill in the form and arrive at a tab."""
        self.page.goto(f"{self.url}staff/{to}")
        self.page.fill("#tw-user", name)
        self.page.fill("#tw-password", password)
        self.page.press("#tw-password", "Enter")
        self.page.wait_for_selector(".tw-tabs")
        return self
