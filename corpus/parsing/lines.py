"""Lines of a text, and which of them can hold no label (contents page, list of annexes)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from corpus.parsing.labels import label_at

_CONTENTS = re.compile(r"目\s*[录錄次]\s*\Z")
_ANNEX_LIST = re.compile(r"附\s*[件表]\s*[：:]\s*\S")  # 附件：1.申请表
_ANNEX_HEAD = re.compile(r"附\s*[件表]\s*[：:]\s*\Z")  # 附件：⏎1.申请表⏎2.承诺书
_ENDED = ("。", "；", ";")
_LISTED = 60  # a listed annex title is shorter than this


@dataclass(frozen=True, slots=True)
class Line:
    """A non-empty line without its outer white space: ``text == document[start:end]``."""

    start: int
    end: int
    text: str


@lru_cache(maxsize=2)  # metadata, cleaning and parsing ask for the same text in turn
def split_lines(text: str) -> tuple[Line, ...]:
    """Return the non-empty lines of a text, with offsets."""
    lines, position = [], 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            start = position + len(raw) - len(raw.lstrip())
            lines.append(Line(start, start + len(stripped), stripped))
        position += len(raw) + 1
    return tuple(lines)


def masked(lines: tuple[Line, ...]) -> frozenset[int]:
    """Indexes of lines whose labels are not the document's own: contents and annex lists."""
    return frozenset([*_contents(lines), *_annex_lists(lines)])


def without_contents(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Lines but those of a contents page, which say nothing that is not printed again."""
    hidden = frozenset(_contents(lines))
    return tuple(line for index, line in enumerate(lines) if index not in hidden)


def _contents(lines: tuple[Line, ...]) -> Iterator[int]:
    """Lines of a 目录: from its heading up to where its first entry appears again.

    A sentence before that is no entry but the introduction.
    """
    for index, line in enumerate(lines[:200]):
        if not _CONTENTS.fullmatch(line.text) or index + 1 >= len(lines):
            continue
        first = _entry(lines[index + 1].text)
        for stop in range(index + 2, len(lines)):
            if _entry(lines[stop].text) == first:
                said = (at for at in range(index + 1, stop) if lines[at].text.endswith("。"))
                yield from range(index + 1, next(said, stop))
                break
        return


def _entry(text: str) -> str:
    """Return a contents entry without its dots and page number."""
    return re.sub(r"[.…·\s　]+\d*\Z|\s", "", text)


def _annex_lists(lines: tuple[Line, ...]) -> Iterator[int]:
    """«附件：1.…» and the numbered titles on the lines after it."""
    for index, line in enumerate(lines):
        names = _names(lines, index + 1) if _ANNEX_HEAD.fullmatch(line.text) else ()
        if names:
            yield from (index, *names)
        if not _ANNEX_LIST.match(line.text):
            continue
        yield index
        for follow in range(index + 1, len(lines)):
            text = lines[follow].text
            if len(text) > _LISTED or text.endswith("。") or not label_at(text, 0):
                break
            yield follow


def _names(lines: tuple[Line, ...], first: int) -> range:
    """Lines 1., 2. … from ``first`` on that only name annexes: short, and no text after them."""
    end = first
    while end < len(lines) and _is_name(lines[end].text, end - first + 1):
        end += 1
    follows = lines[end].text if end < len(lines) else ""
    ended = not follows.endswith(_ENDED) and len(follows) <= _LISTED and not label_at(follows, 0)
    return range(first, end if ended else first)


def _is_name(text: str, number: int) -> bool:
    label = label_at(text, 0)
    counted = label is not None and label.number == number
    return counted and len(text) <= _LISTED and not text.endswith(_ENDED)
