"""The text as read beside the repaired text, line by line, with every repair marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from corpus.types import Document

REPAIRS: Final = {
    "line_ends": "统一换行",
    "invisible": "去掉看不见的字符",
    "markdown": "去掉 Markdown 记号",
    "bold": "去掉加粗记号",
    "lost_breaks": "补回丢失的换行",
    "form_marks": "去掉表单记号",
    "furniture": "去掉网页栏目和页眉页脚",
    "rulers": "去掉整行的装饰符号",
    "page_numbers": "去掉页码",
    "shifted_bytes": "修正错位的编码",
    "lone_marks": "修正孤立的符号",
    "pinyin": "去掉注音",
    "stated_elsewhere": "按页面其他地方补全",
    "wrapped_lines": "接上被折断的行",
    "number_spaces": "去掉数字里的空格",
}


_UNSEEN: Final = frozenset({"", "line_ends"})  # a file from Windows has the latter on every line


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of both texts. ``kind`` names the repairs that made ``text`` of ``raw``, or is ""."""

    raw: str
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Pieces that stand side by side: whole lines of both texts. ``line``: in the raw text, from 1.

    ``start`` is where the row begins in the repaired text.
    """

    line: int
    start: int
    pieces: tuple[Piece, ...]

    @property
    def repaired(self) -> bool:
        """Whether anything in the row was changed that a reader can see."""
        return any(piece.kind not in _UNSEEN for piece in self.pieces)


def rows_of(document: Document) -> tuple[Row, ...]:
    """Both texts of a document in rows; joined, the pieces are the two texts again."""
    rows: list[Row] = []
    held: list[Piece] = []
    line, start = 1, 0

    def flush() -> None:
        nonlocal held, line, start
        if held:
            rows.append(Row(line, start, tuple(held)))
            line += sum(_breaks(piece.raw) for piece in held)
            start += sum(len(piece.text) for piece in held)
            held = []

    for piece in _pieces(document):
        if piece.kind:
            held.append(piece)
            if piece.text.endswith("\n"):
                flush()
            continue
        for part in piece.text.splitlines(keepends=True):
            held.append(Piece(part, part))
            if part.endswith("\n"):
                flush()
    flush()
    return tuple(rows)


def kind_words(kind: str) -> str:
    """Repairs in words: ``line_ends+invisible`` is 统一换行、去掉看不见的字符."""
    return "、".join(REPAIRS.get(name, name) for name in kind.split("+"))


def _pieces(document: Document) -> Iterator[Piece]:
    """Tile both texts: what lies between two repairs is alike in both."""
    at = 0
    for repair in document.repairs:
        same = document.raw_text[at : repair.raw_span[0]]
        if same:
            yield Piece(same, same)
        yield Piece(repair.before, repair.after, repair.kind)
        at = repair.raw_span[1]
    rest = document.raw_text[at:]
    if rest:
        yield Piece(rest, rest)


def _breaks(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")
