"""The environment that the peers are installed in: apart from ours, at the same versions."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from eval.errors import EvalError

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / ".venv-peers"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
PINS = ROOT / ".ci" / "constraints.txt"
TORCH_INDEX = "https://download.pytorch.org/whl/cpu"
_CUDA = re.compile(r"nvidia|triton", re.IGNORECASE)
Tell = Callable[[str], None]


def python_of(folder: Path = FOLDER) -> Path:
    """The interpreter of the peers' environment."""
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def ready(folder: Path = FOLDER) -> bool:
    """Whether what `install` installs is there, at the versions now asked for."""
    stamp = folder / ".stamp"
    return stamp.is_file() and stamp.read_text(encoding="ascii") == _wanted()


def install(tell: Tell, folder: Path = FOLDER) -> Path:
    """Make the environment where it is missing or out of date; return its interpreter.

    torch comes first and alone, as in the Makefile: a plain index would bring CUDA packages.

    :raises EvalError: pip could not install the peers.
    """
    python = python_of(folder)
    if ready(folder):
        return python
    if not python.exists():
        tell(f"建立对比环境 {folder.name}")
        _run([sys.executable, "-m", "venv", str(folder)])
    pins = PINS.read_text(encoding="utf-8").splitlines()
    torch = next(line for line in pins if line.startswith("torch=="))
    tell(f"安装 {torch}（CPU 版）")
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    dry = _run([*pip, "--dry-run", torch])
    _run([*pip, "--index-url", TORCH_INDEX, torch] if _CUDA.search(dry) else [*pip, torch])
    tell("安装 Haystack、txtai、LlamaIndex（几分钟）")
    _run([*pip, "-c", str(PINS), "-r", str(REQUIREMENTS)])
    (folder / ".stamp").write_text(_wanted(), encoding="ascii")
    return python


def _wanted() -> str:
    """Digest of the requirements and the constraints."""
    return sha256(REQUIREMENTS.read_bytes() + PINS.read_bytes()).hexdigest()


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()[-5:]
        raise EvalError("装不上对比用的程序：\n" + "\n".join(lines))
    return done.stdout + done.stderr
