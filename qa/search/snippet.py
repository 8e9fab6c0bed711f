"""The part of a clause to show for a query, with the words of the query marked.

tantivy's SnippetGenerator is not used: it cuts its own stored text with the tokenizer of the
field, and our fields hold jieba's words or single characters joined by blanks, so its offsets are
not those of the clause. Here the search form is made character by character with the place each
character came from; window and marks are offsets into the clause text itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from corpus.types import Span
from index.tokens import search_form
from qa.search.types import Snippet

WINDOW = 120  # characters
_LEAD = 30  # characters before the first mark that may be shown to begin with a sentence
_BEGIN = re.compile(r"(?<=[。；;\n])[^。；;\n]*\Z")
_MOST_MARKS = 200  # of one clause; an annex can name a word on every line


@lru_cache(maxsize=16_384)
def _folded(char: str) -> str:
    return "".join(search_form(char).split())


def folded(text: str) -> tuple[str, list[int]]:
    """Search form without blanks, and for each of its characters the offset it came from."""
    pieces, origins = [], []
    for offset, char in enumerate(text):
        form = _folded(char)
        pieces.append(form)
        origins.extend([offset] * len(form))
    return "".join(pieces), origins


def snippet(text: str, needles: Mapping[str, float]) -> Snippet:
    """The best window of at most WINDOW characters.

    :param needles: what to mark, in search form without blanks, with its weight.
    :return: the window that holds the most weight (each needle counted once, then all its
        places), the earliest of equals; without any mark, the beginning of the text.
    """
    found = _marks(text, needles)
    start, end = 0, min(len(text), WINDOW)
    if found:
        start, end = max((_window(text, mark) for mark, _ in found), key=_worth(found, needles))
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Snippet((start, end), tuple(mark for mark, _ in found if _within(mark, (start, end))))


def _marks(text: str, needles: Mapping[str, float]) -> list[tuple[Span, str]]:
    """Places of the needles in order, longest needle first where several begin."""
    wanted = sorted((needle for needle in needles if needle), key=lambda n: (-len(n), n))
    if not wanted:
        return []
    form, origins = folded(text)
    pattern = re.compile("|".join(map(re.escape, wanted)))
    places = []
    for match in pattern.finditer(form):
        places.append(((origins[match.start()], origins[match.end() - 1] + 1), match[0]))
        if len(places) == _MOST_MARKS:
            break
    return places


def _window(text: str, mark: Span) -> Span:
    """A window that begins with the sentence of ``mark``, or somewhat before the mark."""
    first = mark[0]
    lead = _BEGIN.search(text, max(0, first - _LEAD), first)
    start = lead.start() if lead else max(0, first - _LEAD // 2)
    if first <= _LEAD:
        start = 0
    start = max(0, min(start, len(text) - WINDOW))
    return start, min(len(text), start + WINDOW)


def _worth(
    found: Sequence[tuple[Span, str]], needles: Mapping[str, float]
) -> Callable[[Span], tuple[float, int, int]]:
    """What a window is compared by: weight of its needles, places, then the earlier one."""

    def worth(window: Span) -> tuple[float, int, int]:
        inside = [needle for mark, needle in found if _within(mark, window)]
        return sum(needles[needle] for needle in set(inside)), len(inside), -window[0]

    return worth


def _within(mark: Span, window: Span) -> bool:
    return window[0] <= mark[0] and mark[1] <= window[1]
