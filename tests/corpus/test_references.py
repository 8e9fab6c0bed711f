"""References, repeals, editions, contacts, and what changed between two versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from corpus import (
    Changes,
    Clause,
    Document,
    ValidityState,
    build_document,
    compare,
    contacts,
    find_references,
    links_of,
    repeals,
    resolve,
    validity,
)
from corpus.loading import source_of

LAW = (
    "云山市居住证办法\n云政〔2020〕3号\n第一章 总则\n第一条 为方便群众，制定本办法。\n"
    "第二条 居住满半年的可以申领。\n前款规定的居住，依照本办法第三条计算。\n"
    "第三条 居住自登记之日起算，材料见附件2。\n第四条 第二条、第三条以外的情形另行规定。\n"
    "咨询电话：0595-22222222；联系人：王小明，电话：12345。\n"
)


def document_of(text: str, file: str = "a.txt") -> tuple[Document, tuple[Clause, ...]]:
    return build_document(source_of(text.encode(), file))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "依照《甲办法》第十二条第二款第（三）项办理",
            [("甲办法", ("第十二条", "（三）"), 2)],
            id="full",
        ),
        pytest.param(
            "依照《甲法》（主席令第5号）第三条、第五条",
            [("甲法", ("第三条",), None), ("甲法", ("第五条",), None)],
            id="chain",
        ),
        pytest.param("按照本办法第三条的规定", [("", ("第三条",), None)], id="own"),
        pytest.param("由前款规定的部门", [("", (), None)], id="previous"),
        pytest.param("详见附件2。", [("", ("附件2",), None)], id="annex"),
        pytest.param("第三条 本条例所称居住", [("", (), None)], id="not-the-label-itself"),
        pytest.param("第三季度完成三条道路", [], id="no-reference"),
    ],
)  # fmt: skip
def test_finding(text: str, expected: list[tuple[str, tuple[str, ...], int | None]]) -> None:
    found = find_references(text)
    assert [(r.title, r.labels, r.paragraph) for r in found] == expected
    assert all(text[slice(*r.span)] == r.text for r in found)


def test_resolving_only_what_is_certain() -> None:
    document, clauses = document_of(LAW)
    found = {r.text: resolve(r, document, clauses) for r in find_references(document.text)}
    assert (found["本办法第三条"].clause_id or "").endswith("-1.3")
    assert (found["前款"].clause_id or "").endswith("-1.2")
    assert found["附件2"].clause_id is None
    other, _ = document_of(
        "云山市入学办法\n一、依据《云山市居住证办法》（云政〔2020〕3号）第二条办理。\n", "b.txt"
    )
    named = find_references(other.text)[0]
    there = resolve(named, other, (), [document], {document.doc_id: clauses})
    assert (there.clause_id or "").endswith("-1.2")
    assert resolve(named, other, (), []).doc_id is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("《甲办法》同时废止。", [("repeal", "甲办法", None)], id="title"),
        pytest.param(
            "根据《乙条例》，《甲办法》（云政〔2010〕1号）自本办法施行之日起废止。",
            [("repeal", "甲办法", "云政〔2010〕1号")],
            id="not-the-basis",
        ),
        pytest.param(
            "云政〔2010〕1号文件同时废止。", [("repeal", "", "云政〔2010〕1号")], id="number"
        ),
        pytest.param("将《甲办法》第三条修改为下文。", [("amend", "甲办法", None)], id="amended"),
        pytest.param("《居住证》期满失效。", [], id="a-card"),
    ],
)
def test_repeals(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert [(r.kind, r.title, r.doc_number) for r in repeals(text)] == expected


def test_links_between_documents() -> None:
    old = document_of(LAW)[0]
    new = document_of("云山市居住证条例\n一、甲。\n二、《云山市居住证办法》同时废止。\n", "b.txt")[
        0
    ]
    first = document_of("2024年云山市入学办法\n2024年3月1日\n一、甲。\n", "c.txt")[0]
    second = document_of("2025年云山市入学办法\n2025年3月1日\n一、甲。\n", "d.txt")[0]
    links = links_of([old, new, first, second])
    assert links[old.doc_id].repealed_by == (new.doc_id,)
    assert links[first.doc_id].replaced_by == (second.doc_id,)
    assert links[second.doc_id].replaces == (first.doc_id,)
    state = validity(old, date(2026, 1, 1), repealed_by=new.title)
    assert state.state is ValidityState.REPEALED
    assert new.title in state.reason


def test_contacts() -> None:
    document, _ = document_of(LAW)
    found = contacts(document)
    assert [(c.purpose, c.person, c.phones) for c in found] == [
        ("咨询电话", "", ("0595-22222222",)),
        ("联系人", "王小明", ("12345",)),
    ]
    assert all(document.text[slice(*c.span)].startswith(c.purpose) for c in found)


def test_changes_between_versions() -> None:
    _, before = document_of(LAW)
    _, after = document_of(LAW.replace("半年", "一年").replace("第四条", "第五条"))
    changes = compare(before, after)
    assert [c.label for c in changes.added] == ["第五条"]
    assert [c.label for c in changes.removed] == ["第四条"]
    assert [new.label for _old, new in changes.changed] == ["第二条"]
    assert not compare(before, [replace(c) for c in before])


PLAN = (
    "云山县安居计划\n云政〔2020〕3号\n\n一、总体目标\n\n到2022年，全县群众的日子越过越好。\n\n"
    "二、重点任务\n\n（一）放宽落户条件。租房满半年的居民可以落户。\n"
    "（二）保障孩子上学。随迁子女就近进入公办学校。\n\n"
    "三、附则\n\n本计划由县人民政府办公室负责解释。\n\n云山县人民政府办公室\n2020年3月16日\n"
)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("三、附则\n\n", "", ([], [], []), id="closing-section-to-closing-line"),
        pytest.param(
            "三、附则\n\n本计划由县人民政府办公室负责解释。\n\n", "", ([], ["三"], []),
            id="closing-section-gone",
        ),
        pytest.param(
            "\n到2022年，", "\n（一）近期目标。到2021年，人人有住处。\n（二）远期目标。到2022年，",
            (["（一）", "（二）"], ["一"], []), id="section-is-divided",
        ),
        pytest.param(
            "越过越好。\n", "越过越好，主要做好以下工作。\n（一）筹集房源。三年筹集住房一百套。\n",
            (["（一）"], [], ["一"]), id="section-gets-clauses-and-other-words",
        ),
    ],
)  # fmt: skip
def test_what_is_no_clause_any_more_is_not_gone(
    old: str, new: str, expected: tuple[list[str], list[str], list[str]]
) -> None:
    """Nor is it new, read the other way round."""
    assert old in PLAN
    _, before = document_of(PLAN)
    _, after = document_of(PLAN.replace(old, new))
    found, back = compare(before, after), compare(after, before)

    def labels(changes: Changes) -> tuple[list[str], list[str], list[str]]:
        return (
            [clause.label for clause in changes.added],
            [clause.label for clause in changes.removed],
            [later.label for _, later in changes.changed],
        )

    assert labels(found) == expected
    added, removed, changed = expected
    assert labels(back) == (removed, added, changed)
    assert (back.listed, back.unlisted) == (found.unlisted, found.listed)
    assert not set(found.unlisted) & set(found.removed)


def test_closing_words_that_are_no_clause_any_more_are_named() -> None:
    _, before = document_of(PLAN)
    _, after = document_of(PLAN.replace("三、附则\n\n", ""))
    found = compare(before, after)
    assert [clause.label for clause in found.unlisted] == ["三"]
    assert not found  # no words have changed
