"""Printed pages to paragraphs: geometry tells a break inside a sentence from a new paragraph."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.parsing.labels import label_at

_NUMBER = re.compile(r"[\s—–\-_·~第]*\d{1,4}\s*(?:[/／共]\s*\d{1,4})?[\s—–\-_·~页]*")
_MARGIN = 0.09  # share of the height at the top and the bottom where heads and numbers stand
_REPEATED = 3  # pages on which a running head is printed at least
_FINAL = tuple("。！？；!?;：:")


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line with its box (points, origin at the lower left corner)."""

    text: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def size(self) -> float:
        """Height in points."""
        return max(1.0, self.top - self.bottom)


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page from top to bottom."""

    width: float
    height: float
    lines: tuple[Line, ...]


def paragraphs(pages: Sequence[Page]) -> str:
    """Text of the pages, one paragraph a line."""
    lines = [line for page in _without_heads(pages) for line in page.lines]
    if not lines:
        return ""
    left = _usual(line.left for line in lines)
    right = _edge(lines)
    out = [lines[0].text]
    for before, line in pairwise(lines):
        if _continues(before, line, left, right, out[-1]):
            spaced = out[-1][-1:].isascii() and line.text[:1].isascii() and out[-1][-1:].isalnum()
            out[-1] += (" " if spaced else "") + line.text
        else:
            out.append(line.text)
    return "\n".join(out) + "\n"


def _continues(before: Line, line: Line, left: float, right: float, paragraph: str) -> bool:
    """Whether a line runs on from the one before it."""
    size = before.size
    if "\t" in before.text or "\t" in line.text or label_at(line.text, 0):
        return False
    full = before.right > right - 2.2 * size
    flush = abs(line.left - left) < 1.2 * size
    if not full or not flush:
        return False
    return not (paragraph.endswith(_FINAL) and before.right < right - 1.2 * size)


def _usual(values: object) -> float:
    """Left margin: the smallest place where many lines begin."""
    places = Counter(round(float(value) / 3) for value in values)  # type: ignore[attr-defined]
    most = max(places.values())
    return 3.0 * min(place for place, count in places.items() if count >= max(1, most * 0.3))


def _edge(lines: Sequence[Line]) -> float:
    """Right margin: where the fullest tenth of the lines ends."""
    ends = sorted(line.right for line in lines)
    return ends[int(len(ends) * 0.9)] if len(ends) > 10 else ends[-1]


def _without_heads(pages: Sequence[Page]) -> list[Page]:
    """Pages without page numbers and without the heads that several pages repeat."""
    seen = Counter(
        _shape(line.text) for page in pages for line in set(_outer(page)) if line.text.strip()
    )
    least = max(_REPEATED, len(pages) // 3)
    kept = []
    for page in pages:
        outer = set(_outer(page))
        lines = tuple(
            line
            for line in page.lines
            if line not in outer
            or not (_NUMBER.fullmatch(line.text) or seen[_shape(line.text)] >= least)
        )
        kept.append(Page(page.width, page.height, lines))
    return kept


def _outer(page: Page) -> tuple[Line, ...]:
    """First and last line, and whatever stands in the margins."""
    edges = page.lines[:1] + page.lines[-1:]
    low, high = page.height * _MARGIN, page.height * (1 - _MARGIN)
    return (*edges, *(line for line in page.lines[1:-1] if line.top < low or line.bottom > high))


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", re.sub(r"\s", "", text))
