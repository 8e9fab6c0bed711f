"""Questions that ask for a clause by its number."""

from __future__ import annotations

import pytest

from qa.service import Service
from qa.types import Status
from tests.qa.town import assert_verbatim


@pytest.mark.parametrize(
    ("question", "number", "label"),
    [
        pytest.param(
            "泉鲤政办〔2025〕6号二（四）讲什么", "泉鲤政办〔2025〕6号", "（四）", id="path"
        ),
        pytest.param(
            "泉鲤政办[2025]6号第三条", "泉鲤政办〔2025〕6号", "（三）", id="square-bracket"
        ),
        pytest.param("成政发（2024）3号 第18条", "成政发〔2024〕3号", "18", id="round-bracket"),
        pytest.param("三明方案第十四条是什么内容", "明发改规划〔2023〕180号", "14", id="by-place"),
    ],
)
def test_a_clause_asked_for_by_number_is_quoted_from_its_beginning(
    samples: Service, question: str, number: str, label: str
) -> None:
    """Nothing has to be judged: the clause itself was asked for."""
    answer = samples.answer(question)

    assert answer.status is Status.ANSWERED
    assert {p.citation.doc_number for p in answer.parts} == {number}
    assert {p.citation.label for p in answer.parts} == {label}
    clause = samples.clause(answer.parts[0].citation.clause_id)
    opening = len(label) + len(clause.heading) + 3  # the citation names the heading
    assert answer.parts[0].citation.span[0] - clause.span[0] <= opening
    assert_verbatim(samples, answer)


def test_a_bare_number_means_that_clause_of_every_document(samples: Service) -> None:
    answer = samples.answer("第十八条")

    assert answer.status is Status.ANSWERED
    assert len({part.citation.doc_id for part in answer.parts}) > 1
    assert {part.citation.label.strip("（）") for part in answer.parts} <= {"18", "十八"}


def test_a_question_beside_the_number_is_answered_from_that_clause(samples: Service) -> None:
    answer = samples.answer("成武第12条里消防车要配几台")

    assert answer.status is Status.ANSWERED
    assert {part.citation.label for part in answer.parts} == {"12"}


def test_a_number_that_is_not_stored_is_not_made_up(samples: Service) -> None:
    answer = samples.answer("泉鲤政办〔2019〕77号第三条讲什么")

    assert answer.status is Status.RELATED_ONLY
    assert "文号" in answer.message
