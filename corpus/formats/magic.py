"""What a file is by its first bytes, whatever it is called."""

from __future__ import annotations

import io
import re
import zipfile

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title)\b",
    re.IGNORECASE | re.DOTALL,
)
_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "rtf"),
    (OLE, "ole"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gz"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
)

_MOST_ENTRIES = 20_000  # listing a million of them takes seconds and half a gigabyte
_PARTS = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
}


def kind_of_bytes(raw: bytes) -> str:
    """Kind of file: pdf, docx, xlsx, pptx, zip, ole, rtf, html, mht, image …; empty if plain."""
    for mark, kind in _MARKS:
        if raw.startswith(mark):
            return kind
    if b"%PDF-" in raw[:1024]:
        return "pdf"
    if raw.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package(raw)
    head = raw[:4096].removeprefix(b"\xef\xbb\xbf")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[2:].replace(b"\x00", b"")
    if re.match(rb"\s*(?:From:|MIME-Version:)", head) and b"multipart/related" in head:
        return "mht"
    return "html" if _HTML.match(head) else ""


def crowded(raw: bytes) -> bool:
    """Whether a zip holds more entries than any document or archive: they are not even listed."""
    return raw.count(b"PK\x01\x02") > _MOST_ENTRIES


def _package(raw: bytes) -> str:
    if crowded(raw):
        return "zip"
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            names = frozenset(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        names = frozenset(name for name in _PARTS if name.encode() in raw)  # cut short
    if "mimetype" in names and b"opendocument.text" in raw[:200]:
        return "odt"
    return next((kind for name, kind in _PARTS.items() if name in names), "zip")
