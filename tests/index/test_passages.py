"""What a sentence is embedded with: place, headings, and the line that announces its list."""

from __future__ import annotations

from corpus import build_document
from corpus.loading import source_of
from index.passages import span_texts, to_passages

TEXT = """云山县公租房办法

第一条 为了保障住房，制定本办法。

第二条 申请公租房应当同时符合下列条件：
（一）有本县户籍；
（二）没有自有住房。
不符合条件的，书面告知。

第三条 有下列情形之一的，应当退回住房：
（一）转租的；
（二）连续六个月空置的。
"""
LIST = """云山县落户意见

一、办理落户
（一）减少材料。申请人按照下列情形提交一项证明：
（1）购房的，提交合同；
（2）租房的，提交备案证明。
（二）缩短时限。十日内办结。
"""


def embedded(text: str) -> dict[str, str]:
    """What stands before each sentence, by its last characters."""
    document, clauses = build_document(source_of(text.encode(), "x.txt"))
    texts, _ = span_texts(to_passages({document.doc_id: document}, clauses))
    return {one.rpartition(":")[2]: one.rpartition(":")[0] for one in texts}


def test_items_inside_an_article_bring_its_line() -> None:
    """«转租的» alone says nothing; each list has the line above it, the next paragraph none."""
    before = embedded(TEXT)
    assert "申请公租房应当同时符合下列条件" in before["(一)有本县户籍;"]
    assert "应当退回住房" in before["(一)转租的;"]
    assert "应当退回住房" not in before["(二)没有自有住房。"]
    assert "条件" not in before["不符合条件的,书面告知。"]


def test_items_that_are_clauses_bring_the_line_of_their_parent() -> None:
    """The announcing sentence alone, not all of the parent; a sibling brings nothing."""
    before = embedded(LIST)
    assert before["(2)租房的,提交备案证明。"].endswith("申请人按照下列情形提交一项证明")
    assert "证明" not in before["十日内办结。"]
