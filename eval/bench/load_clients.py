"""Those who visit: residents on the page, programs, the slow, and those who send too much."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import httpx

_HUGE: Final = 10 * 1024 * 1024  # bytes
_LINES: Final = 100_000
_TRICKLE: Final = 1.0  # seconds between the bytes of the slow
_BUSY: Final = frozenset({503})


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer as a client saw it. ``at``: seconds since the start; ``what``: api, page, huge."""

    at: float
    what: str
    ms: float
    status: int


@dataclass(slots=True)
class Tally:
    """What all clients saw. ``errors``: whatever was neither an answer nor a polite refusal."""

    started: float = field(default_factory=time.monotonic)
    seen: list[Seen] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    slow: int = 0  # connections of the slow that the server ended

    def now(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    def note(self, what: str, began: float, status: int) -> None:
        """Note one answer."""
        self.seen.append(Seen(self.now(), what, (self.now() - began) * 1000, status))


Until = Callable[[], bool]  # whether to go on


async def ask_api(
    url: str, questions: Sequence[str], first: int, pause: float, tally: Tally, going: Until
) -> None:
    """Ask one question after another; a refusal is waited out as it says."""
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        for question in itertools.islice(itertools.cycle(questions), first, None):
            if not going():
                return
            began = tally.now()
            try:
                said = await client.post(f"{url}api/answer", json={"question": question})
            except httpx.HTTPError as error:
                tally.errors.append(f"api: {type(error).__name__} {error}")
                continue
            tally.note("api", began, said.status_code)
            rest = pause
            if said.status_code in _BUSY:
                _check_refusal(said, tally)
                rest = float(said.headers.get("retry-after", "1"))
            elif said.status_code != 200 or said.json()["status"] == "error":
                tally.errors.append(f"api: {said.status_code} {said.text[:200]}")
            await asyncio.sleep(rest)


def _check_refusal(said: httpx.Response, tally: Tally) -> None:
    if "请稍等" not in said.text or "retry-after" not in said.headers:
        tally.errors.append(f"refused without a word: {said.text[:200]}")


async def ask_page(
    url: str, questions: Sequence[str], first: int, pause: float, tally: Tally, going: Until
) -> None:
    """Ask as the page does: join the queue, then read the stream to its end."""
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        config = (await client.get(f"{url}config")).json()
        event = next(d for d in config["dependencies"] if [t[1] for t in d["targets"]] == ["ask"])
        for question in itertools.islice(itertools.cycle(questions), first, None):
            if not going():
                return
            session = secrets.token_hex(5)
            body = {
                "data": [],
                "event_data": {"question": question, "history": [], "token": 1},
                "fn_index": event["id"],
                "trigger_id": event["targets"][0][0],
                "session_hash": session,
            }
            began = tally.now()
            try:
                joined = await client.post(f"{url}gradio_api/queue/join", json=body)
                status = joined.status_code
                if status == 200:
                    status = await _read_stream(client, url, session, tally)
            except httpx.HTTPError as error:
                tally.errors.append(f"page: {type(error).__name__} {error}")
                continue
            tally.note("page", began, status)
            if status not in (200, *_BUSY):
                tally.errors.append(f"page: {status}")
            await asyncio.sleep(pause)


async def _read_stream(client: httpx.AsyncClient, url: str, session: str, tally: Tally) -> int:
    path = f"{url}gradio_api/queue/data?session_hash={session}"
    async with client.stream("GET", path) as stream:
        async for line in stream.aiter_lines():
            message = json.loads(line.removeprefix("data: ")) if line else {}
            if message.get("msg") == "process_completed":
                shown = json.dumps(message["output"], ensure_ascii=False)
                if not message["success"] or "data-status" not in shown:
                    tally.errors.append(f"page: {shown[:200]}")
            if message.get("msg") == "close_stream":
                break
        return stream.status_code


async def send_too_much(url: str, pause: float, tally: Tally, going: Until) -> None:
    """Send ten megabytes and a hundred thousand lines; both are refused by their size."""
    bodies = (b"x" * _HUGE, json.dumps({"question": "户\n" * _LINES}).encode())
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        for body in itertools.cycle(bodies):
            if not going():
                return
            began = tally.now()
            try:
                said = await client.post(f"{url}api/answer", content=body)
            except httpx.HTTPError as error:
                tally.errors.append(f"huge: {type(error).__name__} {error}")
                continue
            tally.note("huge", began, said.status_code)
            if said.status_code != 413:
                tally.errors.append(f"huge: {said.status_code}")
            await asyncio.sleep(pause)


async def dawdle(url: str, number: int, tally: Tally, going: Until) -> None:
    """Connect and be slow: say nothing, trickle a head, or trickle a body; then again."""
    port = urlsplit(url).port
    heads = (
        b"",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n",
        b"POST /api/answer HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n",
    )
    while going():
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError as error:
            tally.errors.append(f"slow: {error}")
            return
        with contextlib.suppress(ConnectionError):
            writer.write(heads[number % 3])
            while going() and not writer.is_closing():
                ended = asyncio.create_task(reader.read(65_536))
                done, _ = await asyncio.wait({ended}, timeout=_TRICKLE)
                if done:  # an end or a reset; either way the server had enough
                    ended.exception()
                    tally.slow += 1
                    break
                ended.cancel()
                if number % 3:
                    writer.write(b"x: y\r\n")
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
