"""Who issued a document: page table, title, order, signatures, masthead, imprint."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.blocks import Kind, table_items
from corpus.bodies import (
    abbreviates,
    bodies_of,
    full_name,
    government_of,
    is_short_name,
    joint_name,
    mayor_of,
)
from corpus.heads import Head
from corpus.identity import is_part
from corpus.numerals import label_number
from corpus.orders import ordering_body
from corpus.parsing.lines import Line
from corpus.signing import imprint, masthead, officer_level, signature

_BY_TITLE = re.compile(r"(?P<by>[\u4e00-\u9fff、\s（）()]{3,60}?)(?:关于|印发|转发|批转)")
_ENDS = ("局", "委", "府", "室", "厅", "部", "会", "院", "处", "中心")
_COUNTED = re.compile(
    r"(?P<by>[\u4e00-\u9fff]{3,30}?)等(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3})个?(?:部门|单位)"
    r"(?:关于|印发|转发|联合)"
)  # 某市教育局等八部门关于…
_JOINT = re.compile(r"等\d+个部门\Z")
_NO_NAME = re.compile(r"(?:有关|各|相关)|本站|网站|网\Z|原创")  # 有关委局
_KIND_OF_NUMBER = re.compile(r"[〔第].*|(?:办|发|函|字|规|文|通|综|基|办发|规发)+(?=〔).*")


def issuer_of(head: Head, lines: tuple[Line, ...], title: str, number: str | None) -> str | None:
    """Body that the page table names, else the one of title or order, else the first that signs.

    The name is as printed: `with_place` says of which place a short one is.
    """
    signed = bodies_of(signature(lines)[0])
    stated = head.first("issuer")
    if stated and not _NO_NAME.search(stated):
        joint = len(signed) > 1 and signed[0][:6] in stated
        return f"{stated}等{len(signed)}个部门" if joint and "等" not in stated else stated
    counted = _COUNTED.match(title)
    if counted and counted["by"].endswith(_ENDS):
        return f"{counted['by']}等{label_number(counted['n'])}个部门"
    heading = bodies_of(masthead(head))
    printer = imprint(lines)[0]
    ordered = ordering_body(number)
    own, others = _titles(head, title)
    titled = _first_titled(own) or (() if ordered else _first_titled(others))
    if titled:
        return _in_full(titled, signed, [*signed, *heading, printer])
    if ordered:
        return ordered
    return (
        joint_name(signed)
        or joint_name(heading)
        or _stated_below(lines)
        or _printed(printer, number)
    )


def with_place(
    issuer: str | None, head: Head, number: str | None, area: str, text: str
) -> str | None:
    """Issuer with the place that its short name leaves out, or the government that is meant.

    A government is meant where its mayor promulgates, or where the 文号 is a province's.
    """
    if issuer:
        name = _JOINT.sub("", issuer)
        return full_name(name, area) + issuer[len(name) :]
    level = officer_level(head)
    return (mayor_of(area, level) if level else None) or government_of(number, area, text)


def _titles(head: Head, title: str) -> tuple[list[str], list[str]]:
    """The title, as printed and as known, and the other lines above the text that may name a body.

    Spaces part several bodies of a title as printed.
    """
    bare = re.sub(r"\s", "", title)
    above: list[str] = []
    for line, kind in zip(head.lines, head.kinds, strict=True):
        if kind in {Kind.BODY, Kind.ADDRESSEE}:
            break
        if kind in {Kind.TITLE, Kind.SIGN}:
            above.append(line.text)
    return [_as_printed(above, bare), title], above


def _as_printed(lines: Sequence[str], title: str) -> str:
    """Lines that a title stands on, with its spaces; as much of them as there is."""
    for index in range(len(lines)):
        printed = ""
        for line in lines[index:]:
            if not title.startswith(re.sub(r"\s", "", printed + line)):
                break
            printed += f"{line} "
        if printed:
            return printed
    return ""


def _first_titled(titles: Sequence[str]) -> tuple[str, ...]:
    return next(filter(None, map(_titled, titles)), ())


def _titled(title: str) -> tuple[str, ...]:
    """Bodies that a title begins with (某市教育局关于…), none where it begins otherwise."""
    by = _BY_TITLE.match(title)
    joint = by is not None and "、" in by["by"]  # as printed: two courts are no 等2个部门
    names = () if by is None else (re.sub(r"\s", "", by["by"]),) if joint else bodies_of([by["by"]])
    return names if names and all(name.endswith(_ENDS) for name in names) else ()


def _in_full(titled: Sequence[str], signed: Sequence[str], others: Sequence[str]) -> str | None:
    """Bodies of a title as the paper names them elsewhere, where the title has a short name."""
    first = titled[0]
    longer = (name for name in others if name.endswith(first) or abbreviates(first, name))
    full = next((name for name in longer if len(name) > len(first)), None)
    if full is None and is_short_name(first) and signed:
        return joint_name(signed)
    return joint_name([full or first, *titled[1:]])


def _stated_below(lines: tuple[Line, ...]) -> str | None:
    for line in lines[-8:]:
        for key, value in table_items(line.text):
            if key == "issuer" and value and not _NO_NAME.search(value):
                return value
    return None


def _printed(printer: str, number: str | None) -> str | None:
    """Body whose office printed the document, where the 文号 abbreviates it (某教 某区教育局)."""
    code = _KIND_OF_NUMBER.sub("", number or "")
    return printer if printer and len(code) > 1 and is_part(code, printer) else None
