"""Options of the running server."""

from __future__ import annotations

import signal
from ipaddress import ip_network

import pytest
import typer

from qa.cli.serving import hosts, origins, readers, stopping_on_sigterm


@pytest.mark.parametrize(
    ("texts", "listens", "proxied", "allowed"),
    [
        ((), "127.0.0.1", False, ("localhost", "127.0.0.1", "[::1]")),
        ((), "::1", False, ("localhost", "127.0.0.1", "[::1]")),
        ((), "127.0.0.1", True, ()),  # the proxy passes the name on that it was asked by
        ((), "0.0.0.0", False, ()),
        ((" WWW.Example.gov.cn ",), "0.0.0.0", False,
         ("www.example.gov.cn", "localhost", "127.0.0.1", "[::1]")),
    ],
)  # fmt: skip
def test_which_hosts(
    texts: tuple[str, ...], listens: str, proxied: bool, allowed: tuple[str, ...]
) -> None:
    assert hosts(texts, listens, proxied=proxied) == allowed


def test_mistakes_are_told_with_the_option() -> None:
    with pytest.raises(typer.BadParameter, match="源"):
        origins(["https://www.example.gov.cn/page"])
    with pytest.raises(typer.BadParameter, match=r"10\.0\.0\.0/8"):
        readers(["monitor"])
    assert readers(["10.1.2.3"]) == (ip_network("10.1.2.3/32"),)


def test_sigterm_is_ctrl_c_and_only_inside() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with stopping_on_sigterm(), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) == before
