"""Rows of tables: their head is quoted with them, and the unit it prints is theirs."""

from __future__ import annotations

import pytest

from corpus import build_document, sentence_spans
from corpus.loading import source_of
from index.passages import to_passages
from qa.asks import Ask, has_evidence
from qa.tables import head_of, spelled
from tests.qa.test_select import evidence

TABLE = "机具\t补贴额（元/台）\n无人机\t7200\n收割机\t1.2万元"
DOCUMENT = f"""云山市农机购置补贴办法

第一条 为了规范补贴，制定本办法。

第二条 补贴标准如下：
{TABLE}

第三条 本办法自2025年1月1日起施行。
"""


def test_numbers_get_the_unit_of_their_column() -> None:
    """Only bare numbers: a cell with a unit of its own keeps it."""
    assert spelled(TABLE) == "机具\t补贴额（元/台）\n无人机\t7200元/台\n收割机\t1.2万元"
    assert spelled("没有表格，7200。") == "没有表格，7200。"


def test_a_row_that_lost_its_first_cell() -> None:
    """Merged cells are on the left, so units are counted from the right."""
    text = "类别\t机具\t补贴（元）\n收获\t大型\t900\n小型\t300"
    assert spelled(text).endswith("小型\t300元")


@pytest.mark.parametrize(
    ("line", "head"),
    [
        ("无人机\t7200", "机具\t补贴额（元/台）"),
        ("收割机\t1.2万元", "机具\t补贴额（元/台）"),
        ("机具\t补贴额（元/台）", None),
        ("第三条 本办法", None),
    ],
)
def test_head_of_a_row(line: str, head: str | None) -> None:
    start = DOCUMENT.index(line)
    found = head_of(DOCUMENT, (start, start + len(line)))
    assert (DOCUMENT[slice(*found)] if found else None) == head


def test_a_first_row_of_numbers_heads_nothing() -> None:
    text = "一档\t100\n二档\t200"
    assert [head_of(text, span) for span in sentence_spans(text)] == [None, None]


def test_a_cell_is_a_sum_of_money() -> None:
    """What is asked in 元 is answered by a number under 元."""
    assert has_evidence(Ask.MONEY, "机具\t补贴额（元/台）\n无人机\t7200", "补多少钱")
    assert not has_evidence(Ask.MONEY, "无人机\t7200", "补多少钱")


def test_the_head_is_quoted_with_the_row() -> None:
    document, clauses = build_document(source_of(DOCUMENT.encode(), "x.txt"))
    passages = to_passages({document.doc_id: document}, clauses)
    row = next(row for row, clause in enumerate(clauses) if clause.label == "第二条")
    clause, passage = clauses[row], passages[row]
    found = evidence("收割机补多少钱", clause, passage, cosines=[0.1, 0.1, 0.1, 0.9])
    quotes = [clause.text[a:b] for a, b in found.spans]
    assert quotes == ["机具\t补贴额（元/台）", "收割机\t1.2万元"]
