"""Users and their roles."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from qa.accounts.errors import AccountError

_NAME: Final = re.compile(r"[\w][\w.@-]{1,31}")


class Role(StrEnum):
    """What a user may do: look at everything of the staff, or also change it."""

    READER = "reader"
    EDITOR = "editor"

    def may(self, needed: Role) -> bool:
        """Whether this role includes ``needed``."""
        return self is Role.EDITOR or needed is Role.READER


@dataclass(frozen=True, slots=True)
class User:
    """One person; times are in UTC. ``last_login`` is None before the first one."""

    name: str
    role: Role
    created: datetime
    last_login: datetime | None = None


def user_key(name: str) -> str:
    """Name as it is compared: without the differences of width and case."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def checked_name(text: str) -> str:
    """Read the name of a new user.

    :raises AccountError: when it is too short, too long, or has other signs.
    """
    name = unicodedata.normalize("NFKC", text).strip()
    if not _NAME.fullmatch(name):
        raise AccountError(
            f"「{text}」不能作用户名：请用 2 到 32 个汉字、字母或数字，中间可以有 . _ - @。"
        )
    return name
