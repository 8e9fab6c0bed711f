"""Options of the running server beside its address, and how they are read."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from qa.ops.probes import Network

_HERE = ("localhost", "127.0.0.1", "[::1]")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Form(StrEnum):
    """How logs are written."""

    TEXT = "text"
    JSON = "json"


AllowHost = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host",
        metavar="域名",
        help="只接受用哪个域名来访问（Host），如 www.example.gov.cn；可写多次。"
        "默认：只听本机又没有代理时只认本机的名字，否则不限",
    ),
]
AtOnce = Annotated[
    int,
    typer.Option(
        "--at-once", min=0, max=64, metavar="个数", help="同时计算几个答案；0 为与处理器一样多"
    ),
]
LogFormat = Annotated[
    Form,
    typer.Option(
        "--log-format",
        help="日志的写法：text 只写警告；json 每个请求一行，不含提问内容和完整的访问者地址",
    ),
]
LogQuestions = Annotated[
    bool,
    typer.Option(
        "--log-questions",
        help="把问题去掉个人信息后存在资料文件夹的 questions 里，供改进用；默认不存",
    ),
]
KeepQuestions = Annotated[
    int,
    typer.Option(
        "--keep-questions", min=1, max=365, metavar="天数", help="问题存多少天，到期自动删除"
    ),
]
MetricsFrom = Annotated[
    list[str] | None,
    typer.Option(
        "--metrics-from",
        metavar="地址",
        help="除本机外，还有哪个地址可以读运行数据 /metrics，如 10.1.2.3 或 10.0.0.0/8；可写多次",
    ),
]


def origins(texts: Sequence[str]) -> tuple[str, ...]:
    """Read ``--embed-origin``.

    :raises typer.BadParameter: when one is not an origin.
    """
    from qa.page.site import OriginError, origin

    try:
        return tuple(origin(text) for text in texts)
    except OriginError as error:
        raise typer.BadParameter(str(error), param_hint="--embed-origin") from error


def readers(texts: Sequence[str]) -> tuple[Network, ...]:
    """Read ``--metrics-from``.

    :raises typer.BadParameter: when one is neither an address nor a network.
    """
    from qa.ops.probes import NetworkError, networks

    try:
        return networks(texts)
    except NetworkError as error:
        raise typer.BadParameter(str(error), param_hint="--metrics-from") from error


def hosts(texts: Sequence[str], listens: str, *, proxied: bool) -> tuple[str, ...]:
    """Read ``--allow-host``; a page for this machine alone answers to its names alone.

    Otherwise a site anywhere could point its own name here and read along (DNS rebinding).
    """
    if texts:
        return (*(text.strip().lower() for text in texts), *_HERE)
    return _HERE if listens in _LOOPBACK and not proxied else ()


@contextmanager
def stopping_on_sigterm() -> Iterator[None]:
    """Treat SIGTERM, which service managers send, as Ctrl+C: everything is closed in order."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
