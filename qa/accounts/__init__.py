"""Who works with the documents: users, roles, sessions, and how a login is checked."""

from __future__ import annotations

from qa.accounts.attempts import Attempts
from qa.accounts.errors import AccountError
from qa.accounts.login import BadLogin, Door, TooManyAttempts
from qa.accounts.store import AccountStore, open_accounts
from qa.accounts.turns import Crowded, Turns
from qa.accounts.types import Role, User

__all__ = [
    "AccountError",
    "AccountStore",
    "Attempts",
    "BadLogin",
    "Crowded",
    "Door",
    "Role",
    "TooManyAttempts",
    "Turns",
    "User",
    "open_accounts",
]
