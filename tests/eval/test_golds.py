"""From golds as written to clauses, references and facts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from eval.golds import Golds
from eval.types import Case, Gold

if TYPE_CHECKING:
    from eval.engine import Store

GUIDE = "青溪政发〔2030〕8号"
NOTES = "青溪市安居办法政策解读"


@pytest.mark.parametrize(
    ("doc", "path", "ids"),
    [
        pytest.param(GUIDE, ("二", "（一）"), ["g-2.1"], id="clause"),
        pytest.param("青溪政發[2030]8號", ("二", "(一)"), ["g-2.1"], id="other-writing"),
        pytest.param("关于印发青溪市安居办法的通知", ("二", "（二）"), ["g-2.2"], id="by-title"),
        pytest.param(NOTES, ("三", "二是"), ["n-3.2"], id="title-without-book-marks"),
        pytest.param(GUIDE, ("一",), ["g-1.s"], id="prose-section"),
        pytest.param(GUIDE, ("二",), ["g-2.1", "g-2.2"], id="section-means-its-clauses"),
        pytest.param(GUIDE, ("附则",), ["g-z1"], id="closing-lines"),
        pytest.param(GUIDE, ("三",), [], id="no-such-section"),
        pytest.param("乙政发〔2030〕8号", ("一",), [], id="no-such-document"),
    ],
)
def test_clauses_of(store: Store, doc: str, path: tuple[str, ...], ids: list[str]) -> None:
    assert [clause.clause_id for clause in Golds(store).clauses_of(Gold(doc, path))] == ids


def test_reference_is_the_shortest_sentence_that_states_the_facts(
    store: Store, cases: tuple[Case, ...]
) -> None:
    resolved = Golds(store).resolve(cases[0])
    assert resolved.references[0].text == "租房的人也能落户。"
    assert [r.clause_id for r in resolved.references] == ["g-2.1", "n-3.1"]
    assert resolved.stated
    assert resolved.area == "青溪市"


def test_facts_in_two_sentences_give_a_longer_reference(
    store: Store, cases: tuple[Case, ...]
) -> None:
    case = replace(cases[1], facts=("租房", "青溪办"))
    (reference,) = Golds(store).resolve(case).references
    assert reference.text == "租房的人也能落户。可在“青溪办”上预约。"


def test_facts_that_the_corpus_words_differently_are_not_stated(
    store: Store, cases: tuple[Case, ...]
) -> None:
    resolved = Golds(store).resolve(replace(cases[0], facts=("零门槛",)))
    assert not resolved.stated
    assert resolved.references == ()
    assert resolved.hits == {"g-2.1", "n-3.1"}


def test_need_all_shares_the_facts_among_the_golds(store: Store, cases: tuple[Case, ...]) -> None:
    golds = (Gold(GUIDE, ("二", "（一）")), Gold(GUIDE, ("二", "（二）")))
    case = replace(cases[0], gold=golds, need_all=True, facts=("市公安局", "300套"))
    resolved = Golds(store).resolve(case)
    assert [r.clause_id for r in resolved.references] == ["g-2.1", "g-2.2"]
    assert resolved.stated


def test_a_quote_is_faithful_only_at_its_place(store: Store) -> None:
    golds = Golds(store)
    text = store.documents()[0].text
    assert golds.faithful("g", (0, 4), text[0:4])
    assert not golds.faithful("g", (1, 5), text[0:4])
    assert not golds.faithful("x", (0, 4), text[0:4])
    assert not golds.faithful("g", (3, 3), "")


def test_describe_names_a_clause(store: Store) -> None:
    golds = Golds(store)
    assert golds.describe("g-2.1") == f"{GUIDE} 二（一）"
    assert golds.describe("g-z1") == f"{GUIDE} 附则"
    assert golds.describe("gone") == "gone"
