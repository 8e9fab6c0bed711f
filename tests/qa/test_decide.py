"""What the decision looks at, and what it holds back whatever the weights are."""

from __future__ import annotations

import pytest

from index.synonyms import Synonyms
from index.tokens import default_tokenizer
from qa.asks import asked_for
from qa.decide import (
    BAR,
    NAMES,
    STRICT_BAR,
    TOPIC_NAMES,
    Signals,
    answer_model,
    answers,
    confidence,
    off_topic,
    signals,
    topic_model,
    topic_values,
)
from qa.query import Query, make_query
from qa.service import Service
from qa.types import Status


def query(question: str) -> Query:
    return make_query(
        question, question, asked_for(question), default_tokenizer(), Synonyms([]), lambda _: 2.0
    )


def judged(question: str, quote: str, *, has_units: bool = False, dense: float = 0.8) -> Signals:
    """Signals of a clause that is its quote and has no heading."""
    made = query(question)
    terms = frozenset(default_tokenizer().terms(quote))
    return signals(
        made, dense=dense, span=dense, margin=2.0, clause_terms=terms, heading_terms=frozenset(),
        bigram=0.5, known=terms, quote=quote, quote_terms=terms, has_units=has_units,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("question", "quote", "missing"),
    [
        pytest.param("食堂补贴多少钱", "食堂每餐补贴4元。", 0, id="money-there"),
        pytest.param("食堂补贴多少钱", "食堂给予补贴。", 1, id="money-missing"),
        pytest.param("落户要几个工作日", "落户五个工作日内办结。", 0, id="duration-there"),
        pytest.param("落户要几个工作日", "落户一窗受理。", 1, id="duration-missing"),
        pytest.param("落户要什么材料", "落户不设门槛。", 1, id="papers-missing"),
        pytest.param("食堂在哪条路上", "街道开办食堂。", 1, id="address-missing"),
        pytest.param("几岁能去食堂", "老人可以去食堂。", 1, id="age-missing"),
        pytest.param("租房能落户吗", "租房能落户。", 0, id="yes-no-has-no-form"),
        pytest.param("落户归谁管", "租房能落户。", 1, id="unit-missing"),
    ],
)
def test_strict_forms(question: str, quote: str, missing: int) -> None:
    """An asked form that is not in the quote is a signal of its own."""
    assert judged(question, quote)["strict_missing"] == missing


def test_unit_list_counts_as_the_form_of_who() -> None:
    """A clause with units answers 归谁管 even where the quote does not say 负责."""
    assert judged("落户归谁管", "租房能落户。", has_units=True)["strict_missing"] == 0


@pytest.mark.parametrize(
    ("question", "quote", "missing"),
    [
        pytest.param("公租房多少套", "公租房320套。", 0, id="there"),
        pytest.param("公租房多少套", "公租房建了很多。", 1, id="missing"),
        pytest.param("公租房多少套", "公租房建3处。", 1, id="another-measure"),
        pytest.param("公租房哪年建成", "公租房2022年建成。", 0, id="year"),
        pytest.param("公租房哪年建成", "公租房尽快建成。", 1, id="no-year"),
    ],
)
def test_figures_and_dates(question: str, quote: str, missing: int) -> None:
    """A question for a number is not met by words."""
    assert judged(question, quote)["figure_missing"] == missing


def test_words_behind_the_signals() -> None:
    """Cover and missing by hand: of 食堂 and 公园 (2.0 each) the quote has the first."""
    values = judged("食堂公园", "街道开办食堂。")
    assert values["cover"] == pytest.approx(0.5)
    assert values["missing"] == pytest.approx(2.0)
    assert values["unknown"] == pytest.approx(2.0)
    assert values["cover_heading"] == 0.0
    assert values["concepts"] == 2.0


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        pytest.param("食堂补贴多少钱", "食堂给予补贴。", id="strict"),
        pytest.param("公租房多少套", "公租房建了很多。", id="figure"),
    ],
)
def test_strict_ask_without_evidence_needs_the_higher_bar(question: str, quote: str) -> None:
    """The same confidence answers an open question and holds this one back."""
    held = judged(question, quote)
    given = Signals(
        tuple(
            0.0 if name in ("strict_missing", "figure_missing") else value
            for name, value in zip(NAMES, held.values, strict=True)
        )
    )
    assert answers(held, bar=0.0) is (confidence(held) >= STRICT_BAR)
    assert answers(given, bar=0.0)
    assert not answers(held, bar=1.01)
    assert not answers(given, bar=1.01)
    assert confidence(given) >= confidence(held)
    assert BAR < STRICT_BAR <= 1.0


def test_nothing_asked_nothing_found() -> None:
    """A question without a word gives finite signals and a probability."""
    values = judged("？", "")
    assert 0.0 <= confidence(values) <= 1.0
    nothing = topic_values(query("？"), 0.0, 0.0, frozenset(), place=False)
    assert 0.0 <= off_topic(nothing) <= 1.0


def test_models_fit_their_names() -> None:
    """The trained files are made for these signals: nearer means likelier."""
    assert len(answer_model().weights) == len(NAMES)
    assert len(topic_model().weights) == len(TOPIC_NAMES)
    near, far = judged("租房能落户吗", "租房能落户。"), judged("踢球", "租房能落户。", dense=0.1)
    assert confidence(near) > confidence(far)
    made = query("租房能落户吗")
    known = frozenset(default_tokenizer().terms("租房能落户"))
    assert off_topic(topic_values(made, 0.9, 1.0, known, place=True)) < off_topic(
        topic_values(made, 0.2, 0.0, frozenset(), place=False)
    )


@pytest.mark.parametrize(
    "question",
    [
        "上虞落户要什么材料", "上虞落户要交多少钱", "上虞老年食堂在哪条路上",
        "上虞技能培训要满多少岁",
        "上虞随迁子女入学报名电话是多少", "远安公租房建在哪个小区", 
        "远安县教育局局长是谁", "远安老年食堂几点开饭", 
        pytest.param(
            "上虞保障性租赁住房要住满几年", id="another-duration",
        ),
        pytest.param(
            "上虞户籍窗口周末上班吗", id="working-days-for-hours",
        ),
        pytest.param(
            "上虞居住证工本费多少钱", id="free-of-something-else",
        ),
        pytest.param(
            "远安落户要几个工作日", id="months-for-days",
        ),
        pytest.param("上虞落户政策的作者是谁", id="author"),
    ],
)  # fmt: skip
def test_what_the_documents_do_not_state(town: Service, question: str) -> None:
    """Near the topic and not stated: the nearest clauses, and no answer."""
    answer = town.answer(question)
    assert answer.status is Status.RELATED_ONLY
    assert answer.related


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("上虞落户几个工作日办结", "五个工作日"),
        ("远安公租房有多少套", "320套"),
        ("远安公租房租金多少钱", "6元"),
        ("远安老年食堂每餐补贴多少钱", "4元"),
        ("上虞新增多少个学位", "5200个"),
        ("上虞医保参保率要达到多少", "99%"),
        ("上虞老年食堂归谁管", "区民政局"),
        ("远安随迁子女上学归哪个部门管", "县教育局"),
        ("上虞居住证在哪个平台申领", "浙里办"),
        ("上虞的要点什么时候开始施行", "2025年6月1日"),
    ],
)
def test_what_the_documents_state(town: Service, question: str, fact: str) -> None:
    """The same forms of question where the fact is there."""
    answer = town.answer(question)
    assert answer.status is Status.ANSWERED
    assert fact in "".join(part.quote for part in answer.parts)
