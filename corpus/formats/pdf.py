"""pdf with a text layer: lines put back into paragraphs, running heads and page numbers left out."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from corpus.formats.pages import Line, Page, paragraphs

MAX_PAGES = 3000
_SECONDS = 120  # for the text of all pages
_LEAST = 12  # characters a page with text has on average at least
_LOCK = threading.Lock()  # pdfium is not safe for threads
_SCANNED = (
    "这是扫描件，没有文字层。请先用 OCR 软件转成可复制文字的 pdf；"
    "或安装 pip install 'tiaowen[ocr]' 后重试。"
)


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters of one text rectangle."""

    left: float
    right: float
    bottom: float
    top: float
    text: str


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
    import pypdfium2
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
            runs = []
            for number in range(words.count_rects()):
                left, bottom, right, top = words.get_rect(number)
                text = words.get_text_bounded(left, bottom, right, top)
                if text.strip():
                    runs.append(_Run(left, right, bottom, top, text.replace("\r\n", "")))
        finally:
            words.close()
        return Page(width, height, tuple(_lines(runs)))
    finally:
        page.close()


def _lines(runs: list[_Run]) -> list[Line]:
    """Runs on one height form a line, from left to right."""
    rows: list[list[_Run]] = []
    for run in sorted(runs, key=lambda run: (-(run.top + run.bottom), run.left)):
        middle = (run.top + run.bottom) / 2
        row = rows[-1] if rows else None
        if row and any(other.bottom < middle < other.top for other in row):
            row.append(run)
        else:
            rows.append([run])
    return [_line(sorted(row, key=lambda run: run.left)) for row in rows]


def _line(row: list[_Run]) -> Line:
    text, right = "", row[0].left
    for run in row:
        size = max(1.0, run.top - run.bottom)
        gap = run.left - right
        text += ("\t" if gap > 2.5 * size else " " if gap > 0.6 * size and text else "") if text else ""
        text += run.text.strip()
        right = max(right, run.right)
    return Line(text, row[0].left, right, min(r.bottom for r in row), max(r.top for r in row))
