"""Checking a name and a password: slow to guess, and the same for names that exist or not."""

from __future__ import annotations

from functools import cache, partial

from corpus.errors import TiaowenError
from qa.accounts.attempts import Attempts
from qa.accounts.passwords import LONGEST, hash_password, is_outdated, verify_password
from qa.accounts.store import AccountStore
from qa.accounts.turns import Turns
from qa.accounts.types import User, user_key


class BadLogin(TiaowenError):  # noqa: N818 - reads as a sentence where it is raised
    """Name or password is wrong; which of them is not said."""


class TooManyAttempts(TiaowenError):  # noqa: N818 - as above
    """Too many failed logins; ``seconds`` until the next one is looked at."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.0f}")
        self.seconds = seconds


class Door:
    """Lets users in. One for each server: it counts the attempts."""

    def __init__(
        self, store: AccountStore, attempts: Attempts | None = None, turns: Turns | None = None
    ) -> None:
        """Take the users, the counter of attempts, and where logins take turns."""
        self.store = store
        self._attempts = attempts or Attempts()
        self._turns = turns or Turns()

    async def enter(self, name: str, password: str, address: str) -> str:
        """Check a login when it is its turn, for a server; see `sign_in`.

        :raises Crowded: when too many logins wait already; nothing was checked or counted.
        """
        return await self._turns.run(partial(self.sign_in, name, password, address))

    def sign_in(self, name: str, password: str, address: str) -> str:
        """Check a login and begin a session; returns its token.

        :param address: where the visitor comes from.
        :raises BadLogin: when name or password is wrong.
        :raises TooManyAttempts: when the name or the address has to wait; nothing was checked.
        """
        key = user_key(name)[:64]
        wait = self._attempts.begin(key, address)
        if wait:
            raise TooManyAttempts(wait)
        # An unknown name costs as much time as a known one.
        nobody, stored = _nobody(), self.store.password_of(name)
        good = verify_password(stored or nobody, password[: 4 * LONGEST])
        if stored is None or not good:
            raise BadLogin
        if is_outdated(stored):
            fresh = hash_password(password)
            self.store.rehash(name, stored, fresh)
            stored = fresh
        token = self.store.open_session(name, stored)
        if token is None:
            raise BadLogin
        self._attempts.succeeded(key, address)
        return token

    def user_of(self, token: str) -> User | None:
        """The user whose session this is, None for none."""
        return self.store.user_of(token)


@cache
def _nobody() -> str:
    """A hash that no password fits, made with the parameters of all others."""
    return hash_password("\x00 nobody")
