"""Which sentences of a clause are quoted: minimal, and complete enough to stand alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest

from corpus import build_document
from corpus.loading import source_of
from corpus.types import Clause
from index.passages import to_passages
from index.synonyms import Synonyms
from index.tokens import default_tokenizer
from index.types import Passage
from qa.asks import asked_for
from qa.query import Query, make_query
from qa.select import BUDGET, NAMES, Evidence, choose, sentences_of, span_features, unit_span
from qa.service import Service
from tests.qa.town import PLAN, POINTS

READABLE = "一二三四五六七八九十"


def read(text: str) -> dict[str, tuple[Clause, Passage]]:
    """Parse a document: its clauses and passages by heading."""
    document, clauses = build_document(source_of(text.encode(), "x.txt"))
    passages = to_passages({document.doc_id: document}, clauses)
    return {c.heading: (c, p) for c, p in zip(clauses, passages, strict=True) if c.heading}


CLAUSES = {**read(PLAN), **read(POINTS)}


def query(question: str) -> Query:
    return make_query(
        question, question, asked_for(question), default_tokenizer(), Synonyms([]), lambda _: 1.0
    )


def chosen(question: str, heading: str, cosines: Sequence[float] = ()) -> tuple[str, ...]:
    """Quotes chosen from the clause with this heading, without a model unless cosines are given."""
    clause, passage = CLAUSES[heading]
    return tuple(clause.text[a:b] for a, b in evidence(question, clause, passage, cosines).spans)


def evidence(
    question: str, clause: Clause, passage: Passage, cosines: Sequence[float] = ()
) -> Evidence:
    cut = default_tokenizer().terms
    terms = tuple(frozenset(cut(passage.text[a:b])) for a, b in passage.spans)
    return choose(query(question), clause, passage, cosines, terms, frozenset(cut(passage.heading)))


@pytest.mark.parametrize(
    ("question", "heading", "quote"),
    [
        pytest.param("落户归谁管", "放宽落户条件", "（责任单位：县公安局）", id="one-unit"),
        pytest.param(
            "居住证由哪些部门负责", "推行居住证便利", "（责任单位：区公安分局、文广旅游局）",
            id="two-units",
        ),
        pytest.param(
            "老年食堂谁牵头", "办好老年食堂", "（牵头单位：县民政局，配合单位：县财政局）",
            id="lead-unit",
        ),
        pytest.param(
            "医保参保找哪个部门", "扩大医保覆盖", "（责任单位：区医保分局，区财政局）",
            id="comma-list",
        ),
    ],
)  # fmt: skip
def test_who_is_answered_by_the_unit_list_alone(question: str, heading: str, quote: str) -> None:
    """谁负责 wants the bracket, all of it and nothing else."""
    assert chosen(question, heading) == (quote,)


def test_who_and_something_else_brings_both() -> None:
    """«建多少套，归谁管»: the figure's sentence and the unit list."""
    quotes = chosen("公租房建多少套，归谁管", "建设保障性住房")
    assert any("320套" in quote for quote in quotes)
    assert quotes[-1].endswith("（责任单位：县住建局）")


@pytest.mark.parametrize(
    ("question", "heading", "fact"),
    [
        pytest.param("公租房建多少套", "建设保障性住房", "320套", id="figure"),
        pytest.param("公租房每平方米租金多少钱", "建设保障性住房", "6元", id="money"),
        pytest.param("七十岁老人每餐补贴多少", "办好老年食堂", "4元", id="subsidy"),
        pytest.param("落户几个工作日办结", "取消落户限制", "五个工作日", id="duration"),
        pytest.param("居住证在哪个平台申领", "推行居住证便利", "浙里办", id="channel"),
        pytest.param("新建小学几所", "保障孩子上学", "2所", id="schools"),
    ],
)
def test_the_sentence_with_the_fact_is_quoted(question: str, heading: str, fact: str) -> None:
    """What is asked for stands in the quote, with or without a model."""
    assert fact in "".join(chosen(question, heading))


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        pytest.param("租房的一家人能落户吗", True, id="yes-or-no"),
        pytest.param("落户几个工作日办结", False, id="a-term-is-asked-for"),
        pytest.param("租房行不行", False, id="the-heading-says-nothing-of-it"),
    ],
)
def test_heading_answers_yes_or_no(question: str, whole: bool) -> None:
    """«取消落户限制» stands in the quote where it is what was asked, and only there."""
    far_from_heading = (0.2, 0.8, 0.8, 0.8)
    said = "".join(chosen(question, "取消落户限制", far_from_heading))
    assert "租赁" in said or "工作日" in said
    assert ("取消落户限制" in said) is whole


@pytest.mark.parametrize("heading", sorted(CLAUSES))
@pytest.mark.parametrize("question", ["归谁管", "多少", "有什么规定", "怎么办理", "落户", "😀"])
def test_spans_of_any_choice(question: str, heading: str) -> None:
    """Inside the clause, in text order, without overlap, without label, within the budget."""
    clause, passage = CLAUSES[heading]
    spans = evidence(question, clause, passage).spans
    assert spans
    assert list(spans) == sorted(spans)
    assert all(0 <= a < b <= len(clause.text) for a, b in spans)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    quotes = [clause.text[a:b] for a, b in spans]
    assert not any(quote.startswith((clause.label, f"{clause.label}、")) for quote in quotes)
    assert not any(quote[0] in "、．.)）" for quote in quotes)
    longest = max(b - a for a, b in sentences_of(passage))
    assert sum(map(len, quotes)) <= max(BUDGET, longest)


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        pytest.param("每平方米月租金不超过多少", "建设保障性住房", id="rent"),
        pytest.param("五个工作日能办结吗", "取消落户限制", id="days"),
        pytest.param("每餐补贴几元", "办好老年食堂", id="subsidy"),
    ],
)
def test_heading_is_not_repeated(question: str, heading: str) -> None:
    """The citation names the heading; a quote does not begin with it for nothing."""
    assert not any(quote.startswith(heading) for quote in chosen(question, heading))


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        pytest.param("公租房建多少套", "建设保障性住房", id="figure"),
        pytest.param("落户要几天", "取消落户限制", id="days"),
        pytest.param("老年食堂补贴几元", "办好老年食堂", id="subsidy"),
        pytest.param("医保参保率是多少", "扩大医保覆盖", id="word-in-the-unit-list"),
    ],
)
def test_units_only_where_somebody_asks(question: str, heading: str) -> None:
    """The unit list is on the citation; it is quoted only as an answer."""
    assert not any("责任单位" in quote or "牵头" in quote for quote in chosen(question, heading))


def nearest(clause: Clause, passage: Passage, words: str) -> list[float]:
    """Cosines that put the spans with ``words`` near the question and all others far."""
    return [0.9 if words in clause.text[a:b] else 0.1 for a, b in passage.spans]


@pytest.mark.parametrize(
    "heading",
    [
        pytest.param(
            "扩大医保覆盖", id="words-in-the-unit-list",
        ),
    ],
)  # fmt: skip
def test_unit_list_is_never_the_best_sentence(heading: str) -> None:
    """However near the unit list is to the question: nobody asked who."""
    clause, passage = CLAUSES[heading]
    cosines = nearest(clause, passage, "责任单位")
    assert not any("责任单位" in quote for quote in chosen("医保", heading, cosines))


def long_clauses() -> dict[str, tuple[Clause, Passage]]:
    """A clause of one very long sentence and a short one; a clause of forty short ones."""
    groups = "、".join(f"在第{number}个片区长期租房居住的外来居民" for number in READABLE)
    one = f"（一）长句。持居住证满一年，{groups}，都可以申请落户。幼儿园按片区分配学位。"
    many = "（二）短句。" + "持居住证的居民可以申请落户。" * 40
    return read(f"某县办法\n\n一、落户\n\n{one}\n\n{many}\n")


@pytest.mark.parametrize("heading", ["长句", "短句"])
def test_budget(heading: str) -> None:
    """Of much that answers, only some is quoted."""
    clause, passage = long_clauses()[heading]
    assert len(clause.text) > BUDGET
    spans = evidence("落户", clause, passage).spans
    assert 0 < sum(b - a for a, b in spans) <= BUDGET


def test_a_sentence_after_a_long_one_has_its_own_words() -> None:
    """The parts of a long sentence do not shift the words of those that follow."""
    clause, passage = long_clauses()["长句"]
    sentences = sentences_of(passage)
    assert len(sentences) > 3
    cut = default_tokenizer().terms
    terms = [frozenset(cut(passage.text[a:b])) for a, b in passage.spans]
    values = span_features(query("幼儿园学位"), passage, sentences, [], terms, frozenset())
    best = int(values[:, NAMES.index("cover")].argmax())
    assert clause.text[slice(*sentences[best])] == "幼儿园按片区分配学位。"


def test_best_sentence_follows_the_vectors() -> None:
    """Of sentences that words do not tell apart, the one nearest by meaning is quoted."""
    clause, passage = CLAUSES["推行居住证便利"]
    sentences = sentences_of(passage)
    for start, end in sentences[1:3]:
        sentence = clause.text[start:end]
        cosines = nearest(clause, passage, sentence)
        assert sentence in "".join(chosen("有什么好处", clause.heading, cosines))


def test_unit_span_without_units() -> None:
    """A clause that names no unit has no unit list."""
    clause, passage = CLAUSES["主要目标"]
    assert unit_span(clause, sentences_of(passage)) is None


def test_sentences_leave_windows_out() -> None:
    """Windows of middling sentences are not chosen from; nothing of the clause is lost."""
    for clause, passage in (*CLAUSES.values(), *long_clauses().values()):
        sentences = sentences_of(passage)
        assert all(one[1] <= two[0] for one, two in pairwise(sentences))
        assert sentences[-1][1] == len(clause.text.rstrip())


def test_features_are_relative_to_the_best_sentence() -> None:
    """The first three columns are at most 0 and 0 for their best; no sentence gives no row."""
    _, passage = CLAUSES["建设保障性住房"]
    cut = default_tokenizer().terms
    terms = [frozenset(cut(passage.text[a:b])) for a, b in passage.spans]
    sentences = sentences_of(passage)
    asked = query("公租房多少套")
    values = span_features(asked, passage, sentences, [0.5] * len(passage.spans), terms, terms[0])
    assert values.shape == (len(sentences), 9)
    assert (values[:, :3].max(axis=0) == 0).all()
    assert values[-1, 7] == 1.0  # the bracket of units
    assert span_features(asked, passage, (), [], [], frozenset()).shape == (0, 9)


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        pytest.param(
            "上虞技能培训有哪些课程", ("家政服务", "电工"), id="list-after-a-colon",
        ),
        pytest.param(
            "上虞技能培训归哪个部门管", ("区人力社保局",), id="units-of-a-list",
        ),
    ],
)  # fmt: skip
def test_a_list_comes_whole(town: Service, question: str, facts: tuple[str, ...]) -> None:
    """A lead-in that ends in a colon says nothing without its items."""
    quotes = "".join(part.quote for part in town.answer(question).parts)
    assert [fact for fact in facts if fact not in quotes] == []
