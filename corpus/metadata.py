"""Title, 文号, issuer, dates, status, area and kind of a document, from its repaired text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from corpus.blocks import DATE, DIGEST_NOTICE, NUMBER, ORDER, Kind, classify, read_date, table_items
from corpus.identity import normalise
from corpus.parsing.labels import label_at
from corpus.parsing.lines import Line, masked, split_lines
from corpus.periods import effect, plan_end
from corpus.places import area_of
from corpus.titles import interpreted_title, kind_of, title_of
from corpus.types import Origin

_DATE_LINE = 24  # characters of a line that is a date
_SIGNERS = 20  # lines of bodies above it at most
_HEAD = 80  # lines at most before the first clause
_STATUS = {
    "现行有效": "有效", "有效": "有效", "已修改": "有效", "现行": "有效", "继续有效": "有效",
    "是": "有效", "失效": "失效", "已失效": "失效", "废止": "废止", "已废止": "废止",
}  # fmt: skip
_BY_TITLE = re.compile(r"(?P<by>[\u4e00-\u9fff、\s（）()]{3,60}?)(?:关于|印发|转发|批转)")
_SHORT = re.compile(r"[省市县区](?:政府|[\u4e00-\u9fff]{1,3}[局委厅办])\Z")  # 市政府, 市教委
_NEXT_BODY = re.compile(
    r"(?<=[局委厅会院部府室])[\s　]+(?=[\u4e00-\u9fff]{3})"
    r"|(?<=[局委厅会])(?=[\u4e00-\u9fff]{2,3}[省市区县][\u4e00-\u9fff]{1,14}(?:局|委|厅|会)\Z)"
)  # 某市教育局　某市公安局
_ORDER = re.compile(
    r"[\u4e00-\u9fff]{2,20}令\s*第\s*(?:\d{1,4}|[〇一二三四五六七八九十百]{1,6})\s*号"
)
_EXPLAINS = re.compile(r"解读|问答|答疑|解答|答记者问|\d+问\Z|[十百]问\Z|热点问题")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about a document beside its clauses; None where it is not stated."""

    title: str
    doc_number: str | None
    issuer: str | None
    published: date | None
    effective_from: date | None
    effective_until: date | None
    plan_until: date | None
    declared_status: str | None
    area: str
    kind: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Head:
    """The lines before the first clause, their kinds, and the page table."""

    lines: tuple[Line, ...]
    kinds: tuple[Kind, ...]
    table: dict[str, list[str]]

    def first(self, key: str) -> str | None:
        """First non-empty table value of a key."""
        return next(
            (value for value in self.table.get(key, ()) if value not in {"", "无", "/"}), None
        )

    def day(self, key: str) -> date | None:
        """First date among the table values of a key."""
        days = (read_date(value) for value in self.table.get(key, ()))
        return next((day for day in days if day), None)


def read_metadata(text: str, file: str, raw_text: str = "") -> Metadata:
    """Read everything that is stated; ``file`` names the document where its text does not."""
    lines = split_lines(text)
    head = read_head(lines)
    explains = is_interpretation(text, raw_text, lines, head)
    title = title_of(head.lines, head.kinds, head.first("title"))
    if explains and not title:
        title = interpreted_title(text)
    title = title or _from_file(file, lines)
    kind = "解读" if explains else kind_of(title)
    number = _number(head)
    issuer = _issuer(head, lines, title)
    published = _published(head, lines)
    starts, ends = effect(text, published)
    table_until = head.day("until")
    return Metadata(
        title=title,
        doc_number=number,
        issuer=issuer,
        published=published,
        effective_from=head.day("from") or starts,
        effective_until=table_until or ends,
        plan_until=plan_end(title),
        declared_status=_status(head),
        area=area_of(head.first("area"), issuer, title, number, file, text),
        kind=kind,
        origin=Origin.DIGEST if DIGEST_NOTICE in text[:400] else Origin.OFFICIAL,
    )


def read_head(lines: tuple[Line, ...]) -> Head:
    """Lines up to the first label, with the page table gathered from them."""
    kept: list[Line] = []
    hidden = masked(lines)
    for index, line in enumerate(lines[:_HEAD]):
        if index not in hidden and label_at(line.text, 0) and not table_items(line.text):
            break
        kept.append(line)
    kinds = tuple(classify(line.text) for line in kept)
    table: dict[str, list[str]] = {}
    for line, kind in zip(kept, kinds, strict=True):
        if kind == Kind.TABLE:
            for key, value in table_items(line.text):
                table.setdefault(key, []).append(value)
    return Head(tuple(kept), kinds, table)


def is_interpretation(text: str, raw_text: str, lines: tuple[Line, ...], head: Head) -> bool:
    """解读 and 问答: said so above the text, or every section is a question."""
    title = title_of(head.lines, head.kinds, head.first("title"))
    if title:
        return bool(
            _EXPLAINS.search(title[-12:]) or normalise(title).endswith(("解读", "问答", "解答"))
        )
    above = normalise(raw_text[:200]) if raw_text else ""
    near = normalise("".join(line.text for line in head.lines))
    if "解读" in above[:80] or "解读如下" in near or near.endswith("解读"):
        return True
    questions = re.findall(
        r"(?:^|[。\n])[一二三四五六七八九十]{1,3}、[^。\n？?]{2,60}([？?]?)", text
    )
    return len(questions) >= 3 and questions.count("") * 2 < len(questions)


def _number(head: Head) -> str | None:
    stated = head.first("number")
    if stated:
        match = NUMBER.search(stated)
        return (
            _formed(match)
            if match
            else (re.sub(r"\s", "", stated) if ORDER.search(stated) else None)
        )
    for line, kind in zip(head.lines, head.kinds, strict=True):
        bare = re.sub(r"[\s　]", "", line.text).strip("（()）")
        match = NUMBER.fullmatch(bare)
        if kind in {Kind.NUMBER, Kind.TITLE} and match:
            return _formed(match)
        order = _ORDER.search(DATE.sub(" ", bare)) if kind in {Kind.NUMBER, Kind.DATE} else None
        if order:
            return re.sub(r"\s", "", order[0])
    for line, kind in zip(head.lines, head.kinds, strict=True):
        match = NUMBER.search(line.text)
        if kind == Kind.TITLE and match and line.text.strip("）) ").endswith("号"):
            return _formed(match)
    return None


def _formed(match: re.Match[str]) -> str:
    return f"{match['prefix']}〔{match['year']}〕{match['number']}号"


def _issuer(head: Head, lines: tuple[Line, ...], title: str) -> str | None:
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
    signed = signed or _signature(lines)[0]
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


def _published(head: Head, lines: tuple[Line, ...]) -> date | None:
    written = head.day("written")
    if written:
        return written
    dated = [
        line.text for line, kind in zip(head.lines, head.kinds, strict=True) if kind == Kind.DATE
    ]
    dated += [line.text for line in lines[-6:] if classify(line.text) == Kind.DATE]
    signed = _signature(lines)[1]
    for text in [*dated, *([signed] if signed else [])]:
        found = read_date(text)
        if found:
            return found
    return head.day("released")


def _signature(lines: tuple[Line, ...]) -> tuple[list[str], str]:
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


def _status(head: Head) -> str | None:
    values = {_STATUS.get(re.sub(r"\s", "", value)) for value in head.table.get("status", ())}
    values.discard(None)
    return values.pop() if len(values) == 1 else None


def _from_file(file: str, lines: tuple[Line, ...]) -> str:
    stem = PurePath(file).stem.strip()
    if len(re.findall(r"[\u4e00-\u9fff]", stem)) >= 4 or not lines:
        return stem
    return lines[0].text[:40]
