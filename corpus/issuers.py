"""Who issued a document: page table, title, signatures."""

from __future__ import annotations

import re

from corpus.blocks import DATE, Kind, classify, table_items
from corpus.heads import Head
from corpus.parsing.lines import Line

_DATE_LINE = 24  # characters of a line that is a date
_SIGNERS = 20  # lines of bodies above it at most
_BY_TITLE = re.compile(r"(?P<by>[\u4e00-\u9fff、\s（）()]{3,60}?)(?:关于|印发|转发|批转)")
_SHORT = re.compile(r"[省市县区](?:政府|[\u4e00-\u9fff]{1,3}[局委厅办])\Z")  # 市政府, 市教委
_NEXT_BODY = re.compile(
    r"(?<=[局委厅会院部府室])[\s　]+(?=[\u4e00-\u9fff]{3})"
    r"|(?<=[局委厅会])(?=[\u4e00-\u9fff]{2,3}[省市区县][\u4e00-\u9fff]{1,14}(?:局|委|厅|会)\Z)"
)  # 某市教育局　某市公安局


def issuer_of(head: Head, lines: tuple[Line, ...], title: str) -> str | None:
    """Body that the page table names, else the one of the title, else the first that signs."""
    signed = [
        line.text for line, kind in zip(head.lines, head.kinds, strict=True) if kind == Kind.SIGN
    ]
    stated = head.first("issuer")
    if stated:
        count = sum(_bodies(text) for text in signed)
        joint = count > 1 and signed[0][:6] in stated
        return f"{stated}等{count}个部门" if joint and "等" not in stated else stated
    by = _titled(title)
    if by and not _SHORT.match(by):
        return by
    signed = signed or signature(lines)[0]
    if signed:
        return _joint(signed)
    if by:
        return by  # 市教委, where no signature says of which city
    for line in lines[-8:]:
        for key, value in table_items(line.text):
            if key == "issuer" and value:
                return value
    return None


def _titled(title: str) -> str | None:
    """Body that a title begins with (某市教育局关于…), None where it begins with none."""
    by = _BY_TITLE.match(title)
    name = re.sub(r"\s", "", by["by"]) if by else ""
    ends = ("局", "委", "府", "室", "厅", "部", "会", "院", "处", "中心")
    return name if name.endswith(ends) else None


def _joint(signed: list[str]) -> str:
    """First body of the signatures, and how many there are; a line may hold several."""
    bodies = [body for line in signed for body in _NEXT_BODY.split(line.strip()) if body.strip()]
    first = re.sub(r"\s", "", bodies[0])
    return first + (f"等{len(bodies)}个部门" if len(bodies) > 1 else "")


def _bodies(line: str) -> int:
    """Bodies in a signature line that may print two without a separator."""
    bare = re.sub(r"\s", "", line)
    return max(1, bare.count(bare[:3]))


def signature(lines: tuple[Line, ...]) -> tuple[list[str], str]:
    """Bodies and date of the first signature block: bodies, then a date, each on its own line."""
    for index, line in enumerate(lines):
        if index and len(line.text) <= _DATE_LINE and DATE.fullmatch(line.text):
            signed: list[str] = []
            for above in reversed(lines[max(0, index - _SIGNERS) : index]):
                if classify(above.text) != Kind.SIGN:
                    break
                signed.insert(0, above.text)
            if signed:
                return signed, line.text
    return [], ""
