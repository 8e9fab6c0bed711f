"""``python -m tests.qa.ops.slow_server SECONDS`` serves the page over a slow stand-in."""

from __future__ import annotations

import sys

from qa.cli.serving import stopping_on_sigterm
from qa.page.app import launch
from qa.page.site import Site
from tests.qa.page.fake_service import FakeService

if __name__ == "__main__":
    with stopping_on_sigterm():
        try:
            launch(
                FakeService(delay=float(sys.argv[1])),
                port=0,
                site=Site(per_minute=0),
                on_ready=lambda url: print(url, flush=True),  # noqa: T201
            )
        except KeyboardInterrupt:
            print("stopped", flush=True)  # noqa: T201
