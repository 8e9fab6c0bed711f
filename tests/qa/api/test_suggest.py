"""Questions to offer while typing and after an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.api.suggest import about, completions, next_questions
from qa.service import Service
from qa.types import Answer, Status
from tests.qa.page import fake_service as fake

SERVICE = fake.FakeService()


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("小学入学", "东湾区“小学入学”是怎么规定的？"),
        (" 落户 ", "东湾区“落户”是怎么规定的？"),
        ("", None),
        ("办", None),
        ("深化改革，推行“跨省通办”", None),
        ("长" * 21, None),
    ],
)
def test_a_heading_makes_a_question_where_it_reads_well(heading: str, question: str | None) -> None:
    assert about(fake.HARBOUR.area, heading) == question


@pytest.mark.parametrize("typed", ["", "  ", "？！", "量子纠缠"])
def test_nothing_to_complete(typed: str) -> None:
    assert completions(SERVICE, typed) == ()


def test_what_begins_like_that_comes_first() -> None:
    assert completions(SERVICE, "租房")[0] == "租房能落户吗？"
    assert completions(SERVICE, "租房能落户吗") == ()  # nothing is left to complete
    assert completions(SERVICE, "居住证入学")[0] == "入学一定要居住证吗？"


@given(st.text(max_size=30))
def test_any_text_completes_to_known_questions(typed: str) -> None:
    examples = {q for questions in SERVICE.examples().values() for q in questions}
    made = {about(*pair) for pair in SERVICE.headings()}
    found = completions(SERVICE, typed)
    assert set(found) <= examples | made
    assert len(found) == len(set(found)) <= 6


def test_neighbours_of_a_cited_clause() -> None:
    answer = fake.PREPARED["租房"]
    passages = {fake.HARBOUR.doc_id: SERVICE.passages(fake.HARBOUR.doc_id)}
    assert next_questions(answer, passages, {}) == ("东湾区“小学入学”是怎么规定的？",)
    assert next_questions(answer, {}, {}) == ()


def test_examples_where_documents_cannot_answer() -> None:
    examples = SERVICE.examples()
    offered = next_questions(Answer(Status.OFF_TOPIC, "……"), {}, examples)
    assert offered == tuple(questions[0] for questions in list(examples.values())[:3])
    assert next_questions(Answer(Status.REFUSED, "……"), {}, examples) == ()


@pytest.mark.model
def test_a_question_made_from_a_heading_is_answered_from_its_clause(samples: Service) -> None:
    asked = answered = 0
    for document in samples.store.documents():
        for clause in samples.store.clauses(document.doc_id):
            question = about(document.area, clause.heading) if document.area else None
            if question is None:
                continue
            asked += 1
            parts = samples.answer(question).parts
            answered += any(part.citation.clause_id == clause.clause_id for part in parts)
    assert asked > 50
    assert answered / asked > 0.95
