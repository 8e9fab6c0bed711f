"""Numbers of documents: 文号 (某政发〔2025〕6号), and of 令 and 公告 (某市人民政府令第18号)."""

from __future__ import annotations

import re

from corpus.blocks import DATE, NUMBER, Kind
from corpus.bodies import full_name
from corpus.heads import Head
from corpus.numerals import label_number

_DIGITS = r"(?:\d{1,4}|[〇○零一二三四五六七八九十百]{1,6})"
_TERM = r"(?P<term>(?:(?:19|20)\d\d年|[〔（\[][一二三四五六七八九十]{1,3}届[〕）\]])?)"
_NO = rf"{_TERM}[（(]?第(?P<no>{_DIGITS})号[）)]?"  # 第18号, 2003年第18号, 〔十五届〕第18号
_ISSUES = r"(?:政府|代表大会|委员会|常委会|局|部|厅|署|院|中心|银行|办公室|总队|支队)"
_PAPER = rf"(?P<paper>[\u4e00-\u9fff、]{{2,40}}?(?:令|{_ISSUES}(?:公告|通告)))"
_ONE_LINE = re.compile(_PAPER + _NO)  # 某市人民政府令第18号
_SHORT_FORM = re.compile(rf"(?P<paper>[\u4e00-\u9fff]{{1,2}}[府政]令)(?P<no>{_DIGITS})号")
_AFTER = re.compile(rf"(?P<by>[\u4e00-\u9fff、]{{2,40}}?)第(?P<no>{_DIGITS})号令")
_FIRST_LINE = re.compile(_PAPER)
_SECOND_LINE = re.compile(_NO.replace("第", r"第\s*").replace("号", r"\s*号") + r"(?=\s|《|\Z)")
_ENACTED = re.compile(
    r"(?:\A|[\s（，,])(?:以|由|经(?!济)|根据)?(?P<by>[\u4e00-\u9fff、]{2,40}?)"
    rf"(?:令第?(?P<a>{_DIGITS})号|第(?P<b>{_DIGITS})号令)"
)
_NAMED = re.compile(
    r"(?P<by>[\u4e00-\u9fff、]+?)(?:令|公告|通告)(?:\d{4}年|〔.{2,4}〕)?第\d{1,4}号"
)
_SIGNED_BY = re.compile(r"签\s*发\s*(?:人\s*)?[：:].*\Z")
_ABBREVIATED = 2  # characters of 沪府令, which names no body
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_NOT_OF_THE_HEAD = frozenset([Kind.BODY, Kind.TABLE, Kind.ADDRESSEE])


def number_of(head: Head) -> str | None:
    """Number of a document in its normal form: from the page table, else from the head."""
    stated = head.first("number")
    if stated:
        return _stated(stated)
    for index, (line, kind) in enumerate(zip(head.lines, head.kinds, strict=True)):
        if kind in _NOT_OF_THE_HEAD:
            continue
        after = head.lines[index + 1].text if index + 1 < len(head.lines) else ""
        bare = _bare(line.text)
        match = NUMBER.fullmatch(bare)
        if match and kind in {Kind.NUMBER, Kind.TITLE}:
            return _formed(match)
        order = _order(bare, after) or (_enacted(bare) if kind == Kind.DATE else None)
        if order:
            return order
    for line, kind in zip(head.lines, head.kinds, strict=True):
        match = NUMBER.search(line.text)
        if kind == Kind.TITLE and match and line.text.strip("）) ").endswith("号"):
            return _formed(match)
    return None


def ordering_body(number: str | None) -> str | None:
    """Body that a 令 or 公告 is named after (某市人民政府令第18号), None for any other number."""
    match = _NAMED.fullmatch(number or "")
    if not match or match["by"].endswith("主席"):
        return None  # the President signs laws, the congress makes them
    if len(match["by"]) <= _ABBREVIATED:
        return None
    body = re.sub(r"第[一二三四五六七八九十]{1,3}届", "", match["by"])
    return "、".join(name.removeprefix("中华人民共和国") for name in body.split("、"))


def number_with_place(number: str | None, area: str) -> str | None:
    """Number of an order with the place it leaves out: 市政府令第2号 某市人民政府令第2号."""
    by, order, rest = (number or "").partition("令第")
    return full_name(by, area) + order + rest if order else number


def _stated(value: str) -> str | None:
    bare = _bare(value)
    match = NUMBER.search(bare)
    if match:
        return _formed(match)
    return _order(bare, "") or (bare if re.fullmatch(rf"{_NO}令?", bare) else None)


def _order(line: str, after: str) -> str | None:
    """Return «X令第N号» of a line, or of two lines where the second begins with the number."""
    match = _ONE_LINE.fullmatch(line) or _SHORT_FORM.fullmatch(line)
    if match:
        return _order_form(match["paper"], match.groupdict().get("term", ""), match["no"])
    match = _AFTER.fullmatch(line)
    if match:
        return _order_form(match["by"] + "令", "", match["no"])
    second = _SECOND_LINE.match(after.strip()) if _FIRST_LINE.fullmatch(line) else None
    return _order_form(line, second["term"], second["no"]) if second else None


def _enacted(line: str) -> str | None:
    """Order that a remark below the title names (2009年11月27日市政府第202号令发布)."""
    match = _ENACTED.search(DATE.sub(" ", line))
    return _order_form(match["by"] + "令", "", match["a"] or match["b"]) if match else None


def _order_form(paper: str, term: str, number: str) -> str | None:
    value = label_number(number.replace("○", "〇"))
    term = re.sub(r"[（\[](.+)[）\]]", r"〔\1〕", term)
    return f"{paper}{term}第{value}号" if value else None


def _bare(line: str) -> str:
    """Return a line without spaces, outer brackets and the name of who signs (签发人：…)."""
    line = line.translate(_FULL_WIDTH)
    return re.sub(r"\s", "", _SIGNED_BY.sub("", line)).strip("（()）")


def _formed(match: re.Match[str]) -> str:
    return f"{match['prefix']}〔{match['year']}〕{match['number']}号"
