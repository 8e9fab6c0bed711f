"""The area a document is for, from its issuer, title, 文号 or file name."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from corpus.gazetteer import Gazetteer, PlaceMatch, is_within
from corpus.identity import simplified

_NATIONAL = re.compile(
    r"国务院|全国人|中共中央|国家[\u4e00-\u9fff]|中华人民共和国|[\u4e00-\u9fff]+部\Z|最高人民|中央"
)
_OURS = re.compile(
    r"[我本全](?=[省市区县州旗])|^市|[。，；]市(?=教育局|公安局|政府|人民政府)", re.M
)
_LEAST = 2  # times that 我市 and the name are read
_NAMED = 3  # times that the name is read where 我市 is not
_NEARLY_ALL = 0.9
_SHARE = 0.6  # of the names read that lie in the place
_SHORTEST_COUNTY = 2  # characters of 和县
_READ = 20_000  # characters searched for names
_LOCAL = re.compile(r"(?![省市县区本我全])[\u4e00-\u9fff]{2,8}[县市区州旗]")
_APPROVED = re.compile(r"批准[^《]{0,4}《(?P<name>[^《》]+)》")  # 关于批准《某市…条例》的决定
_WRITTEN_OUT = re.compile(r"[\u4e00-\u9fff、]{5,}(?:令|公告|通告)")
ABBREVIATIONS = {
    "京": "北京市", "津": "天津市", "冀": "河北省", "晋": "山西省", "蒙": "内蒙古自治区",
    "辽": "辽宁省", "吉": "吉林省", "黑": "黑龙江省", "沪": "上海市", "苏": "江苏省",
    "浙": "浙江省", "皖": "安徽省", "闽": "福建省", "赣": "江西省", "鲁": "山东省",
    "豫": "河南省", "鄂": "湖北省", "湘": "湖南省", "粤": "广东省", "桂": "广西壮族自治区",
    "琼": "海南省", "渝": "重庆市", "川": "四川省", "黔": "贵州省", "滇": "云南省",
    "云": "云南省", "藏": "西藏自治区", "陕": "陕西省", "甘": "甘肃省", "青": "青海省",
    "宁": "宁夏回族自治区", "新": "新疆维吾尔自治区",
}  # fmt: skip


def area_of(
    stated: str | None,
    issuer: str | None,
    title: str,
    number: str | None,
    file: str = "",
    text: str = "",
) -> str:
    """Path of the division the document is for, empty for national or unknown.

    The most exact place of issuer and title that agree wins (a regulation that a province
    approves is its city's); then the 文号, then the file name, then the place that the text names
    most, where it speaks of 我市 or names hardly any other. The folder that a file lies in is the
    last resort: whoever sorted the files knew.
    """
    if stated and re.fullmatch(r"[\u4e00-\u9fff]+(?:/[\u4e00-\u9fff]+)*", stated.strip()):
        return stated.strip()
    hint = _by_number(number)
    found = [_first(text, hint) for text in (issuer or "", _own(title))]
    known = [path for path in found if path]
    approved = _APPROVED.search(title)
    inner = _first(approved["name"], known[0]) if approved and known else ""
    if inner and is_within(inner, known[0]):
        return inner
    if len(known) == 2:
        return known[1] if is_within(known[1], known[0]) else known[0]
    if known:
        return known[0]
    if title.startswith("中华人民共和国"):
        return ""
    if issuer and (_NATIONAL.search(issuer) or _LOCAL.match(issuer)):
        return ""  # a place that the gazetteer does not know is not guessed at
    *folders, name = file.split("/")
    named = _first(_own(name), "")
    if hint and named and not is_within(named, hint):
        return named  # 宁政发 is 南京's as well as 宁夏's
    return hint or named or _most_named(text) or _by_folder(folders)


def _by_folder(folders: list[str]) -> str:
    """Place of the innermost folder that is named after one."""
    return next((path for path in map(_whole, reversed(folders)) if path), "")


def _whole(name: str) -> str:
    """Path of a place that a folder's name consists of (上海, 浙江), empty for any other."""
    found = _gazetteer().path_of(simplified(name.strip()))
    return found or ""


def _most_named(text: str) -> str:
    """Return the place that a local document names most; empty where none stands out."""
    ours = len(_OURS.findall(text)) >= _LEAST
    counts: Counter[str] = Counter()
    for match in _gazetteer().find(simplified(text[:_READ])):
        if len(match.candidates) == 1 and _is_certain(match):
            for depth in range(1, match.candidates[0].count("/") + 2):
                counts["/".join(match.candidates[0].split("/")[:depth])] += 1
    total = max(counts.values(), default=0)
    least = max(_LEAST, total * _SHARE)
    if not ours:  # it must say so by its names alone: nearly all of them in one place
        tops = sum(count for path, count in counts.items() if "/" not in path)
        least = max(_NAMED, tops * _NEARLY_ALL)
    fitting = [path for path, count in counts.items() if count >= least]
    return max(fitting, key=lambda path: path.count("/"), default="")


def _is_certain(match: PlaceMatch) -> bool:
    """Whether words in a text are no chance: the 和安 of 救助和安置, the 和县 of 省和县 are."""
    county = match.candidates[0].count("/") > 1
    return not county or (len(match.text) > _SHORTEST_COUNTY and match.text[-1] in "县市区旗")


def _own(title: str) -> str:
    """Return a title without the other documents that it passes on or carries out."""
    plain = title
    if re.search(r"[\u4e00-\u9fff]", plain):
        plain = re.sub(r"(?:转发|批转|贯彻|落实)[^《]{0,6}《[^》]*》", "", plain)
    return plain if plain else title


def _first(text: str, hint: str) -> str:
    """Return the first place in a text, narrowed by a hint where several bear its name."""
    for match in _gazetteer().find(simplified(text)):
        fitting = [path for path in match.candidates if hint and is_within(path, hint)]
        if len(fitting) == 1:
            return fitting[0]
        if len(match.candidates) == 1:
            return match.candidates[0]
        tops = [
            p
            for p in match.candidates
            if all(q == p or not is_within(p, q) for q in match.candidates)
        ]
        if len(tops) == 1:
            return tops[0]
    return ""


def _by_number(number: str | None) -> str:
    """Province that a 文号 abbreviates; the 青 of 青岛市人民政府令 is not that of 青海."""
    if number is None or _WRITTEN_OUT.match(number):
        return ""
    return ABBREVIATIONS.get(number[0], "")


@lru_cache(maxsize=1)
def _gazetteer() -> Gazetteer:
    return Gazetteer.load()
