"""Quotes on the page: tables are tables, and every character is there once."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from qa.page.quotes import quote_html

TABLE = "标准如下：\n对象\t租金（元）\n低保家庭\t1.3\n其他\t<3\n以上为准。"


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def test_rows_become_a_table_with_its_head() -> None:
    html = quote_html(TABLE)
    assert html.startswith("标准如下：\n<table")
    assert html.endswith("</table>以上为准。")
    assert html.count("<tr>") == 3
    assert html.count('<th scope="col">') == 2
    assert "<td>低保家庭\t</td><td>1.3\n</td>" in html
    assert text_of(html) == TABLE


def test_a_first_row_of_figures_is_no_head() -> None:
    assert "<th" not in quote_html("一档\t100\n二档\t200")


@given(st.text(alphabet="甲乙1\t\n<&> ", max_size=60))
def test_no_character_is_added_or_lost(text: str) -> None:
    """Line ends that only Python knows do not occur in stored text; all others are kept."""
    assert text_of(quote_html(text)) == text
