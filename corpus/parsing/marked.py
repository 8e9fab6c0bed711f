"""Paragraphs that begin with a mark instead of a number: ▲拟落户家庭户的，须提供：（1）….

They are parts of their item where at least one of them opens a list that counts from one; marks
above plain paragraphs only adorn them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from corpus.parsing.labels import Label, Style
from corpus.parsing.lines import Line

_MARK = re.compile(r"(?P<mark>[▲△●■◆★☆◎▶►])[ \t　]*(?P<name>[^，。；：:\n]{2,30})")
_LEAST = 2  # paragraphs with the same mark


def with_marks(lines: Sequence[Line], found: list[Label]) -> list[Label]:
    """Labels with the marked paragraphs among them."""
    marked: dict[str, list[Label]] = defaultdict(list)
    for line in lines:
        match = _MARK.match(line.text)
        if match:
            own = marked[match["mark"]]
            end = line.start + match.start("name")
            own.append(Label(Style.MARK, len(own) + 1, match["name"].strip(), line.start, end))
    added = [
        label
        for own in marked.values()
        if len(own) >= _LEAST and any(_opens(label, found) for label in own)
        for label in own
    ]
    taken = {label.start for label in added}
    kept = [label for label in found if label.start not in taken]
    return sorted([*kept, *added], key=lambda label: label.start)


def _opens(mark: Label, found: list[Label]) -> bool:
    """Whether the next label counts from one."""
    after = next((label for label in found if label.start > mark.start), None)
    return after is not None and after.number == 1 and after.style > Style.CN
