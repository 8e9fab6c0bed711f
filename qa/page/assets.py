"""Scripts and styles of the page: served by ourselves, under a name that is their content."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.responses import Response

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"
SHEETS: Final = ("theme.css", "style.css", "answer.css", "tools.css", "reader.css", "print.css")
STAFF_SHEETS: Final = (
    "theme.css",
    "style.css",
    "answer.css",
    "tools.css",
    "print.css",
    "staff.css",
    "staff-search.css",
    "staff-desk.css",
    "staff-quality.css",
)
MODULES: Final = (  # of the chat page; named in its head, so that they load side by side
    "main",
    "chat",
    "complete",
    "document",
    "keep",
    "look",
    "opinion",
    "reader",
    "shared",
)
_FOREVER: Final = {"cache-control": "public, max-age=31536000, immutable"}


@cache
def digest() -> str:
    """Name the present scripts and styles by their content: 12 hexadecimal digits."""
    joined = b"".join(
        path.read_bytes() for path in sorted([*STATIC.glob("*.js"), *STATIC.glob("*.css")])
    )
    return sha256(joined).hexdigest()[:12]


def script_path() -> str:
    """Path of the main script, relative to the page."""
    return f"page/{digest()}/main.js"


@cache
def style() -> str:
    """All style sheets of the page in one; it is inlined, so that nothing flashes."""
    return "\n".join((STATIC / name).read_text(encoding="utf-8") for name in SHEETS)


@cache
def staff_style() -> str:
    """All style sheets of the staff pages in one; served as ``staff.css``."""
    return "\n".join((STATIC / name).read_text(encoding="utf-8") for name in STAFF_SHEETS)


@cache
def early_script() -> str:
    """The few lines that set colours and type size before anything is painted."""
    return (STATIC / "early.js").read_text(encoding="utf-8")


def add_assets(app: FastAPI) -> None:
    """Serve the scripts. The digest is not checked: an old page gets the new ones."""
    known = {path.name: path for path in STATIC.glob("*.js")}

    @app.get("/page/{version}/staff.css", include_in_schema=False)
    def sheet(version: str) -> Response:
        return Response(staff_style(), media_type="text/css", headers=_keeping(version))

    @app.get("/page/{version}/{name}", include_in_schema=False)
    def script(version: str, name: str) -> Response:
        path = known.get(name)
        if path is None:
            return Response("没有这个文件。", status_code=404, media_type="text/plain")
        return Response(path.read_bytes(), media_type="text/javascript", headers=_keeping(version))

    @app.get("/embed.js", include_in_schema=False)
    def embed() -> Response:
        return Response(
            known["embed.js"].read_bytes(),
            media_type="text/javascript",
            # The one file that other sites load; their own policies may ask for this header.
            headers={"cache-control": "no-cache", "cross-origin-resource-policy": "cross-origin"},
        )


def _keeping(version: str) -> dict[str, str]:
    """How long the browser may keep what it asked for under this version."""
    return _FOREVER if version == digest() else {"cache-control": "no-store"}
