"""Labels: 第十二条, 一、, （一）, 1., （1）, ①, 一是, 附件1, 问. Text and place in, label out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum

from corpus.numerals import label_number


class Style(IntEnum):
    """Kinds of label; the number is the usual rank, smaller is higher."""

    ANNEX = 0
    PART = 10
    SUBPART = 15
    CHAPTER = 20
    SECTION = 30
    ARTICLE = 40
    QUESTION = 45
    CN = 50
    CN_BRACKET = 60
    ARABIC = 70
    ARABIC_BRACKET = 80
    CIRCLED = 90
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
        re.compile(rf"第(?P<n>{_CN}|\d{{1,4}})条(?P<sub>之{_CN})?[、.．:：]?{_AFTER_ARTICLE}"),
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
        re.compile(r"(?P<n>\d{1,3})\s?(?:[．、]|\.(?!\d)|\.(?=20\d\d年))\s*(?![\d])"),
    ),  # 1.
    (Style.ARABIC, re.compile(r"(?P<n>[⒈-⒛])")),
    (Style.CIRCLED, re.compile(r"(?P<n>[①-⑳❶-❿➀-➉])[、.．]?")),
)
INLINE = re.compile(rf"(?P<n>{_CN})(?P<what>是|要)(?![日年月，、一否因由])")  # 一是
ANNEX = re.compile(
    r"(?P<name>附\s*[件表录])\s*(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3})?\s*[：:]?(?=\s|$)"
)  # 附件1
_BRACKETS = str.maketrans("()【】", "（）（）")


def label_at(text: str, position: int) -> Label | None:
    """Return the label that begins at ``position``, taken for the start of a line, if any."""
    first = text[position : position + 1]
    if not first or (first not in "第问QＱq（(【" and label_number(first) is None):
        return None
    for style, pattern in LABELS:
        match = pattern.match(text, position)
        if match:
            label = _label(style, match)
            if label:
                return label
    return None


def inline_at(match: re.Match[str]) -> Label | None:
    """Return the 一是 label of a match of INLINE."""
    number = label_number(match["n"])
    if not number:
        return None
    return Label(Style.INLINE, number, match[0], match.start(), match.end())


def printed(style: Style, text: str) -> str:
    """Text as citations print it: ``(一)`` → ``（一）``, ``1.`` → ``1``."""
    text = re.sub(r"\s", "", text)
    if style in {Style.CN_BRACKET, Style.ARABIC_BRACKET} and len(text) > 1:
        return text.rstrip("、.．").translate(_BRACKETS)
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
