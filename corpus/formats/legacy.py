"""doc: the text of Word 97–2003 files by their piece table, the same for Word and WPS.

Read here, so that the clauses do not depend on what is installed; older or odd files go to a
converter where there is one.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator

from corpus.formats.converters import by_converter
from corpus.formats.doclists import Lists
from corpus.formats.render import CELL

_MAGIC = 0xA5EC
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_CLX, _MAIN_LENGTH = 0x01A2, 0x004C  # offsets in the file information block
_NO_CONVERTER = "请用 Word 或 WPS 打开，另存为 docx 后再导入。"
_FIELD = re.compile(r"\x13[^\x13-\x15]*?\x14|\x13[^\x13-\x15]*?\x15|\x15")
_MARK = re.compile(r"[\r\x07\x0c]")  # what ends a paragraph
_CODE = re.compile(r"[\x00-\x06\x08\x0e-\x1f]")


def read_doc(raw: bytes) -> str:
    """Text of a doc file; raises ValueError when it cannot be read."""
    streams = _streams(raw)
    if "EncryptedPackage" in streams:
        raise ValueError("文件有密码保护。请去掉密码后再导入。")
    document = streams.get("WordDocument")
    if document is None:
        raise ValueError(
            "这不是 Word 文档（可能是表格或演示文稿）。请另存为 docx 或 pdf 后再导入。"
        )
    flags = int.from_bytes(document[10:12], "little")
    if flags & _ENCRYPTED:
        raise ValueError("文件有密码保护。请去掉密码后再导入。")
    table = streams.get("1Table" if flags & _TABLE_1 else "0Table", b"")
    return _read(raw, document, table)


def _streams(raw: bytes) -> dict[str, bytes]:
    """Streams that matter of a compound file, by name."""
    import olefile  # type: ignore[import-untyped]

    names = ("WordDocument", "0Table", "1Table", "EncryptedPackage")
    try:
        with olefile.OleFileIO(io.BytesIO(raw)) as ole:
            return {name: ole.openstream(name).read() for name in names if ole.exists(name)}
    except Exception as error:  # olefile raises what it meets: OSError, ValueError, its own
        raise ValueError(f"doc 文件已损坏，打不开。{_NO_CONVERTER}") from error


def _read(raw: bytes, document: bytes, table: bytes) -> str:
    try:
        return tidied(numbered_text(document, table))
    except (ValueError, struct.error):
        converted = by_converter(raw, ".doc")
        if not converted:
            raise ValueError(f"这份 doc 读不出文字。{_NO_CONVERTER}") from None
        return converted


def numbered_text(document: bytes, table: bytes) -> str:
    """Character stream of the main document with the automatic numbers of its paragraphs."""
    lists = Lists(document, table)
    length = _number(document, _MAIN_LENGTH, 4)
    paragraph, out, taken = "", [], 0
    for place, width, text in _pieces(document, table):
        text = text[: length - taken]
        taken += len(text)
        begin = 0
        for mark in _MARK.finditer(text):
            paragraph += text[begin : mark.end()]
            begin = mark.end()
            label = lists.label(place + width * mark.start()) if paragraph.strip() else ""
            out.append(label + paragraph)
            paragraph = ""
        paragraph += text[begin:]
    return "".join([*out, paragraph])


def _pieces(document: bytes, table: bytes) -> Iterator[tuple[int, int, str]]:
    """Pieces of text in order: place in the file, bytes a character, text. Raises ValueError."""
    if _number(document, 0, 2) != _MAGIC:
        raise ValueError("not a Word 97 file")
    start, length = _number(document, _CLX, 4), _number(document, _CLX + 4, 4)
    clx = table[start : start + length]
    position = 0
    while clx[position : position + 1] == b"\x01":  # property runs before the pieces
        position += 3 + _number(clx, position + 1, 2)
    if clx[position : position + 1] != b"\x02":
        raise ValueError("no piece table")
    size = _number(clx, position + 1, 4)
    pieces = clx[position + 5 : position + 5 + size]
    count = (len(pieces) - 4) // 12
    if count < 1:
        raise ValueError("no pieces")
    ends = struct.unpack_from(f"<{count + 1}I", pieces)
    for index in range(count):
        place = _number(pieces, 4 * (count + 1) + 8 * index + 2, 4)
        yield _piece(document, place, ends[index + 1] - ends[index])


def _piece(document: bytes, place: int, length: int) -> tuple[int, int, str]:
    if length < 0:
        raise ValueError("damaged piece")
    if place & 0x40000000:  # one byte a character
        start = (place & 0x3FFFFFFF) // 2
        return start, 1, document[start : start + length].decode("cp1252", errors="replace")
    # a surrogate pair counts as two characters; none occur in the texts that are numbered
    text = document[place : place + 2 * length].decode("utf-16-le", errors="replace")
    return place, 2, text


def tidied(text: str) -> str:
    """Lines of Word's character stream: cells, fields, breaks and objects."""
    while (plain := _FIELD.sub("", text)) != text:  # fields inside fields
        text = plain
    text = text.replace("\x1e", "-").replace("\x0b", "\n").replace("\x0c", "\n")
    rows = re.sub(r"\x07\x07", "\n", text.replace("\r\x07", "\x07"))  # two marks end a row
    rows = re.sub(r"[^\x07\n]*(?:\x07[^\x07\n]*)+", _row, rows.replace("\r", "\n"))
    return _CODE.sub("", rows) + "\n"


def _row(match: re.Match[str]) -> str:
    return CELL.join(cell.strip() for cell in match[0].split("\x07") if cell.strip())


def _number(data: bytes, offset: int, size: int) -> int:
    if offset < 0 or offset + size > len(data):
        raise ValueError("damaged doc file")
    return int.from_bytes(data[offset : offset + size], "little")
