"""Scanned pages through RapidOCR, an optional extra (``pip install 'tiaowen[ocr]'``)."""

from __future__ import annotations

import importlib
import importlib.util

from corpus.formats.pages import Line, Page, paragraphs

_SCALE = 2.0  # 144 dots an inch: enough for the 16-point type of official documents
_MAX_PAGES = 200


def recognised(raw: bytes) -> str | None:
    """Text of a scanned pdf; None when RapidOCR is not installed. Raises ValueError."""
    if importlib.util.find_spec("rapidocr") is None:
        return None
    import pypdfium2  # type: ignore[import-untyped]

    engine = importlib.import_module("rapidocr").RapidOCR()
    document = pypdfium2.PdfDocument(raw)
    try:
        if len(document) > _MAX_PAGES:
            raise ValueError(f"扫描件超过 {_MAX_PAGES} 页。请拆分后再导入。")
        pages = [_page(engine, document[index]) for index in range(len(document))]
    finally:
        document.close()
    text = paragraphs(pages)
    if not text.strip():
        raise ValueError("扫描件里没有认出文字。请提供更清晰的版本。")
    return text


def _page(engine: object, page: object) -> Page:
    image = page.render(scale=_SCALE).to_numpy()  # type: ignore[attr-defined]
    height, width = image.shape[:2]
    result = engine(image)  # type: ignore[operator]
    lines = []
    for box, text in zip(
        result.boxes if result.boxes is not None else (), result.txts or (), strict=False
    ):
        xs, ys = [float(x) for x, _ in box], [float(y) for _, y in box]
        lines.append(Line(str(text), min(xs), max(xs), height - max(ys), height - min(ys)))
    lines.sort(key=lambda line: (-line.top, line.left))
    return Page(float(width), float(height), tuple(lines))
