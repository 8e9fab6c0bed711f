"""The real server in a process of its own, over a home whose documents change while it serves."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from eval.errors import EvalError

_URL: Final = re.compile(r"http://\S+/")
_START_SECONDS: Final = 300  # a new home is built first
_STOP_SECONDS: Final = 60
# Invented for this purpose; each edition changes a figure, so that the index has to change.
_DOCUMENT: Final = """临江县便民服务站建设办法

临政办〔2026〕5号

一、建设数量。全县建设便民服务站{count}个，每个服务站配备工作人员3名。

二、开放时间。便民服务站每天上午8时至下午6时开放，责任单位：县政务服务局。

三、服务事项。便民服务站受理居住证申领、社会保险缴费、预防接种预约等事项。
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers at ``url`` and writes JSON logs to ``log``."""

    process: subprocess.Popen[str]
    url: str
    home: Path
    log: Path

    def rss(self) -> float:
        """Resident memory in MB."""
        text = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmRSS:\s+(\d+) kB", text)
        return int(found[1]) / 1024 if found else 0.0


@contextmanager
def running(home: Path, options: Sequence[str] = ()) -> Iterator[Running]:
    """Serve a home on a free port until the block ends; then stop it as a service manager does.

    :raises EvalError: when it does not start.
    """
    log = Path(tempfile.mkdtemp(prefix="tiaowen-load-")) / "server.log"
    command = [*tiaowen("chat", home), "--port", "0", "--log-format", "json", *options]
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        ready: list[str] = []
        opened = threading.Event()

        def follow() -> None:
            assert process.stderr is not None
            for line in process.stderr:
                out.write(line)
                if not ready and "{" not in line and (found := _URL.search(line)):
                    ready.append(found[0])
                    opened.set()
            opened.set()

        reader = threading.Thread(target=follow, daemon=True)
        reader.start()
        try:
            opened.wait(_START_SECONDS)
            if not ready:
                out.flush()
                raise EvalError(f"服务没有启动：{log.read_text(encoding='utf-8')[-500:]}")
            yield Running(process, ready[0], home, log)
        finally:
            _stop(process)
            reader.join(timeout=5)
            assert process.stderr is not None
            process.stderr.close()


def change(home: Path, edition: int) -> None:
    """Add the next edition of a document and publish a new index, in a process of its own.

    :raises EvalError: when the commands fail.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "便民服务站.txt"
        path.write_text(_DOCUMENT.format(count=10 + edition), encoding="utf-8")
        _run([*tiaowen("corpus", home, "add"), str(path)])
    _run(tiaowen("build", home))


def rebuild(home: Path) -> None:
    """Build the whole index anew.

    :raises EvalError: when the command fails.
    """
    _run([*tiaowen("build", home), "--full"])


def tiaowen(command: str, home: Path, *more: str) -> list[str]:
    """Write a command of this program for this interpreter."""
    return [sys.executable, "-m", "qa.cli", command, *more, "--home", str(home)]


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise EvalError(f"命令失败：{' '.join(command[2:])}\n{done.stderr[-500:]}")


def _stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        os.kill(process.pid, signal.SIGTERM)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
