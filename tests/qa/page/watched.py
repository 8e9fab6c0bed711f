"""A browser session that notices requests to elsewhere and broken scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


class Watched:
    """A session with one page; `leave` fails when anything left the machine or broke."""

    def __init__(self, browser: Browser, url: str, **context: Any) -> None:  # noqa: ANN401
        self.url = url
        settings = {"viewport": {"width": 1280, "height": 860}, "locale": "zh-CN", **context}
        self.context = browser.new_context(**settings)
        self.page: Page = self.context.new_page()
        self.outside: list[str] = []
        self.errors: list[str] = []
        here = (url, "data:", "blob:")
        self.page.on(
            "request",
            lambda request: (
                None if request.url.startswith(here) else self.outside.append(request.url)
            ),
        )
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console",
            lambda message: self.errors.append(message.text) if message.type == "error" else None,
        )

    def leave(self) -> None:
        """Close the session; fails when anything left the machine or broke on the page."""
        outside, errors = list(self.outside), list(self.errors)
        self.context.close()  # what is still being fetched ends with an error that is no fault
        assert outside == [], outside  # pytest does not rewrite this module: it has to be said
        assert errors == [], errors
