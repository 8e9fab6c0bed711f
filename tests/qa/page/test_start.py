"""Gradio is imported without rewriting its stub files."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys

from qa.page.server import _bind

_CHECK = """
import sys
import qa.page
module = sys.modules["gradio.component_meta"]
print(module.create_or_modify_pyi.__name__)
from gradio.blocks_events import create_or_modify_pyi
assert create_or_modify_pyi is module.create_or_modify_pyi
import gradio
assert gradio.HTML(value="x").value == "x"
print(sorted(type(finder).__name__ for finder in sys.meta_path).count("_WithoutStubs"))
"""


def test_no_stub_file_is_written_at_start() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CHECK], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["_nothing", "1"]


def test_where_gradio_is_there_already_nothing_is_changed() -> None:
    code = "import gradio, sys, qa.page; " + (
        "print(sys.modules['gradio.component_meta'].create_or_modify_pyi.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "create_or_modify_pyi"


def test_replies_are_not_held_back_for_more() -> None:
    """An accepted connection has Nagle's algorithm off, as asyncio sets it for TCP."""

    async def accepted() -> int:
        seen: asyncio.Queue[int] = asyncio.Queue()

        async def handle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connection = writer.get_extra_info("socket")
            seen.put_nowait(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with _bind("127.0.0.1", 0) as listener:
            server = await asyncio.start_server(handle, sock=listener)
            _, writer = await asyncio.open_connection(*listener.getsockname())
            found = await seen.get()
            writer.close()
            server.close()
            return found

    assert asyncio.run(accepted())
