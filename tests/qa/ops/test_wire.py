"""Visitors who are slow, half there, or send far too much; over real sockets."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from qa.api import limits
from qa.ops.wire import PatientProtocol
from qa.page.app import page_server
from qa.page.site import Site
from tests.qa.page.conftest import serving
from tests.qa.page.fake_service import FakeService


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A page whose patience is short, so that tests need little of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PatientProtocol, "head_seconds", 0.6)
        patch.setattr(PatientProtocol, "stall_seconds", 0.6)
        patch.setattr(limits.Gate.__init__, "__defaults__", (None, None, None, 64 * 1024, 0.6))
        with serving(page_server, FakeService(), port=0, site=Site(per_minute=0)) as url:
            yield url


def connect(address: str, buffer: int | None = None) -> socket.socket:
    line = socket.socket()
    if buffer is not None:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    line.settimeout(10)
    line.connect(("127.0.0.1", urlsplit(address).port))
    return line


def is_closed(line: socket.socket) -> bool:
    """Read on until the server has closed the connection; False when it has not in ten seconds."""
    try:
        while line.recv(65_536):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


def still_answers(address: str) -> None:
    answer = httpx.post(f"{address}api/answer", json={"question": "租房"}, trust_env=False)
    assert answer.json()["status"] == "answered"


def test_who_says_nothing_is_let_go(address: str) -> None:
    with contextlib.closing(connect(address)) as line:
        assert is_closed(line)


def test_who_trickles_a_request_is_let_go(address: str) -> None:
    """Slowloris: one more header line every now and then."""
    with contextlib.closing(connect(address)) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        started = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - started < 8:
                line.sendall(b"X-More: 1\r\n")
                time.sleep(0.1)
        assert is_closed(line)
        assert time.monotonic() - started < 8


def test_a_trickle_after_an_answer_is_let_go(address: str) -> None:
    with contextlib.closing(connect(address)) as line:
        line.sendall(b"GET /api/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"200 OK" in line.recv(65_536)
        line.sendall(b"GET /ap")
        assert is_closed(line)


def test_a_slow_body_gets_a_polite_no_and_holds_nobody_up(address: str) -> None:
    lines = [connect(address) for _ in range(10)]
    head = (
        b"POST /api/answer HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: 40\r\n\r\n"
    )
    for line in lines:
        line.sendall(head + b'{"q')
    still_answers(address)
    for line in lines:
        said = line.recv(65_536)
        assert b" 408 " in said
        body = said.partition(b"\r\n\r\n")[2] or line.recv(65_536)
        assert json.loads(body)["error"]["code"] == "body_too_slow"
        line.close()


def test_ten_megabytes_are_refused_before_they_are_sent(address: str) -> None:
    with contextlib.closing(connect(address)) as line:
        line.sendall(
            b"POST /api/answer HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: 10485760\r\n\r\n" + b"x" * 1000
        )
        assert b" 413 " in line.recv(65_536)  # after a thousand bytes
        assert is_closed(line)  # and the rest is not waited for


@pytest.mark.parametrize("path", ["api/answer", "api/feedback", "gradio_api/queue/join"])
def test_ten_megabytes_and_a_hundred_thousand_lines(address: str, path: str) -> None:
    for text in ("问" * 3_500_000, "户\n" * 100_000):
        body = json.dumps({"question": text}, ensure_ascii=False).encode()
        said = httpx.post(
            address + path, content=body, headers={"content-type": "application/json"},
            trust_env=False,
        )  # fmt: skip
        assert said.status_code == 413
        assert "64 KB" in said.json()["error"]["message"]


def test_a_body_without_an_end_is_refused_in_time(address: str) -> None:
    with contextlib.closing(connect(address)) as line:
        line.sendall(
            b"POST /api/answer HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        chunk = b"%x\r\n%s\r\n" % (16_384, b" " * 16_384)
        with contextlib.suppress(ConnectionError):
            for _ in range(8):
                line.sendall(chunk)
        assert b" 413 " in line.recv(65_536)


def test_who_does_not_read_is_let_go(address: str) -> None:
    """A document of a megabyte for a reader that never reads."""
    with contextlib.closing(connect(address, buffer=2048)) as line:
        line.sendall(b"GET /api/documents/long HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(1.5)
        assert is_closed(line)


def test_the_idle_make_room_for_those_who_ask(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PatientProtocol, "head_seconds", 30.0)
    monkeypatch.setattr(PatientProtocol, "most", 24)
    with contextlib.ExitStack() as stack:
        lines = [stack.enter_context(contextlib.closing(connect(address))) for _ in range(40)]
        still_answers(address)  # although 24 are idle: the oldest went
        assert all(is_closed(line) for line in lines[:12])
        lines[-1].settimeout(0.2)
        assert not is_closed(lines[-1])
    still_answers(address)


def test_nonsense_is_answered(address: str) -> None:
    for said in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", b"GET\r\n\r\n", b"X" * 200_000):
        with contextlib.closing(connect(address)) as line:
            with contextlib.suppress(ConnectionError):
                line.sendall(said)
            assert is_closed(line)
    still_answers(address)


def test_open_streams_are_counted(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "STREAMS_EACH", 0)
    said = httpx.get(f"{address}gradio_api/queue/data?session_hash=x", trust_env=False)
    assert said.status_code == 503
    assert "请稍等" in said.json()["error"]["message"]
