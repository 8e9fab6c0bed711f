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
_NOUN = re.compile(r"[\u4e00-\u9fffA-Za-z“”]{1,16}\Z")
_VERBS = re.compile(
    r"(?:达到|达|保持在|提高到|提高|增加到|增加|不低于|不少于|不超过|不高于|不得超过|不得低于|至少|约为|约|超过|超|"
    r"为|在|到|至|共|年满|满|力争|突破|控制在|压缩至|给予|补贴|每[年月日天人户次餐个]?|按|的|自|于)+\Z"
)
_DATE = re.compile(r"(?:(?P<y>(?:19|20)\d\d)年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})日")
_NOT_FIGURES = re.compile(r"第\Z")
_NAMES = frozenset("月级")  # 三月, 二级 … are names as often as figures
_ONE_COUNTS = frozenset("年天日周倍")  # elsewhere 一 is an article: 一批, 一种, 一个


def figures(text: str, span: Span) -> tuple[Figure, ...]:
    """Numbers of ``text[span]`` with value, unit and the words before that say what is counted.

    A date is one figure of the unit 日期, its value the digits yyyymmdd (or mmdd).
    """
    start, end = span
    found = [_date(match) for match in _DATE.finditer(text, start, end)]
    taken = [figure.span for figure in found]
    for match in _FIGURE.finditer(text, start, end):
        if any(a <= match.start() < b for a, b in taken):
            continue
        figure = _figure(text, match, start)
        if figure:
            found.append(figure)
    return tuple(sorted(found, key=lambda figure: figure.span))


def _date(match: re.Match[str]) -> Figure:
    value = int(match["y"] or 0) * 10_000 + int(match["m"]) * 100 + int(match["d"])
    return Figure(match[0], float(value), "日期", "", match.span())


def _figure(text: str, match: re.Match[str], floor: int) -> Figure | None:
    number, unit = match["number"], match["unit"] or ""
    before = text[max(floor, match.start() - 20) : match.start()]
    if _NOT_FIGURES.search(before):
        return None
    if _CHINESE.fullmatch(number) and not _counts(number, unit):
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


def _counts(number: str, unit: str) -> bool:
    """Whether a number in Chinese numerals counts something."""
    if not unit or unit in _NAMES or number in "千万百十":
        return False
    return number != "一" or unit in _ONE_COUNTS or unit in {"个月", "小时", "个小时", "周岁"}


def _noun(before: str) -> str:
    """Return the words right before a figure, without the verb that joins them."""
    match = _NOUN.search(before)
    if not match:
        return ""
    return _VERBS.sub("", match[0])[-12:]
