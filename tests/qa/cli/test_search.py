"""`tiaowen search` over invented documents and the real index, words only."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from qa.cli import session
from qa.cli.main import app
from qa.service import Service
from tests.qa.cli.fakes import opened

Run = Callable[..., Any]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, town_by_words: Service) -> Run:
    """Run `tiaowen` in this process, over the invented documents of two places."""
    monkeypatch.setattr(session, "opened", lambda *_: opened(town_by_words))
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, [str(a) for a in arguments])


def found(run: Run, *arguments: str) -> list[str]:
    hits = json.loads(run("search", *arguments, "--json").stdout)["hits"]
    return [f"{hit['area'][-3]}{hit['kind'][:2]}{hit['label']}" for hit in hits]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(("“老年食堂”",), {"上工作（八）", "远行动（四）"}, id="all"),
        pytest.param(("“老年食堂”", "--area", "上虞"), {"上工作（八）"}, id="area"),
        pytest.param(("“老年食堂”", "--unit", "财政"), {"远行动（四）"}, id="part-of-a-unit"),
        pytest.param(
            ("“老年食堂”", "--doc", "远政办发〔2020〕4号"), {"远行动（四）"}, id="document"
        ),
        pytest.param(("“老年食堂”", "--kind", "计划"), {"远行动（四）"}, id="kind"),
        pytest.param(("“老年食堂”", "--year", "2024-2026"), {"上工作（八）"}, id="years"),
        pytest.param(
            ("“老年食堂”", "--validity", "in_force", "--as-of", "2026-01-01"),
            {"上工作（八）"},
            id="validity-on-a-day",
        ),
        pytest.param(
            ("“老年食堂”", "--validity", "in_force", "--as-of", "2031-01-01"), set(), id="later-day"
        ),
        pytest.param(("食堂 AND 送餐",), {"上工作（八）"}, id="and"),
        pytest.param(("“老年食堂” NOT 地区:远安",), {"上工作（八）"}, id="field-in-the-query"),
    ],
)
def test_filters(run: Run, arguments: tuple[str, ...], expected: set[str]) -> None:
    assert set(found(run, *arguments)) == expected


def test_order_and_pages(run: Run) -> None:
    everything = found(run, "补贴 OR 租房", "--sort", "date")
    assert [label[:2] for label in dict.fromkeys(hit[:3] for hit in everything)] == [
        "上工",
        "远行",
        "上解",
    ]
    pages = [
        found(run, "补贴 OR 租房", "--sort", "date", "--limit", "2", "--offset", n) for n in "02"
    ]
    assert pages[0] + pages[1] == everything[:4]


def test_json_tells_totals_facets_and_marks(run: Run) -> None:
    result = json.loads(run("search", "老年食堂", "--limit", "1", "--json").stdout)
    assert (result["query"], result["count"]) == ("老年食堂", 1)
    assert result["total"] > 1
    areas = {value["label"]: value["count"] for value in result["facets"]["area"]}
    assert sum(areas.values()) == result["total"]
    assert set(result["facets"]) == {"area", "unit", "document", "kind", "year", "validity"}
    hit = result["hits"][0]
    start, end = hit["snippet_span"]
    assert hit["text"][start:end] == hit["snippet"]
    assert "食堂" in "".join(hit["text"][a:b] for a, b in hit["marks"])


def test_list_shows_where_each_clause_stands(run: Run) -> None:
    shown = run("search", "“老年食堂”", "--area", "远安", "--facets").stdout
    assert "1. 二（四） 办好老年食堂" in shown
    assert "《远安县安居乐业三年行动计划（2020—2022年）》（远政办发〔2020〕4号）  已过期" in shown
    assert "共 1 条\n" in shown
    assert "责任单位：县民政局（1）、县财政局（1）" in shown


def test_page_of_many_is_told(run: Run) -> None:
    shown = run("search", "补贴 OR 租房", "--limit", "2", "--offset", "1").stdout
    assert "，这里是第 2—3 条" in shown
    assert shown.startswith("2. ")


def test_tables_hold_all_hits(run: Run, tmp_path: Path) -> None:
    table, book = tmp_path / "表.csv", tmp_path / "表.xlsx"
    result = run("search", "补贴 OR 落户 OR 租房 OR 学位", "--csv", table, "--xlsx", book)
    assert (result.exit_code, result.stdout) == (0, "")
    with table.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert f"已把 {len(rows)} 条存到 {table}" in result.stderr
    assert len(rows) > 10
    assert {row["文种"] for row in rows} == {"工作要点", "行动计划", "解读"}
    assert "xl/worksheets/sheet1.xml" in zipfile.ZipFile(book).namelist()


def test_a_table_that_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    result = run("search", "补贴", "--csv", tmp_path / "no" / "表.csv")
    assert result.exit_code == 2
    assert "无法读写" in result.stderr


def test_nothing_found_is_exit_code_1(run: Run) -> None:
    result = run("search", "“没有的词”")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "没有找到符合条件的条款" in result.stderr
    empty = json.loads(run("search", "“没有的词”", "--json").stdout)
    assert (empty["count"], empty["total"]) == (0, 0)


def test_a_query_error_points_at_the_character(run: Run) -> None:
    result = run("search", "补贴 AND (租房")
    assert result.exit_code == 2
    assert "查询写法有误：括号没有关上（第 8 个字）" in result.stderr
    line, caret = result.stderr.splitlines()[1:3]
    assert line == "  补贴 AND (租房"
    assert caret == " " * 11 + "^"


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("补贴", "--year", "去年"), id="year"),
        pytest.param(("补贴", "--doc", "没有这份"), id="document"),
        pytest.param(("补贴", "--limit", "0"), id="limit"),
        pytest.param(("补贴 颜色:红",), id="field"),
        pytest.param((" ",), id="blank"),
    ],
)
def test_wrong_usage_is_exit_code_2(run: Run, arguments: tuple[str, ...]) -> None:
    result = run("search", *arguments)
    assert result.exit_code == 2
    assert "出错" in result.stderr


def test_a_blank_query_lists_what_filters_keep(run: Run) -> None:
    assert {label[0] for label in found(run, "", "--area", "远安")} == {"远"}
