"""The report as HTML and Markdown."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from eval.report import html_report, markdown_report
from eval.report.svg import reliability_plot, risk_coverage_plot
from eval.runs import Run

VOID = {"meta", "br", "rect", "path", "circle", "polyline"}


class _Balance(HTMLParser):
    """Collects ids, links and unbalanced tags."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        assert "src" not in values
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if tag == "a":
            self.links.append(str(values["href"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.fixture
def page(run: Run) -> str:
    return html_report(run)


def test_html_is_balanced_and_links_lead_somewhere(page: str) -> None:
    parser = _Balance()
    parser.feed(page)
    assert parser.open == []
    assert len(parser.ids) == len(set(parser.ids))
    assert {link.removeprefix("#") for link in parser.links} <= set(parser.ids)


def test_html_is_self_contained(page: str) -> None:
    assert not re.search(r"https?://|url\(|@import|<script|<link", page)


def test_every_failure_is_there_with_its_trace(page: str, run: Run) -> None:
    for case_id in ("t-2", "t-3", "t-4"):
        assert f'id="case-{case_id}"' in page
        assert f'id="trace-{case_id}"' in page
    assert 'id="case-t-1"' not in page
    assert "引文里没有：市公安局" in page
    assert "青溪政发〔2030〕8号 二（一）" in page


def test_what_people_wrote_is_escaped(run: Run) -> None:
    nasty = replace(run.cases[2], question="<b>房</b> & “租”")
    page = html_report(replace(run, cases=(*run.cases[:2], nasty, *run.cases[3:])))
    assert "&lt;b&gt;房&lt;/b&gt; &amp;" in page
    assert "<b>房" not in page


def test_markdown_has_tables_and_failures(run: Run) -> None:
    text = markdown_report(run)
    assert "| 答对 | 33.3% |" in text
    assert "### 误拒（1）" in text
    assert "- 问题：引文里没有：市公安局" in text
    for block in re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE):
        assert len({row.count("|") for row in block.strip().splitlines()}) == 1


def test_run_without_answers_still_has_a_page(run: Run) -> None:
    none = replace(run, cases=run.cases[4:5], predictions=run.predictions[4:5])
    assert "没有作答的题，无图可画" in html_report(none)
    assert "没有。" in markdown_report(none)


def test_plots_stay_inside_their_box() -> None:
    curve = risk_coverage_plot([(0.1, 0.0), (1.0, 1.0)])
    numbers = [float(x) for x in re.findall(r'c[xy]="([\d.]+)"', curve)]
    assert numbers
    assert all(0 <= number <= 420 for number in numbers)
    assert "<rect" not in reliability_plot([])
