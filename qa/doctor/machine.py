"""The machine: Python, packages, text, port."""

from __future__ import annotations

import locale
import socket
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

from qa.doctor.types import Check, Patient, fail, ok, warn

_LEAST = (3, 11)
_INSTALL = "请在程序文件夹里运行 make setup，或 pip install -e . -c .ci/constraints.txt"
_ANSWERS = 0.3  # seconds that a program on the port has to take a connection


def python(_patient: Patient) -> Iterator[Check]:
    """Check the version of Python."""
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < _LEAST:
        yield fail("Python", found, "请安装 Python 3.11 或更高版本，再重新安装条问")
    else:
        yield ok("Python", f"{found}（{sys.executable}）")


def packages(_patient: Patient) -> Iterator[Check]:
    """Check that every package is installed in a release that we know."""
    wrong = []
    try:
        wanted = [Requirement(line) for line in requires("tiaowen") or ()]
    except PackageNotFoundError:
        yield fail("软件包", "条问自己没有安装", _INSTALL)
        return
    needed = [need for need in wanted if not need.marker or need.marker.evaluate({"extra": ""})]
    for need in needed:
        try:
            found = version(need.name)
        except PackageNotFoundError:
            wrong.append(f"缺少 {need.name}")
            continue
        if not need.specifier.contains(found.partition("+")[0], prereleases=True):
            wrong.append(f"{need.name} 是 {found}，需要 {need.specifier}")
    if wrong:
        yield fail("软件包", "；".join(wrong), _INSTALL)
    else:
        yield ok("软件包", f"{len(needed)} 个都在，版本合适")


def text(_patient: Patient) -> Iterator[Check]:
    """Check that Chinese can be read, written and named."""
    spoken = {
        "文件名": sys.getfilesystemencoding(),
        "文件": locale.getencoding(),
        "终端": sys.stdout.encoding or "",
    }
    other = [f"{what}是 {name}" for what, name in spoken.items() if not _is_utf8(name)]
    if other:
        yield warn(
            "文字编码", "，".join(other), "请设置 export LANG=C.UTF-8（或 PYTHONUTF8=1）后再用"
        )
    else:
        yield ok("文字编码", "UTF-8")


def _is_utf8(name: str) -> bool:
    return name.lower().replace("-", "").replace("_", "") == "utf8"


def port(patient: Patient) -> Iterator[Check]:
    """Check whether the page could open where it does by default."""
    name = f"端口 {patient.port}"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((patient.host, patient.port))
        except OSError as error:
            who = _taken_by(patient)
            yield warn(
                name,
                f"{who or error.strerror}（{patient.host}）",
                "已经开着条问就不用管；否则用 tiaowen chat --port 换一个端口",
            )
            return
    yield ok(name, "空闲")


def _taken_by(patient: Patient) -> str:
    try:
        with socket.create_connection((patient.host, patient.port), timeout=_ANSWERS):
            return "有程序正在使用"
    except OSError:
        return ""
