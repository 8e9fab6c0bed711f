"""The search page as it is served, over the shipped documents."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode
from starlette.testclient import TestClient

from qa.page.app import web_app
from qa.page.site import Site
from qa.page.staff.asking import FILTERS, PAGE, Asked, asked_from
from qa.page.staff.compare import MOST
from qa.search.types import Filters, Request, Sort
from qa.service import Service
from tests.qa.page.fake_service import EVIL, FakeService
from tests.qa.page.staff.conftest import HOME, login

Client = Callable[..., TestClient]


@pytest.fixture(scope="module")
def client(samples_by_words: Service, site: Site) -> TestClient:
    client = TestClient(web_app(samples_by_words, site), base_url=HOME, follow_redirects=False)
    login(client, "chen")
    return client


def page(client: TestClient, address: str = "search", **params: str) -> LexborHTMLParser:
    answer = client.get(f"/staff/{address}", params=params or None)
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def one(found: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    nodes = found.css(selector)
    assert len(nodes) == 1, (selector, len(nodes))
    return nodes[0]


def ids(found: LexborHTMLParser) -> list[str]:
    return [node.attributes["data-basket"] or "" for node in found.css("[data-basket]")]


def total(found: LexborHTMLParser) -> int:
    match = re.search(r"共(?:收录)? (\d+) 条", one(found, "#tw-count").text())
    return int(match[1]) if match else 0


# --- the address ---

WORDS = st.text(max_size=20).map(str.strip)
ASKED = st.builds(
    Asked,
    WORDS,
    st.builds(Filters, *[WORDS.map(lambda text: text or None)] * 6),
    st.sampled_from(Sort),
    st.integers(1, 300),
)


@given(ASKED)
def test_the_address_carries_the_whole_search(asked: Asked) -> None:
    query = urlsplit(asked.address()).query
    read = {name: values[0] for name, values in parse_qs(query).items()}
    assert asked_from(read) == asked


@pytest.mark.parametrize("params", [{"page": "0"}, {"page": "x"}, {"page": "-3"}, {"sort": "no"}])
def test_nonsense_in_the_address_is_passed_over(params: dict[str, str]) -> None:
    assert asked_from(params) == Asked()


# --- what is found ---


def test_a_page_shows_what_the_search_finds(client: TestClient, samples_by_words: Service) -> None:
    request = Request("建设", offset=PAGE, limit=PAGE)
    expected = samples_by_words.find(request)
    assert expected.total > PAGE
    found = page(client, q="建设", page="2")
    assert ids(found) == [hit.clause.clause_id for hit in expected.hits]
    assert total(found) == expected.total
    hit = found.css(".tw-hit")[0]
    clause = expected.hits[0].clause
    start, end = expected.hits[0].snippet.span
    assert one(hit, ".tw-snippet").text().strip("…") == clause.text[start:end]
    marks = [mark.text() for mark in one(hit, ".tw-snippet").css("mark")]
    assert marks == [clause.text[a:b] for a, b in expected.hits[0].snippet.marks]
    assert one(hit, "h3 a").attributes["href"] == f"../c/{clause.clause_id}"


def test_every_facet_value_leads_to_what_it_counts(client: TestClient) -> None:
    """Area and unit are exempt from equality: a county is spoken for by its province too."""
    found = page(client, q="就业")
    groups = found.css(".tw-facet")
    assert len(groups) == len(FILTERS)
    for group in groups:
        name = (one(group, "h3").attributes["id"] or "").removeprefix("tw-facet-")
        for link in group.css("a.tw-facet-value")[:3]:
            count = int(re.findall(r"\d+", one(link, ".tw-facet-count").text())[0])
            narrowed = page(client, unquote(link.attributes["href"] or ""))
            if name in ("area", "unit", "kind"):
                assert total(narrowed) >= count
            else:
                assert total(narrowed) == count, link.html
            chosen = narrowed.css(".tw-chosen")
            assert len(chosen) == 1
            back = page(client, chosen[0].attributes["href"] or "")
            assert total(back) == total(found)


def test_filters_are_fields_too(client: TestClient, samples_by_words: Service) -> None:
    found = page(client, q="就业", area="鲤城", validity="有效", year="2023-2026")
    expected = samples_by_words.find(
        Request("就业", Filters(area="鲤城", validity="有效", year="2023-2026"))
    )
    assert total(found) == expected.total > 0
    assert one(found, "#tw-f-area").attributes["value"] == "鲤城"
    assert one(found, "#tw-f-validity option[selected]").text() == "有效"
    assert [node.text().split("，")[0] for node in found.css(".tw-chosen")] == [
        "地区：鲤城", "年份：2023-2026", "效力：有效",
    ]  # fmt: skip


@pytest.mark.parametrize("sort", list(Sort))
def test_orders(client: TestClient, samples_by_words: Service, sort: Sort) -> None:
    found = page(client, q="教育", sort=sort.value)
    expected = samples_by_words.find(Request("教育", sort=sort, limit=PAGE))
    assert ids(found) == [hit.clause.clause_id for hit in expected.hits]
    assert len(found.css(".tw-sorts [aria-current]")) == 1


def test_pages_join_to_the_whole(client: TestClient) -> None:
    seen: list[str] = []
    address: str | None = "search?q=建设"
    while address:
        found = page(client, address)
        seen += ids(found)
        after = found.css(".tw-pages a[rel=next]")
        address = after[0].attributes["href"] if after else None
    assert len(seen) == len({*seen}) == total(page(client, q="建设"))


def test_nothing_asked_shows_how_to_ask(client: TestClient, samples_by_words: Service) -> None:
    found = page(client)
    assert total(found) == len(samples_by_words.index.passages)
    assert found.css(".tw-hit") == []
    assert "open" in one(found, "#tw-help").attributes
    assert len(found.css(".tw-facet")) == len(FILTERS)
    for link in found.css("#tw-help td a"):
        tried = page(client, link.attributes["href"] or "")
        assert tried.css(".tw-hit"), link.text()  # every example finds something


def test_nothing_found_says_what_to_do(client: TestClient) -> None:
    found = page(client, q="“没有这样的话”")
    assert "没有找到条款" in one(found, "#tw-count").text()
    assert "放宽筛选条件" in one(found, ".tw-found").text()
    assert page(client, q="教育", page="900").css(".tw-pages a[rel=prev]")


@pytest.mark.parametrize(
    ("query", "place", "sign"),
    [
        ("(居住证 OR 学位", 1, "("),
        ("教育 AND", 4, "A"),
        ("落户 年份:去年", 4, "年"),
        ("“落户", 1, "“"),
    ],
)
def test_errors_point_at_the_character(
    client: TestClient, query: str, place: int, sign: str
) -> None:
    found = page(client, q=query)
    alert = one(found, "#tw-said[role=alert]")
    assert f"第 {place} 个字" in alert.text()
    assert one(alert, "mark").text() == sign
    assert one(alert, ".tw-query").text() == query
    field = one(found, "#tw-q").attributes
    assert (field["aria-invalid"], field["aria-describedby"]) == ("true", "tw-said")
    assert field["data-wrong"] == str(place - 1)
    assert field["value"] == query  # nothing is lost


def test_the_place_of_an_error_is_told_in_the_units_of_scripts(client: TestClient) -> None:
    assert one(page(client, q="𠮷𠮷 AND"), "#tw-q").attributes["data-wrong"] == "5"


def test_a_filter_that_cannot_be_read_is_said(client: TestClient) -> None:
    found = page(client, q="落户", year="去年")
    assert "「去年」不是年份" in one(found, "#tw-said").text()
    assert one(found, ".tw-chosen").text().startswith("年份：去年")


def test_what_documents_and_visitors_say_is_text(site: Site) -> None:
    client = TestClient(web_app(FakeService(), site), base_url=HOME, follow_redirects=False)
    login(client, "chen")
    for params in ({"q": "测试条款"}, {"q": EVIL}, {"q": "("}, {"doc": EVIL, "year": "去年"}):
        text = client.get("/staff/search", params=params).text
        assert "<script>window" not in text
        assert "<img" not in text
        assert 'onerror="window' not in text
    compared = client.get("/staff/compare", params={"c": ["evil:一", "hill:第三章.第十二条"]}).text
    assert compared.count("<article") == 2
    assert "<img" not in compared


# --- export ---


def test_csv_of_all_that_was_found(client: TestClient, samples_by_words: Service) -> None:
    found = page(client, q="教育", kind="要点")
    link = found.css(".tw-exports a")[0].attributes["href"] or ""
    answer = client.get(f"/staff/{link}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    name = unquote(answer.headers["content-disposition"].split("''")[1])
    assert name == f"条问检索-{date.today().isoformat()}.csv"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    whole = samples_by_words.find(Request("教育", Filters(kind="要点"), limit=None))
    assert [row[-1] for row in rows[1:]] == [hit.clause.clause_id for hit in whole.hits]
    assert len(rows) - 1 == total(found)


def test_excel_of_all_that_was_found(client: TestClient) -> None:
    found = page(client, q="教育")
    link = found.css(".tw-exports a")[1].attributes["href"] or ""
    answer = client.get(f"/staff/{link}")
    book = zipfile.ZipFile(io.BytesIO(answer.content))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == total(found) + 1


@pytest.mark.parametrize(
    ("path", "code"),
    [("search.csv?q=(", "invalid_query"), ("search.csv?q=a&year=x", "invalid_query"),
     ("search.exe?q=a", "not_found")],
)  # fmt: skip
def test_exports_that_cannot_be_made(client: TestClient, path: str, code: str) -> None:
    assert client.get(f"/api/staff/{path}").json()["error"]["code"] == code


# --- comparison ---


def test_clauses_stand_side_by_side(client: TestClient, samples_by_words: Service) -> None:
    wanted = ids(page(client, q="随迁子女"))[:3]
    found = LexborHTMLParser(client.get("/staff/compare", params={"c": wanted}).text)
    columns = found.css("article.tw-column")
    assert len(columns) == 3
    for column, clause_id in zip(columns, wanted, strict=True):
        clause = samples_by_words.clause(clause_id)
        assert one(column, ".tw-clause").text() == clause.text
        start = clause.span[0]
        printed = [clause.text[a - start : b - start] for a, b in (f.span for f in clause.figures)]
        assert [node.text() for node in column.css(".tw-clause strong")] == printed
        dropped = one(column, "[data-drop]").attributes["href"] or ""
        assert parse_qs(urlsplit(dropped).query)["c"] == [i for i in wanted if i != clause_id]


def test_what_cannot_be_compared_is_said(client: TestClient) -> None:
    some = ids(page(client, q="教育"))
    gone = client.get("/staff/compare", params={"c": [some[0], "nothing"]}).text
    assert "有 1 条已经随文件更新或撤下" in gone
    assert "至少要有两条" in gone
    many = client.get("/staff/compare", params={"c": some[: MOST + 2]}).text
    assert f"一次最多并排 {MOST} 条" in many
    assert many.count("<article") == MOST
    assert client.get("/staff/compare").status_code == 200
