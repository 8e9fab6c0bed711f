"""One prediction at a time: what it scores, and how it is called."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.runs import Run
from eval.score import CaseScore, Outcome, score_case, score_run
from eval.types import Case, Kind, Quote
from qa.types import Status


@pytest.fixture
def scores(run: Run) -> dict[str, CaseScore]:
    return {score.case.id: score for score in score_run(run)}


@pytest.mark.parametrize(
    ("case_id", "outcome"),
    [
        pytest.param("t-1", Outcome.CORRECT, id="right-clause-and-fact"),
        pytest.param("t-2", Outcome.FACTS_MISSING, id="right-clause-other-sentence"),
        pytest.param("t-3", Outcome.FALSE_REFUSAL, id="refused-though-stated"),
        pytest.param("t-4", Outcome.ANSWERED_ANYWAY, id="answered-though-not-stated"),
        pytest.param("t-5", Outcome.REFUSED, id="rightly-refused"),
        pytest.param("t-6", Outcome.FOUND, id="search"),
    ],
)
def test_outcomes(scores: dict[str, CaseScore], case_id: str, outcome: Outcome) -> None:
    assert scores[case_id].outcome is outcome
    assert scores[case_id].right == (outcome in {"correct", "refused", "found"})
    assert bool(scores[case_id].why) != scores[case_id].right


def test_right_answer_scores_full(scores: dict[str, CaseScore]) -> None:
    values = scores["t-1"].values
    for name in ("hit@1", "mrr", "ndcg@10", "first_quote", "facts", "correct", "span_f1",
                 "rouge_l", "fidelity"):  # fmt: skip
        assert values[name] == 1.0, name
    assert values["false_refusal"] == 0.0
    assert values["quote_chars"] == len("租房的人也能落户。")


def test_ranking_of_a_dialogue_is_that_of_the_question_as_understood(
    scores: dict[str, CaseScore],
) -> None:
    assert scores["t-2"].values["mrr"] == 0.5


def test_refusal_has_no_quote_measures_and_no_facts(scores: dict[str, CaseScore]) -> None:
    values = scores["t-3"].values
    assert values["first_quote"] is None
    assert values["fidelity"] is None
    assert values["span_f1"] is None
    assert (values["facts"], values["correct"], values["false_refusal"]) == (0.0, 0.0, 1.0)
    assert values["refusal_precision"] == 0.0


def test_unanswerable_cases_have_refusal_measures_only(scores: dict[str, CaseScore]) -> None:
    assert scores["t-5"].values["refusal_recall"] == 1.0
    assert scores["t-5"].values["status"] == 1.0
    assert scores["t-4"].values["refusal_recall"] == 0.0
    assert "hit@1" not in scores["t-4"].values
    assert "correct" not in scores["t-4"].values


def test_search_is_scored_by_its_ranking_alone(scores: dict[str, CaseScore]) -> None:
    assert scores["t-6"].values["hit@1"] == 1.0
    assert "correct" not in scores["t-6"].values
    assert "false_refusal" not in scores["t-6"].values


def test_error_is_an_outcome_of_its_own(run: Run) -> None:
    broken = replace(run.predictions[0], status=Status.ERROR, message="boom", quotes=())
    score = score_case(run.cases[0], broken)
    assert (score.outcome, score.why) == (Outcome.ERROR, "boom")


def test_corpus_without_the_clause_leaves_the_case_undefined(run: Run) -> None:
    prediction = run.predictions[0]
    bare = replace(prediction, resolved=replace(prediction.resolved, targets=((),)))
    score = score_case(run.cases[0], bare)
    assert score.outcome is Outcome.NO_GOLD
    assert {score.values[n] for n in ("hit@1", "correct", "facts", "first_quote")} == {None}


def test_need_all_wants_every_clause(run: Run) -> None:
    case = replace(run.cases[0], need_all=True)
    score = score_case(case, run.predictions[0])
    assert score.outcome is Outcome.WRONG_CLAUSE
    assert "缺 1 条" in score.why


def test_facts_that_the_corpus_does_not_state_are_left_out(run: Run) -> None:
    """A digest may say it in other words: the clause is judged, the wording is not."""
    prediction = run.predictions[1]
    resolved = replace(prediction.resolved, stated=False, references=())
    score = score_case(run.cases[1], replace(prediction, resolved=resolved))
    assert score.outcome is Outcome.CORRECT
    assert score.values["facts"] is None


def test_unfaithful_quote_lowers_fidelity(run: Run) -> None:
    prediction = run.predictions[0]
    forged = Quote("g-2.1", "g", (0, 3), "编造的", faithful=False)
    score = score_case(run.cases[0], replace(prediction, quotes=(*prediction.quotes, forged)))
    assert score.values["fidelity"] == 0.5


def test_search_without_gold_in_the_first_five(run: Run) -> None:
    case: Case = run.cases[5]
    assert case.kind is Kind.SEARCH
    late = (*((f"x{i}", 1.0) for i in range(5)), ("g-2.2", 0.5))
    score = score_case(case, replace(run.predictions[5], ranking=late))
    assert score.outcome is Outcome.NOT_FOUND
    assert score.values["hit@10"] == 1.0
