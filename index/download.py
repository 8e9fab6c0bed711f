"""Fetch one file over HTTP: fail fast when nobody answers, resume, and trust only the digest."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from index.errors import MirrorError
from index.files import ModelFile, open_at, part_path, publish, write_all
from index.progress import Progress


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds.

    ``connect`` bounds reaching a host as a whole: a host with eight addresses that all swallow
    packets must not cost eight times as much, and a name server that is silent counts as well.
    ``read`` bounds one silence. ``slow`` is the time within which ``slow_bytes`` more must come.
    """

    connect: float = 4.0
    read: float = 30.0
    slow: float = 60.0
    slow_bytes: int = 256 * 1024  # 4 KiB/s: at less the model would take more than six hours


ATTEMPTS = 5  # how often in a row a broken connection is continued on the same mirror
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")  # bytes 1000-2047/2048
_STATUS = {
    401: "要求登录",
    403: "拒绝访问",
    404: "没有这个文件",
    416: "续传位置超出了它的文件",
    429: "请求过多，被限流",
}


class _BrokenError(MirrorError):
    """The connection broke in the body: what arrived is kept and may be continued."""


def download(
    url: str, folder: Path, file: ModelFile, progress: Progress, patience: Patience | None = None
) -> None:
    """Bring ``file`` from ``url`` into ``folder``, continuing what an earlier try left there.

    :raises MirrorError: the server did not deliver these bytes; a good part is kept.
    :raises ModelFolderError: the folder did not take them.
    """
    patience = patience or Patience()
    part = part_path(folder, file)
    resumed = _size(part) > 0
    try:
        _collect(url, folder, file, progress, patience)
        publish(folder, file, part)
    except _BrokenError:
        raise
    except MirrorError:
        if not resumed or part.exists():
            raise
        # What an earlier run left was bad, or was no beginning of this file: once more from zero.
        _collect(url, folder, file, progress, patience)
        publish(folder, file, part)


def _collect(
    url: str, folder: Path, file: ModelFile, progress: Progress, patience: Patience
) -> None:
    """Fill the part file up to its size; continue a broken body as long as bytes keep coming."""
    for attempt in range(1, ATTEMPTS + 1):
        have = _size(part_path(folder, file))
        try:
            _stream(url, folder, file, progress, patience)
            return
        except _BrokenError:
            if attempt == ATTEMPTS or _size(part_path(folder, file)) <= have:
                raise


def _stream(
    url: str, folder: Path, file: ModelFile, progress: Progress, patience: Patience
) -> None:
    part = part_path(folder, file)
    have = _size(part)
    if have == file.size:
        return
    if have > file.size:
        part.unlink()
        have = 0
    headers = {"Accept-Encoding": "identity"}  # compressed, Range would count other bytes
    if have:
        headers["Range"] = f"bytes={have}-"
    with _opened(url, headers, patience) as response:
        have = _agreed_start(response, file, have)
        progress.start(file.name, file.size)
        try:
            if have:
                progress.advance(have)
            _copy(response, folder, file, have, progress, patience)
        finally:
            progress.finish()


def _copy(
    response: httpx.Response,
    folder: Path,
    file: ModelFile,
    have: int,
    progress: Progress,
    patience: Patience,
) -> None:
    mark, marked = time.monotonic(), have
    with open_at(folder, part_path(folder, file), have) as stream:
        try:
            for chunk in response.iter_bytes():
                have += len(chunk)
                if have > file.size:
                    break
                write_all(folder, stream, chunk)
                progress.advance(len(chunk))
                if have - marked >= patience.slow_bytes:
                    mark, marked = time.monotonic(), have
                elif time.monotonic() - mark > patience.slow:
                    raise MirrorError(f"太慢，{patience.slow:g} 秒只收到 {have - marked:,} 字节")
        except httpx.HTTPError as error:
            so_far = f"{file.name} 收到 {have:,} / {file.size:,} 字节，下次接着传"
            raise _BrokenError(f"{_reason(error, patience)}（{so_far}）") from error
    if have != file.size:  # a body that broke off was raised above: this one was said to be whole
        part_path(folder, file).unlink()
        raise MirrorError(f"{file.name} 内容不符，已丢弃（{have:,} 字节，应为 {file.size:,}）")


def _agreed_start(response: httpx.Response, file: ModelFile, have: int) -> int:
    """Return the offset the body starts at, having refused answers that cannot be the file.

    A refusal speaks against the server, not against the part: that is kept for the next mirror.
    """
    code = response.status_code
    if code not in (200, 206):
        raise MirrorError(f"HTTP {code}" + (f"（{_STATUS[code]}）" if code in _STATUS else ""))
    if code == 200:
        have, size = 0, response.headers.get("Content-Length", "")
    else:
        found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if found is None or int(found[1]) != have:
            raise MirrorError("服务器续传的位置不对")
        size = found[2]
    if size.isdigit() and int(size) != file.size:
        raise MirrorError(f"{file.name} 大小不符：{int(size):,} 字节，应为 {file.size:,}")
    return have


@contextmanager
def _opened(url: str, headers: dict[str, str], patience: Patience) -> Iterator[httpx.Response]:
    """Send the request and yield the response with its body still to be read."""
    timeout = httpx.Timeout(patience.read, connect=patience.connect)
    try:
        client = httpx.Client(timeout=timeout, follow_redirects=True, trust_env=True)
    except (ImportError, ValueError, httpx.InvalidURL) as error:  # e.g. ALL_PROXY=socks5://…
        raise MirrorError(f"代理设置用不了（{error}）") from error
    with client:
        try:
            response = _Opening(client, url, headers).wait(patience)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise MirrorError(_reason(error, patience)) from error
        try:
            yield response
        finally:
            response.close()


class _Opening:
    """A request under way in a thread, so that name look-up too can be given up on."""

    def __init__(self, client: httpx.Client, url: str, headers: dict[str, str]) -> None:
        self._connecting_since: float | None = None
        self._done: Future[httpx.Response] = Future()
        self._abandoned = threading.Event()
        request = client.build_request(
            "GET", url, headers=headers, extensions={"trace": self._trace}
        )
        # Daemon: a name look-up that hangs must not keep the program from ending.
        threading.Thread(target=self._send, args=(client, request), daemon=True).start()

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        if event.endswith("connect_tcp.started"):
            self._connecting_since = time.monotonic()
        elif event.endswith("connect_tcp.complete"):
            self._connecting_since = None

    def _send(self, client: httpx.Client, request: httpx.Request) -> None:
        try:
            response = client.send(request, stream=True)
        except Exception as error:  # handed to the thread that waits
            self._done.set_exception(error)
            return
        if self._abandoned.is_set():
            response.close()
        self._done.set_result(response)

    def wait(self, patience: Patience) -> httpx.Response:
        """Return the response once its headers are here.

        :raises MirrorError: no connection within ``patience.connect`` seconds.
        """
        while True:
            try:
                return self._done.result(timeout=0.05)
            except TimeoutError:
                if self._done.done():
                    raise
            since = self._connecting_since
            if since is not None and time.monotonic() - since > patience.connect:
                self._abandoned.set()
                raise MirrorError(f"{patience.connect:g} 秒内连不上")


def _reason(error: Exception, patience: Patience) -> str:
    if isinstance(error, httpx.ConnectTimeout):
        return f"{patience.connect:g} 秒内连不上"
    if isinstance(error, httpx.ReadTimeout):
        return f"{patience.read:g} 秒没有收到数据"
    if isinstance(error, httpx.ProxyError):
        return f"代理拒绝了连接（{error}）"
    if isinstance(error, (httpx.UnsupportedProtocol, httpx.InvalidURL)):
        return f"地址不对（{error}）"
    if isinstance(error, httpx.ConnectError):
        return f"连不上（{error}）"
    if isinstance(error, httpx.TooManyRedirects):
        return "重定向次数过多"
    return f"连接中断（{type(error).__name__}）"


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
