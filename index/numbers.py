"""Figures in all written forms, folded to one: 两万 / 2万 / 20000, 百分之九十六 / 96%."""

from __future__ import annotations

import re

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10_000, "亿": 100_000_000}
_ARABIC = r"\d+(?:\.\d+)?[千百]?[万亿]?"
_CHINESE = r"[零〇一二两三四五六七八九十百千][零〇一二两三四五六七八九十百千万亿]*"
_FIGURE = re.compile(
    rf"百分之(?P<percent>{_CHINESE}|{_ARABIC})|(?P<plain>{_ARABIC})%?|(?P<words>{_CHINESE})"
)
# One Chinese numeral alone is usually a word (一下, 三明), not a figure, unless a measure follows.
_MEASURE = re.compile(r"[个所套家条项处户人名年月日天岁公里米平亩元块次倍成层级批]")


def chinese_value(text: str) -> int:
    """Value of a Chinese numeral: 一千二百 → 1200, 两万 → 20000, 二〇二五 → 2025."""
    if len(text) > 1 and all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total = section = digit = 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _UNITS:
            section += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            total = (
                (total + section + digit) * _BIG[char]
                if char == "亿"
                else total + ((section + digit) * _BIG[char])
            )
            section = digit = 0
    return total + section + digit


def _arabic_value(text: str) -> float:
    value = float(re.match(r"[\d.]+", text)[0])  # type: ignore[index]
    for char in text:
        value *= {"百": 100, "千": 1000, **_BIG}.get(char, 1)
    return value


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
            keys.add(f"{chinese_value(words):g}")
        elif plain is not None:
            keys.add(f"{_arabic_value(plain):g}{'%' if match[0].endswith('%') else ''}")
        elif percent is not None:
            value = _arabic_value(percent) if percent[0].isdigit() else chinese_value(percent)
            keys.add(f"{value:g}%")
    return frozenset(keys)
