"""Figures of a passage: numbers with their unit and what they count."""

from __future__ import annotations

import re

from corpus.numerals import chinese_number
from corpus.types import Figure, Span

_UNITS = (
    "平方米|平方公里|平方千米|立方米|公里|千米|厘米|毫米|公顷|公斤|千克|千瓦时|千瓦|兆瓦|万吨|吨|亩|米|"
    "个百分点|百分点|个工作日|工作日|个自然日|自然日|个小时|小时|分钟|个月|个季度|个学期|周岁|年级|学年|学期|"
    "人次|人日|人|名|户|套|间|家|个|所|座|栋|幢|处|条|项|件|种|类|次|场|期|批|届|级|辆|台|艘|架|张|份|"
    "册|部|篇|倍|折|分|星级|周|天|日|月|年|岁|元|美元|港元|平米|㎡|%|％|‰|℃|MW|kW|GB|MB|Mbps|度"
)
_NUMBER = (
    r"(?:百分之[〇零一二两三四五六七八九十百点]+|\d[\d,]*(?:\.\d+)?[十百千万亿萬億]*"
    r"|[〇零一二两三四五六七八九十百千万亿]+)"
)
_FIGURE = re.compile(
    rf"(?<![\d.A-Za-z])(?P<number>{_NUMBER})\s?(?P<unit>{_UNITS})?(?P<more>以上|以下|左右|以内|以前)?"
)
_CHINESE = re.compile(r"[〇零一二两三四五六七八九十百千万亿]+")
_NOUN = re.compile(r"[\u4e00-\u9fffA-Za-z“”]{1,12}\Z")
_VERBS = re.compile(
    r".*(?:达到|达|保持在|提高到|提高|增加到|增加|新增|不低于|不少于|不超过|不高于|不得超过|至少|约为|约|超过|超|"
    r"为|在|到|至|共|满|每|的|和|与|及|力争|突破|控制|压缩|缩短|覆盖)+\Z"
)
_NOT_FIGURES = re.compile(r"第\Z")
_CHINESE_NEEDS_UNIT = frozenset("年月日级")  # 一级, 二级 … are names as often as figures


def figures(text: str, span: Span) -> tuple[Figure, ...]:
    """Numbers of ``text[span]`` with value, unit and the words before that say what is counted."""
    start, end = span
    found = []
    for match in _FIGURE.finditer(text, start, end):
        figure = _figure(text, match, start)
        if figure:
            found.append(figure)
    return tuple(found)


def _figure(text: str, match: re.Match[str], floor: int) -> Figure | None:
    number, unit = match["number"], match["unit"] or ""
    before = text[max(floor, match.start() - 16) : match.start()]
    if _NOT_FIGURES.search(before):
        return None
    if _CHINESE.fullmatch(number) and (
        not unit or unit in _CHINESE_NEEDS_UNIT or number in "千万百十"
    ):
        return None
    value = chinese_number(number)
    if value is None:
        return None
    if number.startswith("百分之"):
        unit = "%"
    end = match.end("unit") if match["unit"] else match.end("number")
    return Figure(
        text[match.start() : end],
        value,
        unit.replace("％", "%"),
        _noun(before),
        (match.start(), end),
    )


def _noun(before: str) -> str:
    """Return the words right before a figure, without the verb that joins them."""
    match = _NOUN.search(before)
    if not match:
        return ""
    words = match[0]
    verb = _VERBS.match(words)
    if verb:
        words = re.sub(
            r"(?:达到|达|保持在|提高到|不低于|不少于|不超过|为|到|至|约|超过|超)+\Z", "", words
        )
    return words
