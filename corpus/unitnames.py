"""Names of units: splitting a printed list, telling units from other words, shared prefixes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from corpus.gazetteer import Gazetteer

_SUFFIX = (
    r"(?:局|委|办|厅|部|院|署|会|联|社|总?队|中心|处|科|站|所|政府|公司|集团|银行|行|大学|学院|学校|办公室|管委会|分局|法院"
    r"|工委|党组|协会|工会|单位|部门|企业|街道|园区|海关|馆|军区|军分区|管理办|管理委|办事处|小组|专班|机构|平台|开发区"
    r"|高新区|功能区|新区|委员会|组|团|台|报|乡镇|镇街|街镇|乡|镇|组织|区属国企|医院|中学|基地|林场|总站|园|主体|各地|地方)"
)
_UNIT = re.compile(
    rf"[\u4e00-\u9fffA-Za-z0-9“”·（）()、/]*{_SUFFIX}(?:[（(][^（）()]{{1,24}}[）)])?"
)
_NO_UNIT = re.compile(
    r"(?:(?:以下|下)?简称.*|或.*|第.{1,3}联.*|.*(?:经办|补办|代办)|[\u4e00-\u9fff]{2,8}[省市县区]局"
    r"|[省市县区州旗乡镇]|含.*|包括.*|除.*|例如.*|如.*|.*(?:以上|以下|等等|见.*)|自治.|地.|盟|不含.*|.{0,2}建筑|有关部门办公)"
)
_VERB = re.compile(
    r"[的被把可须需在并已]|(?<!无)为|将(?!乐)|对(?!外|台)|应(?!急)|由(?!职)|进行|开展|通过|以及其|提供|根据|依法|按照"
)
_SPLIT = re.compile(
    r"[、，,；;/]|\s+|会同|以及|(?<=[局委办厅部院署会联社队心处科站所府司团行学])(?:和|及|与)(?=[^\s])"
)
_NOT_SPLIT_AFTER = re.compile(r"(?:有关|相关)(?:部门|单位)(?:和|及|与)(?:单位|个人|企业|机构|部门)")
_RUN_TOGETHER = re.compile(
    r"(?<=[局委办厅院署会联社队心处站所府])(?=(?:[省市县区州旗](?!场|域|政府|直|属|级|委会))[\u4e00-\u9fff]{2,12}?(?:局|委|办|厅|部|院|会|联|社|队|心|处|站|所))"
)  # 县工业和信息化局|县大数据局
_PREFIX = re.compile(
    r"(?P<own>省|市(?!场|政(?!府|协|法))|县(?!域)|区(?!域)|州|旗|盟)(?P<party>委(?!员会?\Z))?"
)
_PARTY = re.compile(
    r"(?:组织部|宣传部|统战部|政法委(?:员会)?|编办|网信办|社会工作部|老干部局|改革办|党校|台办|社工部)\Z"
)
_SHAREABLE = re.compile(
    r"(?:局|委|办|厅|院|会|联|社|队|中心|处|站|所|办公室|馆|团委|妇联|工会|部)(?:[（(].*[）)])?\Z"
)
_OWN_NAME = re.compile(
    r"各|有关|相关|其他|国家|中国|中央|全[国省市]|国网|人行|驻|属地|市属|区属|县属|.*(?:大学|公司|集团|银行|支行|政府|街道|乡镇|管委会|总局|分局|支局|海关)"
)
_MINISTRY = re.compile(r"[\u4e00-\u9fff]+部\Z")


def split_names(text: str) -> Iterator[tuple[str, int]]:
    """Names of a printed list with their offsets; brackets inside a name stay with it."""
    for start, end in _pieces(text):
        yield from _trimmed(text[start:end], start)


def is_unit_name(name: str, loose: bool = False) -> bool:
    """Whether words name a unit; ``loose`` where a key or 负责 vouches for the list."""
    if len(name) < 2 or len(name) > 40 or _NO_UNIT.fullmatch(name):
        return False
    if _UNIT.fullmatch(name) and not _VERB.search(name):
        return (
            len(name) > 2
            or name in {"团委", "妇联", "残联", "工会", "税务", "海关", "科协"}
            or loose
        )
    return (
        loose
        and bool(re.fullmatch(r"[\u4e00-\u9fffA-Za-z0-9·“”（）()]{2,24}", name))
        and not _VERB.search(name)
    )


def resolve(name: str, prefix: str) -> tuple[str, str]:
    """Full name with the prefix shared along the list, and the prefix to share on.

    («人社局», «区») → («区人社局», «区»); («公安局», «区委») → («区公安局», «区»).
    """
    own = _own_prefix(name)
    if own:
        return name, own
    if not prefix or _OWN_NAME.match(name) or not _SHAREABLE.search(name) or _named_place(name):
        return name, prefix if prefix and not _OWN_NAME.match(name) else ""
    if _PARTY.search(name):
        return prefix + name, prefix
    if _MINISTRY.fullmatch(name):
        return name, prefix
    return prefix.removesuffix("委") + name, prefix


def _own_prefix(name: str) -> str:
    match = _PREFIX.match(name)
    if match:
        return match["own"] + (match["party"] or "")
    for place in Gazetteer.load().find(name):
        if place.span[0] == 0 and place.text.endswith(("省", "市", "县", "区", "州", "旗")):
            return place.text
    return ""


def _named_place(name: str) -> bool:
    return any(place.text for place in Gazetteer.load().find(name))


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Spans between separators outside brackets, and where two names run together."""
    start = depth = index = 0
    while index < len(text):
        char = text[index]
        depth += (char in "（(") - (char in "）)")
        match = _SPLIT.match(text, index) if depth <= 0 else None
        if (
            match
            and match[0] in {"和", "及", "与"}
            and _NOT_SPLIT_AFTER.search(text[max(0, index - 6) : index + 4])
        ):
            match = None
        if match:
            yield from _run_together(text, start, index)
            start = index = match.end()
            continue
        index += 1
    yield from _run_together(text, start, len(text))


def _run_together(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    cuts = [start, *(start + m.start() for m in _RUN_TOGETHER.finditer(text[start:end])), end]
    yield from pairwise(cuts)


def _trimmed(piece: str, offset: int) -> Iterator[tuple[str, int]]:
    """Return a name without 等, leading 等/由, and outer marks; «等有关部门» names 有关部门."""
    lead = re.match(r"[\s，。；、：:]*(?:等(?=.))?", piece)
    start = lead.end() if lead else 0
    name = re.sub(r"(?:等(?:\d+个)?|具体|分别|共同|牵头)*[\s。.；;]*\Z", "", piece[start:])
    inner = re.fullmatch(
        r"(?P<name>.{2,}?[局委办厅部院署会联社队心处站所府])等(?P<rest>(?:有关|相关|各).*)", name
    )
    if inner:
        yield inner["name"], offset + start
        yield inner["rest"], offset + start + inner.start("rest")
    elif name:
        yield name, offset + start
