"""Downloads against a hub with faults: real sockets, real HTTP."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from index.download import ATTEMPTS, Patience, download
from index.errors import MirrorError
from index.files import part_path
from index.progress import NoProgress
from tests.index.fetching import CONTENTS, FILES, Bar
from tests.index.hub import PREFIX, FakeHub

pytestmark = pytest.mark.usefixtures("plain_environment")

FILE = FILES[1]
BODY = CONTENTS[FILE.name]
HALF = len(BODY) // 2
PATIENT = Patience(connect=10, read=10, slow=10, slow_bytes=1)  # a busy machine is no fault
IMPATIENT = Patience(connect=0.4, read=0.4, slow=0.4, slow_bytes=1000)


def get(hub: FakeHub, folder: Path, bar: Bar | None = None, patience: Patience = IMPATIENT) -> None:
    """Download FILE from ``hub``."""
    download(hub.url + PREFIX + FILE.name, folder, FILE, bar or NoProgress(), patience)


def ranges(hub: FakeHub) -> list[str | None]:
    """Return the Range header of every request."""
    return [asked for _, asked in hub.requests]


def test_a_file_arrives(hub: FakeHub, tmp_path: Path) -> None:
    bar = Bar()
    get(hub, tmp_path, bar)

    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [(FILE.name, BODY)]
    assert bar.drawn == [(FILE.name, FILE.size, FILE.size, True)]


@pytest.mark.parametrize(
    ("faults", "asked"),
    [
        pytest.param(["redirect"], [None, None], id="redirect"),
        pytest.param(["truncated"], [None, HALF], id="truncated"),
        pytest.param(
            ["truncated", "truncated"], [None, HALF, HALF + HALF // 2], id="truncated-twice"
        ),
        pytest.param(["truncated", "redirect"], [None, HALF, HALF], id="redirect-keeps-range"),
        pytest.param(["stalled"], [None, HALF], id="stalled"),
        pytest.param(["truncated", "no_range"], [None, HALF], id="range-ignored"),
    ],
)
def test_faults_that_are_overcome(
    hub: FakeHub, tmp_path: Path, faults: list[str], asked: list[int | None]
) -> None:
    hub.faults = faults
    get(hub, tmp_path)

    assert (tmp_path / FILE.name).read_bytes() == BODY
    assert ranges(hub) == [None if start is None else f"bytes={start}-" for start in asked]
    assert not part_path(tmp_path, FILE).exists()


@pytest.mark.parametrize(
    ("fault", "reason", "kept"),
    [
        pytest.param("missing", "HTTP 404（没有这个文件）", None, id="404"),
        pytest.param("forbidden", "HTTP 403（拒绝访问）", None, id="403"),
        pytest.param("broken", "HTTP 500", None, id="500"),
        pytest.param("page", "model.onnx 大小不符：26 字节，应为 102,400", None, id="html-page"),
        pytest.param(
            "page_of_unknown_size",
            "model.onnx 内容不符，已丢弃（26 字节，应为 102,400）",
            None,
            id="html-page-without-length",
        ),
        pytest.param(
            "wrong",
            "model.onnx 内容不符，已丢弃（SHA-256 是 0b11a207ce3a…）",
            None,
            id="wrong-bytes",
        ),
        pytest.param(
            "longer", "model.onnx 内容不符，已丢弃（102,404 字节，应为 102,400）", None, id="longer"
        ),
        pytest.param(
            "closed",
            "连接中断（RemoteProtocolError）（model.onnx 收到 0 / 102,400 字节，下次接着传）",
            0,
            id="closed-before-the-body",
        ),
        pytest.param("loop", "重定向次数过多", None, id="redirect-loop"),
        pytest.param("silent", "0.4 秒没有收到数据", None, id="silent"),
    ],
)
def test_faults_that_are_not(
    hub: FakeHub, tmp_path: Path, fault: str, reason: str, kept: int | None
) -> None:
    hub.always = fault

    with pytest.raises(MirrorError) as caught:
        get(hub, tmp_path, patience=IMPATIENT if fault == "silent" else PATIENT)

    assert str(caught.value) == reason
    part = part_path(tmp_path, FILE)
    assert (part.stat().st_size if part.exists() else None) == kept
    assert not (tmp_path / FILE.name).exists()


def test_a_dripping_hub_is_given_up(hub: FakeHub, tmp_path: Path) -> None:
    hub.always = "dripping"
    begun = time.monotonic()

    with pytest.raises(MirrorError, match=r"^太慢，0.4 秒只收到 \d+ 字节$"):
        get(hub, tmp_path)
    assert time.monotonic() - begun < 3


def test_a_body_that_always_breaks_ends(hub: FakeHub, tmp_path: Path) -> None:
    hub.always = "truncated"

    with pytest.raises(MirrorError, match="下次接着传"):
        get(hub, tmp_path)
    assert len(hub.requests) == ATTEMPTS
    assert BODY.startswith(part_path(tmp_path, FILE).read_bytes())


class TestResume:
    """What an earlier run, perhaps from another mirror, left behind."""

    def test_a_good_part_is_continued(self, hub: FakeHub, tmp_path: Path) -> None:
        part_path(tmp_path, FILE).write_bytes(BODY[:1000])
        bar = Bar()
        get(hub, tmp_path, bar)

        assert ranges(hub) == ["bytes=1000-"]
        assert bar.drawn == [(FILE.name, FILE.size, FILE.size, True)]
        assert (tmp_path / FILE.name).read_bytes() == BODY

    def test_a_whole_part_needs_no_request(self, hub: FakeHub, tmp_path: Path) -> None:
        part_path(tmp_path, FILE).write_bytes(BODY)
        get(hub, tmp_path)

        assert hub.requests == []
        assert (tmp_path / FILE.name).read_bytes() == BODY

    @pytest.mark.parametrize("left", [b"bad" * 100, bytes(FILE.size), bytes(FILE.size + 1)])
    def test_a_bad_part_is_thrown_away(self, hub: FakeHub, tmp_path: Path, left: bytes) -> None:
        part_path(tmp_path, FILE).write_bytes(left)
        get(hub, tmp_path)

        assert ranges(hub)[-1] is None
        assert (tmp_path / FILE.name).read_bytes() == BODY

    @pytest.mark.parametrize("fault", ["missing", "silent", "page", "other_range"])
    def test_a_refusal_leaves_it_for_the_next_mirror(
        self, hub: FakeHub, tmp_path: Path, fault: str
    ) -> None:
        part_path(tmp_path, FILE).write_bytes(BODY[:1000])
        hub.always = fault

        with pytest.raises(MirrorError):
            get(hub, tmp_path)
        assert part_path(tmp_path, FILE).read_bytes() == BODY[:1000]

    def test_a_server_with_a_shorter_file(self, hub: FakeHub, tmp_path: Path) -> None:
        part_path(tmp_path, FILE).write_bytes(BODY[:1000])
        hub.contents = {FILE.name: BODY[:500]}

        with pytest.raises(MirrorError, match=r"^HTTP 416（续传位置超出了它的文件）$"):
            get(hub, tmp_path)


class TestUnreachable:
    """Nobody answers: the next mirror must have its turn soon."""

    def test_a_closed_port(self, hub: FakeHub, tmp_path: Path) -> None:
        hub.close()

        with pytest.raises(MirrorError, match=r"^连不上（.+）$"):
            get(hub, tmp_path)

    @pytest.mark.parametrize("addresses", [1, 8])
    def test_packets_are_swallowed(
        self, addresses: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A host with many addresses must not cost many time-outs."""

        def swallow(address: object, timeout: float, **_: object) -> socket.socket:
            time.sleep(timeout * addresses)
            raise TimeoutError("timed out")

        monkeypatch.setattr(socket, "create_connection", swallow)
        self._check_patience(tmp_path)

    def test_the_name_server_is_silent(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def hang(*_: object, **__: object) -> list[object]:
            time.sleep(2)
            raise socket.gaierror("no answer")

        monkeypatch.setattr(socket, "getaddrinfo", hang)
        self._check_patience(tmp_path)

    def _check_patience(self, folder: Path) -> None:
        begun = time.monotonic()
        with pytest.raises(MirrorError, match=r"^0\.4 秒内连不上$"):
            download("http://hub.invalid/f", folder, FILE, NoProgress(), IMPATIENT)
        assert time.monotonic() - begun < 1.5

    @pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "ftp://127.0.0.1"])
    def test_a_proxy_that_cannot_be_used(
        self, proxy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ALL_PROXY", proxy)

        with pytest.raises(MirrorError, match="代理设置用不了"):
            download("http://hub.invalid/f", tmp_path, FILE, NoProgress(), IMPATIENT)

    def test_an_address_that_is_none(self, tmp_path: Path) -> None:
        with pytest.raises(MirrorError, match=r"^地址不对（.+）$"):
            download("hub/f", tmp_path, FILE, NoProgress(), IMPATIENT)


def test_proxies_of_the_environment_are_used(
    hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.pages = {"http://hub.invalid/f": BODY}
    monkeypatch.setenv("HTTP_PROXY", hub.url)
    download("http://hub.invalid/f", tmp_path, FILE, NoProgress(), IMPATIENT)

    assert hub.requests == [("http://hub.invalid/f", None)]
