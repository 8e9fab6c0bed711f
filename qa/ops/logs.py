"""Logs to stderr: text for people, or one JSON object a line for machines.

They say what happened, where and how long it took. They do not say what was asked, nor who asked:
an address loses its last part, an exception its message (which may repeat a question).
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import Final, Literal, TextIO

from qa.privacy import mask, personal_data

Format = Literal["text", "json"]

# Set while a request is answered, so that whatever is logged meanwhile can be told apart.
request_id: ContextVar[str] = ContextVar("request_id", default="")

_ACCESS: Final = "qa.access"
_FIELDS: Final = ("method", "route", "status", "ms", "client")
_NOISY: Final = ("httpx", "mcp", "asyncio", "uvicorn", "faiss", "jieba")  # their INFO is chatter
access = logging.getLogger(_ACCESS)


def set_up_logs(form: Format = "text", stream: TextIO | None = None) -> None:
    """Send everything to ``stream`` (stderr): warnings as text, or requests too as JSON."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonForm() if form == "json" else TextForm())
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.INFO if form == "json" else logging.WARNING)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


def log_request(method: str, route: str, status: int, ms: float, client: str) -> None:
    """Log one answered request; a failed one is a warning."""
    level = logging.WARNING if status >= 500 else logging.INFO
    more = {
        "method": method,
        "route": route,
        "status": status,
        "ms": round(ms, 1),
        "client": shorten(client),
    }
    access.log(level, "%s %s %d %.1f ms", method, route, status, ms, extra=more)


def shorten(address: str) -> str:
    """Take the visitor out of an address: 192.0.2.7 is 192.0.2.0/24, IPv6 keeps 48 bits."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return "-"
    if found.version == 6 and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return str(ip_network(f"{found}/{24 if found.version == 4 else 48}", strict=False))


class TextForm(logging.Formatter):
    """``12:30:01 WARNING qa.api …`` with the number of the request at the end."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record; personal numbers and messages of exceptions are left out."""
        when = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        number = request_id.get()
        end = f" [{number}]" if number else ""
        lines = [f"{when} {record.levelname} {record.name} {_said(record)}{end}"]
        return "\n".join(lines + _trace(record))


class JsonForm(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, request, and extra fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record; personal numbers and messages of exceptions are left out."""
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said: dict[str, object] = {
            "time": when,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _said(record),
        }
        if number := request_id.get():
            said["request"] = number
        said |= {name: record.__dict__[name] for name in _FIELDS if name in record.__dict__}
        if trace := _trace(record):
            said["trace"] = "\n".join(trace)
        return json.dumps(said, ensure_ascii=False)


def _said(record: logging.LogRecord) -> str:
    """Return the message; should one ever hold a personal number, it is masked."""
    message = record.getMessage()
    return mask(message) if personal_data(message) else message


def _trace(record: logging.LogRecord) -> list[str]:
    """Say where an exception arose and of which kind it is, not what it says."""
    if not record.exc_info or record.exc_info[0] is None:
        return []
    kind, _, at = record.exc_info
    frames = [line.rstrip("\n") for line in traceback.format_tb(at)]
    return [*frames, kind.__name__]
