"""Title, 文号, issuer, dates, status, area and kind of a document, from its repaired text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from corpus.blocks import DIGEST_NOTICE, is_title
from corpus.heads import Head, read_head
from corpus.identity import normalise
from corpus.issuers import issuer_of, with_place
from corpus.orders import number_of, number_with_place
from corpus.parsing.labels import label_at
from corpus.parsing.lines import Line, split_lines
from corpus.periods import effect, plan_end
from corpus.places import area_of
from corpus.signing import published_on
from corpus.titles import OTHER, enacted_title, interpreted_title, kind_of, tidy, title_of
from corpus.types import Origin

_STATUS = {
    "现行有效": "有效", "有效": "有效", "已修改": "有效", "现行": "有效", "继续有效": "有效",
    "是": "有效", "失效": "失效", "已失效": "失效", "废止": "废止", "已废止": "废止",
}  # fmt: skip
_LEAST_OF_A_TITLE = 6  # Chinese characters of a file name that may be a title
_LINES_OF_A_NOTE = 3
_LONGEST_NOTE = 300  # characters
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


def read_metadata(text: str, file: str, raw_text: str = "") -> Metadata:
    """Read everything that is stated; ``file`` names the document where its text does not."""
    lines = split_lines(text)
    head = read_head(lines)
    explains = is_interpretation(text, raw_text, lines, head)
    title = title_of(head.lines, head.kinds, head.first("title"))
    if explains and not title:
        title = interpreted_title(text)
    if _opens_regulation(lines, len(head.lines)):
        title = enacted_title(head.lines, head.kinds, title, PurePath(file).stem) or title
    title = _named_by_file(head, file, title) or _from_file(file, lines)
    kind = "解读" if explains else kind_of(title)
    number = number_of(head)
    issuer = issuer_of(head, lines, title, number)
    published = published_on(head, lines)
    starts, ends = effect(text, published)
    table_until = head.day("until")
    area = area_of(head.first("area"), issuer, title, number, file, text)
    if _is_note(lines, title):
        title, kind, issuer = PurePath(file).stem.strip(), OTHER, None
    return Metadata(
        title=title,
        doc_number=number_with_place(number, area),
        issuer=with_place(issuer, head, number, area, text),
        published=published,
        effective_from=head.day("from") or starts,
        effective_until=table_until or ends,
        plan_until=plan_end(title),
        declared_status=_status(head),
        area=area,
        kind=kind,
        origin=Origin.DIGEST if DIGEST_NOTICE in text[:400] else Origin.OFFICIAL,
    )


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


def _is_note(lines: tuple[Line, ...], title: str) -> bool:
    """Whether a file is a remark or a link of whoever collected the others, no document."""
    if len(lines) > _LINES_OF_A_NOTE or sum(len(line.text) for line in lines) > _LONGEST_NOTE:
        return False
    titled = any(is_title(line.text) for line in lines[:-1]) and is_title(title)
    return not titled and not any(label_at(line.text, 0) for line in lines)


def _opens_regulation(lines: tuple[Line, ...], index: int) -> bool:
    """Whether the clauses are those of a regulation: they begin with 第一章 or 第一条."""
    return index < len(lines) and re.match(r"第[一1]\s*[章条]", lines[index].text) is not None


def _status(head: Head) -> str | None:
    values = {_STATUS.get(re.sub(r"\s", "", value)) for value in head.table.get("status", ())}
    values.discard(None)
    return values.pop() if len(values) == 1 else None


def _named_by_file(head: Head, file: str, title: str) -> str:
    """Title, or the file's name where the first line bears it or it alone reads like a title."""
    stem = tidy(PurePath(file).stem)
    first = tidy(head.lines[0].text) if head.lines else ""
    long = len(re.findall(r"[\u4e00-\u9fff]", stem)) >= _LEAST_OF_A_TITLE
    if not long or head.first("title"):
        return title
    begun = normalise(title).startswith(normalise(first))  # which may go on on the next line
    if normalise(first) == normalise(stem) and not begun:
        return first
    return stem if title and is_title(stem) and not is_title(title) else title


def _from_file(file: str, lines: tuple[Line, ...]) -> str:
    stem = PurePath(file).stem.strip()
    if len(re.findall(r"[\u4e00-\u9fff]", stem)) >= 4 or not lines:
        return stem
    return lines[0].text[:40]
