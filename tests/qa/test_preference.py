"""Which of two near clauses is the better source."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from corpus import CorpusStore, ingest
from corpus.types import Role
from index.encoder import Encoder
from qa.service import Service
from tests.qa.town import open_home

WATER = """远安县人民政府关于印发远安县供水方案的通知

远政发〔2026〕3号

各乡镇人民政府：

现将《远安县供水方案》印发给你们，请认真贯彻执行。

远安县人民政府
2026年7月4日

远安县供水方案

一、城乡供水

（一）推进城乡供水。新建水厂2座，村村通水。（责任单位：县水利局）
"""


@pytest.fixture(scope="module")
def water(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Service]:
    """Serve one document that is dated, and dates nothing else."""
    home = tmp_path_factory.mktemp("water")
    (home / "originals").mkdir()
    (home / "originals" / "供水.txt").write_text(WATER, encoding="utf-8")
    with CorpusStore.open(home, samples=False) as store:
        ingest(store, [home / "originals" / "供水.txt"])
    service = open_home(home, encoder)
    yield service
    service.close()


def _first(service: Service, question: str) -> Role:
    """The role of the clause that an answer is sought in."""
    engine = service.engine
    return engine.clause_at(engine.candidates(engine.rank(engine.read(question)))[0].row).role


def test_date_of_issue_dates_no_matter(water: Service) -> None:
    """«哪个月通水» is not answered by the day on which the document was signed."""
    answer = water.answer("远安哪个月通水")
    assert "2026年7月" not in "".join(part.quote for part in answer.parts)


def test_date_of_issue_is_what_is_asked_for(water: Service) -> None:
    """Asked of the document itself, the same date is the answer."""
    assert _first(water, "远安供水方案哪个月印发的") is Role.PREAMBLE
    assert _first(water, "远安哪个月通水") is Role.CLAUSE
