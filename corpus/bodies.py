"""Names of public bodies: several in one signature, short names, governments behind a 文号."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from corpus.blocks import is_body_name
from corpus.gazetteer import Gazetteer
from corpus.identity import is_part
from corpus.places import ABBREVIATIONS

_COLUMNS = re.compile(r"[ 　\t]{2,}|[　\t、]")
_GAP = re.compile(r"(?<=[局委厅会院部府室])[\s　]+(?=[\u4e00-\u9fff]{3})")  # 某市教育局 某市公安局
_RUN_TOGETHER = re.compile(
    r"(?<=[局委厅会])(?<!总局)(?=[\u4e00-\u9fff]{2,3}[省市区县][\u4e00-\u9fff]{1,14}(?:(?<!分)局|委|厅|会)\Z)"
)  # 某市教育局某市公安局
_SEAL = re.compile(r"[（(]\s*(?:印|盖|公|签)?\s*章\s*[）)]")
_GOES_ON = re.compile(r"(?:委|政府)\Z")  # 中共某市委, whose 机构编制委员会办公室 stands below
_SHORT = re.compile(
    r"(?P<own>省|市(?!场|容|政(?!府|协|法))|县(?!域)|区(?!域|块|县)|州|旗|盟)(?P<rest>[\u4e00-\u9fff]{2,20})\Z"
)  # 市政府, 区教育局
_OF_GOVERNMENT = re.compile(
    rf"(?P<place>[{''.join(ABBREVIATIONS)}])[政府](?P<office>办)?(?:令第|(?:令|发|规|字|函|规字|规发)?〔)"
)  # 京政发〔2016〕43号, 沪府令第8号


def bodies_of(lines: Sequence[str]) -> tuple[str, ...]:
    """Names of bodies in lines that print one or several each, every name once.

    A name that does not fit its column goes on at the beginning of the next line.
    """
    rows = [_cells(_SEAL.sub("", line)) for line in lines]
    first = Counter(name[:2] for row in rows for name in row).most_common(1)
    place = first[0][0] if first else ""
    names: list[str] = []
    columns = 1
    for row in rows:
        if names and len(row) == 1 and _is_rest(row[0], names[-1], place, columns):
            names[-1] += row[0]
            continue
        names += row
        columns = len(row)
    return tuple(dict.fromkeys(names))


def joint_name(bodies: Sequence[str]) -> str | None:
    """«某市教育局等3个部门» for three bodies, the name alone for one."""
    if not bodies:
        return None
    return bodies[0] + (f"等{len(bodies)}个部门" if len(bodies) > 1 else "")


def is_short_name(name: str) -> bool:
    """Whether a name leaves out of which place its body is (市政府, 区教育局)."""
    if not _SHORT.match(name):
        return False
    return all(place.span[0] > 0 for place in Gazetteer.load().find(name))  # 市南区教育局


def abbreviates(short: str, name: str) -> bool:
    """Whether a name is a short one in full: 市教委 某市教育委员会, 市政府 某市人民政府."""
    match = _SHORT.match(short)
    if match is None or match["own"] not in name:
        return False
    last = "委员会" if short.endswith("委") and not name.endswith("委") else short[-1]
    return name.endswith(last) and is_part(match["rest"], name)


def full_name(name: str, area: str) -> str:
    """Name with its place where it is short and the area is known: 区教育局 某市某区教育局."""
    match = _SHORT.match(name)
    if match is None or not is_short_name(name):
        return name
    place = _place(area, match["own"])
    rest = match["rest"]
    return place + ("人民" if rest.startswith("政府") else "") + rest if place else name


def government_of(number: str | None, area: str, text: str) -> str | None:
    """Government of a province that a 文号 abbreviates, where area and text speak of it.

    沪府发 is that of 上海市, but 宁政发 as well that of 南京市 as that of 宁夏.
    """
    match = _OF_GOVERNMENT.match(number or "")
    place = ABBREVIATIONS[match["place"]] if match else ""
    if match is None or area != place or place[:2] not in text:
        return None
    return f"{place}人民政府{'办公厅' if match['office'] else ''}"


def mayor_of(area: str, level: str) -> str | None:
    """Government whose 市长 (省长, 县长 …) signs, None where the area has none of that level."""
    place = _place(area, level)
    return f"{place}人民政府" if place else None


def _place(area: str, level: str) -> str:
    """Innermost part of an area that is of a level, a district with its city."""
    parts = area.split("/") if area else []
    for index in range(len(parts) - 1, -1, -1):
        if parts[index].endswith(level):
            above = parts[index - 1] if index and level == "区" else ""
            return (above if above.endswith("市") else "") + parts[index]
    return ""


def _cells(line: str) -> list[str]:
    """Names of one line; the letters of a name may be set apart (某 市 财 政 局)."""
    cells = [cell for cell in _COLUMNS.split(line.strip()) if cell]
    if not all(map(_is_name, cells)):
        cells = [line.strip()]
    names: list[str] = []
    for cell in cells:
        parts = _GAP.split(cell)
        names += parts if len(cells) == 1 or all(map(_is_name, parts)) else [cell]
    bare = [re.sub(r"\s", "", name) for name in names]
    return [part for name in bare for part in _RUN_TOGETHER.split(name) if part]


def _is_name(cell: str) -> bool:
    bare = re.sub(r"\s", "", cell)
    return len(bare) > 2 and is_body_name(bare)


def _is_rest(cell: str, before: str, place: str, columns: int) -> bool:
    """Whether a line that holds one name goes on with the last name of the line above."""
    if not is_body_name(before):
        return True
    alone = columns > 1 and not cell.startswith((place, "中国", "中共", "国家"))
    return alone and _GOES_ON.search(before) is not None
