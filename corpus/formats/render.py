"""Elements to lines of text: paragraphs, table rows, numbered lists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.blocks import KEYS
from corpus.formats.dom import Element
from corpus.numerals import to_chinese

CELL = "\t"  # between the cells of a table row
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "table",
        "tr",
        "td",
        "th",
        "section",
        "article",
        "main",
        "center",
        "form",
        "blockquote",
        "pre",
        "header",
        "aside",
        "address",
        "fieldset",
        "hr",
        "body",
        "tbody",
        "thead",
        "tfoot",
        "caption",
        "figure",
        "figcaption",
        "details",
        "summary",
        "option",
    ]
)
_WIDE_CELL = 200  # Chinese characters: a cell with more holds a page, not a value
_KEY = re.compile(r"[\s　：:【】\[\]]")
_ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


def lines_of(element: Element) -> list[str]:
    """Non-empty lines of an element, in document order."""
    return [line for line in (tidy(raw) for raw in _lines(element)) if line]


def tidy(line: str) -> str:
    """Return a line with its white space collapsed; a break between two Chinese characters goes."""
    line = re.sub(
        r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \r\n]*\n[ \r\n]*(?=[\u3000-\u9fff])", "", line
    )
    line = re.sub(r"[ \r\n\u00a0]+", " ", line)
    return line.strip(" \t\n\r　\u00a0")


def is_block(element: Element) -> bool:
    """Whether an element begins a line of its own."""
    return element.tag in _BLOCKS


def _lines(element: Element) -> Iterator[str]:
    run: list[str] = []
    for token in _tokens(element):
        if token is None:
            yield "".join(run)
            run = []
        else:
            run.append(token)
    yield "".join(run)


def _tokens(element: Element) -> Iterator[str | None]:
    """Strings in order, None where a line ends."""
    block = is_block(element)
    if block:
        yield None
    if element.tag == "table" and not is_layout(element):
        for row in _rows(element):
            yield row
            yield None
        return
    for child, label in _labelled(element):
        if isinstance(child, str):
            yield child
        elif child.tag == "br":
            yield None
        elif label:
            yield None
            yield label
            yield from _without_first_break(child)
        else:
            yield from _tokens(child)
    if block:
        yield None


def _without_first_break(element: Element) -> Iterator[str | None]:
    """Tokens of a list item whose number stands before its first words."""
    begun = False
    for token in _tokens(element):
        begun = begun or bool(token and token.strip())
        if begun:
            yield token
    yield None


def _labelled(element: Element) -> Iterator[tuple[Element | str, str]]:
    """Children with the number that a browser prints before the items of an ``ol``."""
    if element.tag != "ol":
        for child in element.children:
            yield child, ""
        return
    start = element.attributes.get("start") or "1"
    number = int(start) if start.isdigit() and len(start) < 4 else 1
    style = (element.attributes.get("style") or "") + (element.attributes.get("type") or "")
    for child in element.children:
        if isinstance(child, Element) and child.tag == "li":
            yield child, "" if "none" in style else _number(number, style)
            number += 1
        else:
            yield child, ""


def _number(number: int, style: str) -> str:
    if "cjk" in style or "chinese" in style:
        return f"{to_chinese(number)}、"
    if "alpha" in style or style in {"a", "A"}:
        return f"{chr(ord('a') + (number - 1) % 26)}. "
    if "roman" in style or style in {"i", "I"}:
        return f"{_ROMAN[number] if number < len(_ROMAN) else number}. "
    return f"{number}. "


def is_layout(table: Element) -> bool:
    """Tell a table that only arranges the page from one that holds values."""
    cells = [cell for row in rows_of(table) for cell in cells_of(row)]
    if any(inner.tag == "table" for cell in cells for inner in cell.walk()):
        return True
    return len(cells) < 2 or any(
        cell.han > _WIDE_CELL and sum(is_block(inner) for inner in cell.walk()) > 3
        for cell in cells
    )


def rows_of(table: Element) -> list[Element]:
    """Rows of a table, without those of tables inside it."""
    found = []
    for child in table.elements():
        if child.tag == "tr":
            found.append(child)
        elif child.tag in {"tbody", "thead", "tfoot"}:
            found += [row for row in child.elements() if row.tag == "tr"]
    return found


def cells_of(row: Element) -> list[Element]:
    """Cells of a row."""
    return [cell for cell in row.elements() if cell.tag in {"td", "th"}]


def _rows(table: Element) -> Iterator[str]:
    for caption in table.elements():
        if caption.tag == "caption":
            yield caption.text()
    for row in rows_of(table):
        yield row_text([" ".join(lines_of(cell)) for cell in cells_of(row)])


def row_text(cells: list[str]) -> str:
    """One line for a row; a cell that is a key of a page table gets its colon."""
    words = [tidy(cell) for cell in cells]
    out: list[str] = []
    index = 0
    while index < len(words):
        key = _KEY.sub("", words[index])
        if key in KEYS and len(key) > 1 and index + 1 < len(words):
            out.append(f"{key}：{words[index + 1]}")
            index += 2
            continue
        out.append(words[index])
        index += 1
    return CELL.join(word for word in out if word)
