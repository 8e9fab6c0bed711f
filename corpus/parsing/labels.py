"""Labels: 第十二条, 一、, （一）, 1., 4.1.2, ①, 一是, 附件1, 问. Text and place in, label out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from corpus.numerals import label_number


class Style(IntEnum):
    """Kinds of label; the number is the usual rank, smaller is higher."""

    ANNEX = 0
    DISTRICT = 5  # 东城区 alone on a line, in a collection for many districts
    PART = 10
    SUBPART = 15
    CHAPTER = 20
    SECTION = 30
    ARTICLE = 40
    TOPIC = 42
    SUBTOPIC = 43
    LEAD = 44  # a paragraph that announces a list which counts afresh
    QUESTION = 45
    BARE = 46
    DECIMAL_2 = 47
    DECIMAL_3 = 48
    DECIMAL_4 = 49
    CN = 50
    CN_BRACKET = 60
    ARABIC = 70
    ARABIC_BRACKET = 80
    CIRCLED = 90
    MARK = 92  # ▲ in place of a number; above the items that it opens
    INLINE = 95


@dataclass(frozen=True, slots=True)
class Label:
    """A label found in the text: ``start`` at the label, ``body`` where the words after it begin.

    ``text`` is what citations print: trailing 、．. removed, brackets full-width.
    """

    style: Style
    number: int
    text: str
    start: int
    body: int


WORDED = frozenset(
    {Style.DISTRICT, Style.TOPIC, Style.SUBTOPIC, Style.LEAD, Style.MARK}
)  # labels that are printed words

_CN = "[〇零一二三四五六七八九十百千]{1,9}"  # up to 第一千二百六十条
_AFTER_ARTICLE = r"(?![、，,的和与及或至到所中第款项规之]|(?:规定|以及|关于|修改|改为|删去))"

LABELS: tuple[tuple[Style, re.Pattern[str]], ...] = (
    (
        Style.PART,
        re.compile(
            rf"第(?P<n>{_CN}|\d{{1,3}})(?:编|部分)(?=[\s　:：、]|[^\s。，,]{{1,30}}$)", re.M
        ),
    ),
    (
        Style.SUBPART,
        re.compile(rf"第(?P<n>{_CN}|\d{{1,3}})分编(?=[\s　:：]|[^\s。，,]{{1,30}}$)", re.M),
    ),
    (
        Style.CHAPTER,
        re.compile(rf"第(?P<n>{_CN}|\d{{1,3}})章(?=[\s　:：、]|[^\s。，,]{{1,40}}$)", re.M),
    ),
    (
        Style.SECTION,
        re.compile(rf"第(?P<n>{_CN}|\d{{1,3}})节(?=[\s　:：、]|[^\s。，,]{{1,40}}$)", re.M),
    ),
    (  # 第十二条, 第十二条之一
        Style.ARTICLE,
        re.compile(
            rf"[第笫苐](?P<n>{_CN}|\d{{1,4}})条(?P<sub>之{_CN})?[、.．:：]?{_AFTER_ARTICLE}"
        ),
    ),
    (
        Style.QUESTION,
        re.compile(r"(?:问题?|Q|q)(?P<n>\d{1,3}|" + _CN + r")?[：:.、．]"),
    ),  # 问： Q1.
    (Style.CN_BRACKET, re.compile(rf"[（(【]\s*(?P<n>{_CN})\s*[）)】][、.．]?")),  # （一）
    (Style.CN_BRACKET, re.compile(r"(?P<n>[㈠-㈩])[、.．]?")),
    (Style.CN, re.compile(rf"(?P<n>{_CN})\s?[、.．](?!{_CN}[、级类等年月])")),  # 一、
    (Style.ARABIC_BRACKET, re.compile(r"[（(]\s*(?P<n>\d{1,3})\s*[）)][、.．]?")),  # （1）
    (Style.ARABIC_BRACKET, re.compile(r"(?P<n>\d{1,3})[）)][、.．]?")),  # 1）
    (Style.ARABIC_BRACKET, re.compile(r"(?P<n>[⑴-⒇])[、.．]?")),
    (
        Style.ARABIC,
        re.compile(
            r"(?P<n>\d{1,3})\s?(?:[．、]\s*(?!\d)|[．、.](?=\s?\d{4}年|\s?\d{1,2}月\d)|\.(?!\d)\s*(?!\d))"
        ),
    ),  # 1.
    (Style.ARABIC, re.compile(r"(?P<n>[⒈-⒛])")),
    (Style.CIRCLED, re.compile(r"(?P<n>[①-⑳❶-❿➀-➉])[、.．]?")),
)
_DECIMAL = re.compile(
    r"(?P<n>\d{1,2}(?:\.\d{1,2}){1,3})(?:\.?[ 　\t]+|(?=[\u3400-\u9fff《“（]))"
    r"(?![万亿元米个倍%％‰岁周平公里分名人月年日小天亩吨立千百兆度项种级家户套次℃])"
)  # 4.1.2 组织机构
_BARE = re.compile(
    r"(?P<n>\d{1,2})[ 　\t]+(?=[\u3400-\u9fff]{2,20}[ 　\t]*(?:\n|\Z))"
)  # 4 组织机构
_LOOSE: tuple[tuple[Style, re.Pattern[str]], ...] = (
    (Style.ARTICLE, re.compile(rf"[第笫苐](?P<n>{_CN})条")),
    (Style.ARTICLE, re.compile(rf"(?P<n>{_CN})条(?=[ \t　])")),
    (Style.ARABIC, re.compile(r"(?P<n>\d{1,2})[.．、](?=\d)")),
)
INLINE = re.compile(rf"(?P<n>{_CN})(?P<what>是|要)(?![日年月，、一否因由])")  # 一是
ANNEX = re.compile(
    r"(?P<name>附\s*[件表录])\s*(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3})?\s*[：:]?(?=\s|$)"
)  # 附件1
_BRACKETS = str.maketrans("()【】", "（）（）")


def label_at(text: str, position: int) -> Label | None:
    """Return the label that begins at ``position``, taken for the start of a line, if any."""
    first = text[position : position + 1]
    if not first or (first not in "第笫苐问QＱq（(【" and label_number(first) is None):
        return None
    for style, pattern in LABELS:
        match = pattern.match(text, position)
        if match:
            label = _label(style, match)
            if label:
                return label
    return None


def decimal_at(text: str, position: int) -> Label | None:
    """Return the label of a decimal outline (4.1.2 or 4 alone), if one may begin here.

    Whether it is one is for the sequence to tell: «3.5 亿元» can begin a line as well.
    """
    match = _DECIMAL.match(text, position)
    if match:
        parts = match["n"].split(".")
        style = Style(Style.BARE + len(parts) - 1)
        return Label(style, int(parts[-1]), match["n"], position, match.end())
    match = _BARE.match(text, position)
    if match and int(match["n"]):
        return Label(Style.BARE, int(match["n"]), match["n"], position, match.end())
    return None


def loose_at(text: str, position: int, found: Sequence[Label]) -> Label | None:
    """Return a label that could be something else, where it continues the numbering found.

    «第三十四条第二十五条、第三十条…» after 第三十三条, «二十五条　…» (第 was lost) after
    第二十四条, «2.60周岁以上…» after 1.
    """
    for style, pattern in _LOOSE:
        match = pattern.match(text, position)
        if match:
            label = _label(style, match)
            last = next((old.number for old in reversed(found) if old.style == style), 0)
            whole = style == Style.ARTICLE and match[0][0] in "第笫苐"
            if label and label.number == last + 1 and (last or whole):
                return label
    return None


def inline_at(match: re.Match[str]) -> Label | None:
    """Return the 一是 label of a match of INLINE."""
    number = label_number(match["n"])
    if not number:
        return None
    return Label(Style.INLINE, number, match[0], match.start(), match.end())


def printed(style: Style, text: str) -> str:
    """Text as citations print it: ``(一)`` → ``（一）``, ``1.`` → ``1``, 笫三条 → 第三条."""
    text = re.sub(r"\s", "", text)
    if style in {Style.CN_BRACKET, Style.ARABIC_BRACKET} and len(text) > 1:
        return text.rstrip("、.．").translate(_BRACKETS)
    if style == Style.ARTICLE:  # 笫五十二条, 二十五条: the sign is misread or lost
        text = "第" + text.lstrip("第笫苐")
    return text.rstrip("、.．:：")


def _label(style: Style, match: re.Match[str]) -> Label | None:
    raw = match["n"]
    number = 0 if raw is None else _number(raw)
    if number is None or (raw is not None and number == 0):
        return None
    text = printed(style, match[0])
    end = match.end()
    while end < len(match.string) and match.string[end] in " \t　":
        end += 1
    return Label(style, number, text, match.start(), end)


def _number(raw: str) -> int | None:
    if "❶" <= raw <= "❿":
        return ord(raw) - ord("❶") + 1
    if "➀" <= raw <= "➉":
        return ord(raw) - ord("➀") + 1
    return label_number(unicodedata.normalize("NFKC", raw).strip("()."))
