"""Printed pages to paragraphs: geometry tells a break inside a sentence from a new paragraph."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.parsing.labels import decimal_at, label_at

_NUMBER = re.compile(r"[\s—–\-_·~第]*\d{1,4}\s*(?:[/／共]\s*\d{1,4})?[\s—–\-_·~页]*")
_MARGIN = 0.09  # share of the height at the top and the bottom where heads and numbers stand
_REPEATED = 3  # pages on which a running head is printed at least
_FULL_PAGE = 8  # lines that show the margins of a page
_OTHER_TYPE = 0.3  # share by which the type of a title is larger
_RAGGED = 0.7  # share of the width that a line broken in a sentence fills at least
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


@dataclass(frozen=True, slots=True)
class Margins:
    """Where the lines of a page begin and end (points).

    ``indented``: whether paragraphs begin with an indent, so that a line without one runs on.
    """

    left: float
    right: float
    indented: bool = False


def paragraphs(pages: Sequence[Page]) -> str:
    """Text of the pages, one paragraph a line."""
    kept = _without_heads(pages)
    whole = _margins([line for page in kept for line in page.lines])
    placed: list[tuple[Line, Margins]] = []
    for page in kept:  # odd and even pages are mirrored, so each has margins of its own
        margins = _margins(page.lines) if len(page.lines) >= _FULL_PAGE else whole
        placed += [(line, margins) for line in page.lines]
    out: list[str] = []
    for index, (line, margins) in enumerate(placed):
        if index and _continues(*placed[index - 1], line, margins, out[-1]):
            apart = out[-1][-1:].isascii() and line.text[:1].isascii() and out[-1][-1:].isalnum()
            out[-1] += (" " if apart else "") + line.text
        else:
            out.append(line.text)
    return "\n".join(out) + "\n"


def _continues(before: Line, its: Margins, line: Line, margins: Margins, paragraph: str) -> bool:
    """Whether a line runs on from the one before it."""
    size = before.size
    if "\t" in before.text or "\t" in line.text or _begins_anew(line.text):
        return False
    full = before.right > its.right - 2.2 * size or _ragged(before, its, paragraph)
    flush = abs(line.left - margins.left) < 1.2 * size
    if not full or not flush or abs(line.size - size) > _OTHER_TYPE * size:
        return False
    return not (paragraph.endswith(_FINAL) and before.right < its.right - 1.2 * size)


def _ragged(before: Line, its: Margins, paragraph: str) -> bool:
    """Whether a line that ends short of the margin is broken in a sentence all the same.

    Lines of letters and digits end where the next character would not fit; where paragraphs are
    indented, only a sentence that is not finished can run on.
    """
    long = before.right > its.left + _RAGGED * (its.right - its.left)
    return its.indented and long and not paragraph.endswith(_FINAL)


def _begins_anew(text: str) -> bool:
    return label_at(text, 0) is not None or decimal_at(text, 0) is not None


def _margins(lines: Sequence[Line]) -> Margins:
    """Left: the first place where many lines begin. Right: where the fullest lines end."""
    if not lines:
        return Margins(0.0, 0.0)
    places = Counter(round(line.left / 3) for line in lines)
    most = max(places.values())
    left = 3.0 * min(place for place, count in places.items() if count >= max(1, most * 0.3))
    ends = sorted(line.right for line in lines)
    indents = sum(1.5 < (line.left - left) / line.size < 2.6 for line in lines)
    right = ends[int(len(ends) * 0.9)] if len(ends) > 10 else ends[-1]
    return Margins(left, right, indents >= max(3, len(lines) * 0.1))


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
