"""Logging in: what is counted, what is said, and that it costs the same for everybody."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from qa.accounts import (
    AccountStore,
    Attempts,
    BadLogin,
    Door,
    Role,
    TooManyAttempts,
    login,
    open_accounts,
)
from qa.accounts.attempts import ADDRESS, NAME
from tests.qa.accounts.clocks import Clock

pytestmark = pytest.mark.usefixtures("quick_hashes")

PASSWORD = "海上生明月 天涯共此时"
HERE = "192.0.2.1"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AccountStore]:
    store = open_accounts(tmp_path)
    store.add("lin", PASSWORD, Role.EDITOR)
    yield store
    store.close()


@pytest.fixture
def door(store: AccountStore, clock: Clock) -> Door:
    return Door(store, Attempts(clock))


def test_a_login_begins_a_session(door: Door) -> None:
    user = door.user_of(door.sign_in("LIN", PASSWORD, HERE))
    assert user is not None
    assert user.name == "lin"


@pytest.mark.parametrize(
    ("name", "password"), [("lin", "wrong"), ("lin", ""), ("nobody", PASSWORD), ("", "")]
)
def test_wrong_logins_are_all_alike(door: Door, name: str, password: str) -> None:
    with pytest.raises(BadLogin) as caught:
        door.sign_in(name, password, HERE)
    assert str(caught.value) == ""


def test_an_unknown_name_costs_a_hash_too(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    hashes: list[str] = []

    def counted(stored: str, password: str) -> bool:
        hashes.append(stored)
        return False

    monkeypatch.setattr(login, "verify_password", counted)
    for name in ("lin", "nobody"):
        with pytest.raises(BadLogin):
            door.sign_in(name, "x", HERE)
    parameters = [stored.rsplit("$", 2)[0] for stored in hashes]
    assert len(parameters) == 2
    assert parameters[0] == parameters[1]  # the same work, not only some


def test_an_old_hash_is_renewed_at_login(store: AccountStore, door: Door) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    held = store.password_of("lin")
    assert held is not None
    store.rehash("lin", held, old)
    assert door.user_of(door.sign_in("lin", PASSWORD, HERE)) is not None
    assert store.password_of("lin") not in (old, held)


def waits(attempts: Attempts, clock: Clock, name: str, address: str, times: int) -> list[float]:
    """Fail as soon as it is allowed; gives how long each try had to wait."""
    found = []
    for _ in range(times):
        wait = attempts.begin(name, address)
        clock.now += wait
        if wait:
            assert attempts.begin(name, address) == 0.0
        found.append(wait)
    return found


def test_after_five_failures_a_name_waits_longer_each_time(clock: Clock) -> None:
    attempts = Attempts(clock)
    got = [waits(attempts, clock, "lin", f"198.51.100.{n}", 1)[0] for n in range(12)]
    assert got == [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 60, 60]
    assert attempts.begin("chen", HERE) == 0.0  # nobody else waits


def test_after_twenty_failures_an_address_waits(clock: Clock) -> None:
    attempts = Attempts(clock)
    got = [waits(attempts, clock, f"user{n}", HERE, 1)[0] for n in range(32)]
    assert got[: ADDRESS.free] == [0] * ADDRESS.free
    assert got[ADDRESS.free :] == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    assert attempts.begin("user0", "198.51.100.1") == 0.0


def test_waiting_tries_are_not_counted_and_not_checked(
    store: AccountStore, door: Door, clock: Clock
) -> None:
    for _ in range(NAME.free):
        with pytest.raises(BadLogin):
            door.sign_in("lin", "wrong", HERE)
    for _ in range(3):
        with pytest.raises(TooManyAttempts) as caught:
            door.sign_in("lin", PASSWORD, HERE)  # right, but not looked at
        assert caught.value.seconds == 2
    clock.now += 2
    assert door.sign_in("lin", PASSWORD, HERE)
    assert door.sign_in("lin", PASSWORD, HERE)  # success begins the count anew


def test_a_success_does_not_clear_the_address(clock: Clock) -> None:
    """Who has an account of her own gains no tries at others by logging in between."""
    attempts = Attempts(clock)
    for n in range(ADDRESS.free):
        assert attempts.begin(f"user{n}", HERE) == 0.0
    clock.now += 2
    assert attempts.begin("own", HERE) == 0.0
    attempts.succeeded("own", HERE)
    assert attempts.begin("other", HERE) > 0


def test_many_tries_at_once_gain_nothing(clock: Clock) -> None:
    attempts = Attempts(clock)
    let_in: list[float] = []
    threads = [
        threading.Thread(target=lambda: let_in.append(attempts.begin("lin", HERE)))
        for _ in range(40)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert let_in.count(0.0) == NAME.free


def test_failures_are_forgotten_after_an_hour(clock: Clock) -> None:
    attempts = Attempts(clock)
    for _ in range(NAME.free):
        attempts.begin("lin", HERE)
    assert attempts.begin("lin", HERE) > 0
    clock.now += 3601
    assert attempts.begin("lin", HERE) == 0.0


def test_the_counter_has_bounds(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.accounts.attempts._REMEMBERED", 50)
    attempts = Attempts(clock)
    for n in range(200):
        attempts.begin(f"user{n}", f"address{n}")
    assert len(attempts._failed) <= 50
