"""The HTML frame that Gradio serves, made ours, and the headers that keep the page to itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.page.assets import MODULES, digest, early_script, style
from qa.page.icons import FAVICON
from qa.page.welcome import TITLE

# Gradio compiles templates in the browser, hence 'unsafe-eval' and inline scripts. What matters
# here is that nothing is fetched from, or sent to, any other host.
_RULES: Final = (
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
)
_HEADERS: Final = {
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}

# What Gradio says about itself to link previews, with a picture from another host, and a
# manifest that is only there for installable apps.
_FOREIGN = re.compile(
    r'\s*<meta\s+(?:property="og:|name="twitter:)[^>]*>|\s*<link rel="manifest"[^>]*>'
)
_OPENING = (
    '<div id="tw-splash"><p><span class="tw-logo" aria-hidden="true">条</span>正在打开……</p></div>'
    "<noscript><style>#tw-splash{display:none}</style><p>条问需要浏览器启用 JavaScript。"
    "请启用后刷新本页，或换用其他浏览器。</p></noscript>"
)


def policy(embed_origins: Sequence[str] = ()) -> str:
    """Write the content security policy; the given origins may frame the page, nobody else."""
    ancestors = " ".join(("frame-ancestors 'self'", *embed_origins))
    return "; ".join((*_RULES, ancestors))


@cache
def head_html() -> str:
    """Return title, icon and style sheet, inlined: right under any root path, and no flash."""
    preloads = "".join(
        f'<link rel="modulepreload" href="page/{digest()}/{name}.js">' for name in MODULES
    )
    return (
        f"<title>{TITLE}</title>"
        '<meta name="description" content="用平常的话问政策，答复逐字引用文件原句并注明出处。">'
        '<meta name="color-scheme" content="light dark">'
        f'<link rel="icon" type="image/svg+xml" href="data:image/svg+xml,{quote(FAVICON)}">'
        f"<script>{early_script()}</script><style>{style()}</style>{preloads}"
    )


def polish(html: str) -> str:
    """Turn the frame of Gradio into ours: language, title, style, opening screen.

    A page that is ours already comes back as it is.
    """
    if "<gradio-app" not in html:
        return html
    html = _FOREIGN.sub("", html)
    html = re.sub(r'<html\s+lang="en"', '<html lang="zh-CN"', html, count=1)
    html = html.replace("</head>", f"{head_html()}</head>", 1)
    return html.replace("<gradio-app", f"{_OPENING}<gradio-app", 1)


class Frame:
    """ASGI layer that polishes the page and adds the headers to every response."""

    def __init__(self, app: ASGIApp, embed_origins: Sequence[str] = ()) -> None:
        self.app = app
        self.headers = {"content-security-policy": policy(embed_origins), **_HEADERS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through; hold only HTML pages back until they are complete."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await self.app(scope, receive, _Rewriter(send, self.headers))


class _Rewriter:
    """Stands in for ``send`` during one response."""

    def __init__(self, send: Send, added: Mapping[str, str]) -> None:
        self.send = send
        self.added = added
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        """Hand one message on, or keep it while it is part of a page."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in self.added.items():
                headers.setdefault(name, value)  # staff pages have a stricter policy of their own
            if headers.get("content-type", "").startswith("text/html"):
                self.start = message
                return
        if self.start is None:
            await self.send(message)
            return
        self.body += message.get("body", b"")
        if not message.get("more_body", False):
            await self._finish(self.start)

    async def _finish(self, start: Message) -> None:
        """Send the held page with its new length."""
        self.start = None
        body = polish(self.body.decode()).encode() if self.body else b""
        headers = MutableHeaders(scope=start)
        if body:  # a HEAD response keeps the length it names
            headers["content-length"] = str(len(body))
        await self.send(start)
        await self.send({"type": "http.response.body", "body": body})
