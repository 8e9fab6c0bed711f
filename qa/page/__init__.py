"""The web page: residents ask, and read the sentences that answer them."""

from __future__ import annotations

# Before Gradio is imported.
from qa.page import _start  # noqa: F401
from qa.page.app import build_app, launch, page_server
from qa.page.server import PageError, PageServer
from qa.page.site import OriginError, Site, origin

__all__ = [
    "OriginError",
    "PageError",
    "PageServer",
    "Site",
    "build_app",
    "launch",
    "origin",
    "page_server",
]
