"""What the routes of documents, word lists and quality share: the desk, names, bodies, errors."""

from __future__ import annotations

import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from fastapi import FastAPI, Request
from pydantic import Field
from starlette.responses import Response

from corpus.errors import LoadError, TiaowenError, UnknownDocument
from corpus.loading import MAX_BYTES
from qa.api.errors import ApiError, error_response
from qa.api.models import Strict
from qa.desk.desk import Desk
from qa.desk.errors import BusyError, MissingError, StaleError
from qa.page.staff.context import Context
from qa.page.staff.guard import current

_TEXT: Final = 8_000_000  # bytes of a word list on the way; the desk counts its characters
_HERE: Final = "本机"  # who works without a login
_CODES: Final = (
    (BusyError, "busy"),
    (StaleError, "stale"),
    (MissingError, "missing"),
    (UnknownDocument, "missing"),
    (LoadError, "bad_file"),
)


class Reason(Strict):
    """Why something is done."""

    reason: str = Field(default="", max_length=2_000)


class Sample(Strict):
    """How many cases to answer; all of them where none is given."""

    sample: int | None = Field(default=None, ge=1, le=100_000)


def desk_of(context: Context) -> Desk:
    """The desk that the page was opened with.

    :raises ApiError: when there is none.
    """
    if context.site.desk is None:
        raise ApiError("unavailable")
    return context.site.desk


def who(request: Request) -> str:
    """The name to write down for a request."""
    return current(request).name or _HERE


def add_refusals(api: FastAPI) -> None:
    """Answer with the sentence that an error of ours carries."""

    def refused(_: Request, error: Exception) -> Response:
        code = next((code for kind, code in _CODES if isinstance(error, kind)), "refused")
        return error_response(code, reason=plainly(str(error)))

    for kind in (TiaowenError, UnknownDocument):  # there is a plainer answer for the latter
        api.add_exception_handler(kind, refused)


def plainly(text: str) -> str:
    """A message without the hints that only help at a terminal."""
    kept = [part for part in text.split("。") if "tiaowen " not in part]
    return "。".join(kept) or text


@asynccontextmanager
async def received(request: Request, name: str) -> AsyncIterator[Path]:
    """Keep the body of a request in a file that is gone afterwards.

    :raises ApiError: when it is larger than a document may be.
    """
    with tempfile.TemporaryDirectory(prefix="tiaowen-upload-") as folder:
        path = Path(folder) / "file"  # never under a name that was sent
        size = 0
        with path.open("wb") as out:
            async for chunk in request.stream():
                size += len(chunk)
                if size > MAX_BYTES:
                    megabytes = MAX_BYTES // 2**20
                    reason = f"「{name}」超过 {megabytes} MB，不像政策文件。请拆分后再上传。"
                    raise ApiError("bad_file", reason=reason)
                out.write(chunk)
        yield path


async def sent_json(request: Request) -> dict[str, Any]:
    """The JSON object in a body that may be longer than others.

    :raises ApiError: when it is none, or too long.
    """
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > _TEXT:
            raise ApiError("body_too_large", kilobytes=_TEXT // 1024)
    try:
        value = json.loads(raw)
    except ValueError:
        raise ApiError("invalid_json") from None
    if not isinstance(value, dict):
        raise ApiError("invalid_request", fields="请求内容 应为 JSON 对象")
    return value


def text_in(values: dict[str, Any], field: str) -> str:
    """A text field of an object.

    :raises ApiError: when it is none.
    """
    value = values.get(field)
    if not isinstance(value, str):
        raise ApiError("invalid_request", fields=f"{field} 应为文字")
    return value


def download(content: bytes, name: str, kind: str = "application/octet-stream") -> Response:
    """A file to save, never to show: whatever is in it, it is not run here."""
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=kind, headers={"content-disposition": disposition})
