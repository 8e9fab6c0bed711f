"""Fixtures of the index room's tests; none is automatic."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.index.fetching import CONTENTS
from tests.index.hub import FakeHub, fake_hub

_SET_BY_USERS = ("HF_", "HUGGINGFACE", "TRANSFORMERS_OFFLINE", "TIAOWEN", "PIP_", "XDG_CACHE_HOME")


@pytest.fixture
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what this machine sets about proxies, the hub, pip and our own program."""
    for name in list(os.environ):
        if name.upper().endswith("_PROXY") or name.startswith(_SET_BY_USERS):
            monkeypatch.delenv(name)


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    """Serve ``CONTENTS`` as a hub would."""
    with fake_hub(CONTENTS) as server:
        yield server
