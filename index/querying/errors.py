"""What is wrong with a query, and where."""

from __future__ import annotations

import unicodedata

from index.errors import RetrievalError


class QueryError(RetrievalError):
    """A staff query that cannot be read: ``reason`` in words, ``position`` of the character.

    ``position`` is an offset into ``query``, inside it unless the query is empty.
    """

    def __init__(self, query: str, reason: str, position: int) -> None:
        self.query = query
        self.reason = reason
        self.position = max(0, min(position, len(query) - 1))
        super().__init__(f"查询写法有误：{reason}（第 {self.position + 1} 个字）\n{self.pointer()}")

    def pointer(self) -> str:
        """The query, and under it a caret below the character (wide characters take two)."""
        line = "".join(" " if char.isspace() else char for char in self.query)
        return f"  {line}\n  {' ' * _width(line[: self.position])}^"


def _width(text: str) -> int:
    """Columns that ``text`` takes in a terminal."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    marks = sum(unicodedata.combining(char) > 0 for char in text)
    return len(text) + wide - marks
