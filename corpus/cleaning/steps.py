"""The simple cleaning steps: text in, edits out. Their order stands in ``corpus.cleaning``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.cleaning.offsets import Edit

_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_INVISIBLE = re.compile(
    r"[\ufeff\u200b-\u200f\u2060\u00ad\u202a-\u202e\x00-\x08\x0e-\x1f\x7f\ue000-\uf8ff]"
)
_ODD_SPACE = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\ue5e5]")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(?P<text>[^*\n]+?)(?<=\S)\1")  # **（责任单位：区民政局）**
_MARK = re.compile(r"(?m)^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+(?=[*]{2}))")  # "# 标题", "> 注"
_LINK = re.compile(
    r"\[(?P<text>[^\]\n]{1,80})\]\((?:https?://|/)[^)\s]*\)"
)  # [官方链接](https://…)
_COMMENT = re.compile(r"(?s)<!--.*?-->")
_FENCE = re.compile(r"\A\s*---[ \t]*\n(?P<table>(?:[^\n]*\n){1,40}?)---[ \t]*(?=\n|\Z)")

_NOTES = re.compile(r"\s*(?:^>[^\n]*\n)*", re.MULTILINE)

_UNITS = "年月日时分秒号条款项章节万亿千百元人户套家个所处次件类种米里公亩吨岁周天届批期级名只"
_UNITS += "辆座栋倍成部份"
_SPACED = re.compile(
    rf"(?<=\d) (?=[{_UNITS}])"  # 2028 年
    r"|(?<=[\u4e00-\u9fff]) (?=\d+(?:[.,]\d+)?[%％]? ?[\u4e00-\u9fff])"  # 至 2028 年, 供给 500 套
    r"|(?<=[\u4e00-\u9fff]\d) (?=[\u4e00-\u9fff])"
)
_LABEL_BEFORE = re.compile(r"(?m)^\s*第[〇零一二三四五六七八九十百千\d]+[编章节条]\Z")
_SPLIT_ARTICLE = re.compile(
    r"第 ?(?:[〇零一二三四五六七八九十百千] ?){1,9}(?=[编章节条款项])|第 ?(?:\d ?){1,4}(?=[条款项])"
)  # 第 三 条


def line_ends(text: str) -> Iterator[Edit]:
    """CRLF, CR, form feeds and Unicode line separators become one line feed."""
    return (Edit(*match.span(), "\n") for match in _LINE_ENDS.finditer(text))


def invisible(text: str) -> Iterator[Edit]:
    """Byte order marks, zero-width and control characters go; odd spaces become plain ones."""
    found = [Edit(*match.span(), " ") for match in _ODD_SPACE.finditer(text)]
    found += [Edit(*match.span(), "") for match in _INVISIBLE.finditer(text)]
    return _without_overlap(found)  # U+E5E5, an odd space of GBK, is found by both


def markdown(text: str) -> Iterator[Edit]:
    """Markdown marks go, their text stays: heading and quote marks, links, comments, fences."""
    found = [Edit(*match.span(), "") for match in _COMMENT.finditer(text)]
    fence = _FENCE.match(text)
    if fence and ":" in fence["table"].replace("：", ":"):
        found.append(Edit(0, fence.start("table"), ""))
        notes = _NOTES.match(text, fence.end())  # remarks of whoever collected the page
        found.append(Edit(fence.end("table"), notes.end() if notes else fence.end(), ""))
    found += [Edit(*match.span(), "") for match in _MARK.finditer(text)]
    found += [Edit(*match.span(), match["text"]) for match in _LINK.finditer(text)]
    return _without_overlap(found)


def bold(text: str) -> Iterator[Edit]:
    """Markdown bold around units and headings: the marks go, the text stays."""
    found = []
    for match in _BOLD.finditer(text):
        found.append(Edit(match.start(), match.start("text"), ""))
        found.append(Edit(match.end("text"), match.end(), ""))
    return _without_overlap(found)


def number_spaces(text: str) -> Iterator[Edit]:
    """Single spaces inside numbers and article names go: 500 套, 2028 年, 第 三 条."""
    found = []
    for match in _SPLIT_ARTICLE.finditer(text):
        found += [
            Edit(match.start() + at, match.start() + at + 1, "")
            for at, char in enumerate(match[0])
            if char == " "
        ]
    for match in _SPACED.finditer(text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if not _LABEL_BEFORE.search(line):
            found.append(Edit(*match.span(), ""))
    return _without_overlap(found)


def _without_overlap(edits: list[Edit]) -> Iterator[Edit]:
    """Edits in order; one that begins inside an earlier one is left out."""
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if edit.start >= position:
            yield edit
            position = edit.end
