"""The nginx set-up of docs/deploy, run with a real nginx and a real browser."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from qa.page.app import page_server
from qa.page.site import Site
from tests.qa.page import fake_service as fake
from tests.qa.page.conftest import browser, serving
from tests.qa.page.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser"]  # the fixture

DEPLOY = Path(__file__).parents[3] / "docs" / "deploy"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
_FRAME = """
user {user};
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {conf}
}}
"""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def certificate(folder: Path) -> None:
    """Sign a certificate for this machine, by ourselves."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl on this machine: apt-get install openssl")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-keyout", str(folder / "privkey.pem"),
         "-out", str(folder / "fullchain.pem")],
        check=True, capture_output=True,
    )  # fmt: skip


@pytest.fixture
def proxied(tmp_path: Path) -> Iterator[Callable[[str, str], str]]:
    """Give a function that puts nginx, as documented, before an address; changes are named."""
    if NGINX is None:
        pytest.skip("no nginx on this machine: apt-get install nginx-light")
    started: list[subprocess.Popen[bytes]] = []

    def start(url: str, extra: str = "") -> str:
        certificate(tmp_path)
        port, behind = free_port(), url.rstrip("/").rsplit(":", 1)[1]
        conf = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
        for old, new in (
            ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
            ("server 127.0.0.1:7860;", f"server 127.0.0.1:{behind};"),
            ("server_name www.example.gov.cn;", "server_name localhost;"),
            ("/etc/ssl/tiaowen/", f"{tmp_path}/"),
            ("/etc/nginx/tiaowen_proxy.conf", str(DEPLOY / "tiaowen_proxy.conf")),
            *([("rate=4r/s", extra)] if extra else []),
        ):
            assert old in conf, old
            conf = conf.replace(old, new)
        user = "root" if os.geteuid() == 0 else "nobody"
        whole = _FRAME.format(folder=tmp_path, conf=conf, user=user)
        (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
        assert NGINX is not None
        command = [NGINX, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
        started.append(subprocess.Popen(command, stderr=subprocess.DEVNULL))
        _wait_for(port)
        return f"https://localhost:{port}/tiaowen/"

    yield start
    for process in started:
        process.send_signal(signal.SIGQUIT)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:  # an event stream is still open
            process.kill()
            process.wait()


def _wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx did not start")


@pytest.fixture
def behind() -> Iterator[str]:
    """The page as the documentation starts it behind nginx."""
    site = Site(root_path="/tiaowen", trust_proxy="127.0.0.1", per_minute=60, hosts=("localhost",))
    with serving(page_server, fake.FakeService(), port=0, site=site) as url:
        yield url


def test_the_page_works_under_its_prefix(
    browser: Browser,
    behind: str,
    proxied: Callable[..., str],
) -> None:
    url = proxied(behind)
    visitor = Visitor(browser, url, ignore_https_errors=True)
    turn = visitor.ask("孩子能上小学吗")  # the answer comes as an event stream
    assert fake.SCHOOL_QUOTE in turn.inner_text()
    turn.locator("[data-read]").first.click()
    visitor.page.wait_for_selector(".tw-reader mark")
    visitor.leave()


def test_what_nginx_adds_and_what_it_refuses(behind: str, proxied: Callable[..., str]) -> None:
    url = proxied(behind)
    with httpx.Client(trust_env=False, verify=False) as client:
        page = client.get(url)
        assert page.status_code == 200
        assert page.headers["strict-transport-security"]  # the scheme got through
        assert "https://localhost" in page.text.replace("\\/", "/")
        assert client.get(f"{url}metrics").status_code == 404
        assert client.get(url.rstrip("/")).headers["location"].endswith("/tiaowen/")
        assert client.get(f"{url}c/none").status_code == 404
        answer = client.post(f"{url}api/answer", json={"question": "租房"})
        assert answer.json()["status"] == "answered"
        large = client.post(f"{url}api/answer", content=b"x" * 10_000_000)
        assert large.status_code == 413
        for upload in ("uploads", "lexicon/synonyms.tsv/check"):  # nginx lets them through,
            sent = client.post(f"{url}api/staff/{upload}", content=b"x" * 300_000)
            assert sent.status_code in (401, 403), upload  # and the guard stops a stranger
        forged = {"x-forwarded-for": "127.0.0.1", "x-forwarded-host": "elsewhere.example"}
        assert "elsewhere" not in client.get(url, headers=forged).text
        spoken = client.post(
            f"{url}gradio_api/mcp/",
            json={"jsonrpc": "2.0", "id": 1, "method": "ping"},
            headers={"accept": "application/json, text/event-stream"},
        )
        assert spoken.status_code == 200


def test_nobody_passes_for_another_or_for_this_machine(proxied: Callable[..., str]) -> None:
    """A claimed address buys no fresh allowance: three at once, whatever the header says."""
    site = Site(root_path="/tiaowen", trust_proxy="127.0.0.1", per_minute=6)
    with serving(page_server, fake.FakeService(), port=0, site=site) as behind:
        url = proxied(behind)
        with httpx.Client(trust_env=False, verify=False) as client:
            codes = [
                client.get(
                    f"{url}api/search",
                    params={"q": "落户"},
                    headers={"x-forwarded-for": f"192.0.2.{number}", "x-real-ip": "127.0.0.1"},
                ).status_code
                for number in range(20)
            ]
    assert codes[:3] == [200, 200, 200]
    assert codes.count(429) >= 12  # a slow machine gets a few more in, one each ten seconds


def test_nginx_limits_the_rate_itself(behind: str, proxied: Callable[..., str]) -> None:
    url = proxied(behind, "rate=1r/m")
    with httpx.Client(trust_env=False, verify=False) as client:
        codes = [client.get(f"{url}api/health/live").status_code for _ in range(130)]
    assert codes.count(200) == 121  # one, and the burst
    assert codes[-1] == 429


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_the_unit_is_well_formed(tmp_path: Path) -> None:
    """Systemd reads every line; only the program is not where the unit expects it."""
    unit = (DEPLOY / "tiaowen.service").read_text(encoding="utf-8")
    placed = tmp_path / "tiaowen.service"
    placed.write_text(unit.replace("/opt/tiaowen/.venv/bin/tiaowen", "/bin/true"), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(placed)], capture_output=True, text=True, check=False
    )
    said = [line for line in done.stderr.splitlines() if str(placed.name) in line]
    assert said == []
    assert done.returncode == 0


def test_the_unit_and_the_proxy_name_options_that_exist() -> None:
    from typer.main import get_command

    from qa.cli.main import app

    chat = get_command(app).commands["chat"]  # type: ignore[attr-defined]
    known = {option for parameter in chat.params for option in parameter.opts}
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(DEPLOY.iterdir()))
    named = {word for line in text.splitlines() if "tiaowen chat" in line for word in line.split()}
    used = {word.strip("`") for word in named if word.startswith("--")}
    assert used >= {"--trust-proxy", "--root-path", "--allow-host"}
    assert used <= known
