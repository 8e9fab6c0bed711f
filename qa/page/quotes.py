"""A quote on the page: as printed, its table rows as a table. No character is added or lost."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

from qa.tables import CELL, names_columns


def quote_html(text: str) -> str:
    """Render a quote; lines with tabs between cells become a table.

    The text content of what comes out is ``text``: tabs and line ends stay, inside the cells.
    """
    pieces = []
    lines = text.splitlines(keepends=True)
    for tabbed, run in groupby(lines, key=lambda line: CELL in line.strip()):
        rows = list(run)
        pieces.append(_table(rows) if tabbed else escape("".join(rows)))
    return "".join(pieces)


def _table(rows: Sequence[str]) -> str:
    body = "".join(_row(row, head=at == 0 and names_columns(row)) for at, row in enumerate(rows))
    return f'<table class="tw-table"><tbody>{body}</tbody></table>'


def _row(line: str, *, head: bool) -> str:
    """One row: each cell keeps the tab or the line end behind it."""
    cells = line.split(CELL)
    kept = [cell + CELL for cell in cells[:-1]] + cells[-1:]
    opening, closing = ('<th scope="col">', "</th>") if head else ("<td>", "</td>")
    return f"<tr>{''.join(f'{opening}{escape(cell)}{closing}' for cell in kept)}</tr>"
