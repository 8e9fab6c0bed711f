"""The Gradio application and the server that runs it."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable
from typing import Any, Final, TypeVar

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.responses import Response
from starlette.types import ASGIApp

from corpus.errors import TiaowenError
from qa.api import Gate, PolicyService, TokenBuckets, api_app
from qa.page.access import is_local
from qa.page.assets import add_assets, script_path
from qa.page.exchange import Reply, reply_to
from qa.page.frame import Frame
from qa.page.icons import FAVICON
from qa.page.mcp import add_tools
from qa.page.pages import add_pages
from qa.page.site import Site
from qa.page.welcome import TITLE, Setting, setting, shell_html

T = TypeVar("T")

_WAITING: Final = 64  # questions that may queue; more are turned away at once, with a message
_AT_ONCE: Final = 8  # questions answered side by side; the engine is CPU-bound beyond the cores
_SESSIONS: Final = 1_000  # Gradio's own bookkeeping; the conversation itself lives in the browser
_GRACE_SECONDS: Final = 3  # for open event streams when the server is told to stop
_BUSY_JS: Final = "() => { window.dispatchEvent(new Event('tiaowen-failed')); }"
# The script proper is a module of our own; a page that cannot get it says so. Gradio knows the
# event by its quoted name.
_LOADER_JS: Final = """
import(new URL(props.script, document.baseURI))
  .then((page) => page.start({ element, send: (data) => trigger("ask", data), props, watch }))
  .catch((error) => {
    const splash = document.querySelector("#tw-splash p");
    if (splash) splash.textContent = "页面没有完整打开，请刷新再试。";
    throw error;
  });
"""


class PageError(TiaowenError):
    """The page cannot be served; the message says why and what to do."""


def build_app(service: PolicyService, site: Site | None = None) -> gr.Blocks:
    """Build the page. It holds no state: each question brings its history along."""
    return _in_loop(lambda: _blocks(service, site or Site()))


def _blocks(service: PolicyService, site: Site) -> gr.Blocks:
    """Lay the page out and connect its two events: a question, and a fresh visit."""

    def now() -> Setting:
        return setting(service.areas(), service.examples(), service.notice())

    def ask(event: gr.EventData, request: gr.Request) -> Reply:
        host = request.client.host if request.client else None
        staff = is_local(host, dict(request.headers), trusts_proxy=bool(site.trust_proxy))
        return reply_to(event._data, service, staff=staff, feedback=site.feedback is not None)

    # Gradio evaluates `${shell}` once and never what it expands to, so nothing that a document or
    # a visitor says is run; handlebars (`{{{ }}}`) would be expanded first and then run.
    page: gr.Blocks
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as page:
        parts = now()
        chat: Any = gr.HTML(
            html_template="${shell}",
            js_on_load=_LOADER_JS,
            apply_default_css=False,
            elem_id="tw-chat",
            shell=shell_html(parts),
            setting=parts,
            script=script_path(),
        )
        add_tools(service)
        asked = chat.ask(
            ask,
            inputs=None,
            outputs=chat,
            show_progress="hidden",
            trigger_mode="multiple",
            concurrency_limit=_AT_ONCE,
            api_visibility="private",
        )
        asked.failure(fn=None, js=_BUSY_JS, api_visibility="private")
        page.load(
            lambda: gr.HTML(setting=now()),
            outputs=chat,
            show_progress="hidden",
            queue=False,
            api_visibility="private",
        )
    page.queue(max_size=_WAITING, default_concurrency_limit=_AT_ONCE, api_open=False)
    page.state_session_capacity = _SESSIONS
    # After each question Gradio would sum up the last thousands of them for a page that is off.
    page._queue.ANAYLTICS_CACHE_FREQUENCY = sys.maxsize
    return page


def web_app(service: PolicyService, site: Site | None = None) -> FastAPI:
    """Mount the page in a web application, to which routes can be added."""
    return _in_loop(lambda: _web_app(service, site or Site()))


def _web_app(service: PolicyService, site: Site) -> FastAPI:
    """Put Gradio and the routes beside it into one application."""
    app = FastAPI(title=TITLE, docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/favicon.ico", include_in_schema=False)
    def favicon() -> Response:
        return Response(FAVICON, media_type="image/svg+xml")

    add_assets(app)
    add_pages(app, service)
    app.mount("/api", api_app(service, site.feedback))
    gr.mount_gradio_app(
        app,
        build_app(service, site),
        path="/",
        root_path=site.root_path or None,
        footer_links=[],
        run_history=False,  # Gradio would keep every question in the browser, for anyone after
        max_file_size="1kb",  # the page takes no files
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=True,
        enable_monitoring=False,
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["monospace"]),
    )
    buckets = TokenBuckets(site.per_minute, site.burst) if site.per_minute else None
    app.add_middleware(Gate, buckets=buckets)
    app.add_middleware(Frame, embed_origins=site.embed_origins)
    return app


class PageServer(uvicorn.Server):
    """A server bound to its port from the start: an occupied port is an error at once."""

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        port: int,
        on_ready: Callable[[str], None] | None = None,
        trust_proxy: str | None = None,
    ) -> None:
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            # What a header says about an address is believed only where the operator says so.
            proxy_headers=trust_proxy is not None,
            forwarded_allow_ips=trust_proxy or "",
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        super().__init__(config)
        self._socket = _bind(host, port)
        self._on_ready = on_ready
        shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)
        self.url = f"http://{shown}:{self._socket.getsockname()[1]}/"

    def serve_page(self) -> None:
        """Serve until told to stop."""
        try:
            self.run(sockets=[self._socket])
        finally:
            self._socket.close()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then tell who waits for it."""
        await super().startup(sockets)
        if self.started and self._on_ready is not None:
            self._on_ready(self.url)


def page_server(
    service: PolicyService,
    host: str = "127.0.0.1",
    port: int = 7860,
    site: Site | None = None,
    on_ready: Callable[[str], None] | None = None,
) -> PageServer:
    """Prepare a server; port 0 takes a free one.

    :raises PageError: when the address cannot be used.
    """
    set_up = site or Site()
    return PageServer(web_app(service, set_up), host, port, on_ready, set_up.trust_proxy)


def launch(
    service: PolicyService,
    host: str = "127.0.0.1",
    port: int = 7860,
    site: Site | None = None,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the page until interrupted; ``on_ready`` gets the address once it can be opened.

    :raises PageError: when the address cannot be used.
    """
    page_server(service, host, port, site, on_ready).serve_page()


def _in_loop(make: Callable[[], T]) -> T:
    """Call ``make`` inside an event loop: without one, Gradio opens several and closes none."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:

        async def run() -> T:
            return make()

        return asyncio.run(run())
    return make()


def _bind(host: str, port: int) -> socket.socket:
    """Take the port now, or say in plain words why not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, or asyncio takes it for something else than TCP and leaves Nagle's algorithm on: the
    # reader's delayed acknowledgement then holds every reply back for 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise PageError(
            f"无法在 {host}:{port} 打开网页（{error}）。端口可能已被占用，"
            "请用 --port 换一个端口，或检查 --host。"
        ) from error
    return listener
