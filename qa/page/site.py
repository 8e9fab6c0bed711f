"""How an operator sets the page up: where it is framed, who is counted, what is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from corpus.errors import TiaowenError
from qa.accounts import AccountStore
from qa.feedback import FeedbackStore

if TYPE_CHECKING:
    from qa.desk.desk import Desk

# Scheme, host and port, nothing else: what goes into a header must not say more than one origin.
_ORIGIN = re.compile(
    r"https?://(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?"
)
_BURST_SECONDS: Final = 30.0  # of the lasting rate may come at once


class OriginError(TiaowenError):
    """A site that may frame the page was not named as an origin."""


@dataclass(frozen=True, slots=True)
class Site:
    """Set-up of one served page.

    ``root_path`` is the prefix behind a proxy; ``embed_origins`` the sites that may frame the
    page; ``per_minute`` the requests one address may make (0: no limit); ``trust_proxy`` the
    proxy addresses whose X-Forwarded-For is believed (None: nobody's); ``feedback`` where
    opinions are kept (None: not asked for); ``accounts`` the users of the staff pages (None: there
    are none, so only this machine may open them); ``desk`` what editors change documents through
    (None: they only search).
    """

    root_path: str = ""
    embed_origins: tuple[str, ...] = ()
    per_minute: float = 120.0
    trust_proxy: str | None = None
    feedback: FeedbackStore | None = None
    accounts: AccountStore | None = None
    desk: Desk | None = None

    @property
    def burst(self) -> float:
        """Requests that one address may make at once."""
        return max(self.per_minute * _BURST_SECONDS / 60, 1.0)


def origin(text: str) -> str:
    """Read an origin such as ``https://www.example.gov.cn``; a final slash is dropped.

    :raises OriginError: when it is anything else: a path, a wildcard, several.
    """
    bare = text.strip().removesuffix("/")
    if not _ORIGIN.fullmatch(bare):
        raise OriginError(
            f"「{text}」不是网站的源。请写成 https://www.example.gov.cn 这样：协议加域名，"
            "可以带端口，不带路径和通配符。"
        )
    return bare.lower()
