"""Who signed a document and when: signature block, promulgating officer, imprint, page dates."""

from __future__ import annotations

import re
from datetime import date

from corpus.blocks import DATE, Kind, classify, is_body_name, read_date
from corpus.heads import Head
from corpus.parsing.lines import Line

_DATE_LINE = 24  # characters of a line that is a date
_SIGNERS = 20  # lines of bodies above it at most
_DAY = re.sub(r"\?P<[ymd]>", "?:", DATE.pattern)  # without names of groups
_TAIL = 6  # lines below the text where a date may stand alone
_NAME = r"\s*(?:[：:]|(?<=\s))\s*[\u4e00-\u9fff·]{1,4}(?:\s+[\u4e00-\u9fff·]{1,6})?"
_OFFICER = re.compile(
    rf"代?(?:(?P<level>[省市县区州旗])\s*长|[局厅部署院行]\s*长|主\s*[任席])\s*{_NAME}"
)  # 市长 某某, 局　长：某某
_SIGNED_LINE = re.compile(rf"(?P<by>\S.{{2,40}}?)\s+(?P<day>{_DAY})")
_IMPRINT = re.compile(
    rf"(?P<by>[\u4e00-\u9fff（）()]{{4,40}}?)?\s*(?P<day>{_DAY})\s*印(?:发|制)?\s*。?"
)  # 某市教育委员会办公室 2016年4月1日印发
_OFFICE = re.compile(r"(?<!政府)办(?:公[室厅]?)?\Z")
_SOURCE = re.compile(r"(?:信息|文章|稿件|内容)?来\s*源\s*[：:](?P<value>.*)")
_LATER = re.compile(r"(?:更新|录入|修改)(?:时间|日期).*")


def signature(lines: tuple[Line, ...]) -> tuple[list[str], str, int]:
    """Bodies, date and place of the first signature block: bodies, then a date on its own line.

    The officer who promulgates may stand between them; body and date may share a line.
    """
    for index, line in enumerate(lines):
        shared = _SIGNED_LINE.fullmatch(line.text) if index else None
        if shared and is_body_name(re.sub(r"\s", "", shared["by"])):
            return [shared["by"]], shared["day"], index
        if index and len(line.text) <= _DATE_LINE and DATE.fullmatch(line.text):
            signed: list[str] = []
            for above in reversed(lines[max(0, index - _SIGNERS) : index]):
                if _OFFICER.fullmatch(above.text) and not signed:
                    continue
                if classify(above.text) != Kind.SIGN:
                    break
                signed.insert(0, above.text)
            if signed:
                return signed, line.text, index
    return [], "", -1


def masthead(head: Head) -> list[str]:
    """Bodies above the text that head the paper: «某市教育局» or «某市教育局文件»."""
    found: list[str] = []
    for line, kind in zip(head.lines, head.kinds, strict=True):
        if kind in {Kind.BODY, Kind.ADDRESSEE}:
            break
        if kind == Kind.SIGN:
            found.append(line.text)
        if kind == Kind.HEADER and is_body_name(_bare(line.text).removesuffix("文件")):
            found.append(_bare(line.text).removesuffix("文件"))
    return found


def officer_level(head: Head) -> str:
    """Return 省, 市, 县 … where its governor or mayor promulgates the document, else nothing."""
    matches = (_OFFICER.fullmatch(line.text) for line in head.lines)
    return next((match["level"] for match in matches if match and match["level"]), "")


def imprint(lines: tuple[Line, ...]) -> tuple[str, date | None]:
    """Body whose office printed the document, and when: what stands at the foot of the last page.

    The body is empty where a government's own office is named: it prints for both.
    """
    for index, line in enumerate(lines):
        match = _IMPRINT.fullmatch(line.text)
        if match:
            above = _bare(lines[index - 1].text) if index else ""
            by = match["by"] or (above if is_body_name(above) else "")
            body = _OFFICE.sub("", by)
            return body if body != by and is_body_name(body) else "", read_date(match["day"])
    return "", None


def published_on(head: Head, lines: tuple[Line, ...]) -> date | None:
    """Day of a document: the one it states or is signed on, else that of its page."""
    signed, day, place = signature(lines)
    own = _own_date(head, place if signed else len(lines))
    plain = [line.text for line in head.lines if DATE.fullmatch(line.text)]
    others = [
        line.text for line, kind in zip(head.lines, head.kinds, strict=True) if kind == Kind.DATE
    ]
    tail = [line.text for line in lines[-_TAIL:] if classify(line.text) == Kind.DATE]
    for text in (own, day, *plain, *others, *tail):
        found = read_date(text)
        if found:
            return head.day("written") or found
    return head.day("written") or imprint(lines)[1] or head.day("released") or _sourced(head)


def _own_date(head: Head, before: int) -> str:
    """Date alone on a line after the text has begun; one directly below a title is the page's."""
    begun = False
    for index, (line, kind) in enumerate(zip(head.lines, head.kinds, strict=True)):
        if index >= before:
            break
        begun = begun or kind in {Kind.BODY, Kind.ADDRESSEE}
        if begun and DATE.fullmatch(line.text):
            return line.text
    return ""


def _sourced(head: Head) -> date | None:
    """Date beside the source of a web page: «来源：某某网 日期：2016-04-16»."""
    for line in head.lines:
        match = _SOURCE.match(line.text)
        found = read_date(_LATER.sub("", match["value"])) if match else None
        if found:
            return found
    return None


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)
