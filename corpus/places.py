"""The area a document is for, from its issuer, title, 文号 or file name."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from corpus.gazetteer import Gazetteer, is_within
from corpus.identity import simplified

_NATIONAL = re.compile(
    r"国务院|全国人|中共中央|国家[\u4e00-\u9fff]|中华人民共和国|[\u4e00-\u9fff]+部\Z|最高人民|中央"
)
_OURS = re.compile(
    r"[我本全](?=[省市区县州旗])|^市|[。，；]市(?=教育局|公安局|政府|人民政府)", re.M
)
_LEAST = 2  # times that 我市 and the name are read
_SHARE = 0.6  # of the names read that lie in the place
_READ = 20_000  # characters searched for names
_LOCAL = re.compile(r"[\u4e00-\u9fff]{2,8}[县市区州旗]")
_ABBREVIATIONS = {
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

    The most exact place of issuer and title that agree wins; then the 文号, then the file name,
    and for a document that speaks of 我市 or 本市 without a name the place it names most.
    """
    if stated and re.fullmatch(r"[\u4e00-\u9fff]+(?:/[\u4e00-\u9fff]+)*", stated.strip()):
        return stated.strip()
    hint = _by_number(number)
    found = [_first(text, hint) for text in (issuer or "", _own(title))]
    known = [path for path in found if path]
    if len(known) == 2:
        return known[1] if is_within(known[1], known[0]) else known[0]
    if known:
        return known[0]
    if issuer and (_NATIONAL.search(issuer) or _LOCAL.match(issuer)):
        return ""  # a place that the gazetteer does not know is not guessed at
    return hint or _first(_own(file.rpartition("/")[2]), "") or _most_named(text)


def _most_named(text: str) -> str:
    """Return the place that a local document names most; empty where none stands out."""
    if len(_OURS.findall(text)) < _LEAST:
        return ""
    counts: Counter[str] = Counter()
    for match in _gazetteer().find(simplified(text[:_READ])):
        if len(match.candidates) == 1:
            for depth in range(1, match.candidates[0].count("/") + 2):
                counts["/".join(match.candidates[0].split("/")[:depth])] += 1
    total = max(counts.values(), default=0)
    fitting = [path for path, count in counts.items() if count >= max(_LEAST, total * _SHARE)]
    return max(fitting, key=lambda path: path.count("/"), default="")


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
    return _ABBREVIATIONS.get(number[0], "") if number else ""


@lru_cache(maxsize=1)
def _gazetteer() -> Gazetteer:
    return Gazetteer.load()
