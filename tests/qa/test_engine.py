"""Answers over the invented town: statuses, places, the picker, history and the day."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.types import ValidityState
from qa import messages
from qa.service import Service
from qa.types import Answer, CitationError, Status, cite
from tests.qa.town import AREAS, PLAN_TITLE, SHANGYU, YUANAN, assert_verbatim


def areas_of(answer: Answer) -> tuple[str, ...]:
    """Areas of the parts, in order, each once for a run of parts."""
    areas = [part.citation.area for part in answer.parts]
    return tuple(a for a, before in zip(areas, [None, *areas], strict=False) if a != before)


def quoted(answer: Answer) -> str:
    return "".join(part.quote for part in answer.parts)


@pytest.mark.parametrize(
    ("question", "status"),
    [
        pytest.param("上虞租房能落户吗", Status.ANSWERED, id="answered"),
        pytest.param("上虞落户要什么材料", Status.RELATED_ONLY, id="not-stated"),
        pytest.param("厦门租房能落户吗", Status.OTHER_AREA, id="other-area"),
        pytest.param("", Status.CLARIFY, id="empty"),
        pytest.param("给我讲个笑话", Status.OFF_TOPIC, id="joke"),
        pytest.param("今天天气怎么样", Status.OFF_TOPIC, id="weather"),
        pytest.param("推荐一部好看的电影", Status.OFF_TOPIC, id="film"),
        pytest.param("我的手机13000000000", Status.REFUSED, id="personal"),
    ],
)
def test_statuses(town: Service, question: str, status: Status) -> None:
    """Each status in its plainest case; a message always, parts only when answered."""
    answer = town.answer(question)
    assert answer.status is status
    assert answer.message
    assert bool(answer.parts) is (status is Status.ANSWERED)
    assert 0.0 <= answer.confidence <= 1.0


@pytest.mark.parametrize(
    "question",
    ["租房能落户吗", "老年食堂归谁管", "外地孩子能上公办小学吗", "随迁子女新增多少学位"],
)
def test_no_place_named(town: Service, question: str) -> None:
    """One group of parts for each area, the best answer first, and the message says so."""
    answer = town.answer(question)
    assert sorted(areas_of(answer)) == sorted(AREAS)
    assert answer.message == messages.ANSWERED_AREAS
    assert answer.trace is not None
    assert answer.parts[0].citation.clause_id == answer.trace.hits[0][0]


def test_no_place_named_and_one_area_answers(town: Service) -> None:
    """A fact that only one place states is given for that place alone."""
    answer = town.answer("老年食堂每餐补贴多少钱")
    assert areas_of(answer) == (YUANAN,)
    assert answer.message == messages.ANSWERED
    assert "4元" in quoted(answer)


def test_two_places_are_set_side_by_side(town: Service) -> None:
    """«上虞和远安» asks for both."""
    assert areas_of(town.answer("上虞和远安落户有什么不同")) == AREAS


@pytest.mark.parametrize(
    ("question", "area", "expected"),
    [
        pytest.param("租房能落户吗", SHANGYU, (SHANGYU,), id="picked"),
        pytest.param("厦门户口的孩子能上公办小学吗", SHANGYU, (SHANGYU,), id="from-elsewhere"),
        pytest.param("租房能落户吗", YUANAN, (YUANAN,), id="the-other"),
        pytest.param("租房能落户吗", "浙江省", (SHANGYU,), id="its-province"),
        pytest.param("远安租房能落户吗", SHANGYU, (YUANAN,), id="words-first"),
        pytest.param("租房能落户吗", None, AREAS, id="none"),
    ],
)
def test_area_picker(
    town: Service, question: str, area: str | None, expected: tuple[str, ...]
) -> None:
    """The picker speaks where the question does not."""
    answer = town.answer(question, area=area)
    assert areas_of(answer) == expected
    assert {citation.area for citation in answer.related} <= set(expected)


@pytest.mark.parametrize(
    ("history", "question", "area", "fact"),
    [
        pytest.param(("上虞租房能落户吗",), "那远安呢", YUANAN, "六个月", id="place"),
        pytest.param(("上虞老年食堂开几家",), "归谁管", SHANGYU, "区民政局", id="ask"),
        pytest.param(("上虞租房能落户吗",), "那医保呢", SHANGYU, "99%", id="topic"),
        pytest.param(("远安外地孩子能上学吗", "谢谢"), "新增多少个学位", YUANAN, "1800个",
                     id="thanks-between"),
        pytest.param(("上虞老年食堂开几家",), "换个问题，保障性租赁住房筹集多少套", SHANGYU,
                     "1500套", id="new-topic"),
        pytest.param(("上虞租房能落户吗", "归谁管", "谢谢", "那远安呢"), "公租房有多少套", YUANAN,
                     "320套", id="five-turns"),
        pytest.param(("上虞租房能落户吗",), "归谁管", SHANGYU, "区公安分局", id="whose-job"),
        pytest.param(("上虞租房能落户吗",), "几天能办好", SHANGYU, "五个工作日", id="days"),
    ],
)  # fmt: skip
def test_history(
    town: Service, history: tuple[str, ...], question: str, area: str, fact: str
) -> None:
    """A follow-up gets the fact it asks for, of the right place, and shows how it was read."""
    answer = town.answer(question, history=history)
    assert areas_of(answer) == (area,)
    assert fact in quoted(answer)
    assert answer.resolved_question is not None


def test_off_topic_after_a_topic(town: Service) -> None:
    """An earlier question does not turn a joke into policy."""
    answer = town.answer("给我讲个笑话", history=("上虞租房能落户吗",))
    assert answer.status is Status.OFF_TOPIC


@pytest.mark.parametrize(
    ("as_of", "state"),
    [
        pytest.param(date(2021, 5, 1), ValidityState.IN_FORCE, id="before"),
        pytest.param(date(2022, 12, 31), ValidityState.IN_FORCE, id="last-day"),
        pytest.param(date(2023, 1, 1), ValidityState.LAPSED, id="after"),
    ],
)
def test_as_of(town: Service, as_of: date, state: ValidityState) -> None:
    """Validity is judged on the day asked about; the quote does not depend on it."""
    answer = town.answer("远安公租房有多少套", as_of=as_of)
    citations = [part.citation for part in answer.parts]
    assert {citation.validity.state for citation in citations} == {state}
    assert {citation.validity.as_of for citation in citations} == {as_of}
    assert "320套" in quoted(answer)
    related = [c for c in answer.related if c.title == PLAN_TITLE]
    assert all(citation.validity.state is state for citation in related)


def test_citation_tells_where_the_quote_stands(town: Service) -> None:
    """Document, 文号, label, heading and units, as printed."""
    citation = town.answer("上虞居住证在哪个平台申领").parts[0].citation
    assert citation.doc_number == "虞政办发〔2025〕7号"
    assert citation.published == date(2025, 5, 20)
    assert (citation.label, citation.heading) == ("（二）", "推行居住证便利")
    assert citation.path == ("二", "（二）")
    assert citation.units == ("区公安分局", "区文广旅游局")
    assert citation.file == "上虞.txt"


def test_citation_names_the_issuer(town: Service) -> None:
    """The signature stands below the last clause, as in most official documents."""
    citation = town.answer("上虞居住证在哪个平台申领").parts[0].citation
    assert citation.issuer == "绍兴市上虞区人民政府办公室"


def test_related_never_repeats_a_quoted_clause(town: Service) -> None:
    """What was quoted is not offered again as related."""
    for question in ("租房能落户吗", "上虞老年食堂归谁管", "远安公租房有多少套"):
        answer = town.answer(question)
        quoted_clauses = {part.citation.clause_id for part in answer.parts}
        related = [citation.clause_id for citation in answer.related]
        assert not quoted_clauses & set(related)
        assert len(related) == len(set(related))


def test_nothing_is_said_twice(town: Service) -> None:
    """No quote of an answer is part of another."""
    for question in ("租房能落户吗", "上虞租房能落户吗", "上虞随迁子女入学", "老年食堂"):
        quotes = [part.quote for part in town.answer(question).parts]
        assert not any(a in b for a in quotes for b in quotes if a is not b)


def test_trace_says_how_it_came_about(town: Service) -> None:
    """What was understood, found, rejected and how long each step took."""
    trace = town.answer("老年食堂每餐补贴多少钱").trace
    assert trace.understood[0] == "问题：老年食堂每餐补贴多少钱"
    assert list(trace.steps_ms) == ["understand", "retrieve", "rank", "select", "decide", "cite"]
    assert all(ms >= 0 for ms in trace.steps_ms.values())
    scores = [score for _, score in trace.hits]
    assert scores == sorted(scores, reverse=True)
    assert all("低于" in rejected.reason for rejected in trace.rejected)
    rejected = {town.document(town.clause(r.clause_id).doc_id).area for r in trace.rejected}
    assert rejected == {SHANGYU}


def test_same_question_same_answer(town: Service) -> None:
    """Nothing is drawn by chance and no question changes the next."""
    first = town.answer("租房能落户吗")
    town.answer("给我讲个笑话", history=("上虞老年食堂",))
    second = town.answer("租房能落户吗")
    assert (first.parts, first.confidence) == (second.parts, second.confidence)


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        pytest.param("上虞租房能落户吗？老年食堂归谁管？", ("落户", "区民政局"), id="sentences"),
        pytest.param(
            "上虞老年食堂归谁管，保障性租赁住房多少套", ("区民政局", "1500套"), id="at-a-comma"
        ),
    ],
)  # fmt: skip
def test_several_questions(town: Service, question: str, facts: tuple[str, ...]) -> None:
    """Each is answered."""
    answer = town.answer(question)
    assert [fact for fact in facts if fact not in quoted(answer)] == []


@pytest.mark.parametrize(
    "question",
    ["医保", "上虞落户", "老年食堂"],
)
def test_units_are_not_quoted_unasked(town: Service, question: str) -> None:
    """The citation has them; a quote of one word's clause need not."""
    answer = town.answer(question)
    assert answer.status is Status.ANSWERED
    assert "责任单位" not in quoted(answer)


@pytest.mark.parametrize("span", [(5, 5), (9, 3), (-1, 4), (0, 10**6)])
def test_bad_span_is_never_cited(town: Service, span: tuple[int, int]) -> None:
    """A span that is empty or leaves its document is a defect, and raises."""
    clause = town.store.clauses()[0]
    document = town.document(clause.doc_id)
    validity = town.answer("上虞老年食堂归谁管").parts[0].citation.validity
    with pytest.raises(CitationError):
        cite(document, clause, span, validity)


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.ANSWERED])
def test_parts_only_when_answered(town: Service, status: Status) -> None:
    """An answer that breaks the one rule cannot be made."""
    parts = town.answer("上虞老年食堂归谁管").parts
    with pytest.raises(ValueError, match="parts"):
        Answer(status, "", parts)
    with pytest.raises(ValueError, match="parts"):
        Answer(Status.ANSWERED, "")


def test_samples_answer(samples: Service) -> None:
    """The shipped samples: one group per area, the best clause first, all verbatim."""
    answer = samples.answer("随迁子女入学要凭居住证吗")
    assert answer.status is Status.ANSWERED
    assert len(set(areas_of(answer))) == len(areas_of(answer)) > 1
    assert answer.trace is not None
    assert answer.parts[0].citation.clause_id == answer.trace.hits[0][0]
    assert_verbatim(samples, answer)
