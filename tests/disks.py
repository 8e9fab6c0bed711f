"""Disks that refuse: small ones and read-only ones, mounted for one test."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _run(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """Mount a file system of that size in memory; skip where that is not allowed."""
    folder.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small disk to fill")
    if not _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)):
        pytest.skip("this machine allows no mount")
    try:
        yield folder
    finally:
        _run("umount", "-l", str(folder))


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    """Make a mounted disk read-only for a while."""
    assert _run("mount", "-o", "remount,ro", str(disk)), "files are still open for writing"
    try:
        yield
    finally:
        _run("mount", "-o", "remount,rw", str(disk))


def fill(disk: Path, spare: int = 0) -> Path:
    """Write a file until nothing more fits, then give back about ``spare`` bytes; return it."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as stream:
        with contextlib.suppress(OSError):
            while True:
                stream.write(b"x" * 4096)
        stream.truncate(max(0, stream.tell() - spare))
    return filler
