"""Clauses named by number, over the shipped documents and an invented statute."""

from __future__ import annotations

import pytest

from corpus import Source, build_document
from corpus.types import Clause, Document, Role
from qa.search.lookup import lookup, mention
from qa.service import Service

STATUTE = """远安县房屋租赁管理办法
远政规〔2021〕12号
第一章 总则
第一条 为规范租赁，制定本办法。
第二条 本办法适用于县城。
第二章 登记
第三条 出租人应当登记。登记材料包括：
（一）身份证明；
（二）房屋证明。
第三条之一 登记不收费。
第十八条 承租人可以查询登记。
"""
PLAN = """上虞区租房补贴方案
虞政办发〔2021〕12号
一、总体要求
（一）应补尽补。符合条件的都补。
（二）公开透明。结果公示。
二、补贴办法
（一）补贴对象。租房的新市民。
（二）补贴标准。每月三百元。
"""


def built(name: str, text: str) -> tuple[Document, tuple[Clause, ...]]:
    return build_document(Source(name, text.encode(), text, "0" * 64))


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return [built(name, text)[0] for name, text in (("a.txt", STATUTE), ("b.txt", PLAN))]


@pytest.fixture(scope="module")
def clauses() -> list[Clause]:
    return [c for name, text in (("a.txt", STATUTE), ("b.txt", PLAN)) for c in built(name, text)[1]]


def found(question: str, documents: list[Document], clauses: list[Clause]) -> list[str]:
    """First letter of the document and path of each clause."""
    by_id = {clause.clause_id: clause for clause in clauses}
    letter = {document.doc_id: document.title[0] for document in documents}
    ids = lookup(question, documents, clauses)
    return [letter[by_id[i].doc_id] + "/".join(by_id[i].path) for i in ids]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        pytest.param("第十八条", ["远第二章/第十八条"], id="article-alone"),
        pytest.param("第18条讲什么", ["远第二章/第十八条"], id="arabic-figures"),
        pytest.param("第三条之一", ["远第二章/第三条之一"], id="inserted-article"),
        pytest.param("远政规〔2021〕12号第三条", ["远第二章/第三条"], id="number"),
        pytest.param("远政规[2021]12号 第三条", ["远第二章/第三条"], id="square"),
        pytest.param("远政规（2021）12第三条", ["远第二章/第三条"], id="round-without-号"),
        pytest.param("远政规【2021】12号第三条第二款", ["远第二章/第三条"], id="thick"),
        pytest.param("請問遠政規〔2021〕12號第三條", ["远第二章/第三条"], id="traditional"),
        pytest.param("看虞政办发〔2021〕12号第二章（一）", ["上二/（一）"], id="chapter-item"),
        pytest.param("上虞方案 第二章（一）", ["上二/（一）"], id="words-for-the-document"),
        pytest.param("上虞方案二（二）", ["上二/（二）"], id="path-as-printed"),
        pytest.param(
            "远安办法第二章",
            ["远第二章/第三条", "远第二章/第三条之一", "远第二章/第十八条"],
            id="whole-chapter",
        ),
        pytest.param("第九十九条", [], id="no-such-article"),
        pytest.param("鄂政规〔2021〕12号第三条", [], id="another-issuer"),
        pytest.param("远政规〔2020〕12号第三条", [], id="another-year"),
        pytest.param("厦门方案第三条", [], id="another-place"),
        pytest.param("远政规〔2021〕12号里租房要登记吗", [], id="number-in-a-question"),
        pytest.param("第二点要准备什么", [], id="point-said-before"),
        pytest.param("第一批租房补贴", [], id="no-label"),
        pytest.param("家门口第一条路修好了吗", [], id="not-an-article"),
        pytest.param("我能租房吗", [], id="plain-question"),
    ],
)  # fmt: skip
def test_lookup(
    documents: list[Document], clauses: list[Clause], question: str, expected: list[str]
) -> None:
    assert found(question, documents, clauses) == expected


def test_a_number_without_its_issuer_means_every_document_that_has_it(
    documents: list[Document], clauses: list[Clause]
) -> None:
    assert found("2021年12号文第三条", documents, clauses)[0] == "远第二章/第三条"
    everything = found("2021年12号文", documents, clauses)
    assert len(everything) == len([c for c in clauses if c.role is Role.CLAUSE])


def test_what_is_said_beside_a_number(documents: list[Document]) -> None:
    said = mention("远政规〔2021〕12号里租房要登记吗", documents)
    assert said.docs is not None
    assert [document.title for document in said.docs] == ["远安县房屋租赁管理办法"]
    assert said.rest.split() == ["里租房要登记吗"]
    assert not said.bare
    assert mention("租房", documents).docs is None


@pytest.mark.parametrize(
    ("question", "number", "path"),
    [
        pytest.param(
            "泉鲤政办〔2025〕6号第三条", "泉鲤政办〔2025〕6号", ("二", "（三）"), id="item-3"
        ),
        pytest.param("成武方案第22条", "成政发〔2024〕3号", ("六", "22"), id="place-and-kind"),
        pytest.param(
            "三明 一（二）4", "明发改规划〔2023〕180号", ("一", "（二）", "4"), id="three-levels"
        ),
    ],
)
def test_lookup_in_the_shipped_documents(
    samples_by_words: Service, question: str, number: str, path: tuple[str, ...]
) -> None:
    store = samples_by_words.store
    ids = lookup(question, store.documents(), store.clauses(roles=tuple(Role)))
    clause = store.clause(ids[0])
    assert (store.document(clause.doc_id).doc_number, clause.path) == (number, path)
