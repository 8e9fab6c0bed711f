"""The list of documents, and one document with its repairs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from corpus import UnknownDocument, build_document
from corpus.loading import source_of
from corpus.samples import sample_documents
from corpus.types import ValidityState
from qa.desk.desk import Desk
from qa.desk.marked import Row, kind_words, rows_of
from qa.desk.shelf import Standing
from tests.qa.desk.conftest import RULES
from tests.qa.desk.test_intake import bring
from tests.qa.town import PLAN


def standings(desk: Desk) -> dict[str, Standing]:
    return {entry.file: entry.standing for entry in desk.shelf.listing().entries}


def test_where_documents_stand(desk: Desk, tmp_path: Path) -> None:
    assert not desk.shelf.listing().stale
    assert set(standings(desk).values()) == {Standing.LIVE}
    bring(desk, tmp_path, RULES, "电梯.txt")
    doc_id = desk.service.store.find("远安.txt").doc_id
    staged = desk.stage(doc_id, PLAN.replace("320套", "350套").encode(), "新.txt", "林").staged
    assert not any(name == "新.txt" for name in standings(desk))
    desk.confirm(staged.token, "", "林")
    desk.withdraw(desk.service.store.find("上虞解读.txt").doc_id, "重复", "林")
    assert standings(desk) == {
        "上虞.txt": Standing.LIVE,
        "电梯.txt": Standing.NEW,
        "新.txt": Standing.CHANGED,
        "上虞解读.txt": Standing.WITHDRAWN,
    }
    listing = desk.shelf.listing()
    assert listing.stale
    gone = listing.entries[-1]
    assert gone.version is not None
    assert (gone.version.reason, gone.version.by) == ("重复", "林")


def test_what_a_line_says(desk: Desk) -> None:
    entry = next(e for e in desk.shelf.listing().entries if e.file == "远安.txt")
    assert entry.clauses == len(desk.service.store.clauses(entry.doc_id)) == 6
    assert entry.validity is not None
    assert entry.validity.state is ValidityState.LAPSED
    assert any("已过期" in notice for notice in entry.notices)
    detail = desk.shelf.detail(entry.doc_id)
    assert detail.entry == entry
    assert [p.span for p in detail.passages] == sorted(p.span for p in detail.passages)
    with pytest.raises(UnknownDocument):
        desk.shelf.detail("nothing")


def test_a_repeal_by_another_document_shows(desk: Desk, tmp_path: Path) -> None:
    plan = desk.service.store.find("远安.txt")
    text = RULES.replace(
        "二、附则\n", f"二、附则\n\n《{plan.title}》（{plan.doc_number}）同时废止。\n"
    )
    bring(desk, tmp_path, text, "电梯.txt")
    entry = next(e for e in desk.shelf.listing().entries if e.doc_id == plan.doc_id)
    assert any("写明废止本文件" in notice for notice in entry.notices)
    assert entry.validity is not None
    assert entry.validity.state is ValidityState.REPEALED


def test_a_repeal_shows_from_the_day_that_it_holds(desk: Desk, tmp_path: Path) -> None:
    plan = desk.service.store.find("远安.txt")
    text = RULES.replace(
        "二、附则\n", f"二、附则\n\n《{plan.title}》（{plan.doc_number}）同时废止。\n"
    )
    bring(desk, tmp_path, text, "电梯.txt")
    begins = desk.service.store.find("电梯.txt").effective_from
    assert begins is not None
    for day, repealed in ((begins - timedelta(1), False), (begins, True)):
        entry = next(e for e in desk.shelf.listing(day).entries if e.doc_id == plan.doc_id)
        assert entry.validity is not None
        assert (entry.validity.state is ValidityState.REPEALED) is repealed


def test_rows_are_both_texts_whole() -> None:
    documents = [document for document, _ in sample_documents()]
    windows = RULES.replace("\n", "\r\n").replace("18万元", "1 8 万\u200b元") + "\r\n\r\n— 1 —\r\n"
    documents.append(build_document(source_of(windows.encode(), "a.txt"))[0])
    for document in documents:
        rows = rows_of(document)
        pieces = [piece for row in rows for piece in row.pieces]
        assert "".join(piece.raw for piece in pieces) == document.raw_text
        assert "".join(piece.text for piece in pieces) == document.text
        kinds = [piece.kind for piece in pieces if piece.kind]
        assert kinds == [repair.kind for repair in document.repairs]
        for row in rows:
            assert row.line == len(document.raw_text[: _raw_start(rows, row)].splitlines()) + 1
    repaired = [row for row in rows_of(documents[-1]) if row.repaired]
    assert 0 < len(repaired) <= 3  # line ends alone do not count


def _raw_start(rows: tuple[Row, ...], wanted: Row) -> int:
    before = rows[: [id(row) for row in rows].index(id(wanted))]
    return sum(len(piece.raw) for row in before for piece in row.pieces)


def test_every_kind_of_repair_has_words() -> None:
    from corpus.cleaning import STEPS

    for name, _ in STEPS:
        assert kind_words(name) != name
    assert kind_words("line_ends+bold") == "统一换行、去掉加粗记号"


def test_a_document_without_repairs_is_one_column() -> None:
    document = replace(next(iter(sample_documents()))[0], repairs=())
    document = replace(document, text=document.raw_text)
    assert not any(row.repaired for row in rows_of(document))
