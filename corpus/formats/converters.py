"""Programs that turn doc and rtf into docx or text: LibreOffice or antiword, if installed.

They run in a folder of their own, without network or macros, and only for so long.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from corpus.formats.word import read_docx

_SECONDS = 90  # LibreOffice needs 5 to 15 for its first start
_OFFICE = ("soffice", "libreoffice")


def by_converter(raw: bytes, suffix: str) -> str | None:
    """Text of a file by an installed converter; None when there is none or it fails."""
    with tempfile.TemporaryDirectory(prefix="tiaowen-") as folder:
        source = Path(folder) / f"document{suffix}"
        source.write_bytes(raw)
        return _by_office(source) or (_by_antiword(source) if suffix == ".doc" else None)


def has_converter(suffix: str) -> bool:
    """Whether a program is installed that reads files of this suffix."""
    return _office() is not None or (suffix == ".doc" and shutil.which("antiword") is not None)


def _office() -> str | None:
    return next(filter(None, map(shutil.which, _OFFICE)), None)


def _by_office(source: Path) -> str | None:
    program = _office()
    if program is None:
        return None
    profile = (source.parent / "profile").as_uri()
    arguments = [
        program, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nolockcheck",
        "--convert-to", "docx", "--outdir", str(source.parent), str(source),
    ]  # fmt: skip
    if _run(arguments, source.parent) is None:
        return None
    made = source.with_suffix(".docx")
    try:
        return read_docx(made.read_bytes()) if made.exists() else None
    except ValueError:
        return None


def _by_antiword(source: Path) -> str | None:
    program = shutil.which("antiword")
    if program is None:
        return None
    out = _run([program, "-m", "UTF-8.txt", "-w", "0", "-i", "1", str(source)], source.parent)
    text = out.decode("utf-8", errors="replace") if out else ""
    return text if text.strip() else None


def _run(arguments: list[str], folder: Path) -> bytes | None:
    """Output of a program; None when it fails or takes too long."""
    try:
        done = subprocess.run(
            arguments, capture_output=True, timeout=_SECONDS, cwd=folder, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
