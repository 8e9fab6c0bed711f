"""From a prediction to its scores, with the reason in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from eval.metrics import facts_stated, hit_at, ndcg_at, overlap, reciprocal_rank, rouge_l
from eval.runs import Run
from eval.types import Case, Kind, Prediction, Reference
from qa.types import Status

Values = Mapping[str, float | None]


class Outcome(StrEnum):
    """How a case ended, in one word. The first three are right."""

    CORRECT = "correct"
    REFUSED = "refused"
    FOUND = "found"
    FALSE_REFUSAL = "false_refusal"
    WRONG_CLAUSE = "wrong_clause"
    FACTS_MISSING = "facts_missing"
    ANSWERED_ANYWAY = "answered_anyway"
    NOT_FOUND = "not_found"
    NO_GOLD = "no_gold"
    ERROR = "error"


RIGHT = frozenset({Outcome.CORRECT, Outcome.REFUSED, Outcome.FOUND})
OUTCOME_LABELS: Mapping[Outcome, str] = {
    Outcome.CORRECT: "答对",
    Outcome.REFUSED: "正确拒答",
    Outcome.FOUND: "检索命中",
    Outcome.FALSE_REFUSAL: "误拒",
    Outcome.WRONG_CLAUSE: "条款不对",
    Outcome.FACTS_MISSING: "要点缺失",
    Outcome.ANSWERED_ANYWAY: "不该作答",
    Outcome.NOT_FOUND: "检索未命中",
    Outcome.NO_GOLD: "语料无此条款",
    Outcome.ERROR: "程序出错",
}
_FOUND_WITHIN = 5  # ranks a clerk looks at


@dataclass(frozen=True, slots=True)
class CaseScore:
    """The scores of one case: per measure a value, or None where it is not defined."""

    case: Case
    prediction: Prediction
    values: Values
    outcome: Outcome
    why: str

    @property
    def right(self) -> bool:
        """Whether a person would call this case right."""
        return self.outcome in RIGHT


def score_run(run: Run) -> tuple[CaseScore, ...]:
    """Score every case of a run, in order."""
    return tuple(score_case(case, prediction) for case, prediction in run.pairs())


def score_case(case: Case, prediction: Prediction) -> CaseScore:
    """Score one prediction.

    Defined where: ranking measures on answerable cases whose gold the corpus has; ``correct``
    on those that are not searches; ``facts`` on those of them whose gold states the facts in
    this corpus; ``first_quote``, span measures and ROUGE-L where, besides, something was quoted;
    refusal measures as their names say; ``fidelity`` and ``quote_chars`` wherever there is a
    quote.
    """
    values: dict[str, float | None] = {}
    outcome, why = _judge(case, prediction)
    if case.answerable:
        values |= _ranking(prediction)
    if case.kind is not Kind.SEARCH:
        values |= _refusal(case, prediction)
        values |= _quotes(prediction)
        if case.answerable:
            values |= _answer(case, prediction, outcome)
    return CaseScore(case, prediction, values, outcome, why)


def _ranking(prediction: Prediction) -> dict[str, float | None]:
    ranking = [clause_id for clause_id, _ in prediction.ranking]
    golds = prediction.resolved.hits
    values = {f"hit@{k}": hit_at(ranking, golds, k) for k in (1, 3, 5, 10)}
    return {
        **values,
        "mrr": reciprocal_rank(ranking, golds, 10),
        "ndcg@10": ndcg_at(ranking, golds, 10),
    }


def _refusal(case: Case, prediction: Prediction) -> dict[str, float | None]:
    refused = float(prediction.refused)
    if case.answerable:
        return {
            "refusal_precision": 0.0 if prediction.refused else None,
            "false_refusal": refused,
        }
    return {
        "refusal_precision": 1.0 if prediction.refused else None,
        "refusal_recall": refused,
        "status": float(prediction.status is case.status),
    }


def _quotes(prediction: Prediction) -> dict[str, float | None]:
    quotes = prediction.quotes
    if not quotes:
        return {"fidelity": None, "quote_chars": None}
    return {
        "fidelity": sum(quote.faithful for quote in quotes) / len(quotes),
        "quote_chars": float(sum(len(quote.text) for quote in quotes)),
    }


def _answer(case: Case, prediction: Prediction, outcome: Outcome) -> dict[str, float | None]:
    if not prediction.resolved.hits:
        return dict.fromkeys(("correct", "first_quote", "facts"))
    quotes = prediction.quotes
    first = float(quotes[0].clause_id in prediction.resolved.hits) if quotes else None
    facts = facts_stated((quote.text for quote in quotes), case.facts)
    return {
        "correct": float(outcome is Outcome.CORRECT),
        "first_quote": first,
        "facts": facts if prediction.resolved.stated else None,
        **_spans(case, prediction),
    }


def _spans(case: Case, prediction: Prediction) -> dict[str, float | None]:
    """Character overlap and ROUGE-L against the reference that fits best.

    With ``need_all`` the references are parts of one; else each is an alternative.
    """
    names = ("span_precision", "span_recall", "span_f1", "rouge_l")
    references = prediction.resolved.references
    if not prediction.quotes or not references:
        return dict.fromkeys(names)
    options = [references] if case.need_all else [(reference,) for reference in references]
    return max(
        (dict(zip(names, _against(prediction, option), strict=True)) for option in options),
        key=lambda values: (values["span_f1"] or 0.0, values["rouge_l"] or 0.0),
    )


def _against(prediction: Prediction, reference: Iterable[Reference]) -> list[float | None]:
    pieces = tuple(reference)
    quoted = [(quote.doc_id, quote.span) for quote in prediction.quotes]
    wanted = [(piece.doc_id, piece.span) for piece in pieces]
    text = "".join(quote.text for quote in prediction.quotes)
    return [*overlap(quoted, wanted), rouge_l(text, "".join(piece.text for piece in pieces))]


def _judge(case: Case, prediction: Prediction) -> tuple[Outcome, str]:
    """Say how a case ended, and why it is not right."""
    if prediction.status is Status.ERROR:
        return Outcome.ERROR, prediction.message
    if not case.answerable:
        if prediction.refused:
            return Outcome.REFUSED, ""
        return Outcome.ANSWERED_ANYWAY, f"文件没有写明，却给出了引文（应为 {case.status}）"
    if not prediction.resolved.hits:
        return Outcome.NO_GOLD, "语料中没有这道题的正确条款"
    if case.kind is Kind.SEARCH:
        return _judge_search(prediction)
    if prediction.refused:
        return Outcome.FALSE_REFUSAL, f"文件里有答案，却没有作答（{prediction.status}）"
    return _judge_answer(case, prediction)


def _judge_search(prediction: Prediction) -> tuple[Outcome, str]:
    found = [clause_id for clause_id, _ in prediction.ranking[:_FOUND_WITHIN]]
    if set(found) & prediction.resolved.hits:
        return Outcome.FOUND, ""
    return Outcome.NOT_FOUND, f"前 {_FOUND_WITHIN} 条里没有正确条款"


def _judge_answer(case: Case, prediction: Prediction) -> tuple[Outcome, str]:
    resolved = prediction.resolved
    if prediction.quotes[0].clause_id not in resolved.hits:
        return Outcome.WRONG_CLAUSE, "首条引文不是正确条款"
    quoted = {quote.clause_id for quote in prediction.quotes}
    missed = [target for target in resolved.targets if target and not quoted & set(target)]
    if case.need_all and missed:
        return Outcome.WRONG_CLAUSE, f"需要全部条款，缺 {len(missed)} 条"
    if not resolved.stated:
        return Outcome.CORRECT, ""
    text = [quote.text for quote in prediction.quotes]
    lacking = [fact for fact in case.facts if facts_stated(text, [fact]) == 0.0]
    if lacking:
        return Outcome.FACTS_MISSING, f"引文里没有：{'、'.join(lacking)}"
    return Outcome.CORRECT, ""
