"""Many clients at once on the real server: a short time always, ten minutes with `make trust`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from eval.bench.load import Outcome, Plan, outcome, run
from eval.bench.load_clients import Seen, Tally


@pytest.fixture
def home(tmp_path: Path, town_home: Path) -> Path:
    """A copy of a home with a built index, without vectors: the machine is what is tested."""
    copy = tmp_path / "home"
    shutil.copytree(town_home, copy)
    return copy


@pytest.fixture(scope="module")
def town_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.qa.town import open_town

    service = open_town(tmp_path_factory.mktemp("load"), None)
    service.close()
    return service.home


def check(found: Outcome) -> None:
    """Nobody got an error; the line held; nothing that is too large was read."""
    assert found.errors == ()
    assert found.answers > found.plan.clients
    assert found.too_large >= 2
    assert found.slow_ended > 0 or found.plan.seconds < 15
    assert found.reloads == found.plan.changes
    busiest = max(window.busy for window in found.windows)
    assert busiest == 0 or found.busy < found.answers


@pytest.mark.slow
def test_twenty_seconds(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TIAOWEN_MODEL_DIR", str(tmp_path / "no-model"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    (home / "model-fetch-failed").write_text("no model is wanted here", encoding="utf-8")
    check(run(home, Plan(seconds=20, clients=50, slow=12, changes=1, windows=4)))


@pytest.mark.trust
@pytest.mark.timeout(1200)
def test_ten_minutes(home: Path, model_folder: Path) -> None:
    """With the real model; the memory of a server that leaks or piles up grows."""
    found = run(home, Plan(seconds=600, clients=50))
    check(found)
    assert found.rss_last_to_first < 1.15


def test_the_sum_tells_windows_apart() -> None:
    tally = Tally()
    tally.seen = [
        *(Seen(at=n / 10, what="api", ms=10.0, status=200) for n in range(100)),
        Seen(9.0, "api", 500.0, 200),
        Seen(9.5, "api", 1.0, 503),
        Seen(9.6, "huge", 900.0, 413),
    ]
    memory = [(n / 1, 100.0 + 10 * (n > 5)) for n in range(10)]
    found = outcome(Plan(seconds=10, windows=2), tally, memory, reloads=0)
    assert (found.answers, found.busy, found.too_large) == (101, 1, 1)
    first, last = found.windows
    assert (first.answers, first.p95_ms, first.rss_mb, first.busy) == (50, 10.0, 100.0, 0)
    assert (last.answers, last.max_ms, last.rss_mb, last.busy) == (51, 500.0, 110.0, 1)
    assert found.rss_last_to_first == 1.1
