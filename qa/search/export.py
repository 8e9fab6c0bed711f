"""Hits as a table for a spreadsheet: CSV or Excel."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from qa.labels import path_label
from qa.search.shelf import STATE_WORDS
from qa.search.types import Hit

COLUMNS = (
    "序号", "文件", "文号", "地区", "文种", "发布日期", "效力", "效力说明", "条款", "条款标题",
    "责任单位", "原文", "条款编号",
)  # fmt: skip
_WIDTHS = (6, 40, 22, 24, 10, 12, 10, 24, 14, 24, 24, 80, 22)  # characters
_CELL = 32_767  # characters that an Excel cell holds
# A spreadsheet reads a cell that begins so as a formula; full-width forms too in some locales.
_FORMULA = tuple("=+-@\t\r＝＋－＠")


def table(hits: Iterable[Hit], first: int = 1) -> list[tuple[str, ...]]:
    """One row per hit in the order of COLUMNS, numbered from ``first``."""
    return [_row(number, hit) for number, hit in enumerate(hits, start=first)]


def _row(number: int, hit: Hit) -> tuple[str, ...]:
    document, clause = hit.document, hit.clause
    return (
        str(number),
        document.title,
        document.doc_number or "",
        document.area,
        document.kind,
        document.published.isoformat() if document.published else "",
        STATE_WORDS[hit.validity.state][0],
        hit.validity.reason,
        path_label(clause.path),
        clause.heading,
        "、".join(clause.unit_names),
        clause.text,
        clause.clause_id,
    )


def as_csv(rows: Iterable[Sequence[str]], columns: Sequence[str] = COLUMNS) -> bytes:
    """CSV in UTF-8 with a byte order mark, by which Excel knows it.

    CSV has no type for text, so a cell that would be read as a formula gets the apostrophe by
    which spreadsheets mark text.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def as_xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    """An Excel workbook of one sheet; every cell is text, none a formula or a link."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("条款")
        bold = book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        for line, row in enumerate((COLUMNS, *rows)):
            for column, cell in enumerate(row):
                sheet.write_string(line, column, cell[:_CELL], wrapped if line else bold)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), len(COLUMNS) - 1)
    return out.getvalue()


def write(target: Path, content: bytes) -> None:
    """Write a whole file or nothing: it appears under its name when it is complete."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    temporary = Path(name)
    try:
        with open(handle, "wb") as stream:
            stream.write(content)
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
