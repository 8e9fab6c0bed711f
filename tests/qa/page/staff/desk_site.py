"""A real service with a desk over a copy of the invented town, served with two users."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpus import CorpusStore
from qa.accounts import AccountStore, open_accounts
from qa.desk.desk import Desk, open_desk
from qa.feedback import Feedback, FeedbackStore, open_feedback
from qa.page.app import page_server
from qa.page.site import Site
from qa.service import Service
from tests.qa.page.conftest import serving
from tests.qa.page.staff.conftest import PASSWORD, USERS

SAID = (
    Feedback("up", question="远安公租房有多少套", status="answered", area="湖北省/宜昌市/远安县"),
    Feedback("down", "incomplete", "没说在哪办", "远安怎么落户", "answered"),
    Feedback("down", question="远安养猫要办证吗", status="related_only"),
    Feedback("down", "other", "=1+1", None, "related_only"),
)


@dataclass(frozen=True, slots=True)
class Office:
    """Everything behind one served page."""

    service: Service
    desk: Desk
    feedback: FeedbackStore
    accounts: AccountStore

    @property
    def site(self) -> Site:
        """How the page is set up: with users, without a limit on the rate."""
        return Site(per_minute=0, feedback=self.feedback, accounts=self.accounts, desk=self.desk)


@contextmanager
def office(town: Service, home: Path) -> Iterator[Office]:
    """Open a copy of the town that a test may do anything with."""
    shutil.copytree(town.home, home)
    service = Service(home, CorpusStore.open(home, samples=False), town.encoder)
    feedback, accounts = open_feedback(home), open_accounts(home)
    for said in SAID:
        feedback.add(said)
    for name, role in USERS.items():
        accounts.add(name, PASSWORD, role)
    desk = open_desk(service, feedback)
    try:
        yield Office(service, desk, feedback, accounts)
    finally:
        desk.close()
        accounts.close()
        feedback.close()
        service.close()


@contextmanager
def served(opened: Office) -> Iterator[str]:
    """Serve an office on a real socket; gives the address."""
    with serving(page_server, opened.service, port=0, site=opened.site) as url:
        yield url
