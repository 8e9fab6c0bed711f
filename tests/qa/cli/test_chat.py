from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import TiaowenError
from qa.accounts import Role, open_accounts
from qa.feedback import FeedbackStore
from qa.page import app
from qa.page.site import Site
from tests.qa.cli.conftest import Run
from tests.qa.cli.fakes import FakeService

Launch = Callable[..., None]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Callable[[Launch], None]:
    """Put a stand-in in the place of the server."""
    return lambda launch: monkeypatch.setattr(app, "launch", launch)


def test_options_and_service_reach_the_page(
    run: Run, page: Callable[[Launch], None], service: FakeService
) -> None:
    seen: dict[str, Any] = {}

    def launch(served: object, on_ready: Callable[[str], None], **options: object) -> None:
        seen.update(options, service=served)
        on_ready("http://127.0.0.1:7861/")

    page(launch)
    result = run(
        *("chat", "--port", 7861, "--root-path", "/tw", "--rate-limit", 30),
        *("--embed-origin", "https://A.gov.cn/", "--embed-origin", "http://b.cn:8080"),
        *("--trust-proxy", "10.0.0.1"),
    )
    assert result.exit_code == 0
    assert seen["service"] is service
    assert (seen["host"], seen["port"]) == ("127.0.0.1", 7861)
    site = seen["site"]
    assert isinstance(site, Site)
    assert (site.root_path, site.per_minute, site.trust_proxy) == ("/tw", 30, "10.0.0.1")
    assert site.embed_origins == ("https://a.gov.cn", "http://b.cn:8080")
    assert isinstance(site.feedback, FeedbackStore)
    assert site.desk is not None
    assert site.desk.service is service
    assert "http://127.0.0.1:7861/" in result.stderr


@pytest.mark.parametrize(
    "origin", ["*", "https://*.gov.cn", "https://a.cn/path", "a.cn", "https://a.cn; script-src *"]
)
def test_what_is_no_origin_is_a_usage_error(
    run: Run, page: Callable[[Launch], None], origin: str
) -> None:
    page(lambda *_, **__: pytest.fail("the page was opened"))
    result = run("chat", "--embed-origin", origin)
    assert result.exit_code == 2
    assert "--embed-origin" in result.stderr


def test_users_reach_the_page_and_none_is_said(
    run: Run, page: Callable[[Launch], None], tmp_path: Path
) -> None:
    seen: list[Site] = []
    page(lambda *_, site, **__: seen.append(site))
    home = tmp_path / "served"
    assert "tiaowen user add" in run("chat", "--home", home).stderr
    accounts = open_accounts(home)
    accounts.add("lin", "海上生明月 天涯共此时", Role.READER)
    accounts.close()
    assert "tiaowen user add" not in run("chat", "--home", home).stderr
    assert [site.accounts is not None for site in seen] == [True, True]


def test_interrupt_is_the_normal_end(run: Run, page: Callable[[Launch], None]) -> None:
    def launch(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    page(launch)
    assert run("chat").exit_code == 0


def test_taken_port_is_a_message(run: Run, page: Callable[[Launch], None]) -> None:
    def launch(*_: object, **__: object) -> None:
        raise TiaowenError("端口可能已被占用")

    page(launch)
    result = run("chat")
    assert result.exit_code == 1
    assert result.stderr.endswith("出错：端口可能已被占用\n")
