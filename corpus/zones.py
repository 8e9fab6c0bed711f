"""开发区 and 新区 that the documents name: places that no table of divisions has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from corpus.gazetteer import Gazetteer
from corpus.types import Document

_KIND = (
    r"(?:经济技术开发区|经济开发区|高新技术产业开发区|高新技术开发区|高新区|保税区|新区|工业园区)"
)
_NAMED = re.compile(rf"(?=(?P<name>[\u4e00-\u9fff]{{2}}{_KIND}))")  # 江南新区
_OFFICE = r"(?:经济技术开发区|经济开发区|高新技术产业开发区|高新技术开发区|高新区)"
_OWN = re.compile(rf"[本该市县区](?P<kind>{_OFFICE})|(?P<bare>{_OFFICE})管委会")  # 县经济开发区
_GENERIC = re.compile(
    r"(?:国家|省级|市级|县级|各类|经济|技术|产业|重点|建设|推进|加快|发展|相关|有关|所在|以及|全省|全市|全区|全国|省市"
    r"|[市县区][\u4e00-\u9fff]|[\u4e00-\u9fff][市县区的在和与及、])"
)
_LEAST = 2  # a name found once may be two words that happen to meet


def zones_of(documents: Iterable[Document]) -> dict[str, str]:
    """Names of zones with their paths (area of the document, then the name).

    A zone that a document calls its own (县经济开发区) is named after the document's area.
    """
    found: dict[str, str] = {}
    known = Gazetteer.load()
    for document in documents:
        if not document.area:
            continue
        place = document.area.rpartition("/")[2]
        short = place[:-1] if len(place) > 2 else place
        names = Counter(match["name"] for match in _NAMED.finditer(document.text))
        for name, count in names.items():
            if count >= _LEAST and not _GENERIC.match(name) and not known.find(name[:4]):
                found.setdefault(name, f"{document.area}/{name}")
        for match in _OWN.finditer(document.text):
            kind = match["kind"] or match["bare"]
            path = f"{document.area}/{place}{kind}"
            found.setdefault(short + kind, path)
            found.setdefault(place + kind, path)
    return found
