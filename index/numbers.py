"""Figures in all written forms, folded to one: 两万 / 2万 / 20000, 百分之九十六 / 96%."""

from __future__ import annotations

import re

from corpus import chinese_number

_ARABIC = r"\d+(?:\.\d+)?[千百]?[万亿]?"
_CHINESE = r"[零〇一二两三四五六七八九十百千][零〇一二两三四五六七八九十百千万亿]*"
_FIGURE = re.compile(
    rf"百分之(?P<percent>{_CHINESE}|{_ARABIC})|(?P<plain>{_ARABIC})%?|(?P<words>{_CHINESE})"
)
# One Chinese numeral alone is usually a word (一下, 三明), not a figure, unless a measure follows.
_MEASURE = re.compile(r"[个所套家条项处户人名年月日天岁公里米平亩元块次倍成层级批]")


def figure_keys(form: str) -> frozenset[str]:
    """Figures of a text in search form, each as a plain number, percentages with ``%``.

    >>> sorted(figure_keys("两万人")) == sorted(figure_keys("20000人"))
    True
    """
    keys = set()
    for match in _FIGURE.finditer(form):
        percent, plain, words = match["percent"], match["plain"], match["words"]
        if words is not None:
            if len(words) == 1 and words != "十" and not _MEASURE.match(form, match.end()):
                continue
            keys.add(_key(words))
        elif plain is not None:
            keys.add(_key(plain) + ("%" if match[0].endswith("%") else ""))
        elif percent is not None:
            keys.add(f"{_key(percent)}%")
    return frozenset(keys)


def _key(figure: str) -> str:
    value = chinese_number(figure)
    return figure if value is None else f"{value:g}"
