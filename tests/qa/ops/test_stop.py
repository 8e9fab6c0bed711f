"""A server that is told to stop: real processes, real signals."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[3]


@contextlib.contextmanager
def slow_server(seconds: float) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.qa.ops.slow_server", str(seconds)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def ask(url: str, into: list[httpx.Response]) -> threading.Thread:
    def run() -> None:
        into.append(
            httpx.post(
                f"{url}api/answer", json={"question": "租房"}, trust_env=False, timeout=30
            )
        )  # fmt: skip

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_answers_in_hand_are_finished_and_new_ones_are_told_to_wait() -> None:
    with slow_server(2.5) as (process, url):
        answers: list[httpx.Response] = []
        asking = ask(url, answers)
        with httpx.Client(trust_env=False, timeout=30) as client:
            while client.get(f"{url}metrics").text.count("tiaowen_answers_running 1.0") == 0:
                time.sleep(0.05)
            process.send_signal(signal.SIGTERM)
            time.sleep(0.4)
            refused = client.post(f"{url}api/answer", json={"question": "租房"})
            assert refused.status_code == 503
            assert "重新启动" in refused.json()["error"]["message"]
            assert client.get(f"{url}api/health/ready").status_code == 503
        asking.join()
        assert answers[0].json()["status"] == "answered"
        assert process.wait(timeout=20) == 0
        assert process.stdout is not None
        assert process.stdout.read() == "stopped\n"
        with pytest.raises(httpx.ConnectError):
            httpx.get(url, trust_env=False)
