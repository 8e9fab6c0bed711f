"""Responsible units (责任单位) of a clause, resolved to full names.

A trailer is read in four forms: 责任单位：…, （A、B按职责分工负责）, （市公安局、教育局）, and a
last sentence «A牵头，B按职责分工负责». Other brackets are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.types import Span, Unit
from corpus.unitnames import is_unit_name, resolve, split_names

_KEY = (
    r"(?:(?:第一)?(?:责任|牵头|主责|主办|承办|配合|协办|协助|参与|参加|落实|实施|负责|责任落实)"
    r"(?:单位|部门|科室|处室|主体|领导单位)|责任人?|牵头|配合)"
)
_LABEL = 14  # characters of an article's label at most
_INNER = r"(?:[^（）()\n]|[（(][^（）()\n]*[）)])"
_KEYED = re.compile(
    rf"[（(【\[]?\s*(?P<content>{_KEY}\s*[：:]{_INNER}*?)\s*(?:[）)】\]]|(?=\n)|\Z)"
)
_BRACKET = re.compile(rf"[（(](?P<content>{_INNER}{{2,600}})[）)]\s*[。.；;]?\s*(?=\n|\Z)")
_ARTICLE = re.compile(r"第[一二三四五六七八九十百零〇\d]{1,7}条[ 　\t]*\Z")  # 第三条（管理部门）
_VERBS = (
    r"(?:按照?(?:各自)?职[责能](?:分工)?(?:分别)?(?:负责|落实|组织实施)?|(?:分别|分工|具体|共同|各自|组织|牵头)?(?:负责|落实|实施)"
    r"|牵头|配合|参与|参加|协助|协同|主办|协办)"
)
_ENDING = re.compile(rf"{_VERBS}(?:[。，,；;][^。]*(?:下同|第一|牵头)[^。]*)?[。]?\Z")
_SENTENCE = re.compile(
    rf"(?:(?<=[。；）)])|^)(?P<content>[^。；\n]{{3,400}}{_VERBS})\s*。?\s*(?=\n|\Z)", re.M
)
_REMARK = re.compile(
    r"[，,。；;]?[^，,。；;]*(?:下同|第一位|首位)[^\n]*\Z"
)  # 列第一位者为牵头单位，下同
_FIRST_LEADS = re.compile(r"(?:列|排)(?:名)?(?:在)?(?:第一|首)位?.{0,10}牵头")
_TRIGGER = re.compile(
    rf"{_KEY}\s*[：:]|[）)]\s*[。.；;]?\s*(?:\n|\Z)|{_VERBS}\s*。?\s*(?:\n|\Z)"
)  # without any of these there is no trailer
_SEGMENT = re.compile(rf"\s*(?P<key>{_KEY})\s*[：:]|[；;。\n]")


@dataclass(frozen=True, slots=True)
class Trailer:
    """A place that names units: its content and whether a key (责任单位：) vouches for it."""

    span: Span
    keyed: bool


def units_of(text: str, span: Span, first_leads: bool = False) -> tuple[Unit, ...]:
    """Units named in the trailers of ``text[span]``, in printed order, each name once.

    ``first_leads``: the document says that the unit listed first is in the lead.
    """
    found: dict[str, Unit] = {}
    if not _TRIGGER.search(text, *span):
        return ()
    for trailer in _trailers(text, span):
        first = first_leads or _FIRST_LEADS.search(text, *trailer.span) is not None
        for unit in _units(text, trailer, first):
            known = found.get(unit.name)
            if known is None or (unit.lead and not known.lead):
                found[unit.name] = unit
    return tuple(sorted(found.values(), key=lambda unit: unit.span))


def first_unit_leads(text: str) -> bool:
    """Whether a remark in the text makes the first unit of every list the leading one."""
    return _FIRST_LEADS.search(text) is not None


def _trailers(text: str, span: Span) -> Iterator[Trailer]:
    start, end = span
    keyed = list(_KEYED.finditer(text, start, end))
    for match in keyed:
        yield Trailer(match.span("content"), True)
    taken = [match.span() for match in keyed]
    for match in _BRACKET.finditer(text, start, end):
        heads = _ARTICLE.search(text[max(start, match.start() - _LABEL) : match.start()])
        if not heads and not _overlaps(match.span(), taken) and _is_list(match["content"]):
            taken.append(match.span())
            yield Trailer(match.span("content"), False)
    for match in _SENTENCE.finditer(text, start, end):
        names = [name for name, _at in split_names(_bare(match["content"]))]
        if len(names) > 1 and not _overlaps(match.span(), taken) and all(map(is_unit_name, names)):
            yield Trailer(match.span("content"), False)


def _overlaps(span: Span, others: list[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _is_list(content: str) -> bool:
    """Whether a bracket at a line's end holds nothing but units (and who leads)."""
    listed = _REMARK.sub("", content)
    vouched = _ENDING.search(content) is not None or listed != content
    names = [name for name, _at in split_names(_bare(re.split(r"[。；;]", listed)[0]))]
    return bool(names) and all(is_unit_name(name, loose=vouched) for name in names)


def _bare(content: str) -> str:
    """Content with its verbs blanked out, so that the names keep their places."""
    blank = re.sub(rf"(?<=[\u4e00-\u9fff）)]){_VERBS}", lambda m: "，" * len(m[0]), content)
    return re.sub(r"^由", "，", blank)


def _units(text: str, trailer: Trailer, first_leads: bool) -> Iterator[Unit]:
    start, end = trailer.span
    end -= len(text[start:end]) - len(_REMARK.sub("", text[start:end]))
    position, key, first = start, "", first_leads
    for mark in [*_SEGMENT.finditer(text, start, end), None]:
        segment = text[position : mark.start() if mark else end]
        for unit in _segment_units(segment, position, key, trailer.keyed):
            yield Unit(unit.name, unit.lead or first, unit.span)
            first = False
        if mark:
            position, key = mark.end(), mark["key"] or key


def _segment_units(segment: str, offset: int, key: str, keyed: bool) -> Iterator[Unit]:
    """Units of a piece without 。；: those before 牵头 lead."""
    leads = [match.start() for match in re.finditer(r"牵头(?!单位|部门)", segment)]
    all_lead = "牵头" in key or "主责" in key
    prefix = ""
    for name, at in split_names(_bare(segment)):
        if not is_unit_name(name, loose=keyed):
            continue
        between = segment[:at].rstrip()[-1:] if at else ""
        full, prefix = resolve(name, "" if between in "，,；;" or not between else prefix)
        lead = all_lead or any(at < place for place in leads[-1:])
        yield Unit(full, lead, (offset + at, offset + at + len(name)))
