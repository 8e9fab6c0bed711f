"""Versions that are taken out: kept whole, put back, never mixed up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from corpus import (
    Clause,
    CorpusError,
    CorpusStore,
    Document,
    Origin,
    UnknownDocument,
    build_document,
    replace_document,
    restore,
    retired_raw,
    retired_version,
    retired_versions,
    withdraw,
)
from corpus.loading import source_of

TEXT = "某市教育局关于入学的通知\n某教〔2025〕3号\n各学校：\n一、对象。六周岁。\n二、时间。六月。\n"


def made(text: str = TEXT, file: str = "a.txt") -> tuple[Document, tuple[Clause, ...]]:
    return build_document(source_of(text.encode(), file))


@pytest.fixture
def store(tmp_path: Path) -> CorpusStore:
    store = CorpusStore.open(tmp_path, samples=False)
    store.add(*made())
    return store


def test_withdrawn_and_put_back_it_is_the_same(store: CorpusStore) -> None:
    document = store.documents()[0]
    before, clauses = store.digest(), store.clauses()
    kept = withdraw(store, document.doc_id, "写错了", "王一")
    assert store.documents() == ()
    assert (kept.kind, kept.reason, kept.by, kept.title) == (
        "withdrawn",
        "写错了",
        "王一",
        document.title,
    )
    assert kept.at.endswith("+00:00")
    assert retired_raw(store, kept.id) == document.raw
    assert restore(store, kept.id).kind == "added"
    assert (store.digest(), store.clauses()) == (before, clauses)
    assert retired_versions(store) == ()
    with pytest.raises(UnknownDocument, match="刷新"):
        restore(store, kept.id)


def test_a_replaced_version_is_kept(store: CorpusStore) -> None:
    old = store.documents()[0]
    new, clauses = made(TEXT.replace("六月", "七月") + "三、附则。照办。\n")
    result = replace_document(store, old.doc_id, new, clauses, "改时间", "王一")
    assert (result.kind, len(result.added), len(result.changed)) == ("replaced", 1, 1)
    assert [v.sha256 for v in retired_versions(store, old.doc_id)] == [old.sha256]
    assert store.documents() == (new,)


def test_a_new_version_may_have_another_number(store: CorpusStore) -> None:
    old = store.documents()[0]
    new, clauses = made(TEXT.replace("3号", "8号"))
    assert new.doc_id != old.doc_id
    replace_document(store, old.doc_id, new, clauses, "文号写错", "王一")
    assert store.versions() == {new.doc_id: new.sha256}
    assert len(store.clauses()) == 2


def test_a_third_document_is_not_overwritten(store: CorpusStore) -> None:
    old = store.documents()[0]
    third = made(TEXT.replace("3号", "8号"))
    store.add(*third)
    with pytest.raises(CorpusError, match="是同一份"):
        replace_document(store, old.doc_id, *made(TEXT.replace("3号", "8号")), "", "王一")
    assert len(store.documents()) == 2
    assert retired_versions(store) == ()


def test_nothing_new_keeps_nothing(store: CorpusStore) -> None:
    old, clauses = made()
    assert replace_document(store, old.doc_id, old, clauses, "", "王一").kind == "unchanged"
    digest = replace(made(TEXT + "三、附则。照办。\n")[0], origin=Origin.DIGEST)
    assert replace_document(store, old.doc_id, digest, clauses, "", "王一").kind == "kept"
    assert retired_versions(store) == ()
    assert store.documents() == (old,)


def test_restoring_over_a_version_in_use_is_refused(store: CorpusStore) -> None:
    kept = withdraw(store, store.documents()[0].doc_id, "换新", "王一")
    store.add(*made(TEXT.replace("六月", "七月")))
    with pytest.raises(CorpusError, match="已经有一份在用"):
        restore(store, kept.id)
    assert retired_version(store, kept.id) == kept


def test_what_is_not_there_cannot_be_taken_out(store: CorpusStore) -> None:
    with pytest.raises(UnknownDocument):
        withdraw(store, "nothing", "", "王一")
    with pytest.raises(UnknownDocument):
        retired_raw(store, 99)
    assert len(store.documents()) == 1
