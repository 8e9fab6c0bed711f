from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from corpus.errors import TiaowenError
from tests.qa.cli.conftest import Run
from tests.qa.cli.fakes import FakeService

Launch = Callable[..., None]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Callable[[Launch], None]:
    """Put a page in the place of the real one, which takes Gradio to import."""

    def replace(launch: Launch) -> None:
        module: Any = ModuleType("qa.page.app")
        module.launch = launch
        monkeypatch.setitem(sys.modules, "qa.page", ModuleType("qa.page"))
        monkeypatch.setitem(sys.modules, "qa.page.app", module)

    return replace


def test_options_and_service_reach_the_page(
    run: Run, page: Callable[[Launch], None], service: FakeService
) -> None:
    seen: dict[str, object] = {}

    def launch(served: object, on_ready: Callable[[str], None], **options: object) -> None:
        seen.update(options, service=served)
        on_ready("http://127.0.0.1:7861/")

    page(launch)
    result = run("chat", "--port", 7861, "--root-path", "/tw")
    assert result.exit_code == 0
    assert seen["service"] is service
    assert (seen["host"], seen["port"], seen["root_path"]) == ("127.0.0.1", 7861, "/tw")
    assert "http://127.0.0.1:7861/" in result.stderr


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
    assert result.stderr == "出错：端口可能已被占用\n"
