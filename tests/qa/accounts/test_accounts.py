"""Users, passwords and sessions in the store."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.accounts import AccountError, AccountStore, Role, open_accounts
from qa.accounts.store import IDLE, LONGEST
from qa.accounts.types import checked_name
from tests.qa.accounts.clocks import Clock

pytestmark = pytest.mark.usefixtures("quick_hashes")

PASSWORD = "海上生明月 天涯共此时"


@pytest.fixture
def clock() -> Clock:
    return Clock(1_790_000_000.0)


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[AccountStore]:
    store = AccountStore(tmp_path / "accounts.sqlite3", clock)
    yield store
    store.close()


@pytest.fixture
def session(store: AccountStore) -> str:
    """A session of the reader lin."""
    store.add("lin", PASSWORD, Role.READER)
    return begin(store, "lin")


def begin(store: AccountStore, name: str) -> str:
    hashed = store.password_of(name)
    assert hashed is not None
    token = store.open_session(name, hashed)
    assert token is not None
    return token


# --- users ---


@pytest.mark.parametrize(
    ("password", "said"),
    [
        pytest.param("short1234", "10 到 128", id="short"),
        pytest.param("长" * 129, "10 到 128", id="long"),
        pytest.param("1111111111111", "太好猜", id="one-sign"),
        pytest.param("ababababababab", "太好猜", id="two-signs"),
        pytest.param("Xiaolin2026", "太好猜", id="own-name"),
    ],
)
def test_passwords_that_are_guessed_are_refused(
    store: AccountStore, password: str, said: str
) -> None:
    with pytest.raises(AccountError, match=said):
        store.add("xiaolin", password, Role.READER)
    assert store.users() == ()


@pytest.mark.parametrize("name", ["", "x", "a b", "<b>", "x" * 33, "../x", "-x", "a\nb"])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(AccountError, match="不能作用户名"):
        checked_name(name)


def test_a_name_is_taken_whatever_its_case_and_width(store: AccountStore) -> None:
    store.add("Lin", PASSWORD, Role.READER)
    for same in ("lin", "LIN", "ｌｉｎ"):
        with pytest.raises(AccountError, match="已经有用户"):
            store.add(same, PASSWORD, Role.READER)
    assert [user.name for user in store.users()] == ["Lin"]


def test_users_are_listed_with_role(store: AccountStore) -> None:
    assert not store.any_users()
    store.add("王科长", PASSWORD, Role.EDITOR)
    store.add("chen", PASSWORD, Role.READER)
    assert [(user.name, user.role) for user in store.users()] == [
        ("chen", Role.READER),
        ("王科长", Role.EDITOR),
    ]
    assert store.any_users()


@pytest.mark.parametrize("change", ["remove", "set_role", "set_password"])
def test_changing_nobody_is_an_error(store: AccountStore, change: str) -> None:
    values = {"remove": (), "set_role": (Role.EDITOR,), "set_password": (PASSWORD,)}[change]
    with pytest.raises(AccountError, match="没有用户「nobody」"):
        getattr(store, change)("nobody", *values)


def test_the_file_is_for_its_owner_and_holds_no_secret(tmp_path: Path) -> None:
    store = open_accounts(tmp_path)
    store.add("lin", PASSWORD, Role.READER)
    token = begin(store, "lin")
    path = tmp_path / "accounts.sqlite3"
    files = list(tmp_path.glob("accounts.sqlite3*"))
    assert len(files) == 3  # with what SQLite keeps beside it
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    store.close()
    dump = "\n".join(sqlite3.connect(path).iterdump())
    assert token not in dump
    assert PASSWORD not in dump


# --- sessions ---


def test_a_session_names_its_user(store: AccountStore, session: str) -> None:
    user = store.user_of(session)
    assert user is not None
    assert (user.name, user.role) == ("lin", Role.READER)
    assert store.user_of("") is None
    assert store.user_of(session[:-1]) is None
    assert user.last_login is not None


def test_sessions_differ(store: AccountStore, session: str) -> None:
    other = begin(store, "lin")
    assert other != session
    assert len(other) >= 43  # 256 bits
    store.end_session(session)
    assert store.user_of(session) is None
    assert store.user_of(other) is not None


def test_a_session_ends_when_it_is_not_used(
    store: AccountStore, clock: Clock, session: str
) -> None:
    for _ in range(3):  # use keeps it open
        clock.now += IDLE - 1
        assert store.user_of(session) is not None
    clock.now += IDLE + 1
    assert store.user_of(session) is None


def test_a_session_ends_after_a_day_of_work(
    store: AccountStore, clock: Clock, session: str
) -> None:
    for _ in range(LONGEST // 600):
        clock.now += 600
        assert store.user_of(session) is not None
    clock.now += 600
    assert store.user_of(session) is None


def test_a_new_password_ends_all_sessions(store: AccountStore, session: str) -> None:
    store.set_password("LIN", PASSWORD + "！")
    assert store.user_of(session) is None


def test_a_removed_user_is_out_at_once(store: AccountStore, session: str) -> None:
    store.remove("lin")
    assert store.user_of(session) is None
    store.add("lin", PASSWORD, Role.EDITOR)
    assert store.user_of(session) is None


def test_a_role_holds_from_the_next_request_on(store: AccountStore, session: str) -> None:
    store.set_role("lin", Role.EDITOR)
    user = store.user_of(session)
    assert user is not None
    assert user.role.may(Role.EDITOR)


def test_no_session_for_a_password_that_was_changed_meanwhile(store: AccountStore) -> None:
    store.add("lin", PASSWORD, Role.READER)
    checked = store.password_of("lin")
    assert checked is not None
    store.set_password("lin", PASSWORD + "2")
    assert store.open_session("lin", checked) is None


def test_another_process_and_many_threads(tmp_path: Path) -> None:
    here, there = open_accounts(tmp_path), open_accounts(tmp_path)
    here.add("lin", PASSWORD, Role.READER)
    tokens: list[str] = []
    threads = [
        threading.Thread(target=lambda s=s: tokens.append(begin(s, "lin")))
        for s in (here, there) * 4
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({*tokens}) == 8
    assert all(here.user_of(token) for token in tokens)
    there.remove("lin")
    assert not any(here.user_of(token) for token in tokens)
    here.close()
    there.close()
