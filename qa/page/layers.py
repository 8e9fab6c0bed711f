"""What lies around page and API: headers, watch, gate, and the line in front of the engine.

Frame (headers on everything) → Watch (number, Host, counts, failures) → Gate (rate, size,
line) → routes
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import FastAPI, Request

from qa.api import Gate, PolicyService, TokenBuckets
from qa.ops import Line, Metrics, serve_through
from qa.ops.probes import add_probes
from qa.ops.watch import Watch
from qa.page.access import is_local, is_named, is_nameless
from qa.page.frame import Frame
from qa.page.site import Site


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers of one application. ``service`` is what its routes ask."""

    service: PolicyService
    site: Site
    line: Line
    metrics: Metrics

    @classmethod
    def over(cls, service: PolicyService, site: Site) -> Layers:
        """Put a service behind a line of its own."""
        line, metrics = Line(site.at_once), Metrics()
        served = serve_through(service, line, metrics, site.journal)
        return cls(served, site, line, metrics)

    def add_routes(self, app: FastAPI, page_queue: Callable[[], int]) -> None:
        """Add health checks and metrics; before the API is mounted, which has the same prefix.

        :param page_queue: how many questions of the page are in line.
        """
        self.metrics.watch(self.line, self.service, page_queue)
        app.state.line = self.line
        add_probes(
            app,
            self.line,
            self.metrics,
            is_local=self._is_local,
            allowed=self.site.metrics_from,
        )

    def add_around(self, app: FastAPI) -> None:
        """Put the layers around an application; the last one added is the outermost."""
        site = self.site
        buckets = TokenBuckets(site.per_minute, site.burst) if site.per_minute else None
        app.add_middleware(Gate, buckets=buckets, line=self.line, metrics=self.metrics)
        app.add_middleware(Watch, metrics=self.metrics, hosts=site.hosts)
        app.add_middleware(Frame, embed_origins=site.embed_origins)

    def is_ready(self) -> bool:
        """Whether questions are taken now."""
        return not self.line.stopping

    def _is_local(self, request: Request) -> bool:
        client = request.client
        if is_nameless(client, self.site.trust_proxy):
            return False
        # Another proxy on this machine is none that was trusted.
        trusts = bool(self.site.trust_proxy) and is_named(client)
        host = client.host if client else None
        return is_local(host, dict(request.headers), trusts_proxy=trusts)
