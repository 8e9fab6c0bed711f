"""Tables that a spreadsheet opens: every cell comes back as text."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from qa.search import export
from qa.search.export import COLUMNS, as_csv, as_xlsx, table
from qa.search.staff import StaffSearch
from qa.search.types import Request

_SHEET = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "plain", "https://example.org", "42")


def read_csv(content: bytes) -> list[tuple[str, ...]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return [tuple(row) for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))]


def read_xlsx(content: bytes) -> list[tuple[str, ...]]:
    """Every cell of the first sheet; fails for a cell that is not a shared string."""
    book = zipfile.ZipFile(io.BytesIO(content))
    strings = [
        "".join(part.text or "" for part in item.iter(f"{{{_SHEET['x']}}}t"))
        for item in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    ]
    sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    rows = []
    for row in sheet.iterfind(".//x:row", _SHEET):
        cells = []
        for cell in row:
            assert cell.get("t") in ("s", None)
            assert cell.find("x:f", _SHEET) is None, "a formula"
            value = cell.find("x:v", _SHEET)
            cells.append(strings[int(value.text or "")] if value is not None else "")
        rows.append(tuple(cells))
    return rows


def test_hits_come_back_from_both_tables(staff: StaffSearch) -> None:
    hits = staff.search(Request("落户", limit=None)).hits
    rows = table(hits, first=11)
    assert [row[0] for row in rows] == [str(11 + n) for n in range(len(hits))]
    assert [row[-1] for row in rows] == [hit.clause.clause_id for hit in hits]
    assert read_csv(as_csv(rows)) == [COLUMNS, *rows]
    assert read_xlsx(as_xlsx(rows)) == [COLUMNS, *rows]


def test_no_cell_is_a_formula() -> None:
    row = (*DANGEROUS, *[""] * (len(COLUMNS) - len(DANGEROUS)))
    cells = read_csv(as_csv([row]))[1]
    for before, after in zip(row, cells, strict=True):
        guarded = before.startswith(("=", "+", "-", "@", "\t", "＝"))
        assert after == (f"'{before}" if guarded else before)
    assert read_xlsx(as_xlsx([row]))[1] == row


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "表.csv"
    export.write(target, b"old")

    def full(*_: object) -> None:
        raise OSError("full")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="full"):
        export.write(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]
