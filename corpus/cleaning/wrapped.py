"""Lines that were broken inside a sentence (page breaks, fixed-width text) are joined again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from corpus.blocks import Kind, classify, is_title
from corpus.cleaning.offsets import Edit
from corpus.parsing.labels import ANNEX, Style, label_at
from corpus.parsing.lines import Line, split_lines
from corpus.parsing.tails import TRAILER_LINE

_OPEN_END = re.compile(r"[\u3400-\u9fff0-9A-Za-z，、,（(《“％%—－-]\Z")
_ENDED = re.compile(r"[。；：;:]\Z")
_SENTENCES = re.compile(r"[。；;]")
_LONG_LABELLED = 45  # a labelled line without a full stop this long is no heading
_LONG_PLAIN = 24
_SHORT = 12
_FULL = 24  # characters of a full printed line, least: a shorter one may be a heading
_PAUSE = "，、"  # nothing ends here
_CLOSING = "）)》”"
_SPLIT_DATE = re.compile(r"\d[年月]\n\d{1,2}[月日]")  # 有效期至2019年⏎12月31日
_LOOK = 300  # characters back for an opening bracket
_KEPT = {Kind.TABLE, Kind.DATE, Kind.NUMBER, Kind.NOTE, Kind.HEADER}


def wrapped_lines(text: str) -> Iterator[Edit]:
    """Drop the break after a line that ends in mid-sentence, when the next one continues it."""
    lines = split_lines(text)
    width = _wrap_width(lines)
    indented = _is_indented(text, lines)
    paragraph = ""
    for first, second in pairwise(lines):
        paragraph = (paragraph or "") + first.text
        outdented = indented and not _indent(text, second)
        if _continues(paragraph, first, second, width, outdented):
            apart = first.text[-1:].isascii() and second.text[:1].isascii()
            spaced = apart and first.text[-1:].isalpha() and second.text[:1].isalpha()
            yield Edit(first.end, second.start, " " if spaced else "")
        else:
            paragraph = ""


def _continues(
    paragraph: str, first: Line, second: Line, width: int | None, outdented: bool
) -> bool:
    if not _OPEN_END.search(first.text):
        return outdented and first.text[-1] in _CLOSING and _full_line(paragraph, first)
    if _SPLIT_DATE.search(f"{first.text[-2:]}\n{second.text[:4]}"):
        return True
    if _begins_anew(second.text):
        return False
    if _bracket_spans(paragraph, second.text):
        return True
    if "\t" in first.text + second.text:
        return False  # rows of a table
    return first.text[-1] in _PAUSE or _goes_on(paragraph, first, second, width, outdented)


def _goes_on(paragraph: str, first: Line, second: Line, width: int | None, outdented: bool) -> bool:
    """Whether a line that ends in a word is no heading, title or signature but goes on."""
    kind = classify(first.text)
    full = width is not None and len(first.text) >= width
    if full and kind not in _KEPT and not is_title(first.text):
        return True
    if outdented and _full_line(paragraph, first):
        return True
    if classify(paragraph) in _KEPT or kind in {Kind.TITLE, Kind.SIGN, *_KEPT}:
        return False
    return (outdented and len(first.text) > _SHORT) or _unfinished(paragraph, second)


def _full_line(paragraph: str, first: Line) -> bool:
    """Whether a line reaches the right margin in a paragraph that is no heading or title."""
    if len(first.text) < _FULL or classify(first.text) in _KEPT or "\t" in first.text:
        return False
    label = label_at(paragraph, 0)
    return label is not None or _SENTENCES.search(paragraph) is not None or not is_title(paragraph)


def _unfinished(paragraph: str, second: Line) -> bool:
    """Whether a paragraph stops too late for a heading, before a line that has a sentence."""
    if not re.search(r"[。，；,;]", second.text):
        return False
    if _SENTENCES.search(paragraph):
        return True
    label = label_at(paragraph, 0)
    paused = re.search(r"[，,]", paragraph) is not None
    if label and label.style == Style.ARTICLE and paused:
        return True  # an article is headed by a name, never by half a sentence
    return paused and len(paragraph) >= (_LONG_LABELLED if label else _LONG_PLAIN)


def _indent(text: str, line: Line) -> bool:
    return text[line.start - 1 : line.start] in {" ", "　", "\t"}


def _is_indented(text: str, lines: tuple[Line, ...]) -> bool:
    """Tell whether paragraphs of this text begin with an indent.

    Only lines after a finished one are counted: in hard-wrapped text half of all lines go on.
    """
    begun = [b for a, b in pairwise(lines) if _ENDED.search(a.text) and len(b.text) > _SHORT]
    return len(begun) > 3 and sum(_indent(text, line) for line in begun) > len(begun) * 0.6


def _begins_anew(text: str) -> bool:
    """Tell whether a label, units, a page table, a date or an annex opens the line."""
    if label_at(text, 0) or ANNEX.match(text) or TRAILER_LINE.match(text):
        return True
    return classify(text) in _KEPT


def _bracket_spans(paragraph: str, following: str) -> bool:
    """Whether a bracket or 《 opened before the break is closed soon after it."""
    tail = paragraph[-_LOOK:]
    for opening, closing in (("（(", "）)"), ("《", "》")):
        depth = sum(char in opening for char in tail) - sum(char in closing for char in tail)
        if depth > 0:
            closes = [following.find(char) for char in closing if char in following[:120]]
            opens = [following.find(char) for char in opening if char in following[:120]]
            if closes and (not opens or min(closes) < min(opens)):
                return True
    return False


def _wrap_width(lines: tuple[Line, ...]) -> int | None:
    """Least length of a full line in fixed-width text, or None where lines are paragraphs."""
    lengths = [len(line.text) for line in lines if len(line.text) > 15]
    if len(lengths) < 12 or max(lengths) > 70:
        return None
    mode, _count = Counter(lengths).most_common(1)[0]
    near = sum(abs(length - mode) <= 3 for length in lengths)
    return mode - 3 if near > len(lengths) * 0.5 else None
