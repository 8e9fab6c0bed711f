"""Passwords: what they must be like, and their hashes (Argon2id)."""

from __future__ import annotations

import threading
import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from qa.accounts.errors import AccountError
from qa.accounts.types import user_key

SHORTEST: Final = 10  # characters; length is what makes guessing slow
LONGEST: Final = 128
_BESIDE: Final = 6  # characters that are not the user's name
_DISTINCT: Final = 5  # different characters at least: 1111111111 is none
# RFC 9106's choice for little memory: 64 MiB and three passes for each hash.
_HASHER: Final = PasswordHasher()
# Hashes made at the same time; more wait, lest many logins at once eat the memory.
_ROOM: Final = threading.BoundedSemaphore(2)


def check_password(password: str, name: str) -> None:
    """Refuse a password that is easily guessed.

    :raises AccountError: saying what it should be like.
    """
    text = _form(password)
    if not SHORTEST <= len(text) <= LONGEST:
        raise AccountError(f"密码要有 {SHORTEST} 到 {LONGEST} 个字符，可以用一句好记的话。")
    beside = text.casefold().replace(user_key(name), "") if name else text
    if len(set(text)) < _DISTINCT or len(beside) < _BESIDE:
        raise AccountError("这个密码太好猜：不要由用户名组成，也不要只用几个字符反复组成。")


def hash_password(password: str) -> str:
    """Hash a password with a salt of its own, as text that names its parameters."""
    with _ROOM:
        return _HASHER.hash(_form(password))


def verify_password(stored: str, password: str) -> bool:
    """Whether the password is the one that was hashed."""
    try:
        with _ROOM:
            return _HASHER.verify(stored, _form(password))
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether the library by now hashes with other parameters."""
    return _HASHER.check_needs_rehash(stored)


def _form(password: str) -> str:
    """One form of what may be typed in several: an input method may send full-width digits."""
    return unicodedata.normalize("NFKC", password)
