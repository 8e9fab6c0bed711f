"""The command line over invented documents."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from qa.cli import listing, session
from qa.cli.main import app
from tests.qa.cli.fakes import FakeService, clauses, document, opened

Run = Callable[..., Any]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeService:
    """Put a fake service and its store under every command."""
    fake = FakeService(home=tmp_path / "served")
    monkeypatch.setattr(session, "opened", lambda *_, **__: opened(fake))
    monkeypatch.setattr(session, "opened_store", lambda *_: opened(fake.store))
    monkeypatch.setattr(listing, "rebuilt", lambda _: (document(), clauses()))
    return fake


@pytest.fixture
def run(service: FakeService) -> Run:
    """Run `tiaowen` with arguments in this process, over the fake service."""
    runner = CliRunner()
    return lambda *arguments, **more: runner.invoke(app, [str(a) for a in arguments], **more)
