"""Warnings that come from other documents: repealed, replaced, differing, a higher authority."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from corpus import CorpusStore, ingest
from corpus.types import ValidityState
from index.encoder import Encoder
from qa import messages
from qa.service import Service
from qa.types import Status
from tests.qa.town import assert_verbatim, open_home

DAY = date(2026, 3, 1)
OLD = """远安县居住证管理办法
远政规〔2018〕2号

第一条 为了方便流动人口办事，制定本办法。

第二条 在本县居住满六个月的流动人口，可以申领居住证，居住证每年签注一次。

第三条 居住证遗失的，应当在15日内到派出所补领。

远安县人民政府
2018年5月2日
"""
NEW = """远安县流动人口服务办法
远政规〔2024〕9号

第一条 为了做好流动人口服务，制定本办法。

第二条 流动人口凭居住证享受图书借阅服务。

第三条 本办法自2024年7月1日起施行。《远安县居住证管理办法》（远政规〔2018〕2号）同时废止。

远安县人民政府
2024年6月3日
"""
EDITION = """远安县老年食堂工作要点（{year}年）
远民发〔{year}〕3号

一、建设目标

（一）办好老年食堂。{year}年每个乡镇新开老年食堂{count}家。（责任单位：县民政局）

（二）给予用餐补贴。七十岁以上老人每餐补贴{sum}元。（责任单位：县财政局）

远安县民政局
{year}年2月1日
"""
CITY = """宜昌市助餐服务工作要点（2025年）
宜民发〔2025〕1号

一、服务标准

（一）给予用餐补贴。七十岁以上老人在老年食堂每餐补贴6元。（责任单位：市民政局）

宜昌市民政局
2025年1月5日
"""
DOCUMENTS = {
    "旧.txt": OLD,
    "新.txt": NEW,
    "要点2024.txt": EDITION.format(year=2024, count=2, sum=4),
    "要点2025.txt": EDITION.format(year=2025, count=3, sum=5),
    "市.txt": CITY,
}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Service]:
    """Return a service over documents that speak of one another."""
    home = tmp_path_factory.mktemp("county")
    paths = []
    for name, text in DOCUMENTS.items():
        path = home / "files" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    with CorpusStore.open(home, samples=False) as store:
        assert {report.outcome for report in ingest(store, paths)} == {"added"}
    service = open_home(home, encoder)
    yield service
    service.close()


def test_repealed_by_a_later_document(county: Service) -> None:
    """The quote stays; beside it stands what repealed it and that a newer rule counts."""
    answer = county.answer("远安居住证遗失了几天内补领", as_of=DAY)
    assert answer.status is Status.ANSWERED
    assert "15日内" in "".join(part.quote for part in answer.parts)
    (citation,) = {part.citation for part in answer.parts}
    assert citation.validity.state is ValidityState.REPEALED
    assert any("已经废止" in said and "流动人口服务办法" in said for said in answer.warnings)
    assert_verbatim(county, answer)


def test_not_yet_repealed(county: Service) -> None:
    """Before the repealing document was there, the old one held."""
    answer = county.answer("远安居住证遗失了几天内补领", as_of=date(2020, 1, 1))
    assert not any("废止" in said for said in answer.warnings)


def test_newer_edition_is_told(county: Service) -> None:
    """Asked for last year's, the reader hears that there is this year's."""
    answer = county.answer("远安2024年每个乡镇新开几家老年食堂", as_of=DAY)
    assert answer.status is Status.ANSWERED
    assert "2家" in "".join(part.quote for part in answer.parts)
    assert any("更新的版本" in said and "2025" in said for said in answer.warnings)
    assert answer.message == messages.ANSWERED
    assert_verbatim(county, answer)


def test_higher_and_lower_authority_differ(county: Service) -> None:
    """City and county name different sums: both are quoted and the difference is said."""
    answer = county.answer("远安七十岁以上老人每餐补贴多少钱", as_of=DAY)
    said_by = {part.citation.area.rsplit("/", 1)[-1] for part in answer.parts}
    assert said_by == {"宜昌市", "远安县"}
    assert any("数字不一样" in said and "宜昌市" in said for said in answer.warnings)
    assert_verbatim(county, answer)


def test_one_authority_does_not_differ_from_itself(county: Service) -> None:
    """Two figures of one document are no contradiction."""
    answer = county.answer("远安2025年每个乡镇新开几家老年食堂", as_of=date(2025, 3, 1))
    assert not any("数字不一样" in said for said in answer.warnings)
