"""The web page: residents ask, and read the sentences that answer them."""

from __future__ import annotations

from qa.page.app import PageError, PageServer, build_app, launch, page_server
from qa.page.protocol import PageService

__all__ = ["PageError", "PageServer", "PageService", "build_app", "launch", "page_server"]
