"""Staff search against a scan of every clause: hits, counts, facets, order, pages."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.types import Role
from index.querying import QueryError
from index.synonyms import Synonyms
from qa.search.staff import StaffSearch
from qa.search.types import FilterError, Filters, Hit, How, Request, Sort
from qa.service import Service
from tests.qa.search.brute import Scan

DAY = date(2025, 6, 1)
EVERY = (
    "落户", "随迁子女", "学位 供给", "“落户限制”", "“户限”", "「公办学校」", "教育*", "户*",
    "落户限*", "娃 AND 上学", "居住证 AND 医保", "居住证 OR 学位", "教育 NOT 学位", "-落户",
    "教育 -“学位” -医保", "(居住证 OR 社保卡) AND NOT 医保", "地区:鲤城", "地区:泉州市",
    "单位:教育局", "单位:财政局 医保", "文件:泉鲤政办", "文号:〔2024〕3号", "文种:要点 就业",
    "年份:2023-2024", "效力:有效 就业", "标题:解读", "地区:三明 OR 单位:县公安局",
    "NOT 地区:鲤城", "鲤城 落户", "我家娃想上小学", "鲤城", "房",
)  # fmt: skip
FILTERS = st.builds(
    Filters,
    area=st.sampled_from([None, None, "鲤城", "三明", "青海"]),
    unit=st.sampled_from([None, None, "教育局", "公安"]),
    document=st.sampled_from([None, None, None, "泉鲤政办", "成武"]),
    kind=st.sampled_from([None, None, "要点", "解读"]),
    year=st.sampled_from([None, None, "2025", "2023-2024"]),
    validity=st.sampled_from([None, None, "有效", "lapsed"]),
)


@pytest.fixture(scope="module")
def scan(samples_by_words: Service) -> Scan:
    return Scan(samples_by_words, DAY)


def ids(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.clause.clause_id for hit in hits]


@pytest.mark.parametrize("query", EVERY)
def test_hits_are_those_of_a_scan(staff: StaffSearch, scan: Scan, query: str) -> None:
    expected = [clause.clause_id for clause in scan.matching(query, Filters())]
    assert expected, "a query that finds nothing shows nothing"
    found = staff.search(Request(query, sort=Sort.CORPUS, limit=None, as_of=DAY))
    assert (ids(found.hits), found.total) == (expected, len(expected))
    ranked = staff.search(Request(query, limit=None, as_of=DAY))
    assert sorted(ids(ranked.hits)) == sorted(expected)


@settings(max_examples=40, deadline=None)
@given(query=st.sampled_from(EVERY), filters=FILTERS)
def test_filters_and_facets_are_those_of_a_scan(
    staff: StaffSearch, scan: Scan, query: str, filters: Filters
) -> None:
    expected = [clause.clause_id for clause in scan.matching(query, filters)]
    found = staff.search(Request(query, filters, sort=Sort.CORPUS, limit=None, as_of=DAY))
    assert (ids(found.hits), found.total) == (expected, len(expected))
    for name, values in found.facets.items():
        counted = {value.value: value.count for value in values}
        assert counted == scan.facet(name, query, filters), name


def test_every_clause_where_nothing_is_asked(staff: StaffSearch, scan: Scan) -> None:
    found = staff.search(Request("", limit=None, as_of=DAY, everything=True))
    assert ids(found.hits) == [clause.clause_id for clause, _ in scan.everything()]


def test_blank_query_lists_what_filters_keep(staff: StaffSearch, scan: Scan) -> None:
    filters = Filters(area="鲤城", kind="解读")
    found = staff.search(Request(" ", filters, limit=None, as_of=DAY))
    assert ids(found.hits) == [clause.clause_id for clause in scan.matching("", filters)]
    with pytest.raises(QueryError, match="没有可查的词"):
        staff.search(Request(" "))


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("query", ["教育", "NOT 落户", "居住证 OR 学位"])
def test_pages_join_to_the_whole(staff: StaffSearch, sort: Sort, query: str) -> None:
    """No hit is on two pages or on none."""
    whole = ids(staff.search(Request(query, sort=sort, limit=None, as_of=DAY)).hits)
    pages: list[str] = []
    for offset in range(0, len(whole) + 7, 7):
        page = staff.search(Request(query, sort=sort, offset=offset, limit=7, as_of=DAY))
        assert page.total == len(whole)
        pages += ids(page.hits)
    assert pages == whole
    assert len(set(whole)) == len(whole)


def test_newest_document_first(staff: StaffSearch) -> None:
    hits = staff.search(Request("教育", sort=Sort.DATE, limit=None, as_of=DAY)).hits
    days = [hit.document.published or date.min for hit in hits]
    assert days == sorted(days, reverse=True)
    assert len(set(days)) > 2
    starts = [h.clause.span for h in hits if h.document.doc_id == hits[0].document.doc_id]
    assert starts == sorted(starts)


def test_validity_is_that_of_the_day(staff: StaffSearch) -> None:
    counts = [
        staff.search(Request("效力:有效", as_of=day)).total
        for day in (date(2023, 8, 1), date(2025, 6, 1), date(2030, 1, 1))
    ]
    assert counts[0] > counts[2] == 0
    assert counts[1] not in (counts[0], counts[2])


@pytest.mark.parametrize("question", ["落户限制", "随迁子女 入学", "老年食堂"])
def test_words_rank_as_for_questions(samples: Service, question: str) -> None:
    """Clauses with the words come in the order and with the scores that the engine gives them."""
    asked = samples.search(question, limit=60)
    hits = StaffSearch.over(samples).search(Request(question, limit=None)).hits
    ranked = [(hit.clause.clause_id, hit.score) for hit in hits if hit.how is How.RANKED]
    assert len(ranked) > 1
    assert ranked == [item for item in asked if item in ranked]


def test_what_is_near_in_meaning_is_said_to_be_no_hit(samples: Service) -> None:
    """A word that stands nowhere finds clauses near in meaning, which are not counted."""
    clauses = {c.clause_id: c for c in samples.store.clauses(roles=tuple(Role))}
    no_synonyms = Synonyms(())
    search = StaffSearch(
        samples.index, samples.store.documents(), clauses, samples.engine.read, no_synonyms
    )
    found = search.search(Request("下大雨发洪水"))
    assert found.total == 0
    assert {hit.how for hit in found.hits} == {How.NEAR}
    assert "不计入条数" in found.notes[0]
    assert search.search(Request("股票涨跌")).hits == ()


@pytest.mark.parametrize(
    ("query", "path"),
    [
        pytest.param("泉鲤政办〔2025〕6号第三条", ("二", "（三）"), id="number-and-item"),
        pytest.param("成政发[2024]3号 第22条", ("六", "22"), id="square-brackets"),
    ],
)
def test_a_clause_named_by_number_comes_first(
    staff: StaffSearch, query: str, path: tuple[str, ...]
) -> None:
    hits = staff.search(Request(query)).hits
    assert (hits[0].clause.path, hits[0].how) == (path, How.LABEL)


def test_filters_hold_for_a_named_clause_too(staff: StaffSearch) -> None:
    filters = Filters(area="三明")
    found = staff.search(Request("泉鲤政办〔2025〕6号第三条", filters))
    assert found.total == 0


def test_unknown_places_are_told(staff: StaffSearch) -> None:
    for request in (
        Request("落户", Filters(area="厦门")),
        Request("落户 地区:厦门"),
        Request("厦门落户"),
    ):
        found = staff.search(request)
        assert (found.total == 0) == (request.query != "厦门落户")
        assert "没有收录「厦门」的文件。已收录：" in found.notes[0]


def test_bad_values_are_told() -> None:
    from qa.search.shelf import read_state, read_years

    assert read_years("2023—2025年") == (2023, 2025)
    assert read_years("2023-") == (2023, 9999)
    assert read_years("至2023") == (0, 2023)
    for wrong in ("去年", "-", "20255"):
        with pytest.raises(FilterError, match="不是年份"):
            read_years(wrong)
    with pytest.raises(FilterError, match="可以用：有效、已过期、已废止、效力未知"):
        read_state("好")


def test_a_bad_value_in_the_query_has_its_place(staff: StaffSearch) -> None:
    with pytest.raises(QueryError, match="「去年」不是年份") as caught:
        staff.search(Request("落户 年份:去年"))
    assert caught.value.position == 3
