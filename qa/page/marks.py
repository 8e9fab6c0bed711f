"""Marking quotes inside the text they were taken from."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from corpus.types import Span


def inner_spans(whole: Span, quotes: Iterable[Span]) -> tuple[Span, ...]:
    """Move document spans into a passage and keep what lies in it, sorted and merged.

    :param whole: span of the passage in its document.
    :param quotes: spans in the same document, in any order, overlapping or not.
    :returns: disjoint spans that count from the start of the passage.
    """
    start, end = whole
    merged: list[Span] = []
    for left, right in sorted(quotes):
        low, high = max(left, start) - start, min(right, end) - start
        if low >= high:
            continue
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)


def marked_html(text: str, spans: Iterable[Span]) -> str:
    """Escape a text and wrap the given disjoint, sorted spans of it in ``<mark>``."""
    pieces: list[str] = []
    at = 0
    for left, right in spans:
        pieces += [escape(text[at:left]), "<mark>", escape(text[left:right]), "</mark>"]
        at = right
    return "".join([*pieces, escape(text[at:])])
