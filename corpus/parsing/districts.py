"""Names of districts that stand alone above what each of them asks for.

A collection of the rules of many districts prints the same rows below every name: «东城区»,
«所需材料…», «居住地…»; «海淀区», «所需材料…», …. Each name opens a part of the document.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from corpus.parsing.labels import Label, Style
from corpus.parsing.lines import Line

_NAME = re.compile(r"[\u3400-\u9fff]{2,7}")
_DISTRICT = re.compile(r"[\u3400-\u9fff]{1,6}[区县市旗]")  # 东城区; 燕山 where the others are
_LEAST = 3  # districts with the same row below


def with_districts(lines: Sequence[Line], found: list[Label]) -> list[Label]:
    """Labels with the names of districts among them, above all others."""
    above = [
        (line, _first_cell(following.text))
        for line, following in pairwise(lines)
        if _NAME.fullmatch(line.text)
    ]
    rows = Counter(row for line, row in above if _DISTRICT.fullmatch(line.text))
    common = {row for row, count in rows.items() if count >= _LEAST}
    names = [line for line, row in above if row in common]
    added = [
        Label(Style.DISTRICT, number, line.text, line.start, line.end)
        for number, line in enumerate(names, 1)
    ]
    taken = {label.start for label in added}
    return sorted(
        [*(label for label in found if label.start not in taken), *added],
        key=lambda label: label.start,
    )


def _first_cell(text: str) -> str:
    return text.partition("\t")[0]
