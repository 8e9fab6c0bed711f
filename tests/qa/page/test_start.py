"""Gradio is imported without rewriting its stub files."""

from __future__ import annotations

import subprocess
import sys

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
