"""Where the last clause ends and the closing lines begin."""

from __future__ import annotations

import re

from corpus.blocks import Kind, classify
from corpus.parsing.lines import Line

TRAILER_LINE = re.compile(
    r"[（(][^（）()]*(?:[（(][^（）()]*[）)][^（）()]*)*(?:负责|落实|配合|牵头)[^（）()]{0,20}[）)]\s*。?\Z"
    r"|[（(]?(?:责任|牵头|配合|主办|落实)(?:单位|部门)[：:].*\Z"
)
_CONTACT = r"(?:解读|联\s*系|咨询|政策咨询|联络|监督|投诉|举报)"
_CONTACT += r"(?:机关|单位|部门|人|电话|方式|热线)?\s*[：:]"
_CLOSING = re.compile(
    rf"""(?x)
      .{{0,30}}自.{{0,24}}(?:起|之日).{{0,8}}(?:施行|实施|执行|生效).*  # 自…起施行
    | .{{0,20}}有效期.{{0,30}}                                   # 有效期5年
    | .{{0,30}}由.{{1,30}}负责解释。?
    | 特此(?:通知|公告|通告|通报|批复|函复).? | 以上.{{0,20}}(?:请|望).{{0,30}} | 专此.{{0,10}}
    | (?:附|附件|附表)\s*[：:].* | [（(]?\s*(?:此件|联系人|联系电话|咨询电话|联系方式).*
    | {_CONTACT}.*
    """
)
_IMPRINT = re.compile(
    r"主\s*题\s*词\s*[：:].*|(?:抄送|主送|分送|报送|抄报)\s*[：:].*|[（(]共印\s*\d+\s*份[）)]"
    r"|(?:.{2,40}(?:办公室|办公厅)\s*.{0,6})?\d{4}年\d{1,2}月\d{1,2}日印发"
)  # what is printed below every official document, whatever its last section is about
_ANNEX_NAME = re.compile(r"附\s*[件表]\s*\d{1,2}\s*[：:][^。；]{2,60}")  # 附件1：申请表
_TABLE_TITLE = re.compile(r"[\u3400-\u9fff]{2}表\Z")  # …登记地点一览表
_ABOUT_CLOSING = re.compile(r"联系|咨询|附则|施行|有效期|解释|期限|时间|日期|电话")


def closing_start(lines: list[Line], heading: str, limit: int | None, labelled: int = 0) -> int:
    """Index of the first line that no longer belongs to the leaf (``len(lines)`` if all do).

    ``lines`` starts with the labelled line, whose first ``labelled`` characters are the label;
    ``limit`` is the number of lines that all the other leaves keep to, where they do.
    """
    keep = 2 if len(lines) > 1 and _heading_only(lines[0], heading) else 1
    if len(lines) > 1 and not lines[0].text.rstrip("、．.：: ")[labelled:].strip():
        keep = 2  # the label stands alone, its text begins on the next line
    for index in range(1, len(lines)):
        line = lines[index].text
        if _IMPRINT.fullmatch(line):
            return index
        if index < keep:
            continue
        over = limit is not None and index >= limit and classify(line) == Kind.BODY
        if over or _closes(lines, index) or table_title(lines[index : index + 3]):
            return index
        if _CLOSING.fullmatch(line) and not _ABOUT_CLOSING.search(heading):
            return index
    return len(lines)


def _closes(lines: list[Line], index: int) -> bool:
    """Whether a line closes a leaf of any subject: after its units, a date, note or signature."""
    line = lines[index].text
    if TRAILER_LINE.search(lines[index - 1].text) and not TRAILER_LINE.search(line):
        return True
    kind = classify(line)
    signs = kind == Kind.SIGN and "\t" not in line  # a body in a cell signs nothing
    if _ANNEX_NAME.fullmatch(line) or kind in {Kind.DATE, Kind.NOTE}:
        return True
    return signs and _signed(lines[index:])


def table_title(lines: list[Line]) -> int:
    """How many of the lines, one or two, are the title of a table that begins below them."""
    for count in range(1, min(3, len(lines))):
        title = lines[:count]
        if not all(classify(line.text) == Kind.TITLE and "\t" not in line.text for line in title):
            return 0
        if _TABLE_TITLE.search(title[-1].text):
            return count if "\t" in lines[count].text else 0
    return 0


def is_closing_line(text: str) -> bool:
    """Whether a line is one that ends documents: 施行日期, 附件, 落款, 联系人, 此件公开发布."""
    kind = classify(text)
    ends = _CLOSING.fullmatch(text) or _IMPRINT.fullmatch(text) or _ANNEX_NAME.fullmatch(text)
    return kind in {Kind.DATE, Kind.NOTE, Kind.SIGN} or ends is not None


def _heading_only(line: Line, heading: str) -> bool:
    return bool(heading) and line.text.rstrip("：:；; ").endswith(heading)


def _signed(lines: list[Line]) -> bool:
    """Whether a run of signatures leads to a date or to the end."""
    for line in lines:
        kind = classify(line.text)
        if kind != Kind.SIGN:
            return kind in {Kind.DATE, Kind.NOTE, Kind.TITLE}
    return True
