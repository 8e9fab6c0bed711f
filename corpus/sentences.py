"""Sentence and sub-sentence spans of a clause."""

from __future__ import annotations

import re

from corpus.types import Span

_OPEN = dict(zip("（(《〈“‘「『【〔[", "）)》〉”’」』】〕]", strict=True))
_CLOSE = frozenset(_OPEN.values())
_ENDS = frozenset("。！？；;!?\n")
_AFTER = frozenset("”’」』）)》】")  # a closing quote belongs to the sentence it ends
_TRAILER = re.compile(
    r"[（(](?:责任|牵头|配合|主办|承办|落实|实施)(?:单位|部门|科室|处室)[：:][^（）()]*"
    r"(?:[（(][^（）()]*[）)][^（）()]*)*[）)]\s*[。.]?\s*\Z"
)  # （责任单位：区教育局、人社局）
_LONGEST_BRACKET = (
    300  # an opening bracket without its partner within this many characters is ignored
)


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> tuple[Span, ...]:
    """Half-open spans of the sentences and 分句 of ``text[start:end]``, white space trimmed.

    Cuts after 。！？； and at line ends, never inside brackets or quotes, never in a number; a
    trailing bracket of units is a span of its own.
    """
    end = len(text) if end is None else end
    trailer = _TRAILER.search(text, start, end)
    body_end = trailer.start() if trailer else end
    spans = [span for span in _cuts(text, start, body_end) if span[0] < span[1]]
    if trailer:
        spans.append(_trim(text, trailer.start(), end))
    return tuple(spans)


def _cuts(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    begin = position = start
    while position < end:
        char = text[position]
        if char in _OPEN:
            position = _partner(text, position, end)
            continue
        position += 1
        if char in _ENDS and not _in_url(text, position, end):
            while char != "\n" and position < end and text[position] in _AFTER:
                position += 1
            spans.append(_trim(text, begin, position))
            begin = position
    spans.append(_trim(text, begin, end))
    return spans


def _in_url(text: str, position: int, end: int) -> bool:
    """Whether the mark before ``position`` stands inside ASCII text such as a link (a?id=3)."""
    following = text[position : position + 1] if position < end else ""
    return text[position - 1] in ";!?" and following.isascii() and following.isalnum()


def _partner(text: str, position: int, end: int) -> int:
    """Position after the partner of the bracket at ``position`` (after itself if it has none)."""
    stack: list[str] = []
    for index in range(position, min(end, position + _LONGEST_BRACKET)):
        char = text[index]
        if char == "\n":
            break
        if char in _OPEN:
            stack.append(_OPEN[char])
        elif stack and char == stack[-1]:
            stack.pop()
            if not stack:
                return index + 1
    return position + 1


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
