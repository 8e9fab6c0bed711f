from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest

from qa import labels
from tests.qa.page.fake_service import HARBOUR, PERMIT, SCHOOL, SCHOOL_QUOTE, quote


@pytest.mark.parametrize(
    ("path", "shown", "said"),
    [
        pytest.param((), "", "", id="preamble"),
        pytest.param(("12",), "12", "第12条", id="one-number"),
        pytest.param(("二", "（三）"), "二（三）", "第二（三）条", id="plan"),
        pytest.param(("三", "12"), "三、12", "第三、12条", id="running-numbers"),
        pytest.param(("一", "（二）", "4"), "一（二）4", "第一（二）4条", id="deep"),
        pytest.param(("第三章", "第十二条"), "第三章第十二条", "第十二条", id="article"),
        pytest.param(
            ("第十二条之一", "（三）"), "第十二条之一（三）", "第十二条之一第（三）项", id="item"
        ),
        pytest.param(("二", "（三）", "一是"), "二（三）一是", "第二（三）条“一是”", id="spoken"),
    ],
)
def test_label_path_as_shown_and_as_cited(path: tuple[str, ...], shown: str, said: str) -> None:
    assert labels.path_label(path) == shown
    assert labels.place_label(path) == said


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("某区工作要点", "《某区工作要点》"),
        ("《某区工作要点》", "《某区工作要点》"),
        ("《某省方案》政策解读", "《〈某省方案〉政策解读》"),
        ("关于印发《某办法》的通知", "《关于印发〈某办法〉的通知》"),
        ("《甲》和《乙》", "《〈甲〉和〈乙〉》"),
    ],
)
def test_title_marks_nest(title: str, expected: str) -> None:
    assert labels.book_title(title) == expected


def test_copy_line() -> None:
    citation = quote(SCHOOL, SCHOOL_QUOTE)
    assert labels.copy_line(citation) == f"《{HARBOUR.title}》（临东政办〔2025〕8号）第二（三）条"
    assert labels.copy_line(replace(citation, doc_number=None, path=())) == f"《{HARBOUR.title}》"
    article = quote(PERMIT, "材料齐全的")
    assert labels.copy_line(article) == "《青岩县居住证办理办法》（青政〔2019〕3号）第十二条"


def test_areas() -> None:
    assert labels.area_name("海州省/临港市/东湾区") == "海州省临港市东湾区"
    assert labels.area_option("海州省/临港市/东湾区") == "东湾区（海州省临港市）"
    assert labels.area_option("海州省") == "海州省"
    assert labels.short_area("海州省/临港市") == "临港市"
    assert labels.short_area("") == ""


def test_dates() -> None:
    assert labels.chinese_date(date(2025, 5, 9)) == "2025年5月9日"
    assert labels.chinese_date(None) == ""


def test_neither_engine_nor_page_is_needed_for_them() -> None:
    """The commands that list documents start without either."""
    program = (
        "import sys, qa.labels\n"
        "assert not {'gradio', 'index', 'qa.page', 'qa.cli', 'qa.types'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
