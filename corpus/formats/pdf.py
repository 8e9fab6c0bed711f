"""pdf with a text layer: paragraphs put together, running heads and page numbers left out."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from typing import Any

from corpus.formats.pages import Line, Page, paragraphs
from corpus.formats.render import CELL

MAX_PAGES = 3000
_SECONDS = 120  # for the text of all pages
_LEAST = 12  # characters a page with text has on average at least
_LINE_ENDS = frozenset({0x0A, 0x0D})
_CELL = 2.2  # heights of a character between two cells
_HAN = r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”‘’（）]"
_SPACE = re.compile(rf"(?<={_HAN}) +| +(?={_HAN})")
_LOCK = threading.Lock()  # pdfium is not safe for threads
_SCANNED = (
    "这是扫描件，没有文字层。请先用 OCR 软件转成可复制文字的 pdf；"
    "或安装 pip install 'tiaowen[ocr]' 后重试。"
)


def read_pdf(raw: bytes) -> str:
    """Text of a pdf file; raises ValueError when it is damaged, locked or only pictures."""
    with _LOCK:
        pages = _pages(raw)
    characters = sum(len(line.text) for page in pages for line in page.lines)
    if characters < _LEAST * len(pages):
        from corpus.formats.scans import recognised

        read = recognised(raw)
        if read is None:
            raise ValueError(_SCANNED)
        return read
    return paragraphs(pages)


def _pages(raw: bytes) -> list[Page]:
    import pypdfium2  # type: ignore[import-untyped]
    from pypdfium2 import PdfiumError

    try:
        document = pypdfium2.PdfDocument(raw)
    except PdfiumError as error:
        if "password" in str(error).lower():
            raise ValueError("pdf 有密码保护。请去掉密码后再导入。") from None
        raise ValueError("pdf 已损坏，打不开。请重新下载后再导入。") from None
    try:
        if len(document) > MAX_PAGES:
            raise ValueError(f"pdf 有 {len(document)} 页，超过 {MAX_PAGES} 页。请拆分后再导入。")
        stop = time.monotonic() + _SECONDS
        found = []
        for index in range(len(document)):
            if time.monotonic() > stop:
                raise ValueError("pdf 解析超时。请拆分或另存后再导入。")
            found.append(_page(document, index))
        return found
    except PdfiumError:
        raise ValueError("pdf 已损坏，有的页打不开。请重新下载后再导入。") from None
    finally:
        document.close()


def _page(document: object, index: int) -> Page:
    page = document[index]  # type: ignore[index]
    try:
        width, height = page.get_size()
        words = page.get_textpage()
        try:
            return Page(width, height, tuple(_lines(words)))
        finally:
            words.close()
    finally:
        page.close()


def _lines(words: Any) -> Iterator[Line]:  # noqa: ANN401 - pdfium's text page has no types
    """Lines as pdfium orders them, with the boxes of their characters."""
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

    boxes: list[tuple[str, float, float, float, float]] = []
    for index in range(words.count_chars()):
        code = pdfium.FPDFText_GetUnicode(words, index)
        if code in _LINE_ENDS:
            yield from _line(boxes)
            boxes = []
        elif code > 0x1F and not 0xD800 <= code < 0xE000:
            boxes.append((chr(code), *words.get_charbox(index, loose=True)))
    yield from _line(boxes)


def _line(boxes: list[tuple[str, float, float, float, float]]) -> Iterator[Line]:
    """One line; a gap wider than two characters separates the cells of a table."""
    printed = [box for box in boxes if box[0].strip()]
    if not printed:
        return
    text = ""
    edge, spaced = printed[0][1], False
    for char, left, bottom, right, top in boxes:
        if not char.strip():
            spaced = bool(text)
            continue
        size = max(1.0, top - bottom)
        if left - edge > _CELL * size:
            text += CELL
        elif spaced and (text[-1:].isascii() or char.isascii()):
            text += " "
        text, edge, spaced = text + char, right, False
    yield Line(
        _unspaced(text),
        printed[0][1],
        max(box[3] for box in printed),
        min(box[2] for box in printed),
        max(box[4] for box in printed),
    )


def _unspaced(text: str) -> str:
    """Text without the spaces that pdfium sees between Chinese characters and marks or digits."""
    return _SPACE.sub("", text)
