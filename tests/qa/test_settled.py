"""Between near clauses the one that lacks less of the question comes first."""

from __future__ import annotations

import numpy as np
import pytest

from index.synonyms import Synonyms
from index.tokens import default_tokenizer
from qa import rank
from qa.features import PassageTerms
from qa.query import Query, bigrams, make_query
from qa.rank import settled
from qa.unmet import Unmet

HAS = "申领残疾证要做体检"
LACKS = "申领残疾证要先预约"
QUESTION = "残疾证要不要体检"


def _terms(text: str) -> PassageTerms:
    words = frozenset(default_tokenizer().terms(text))
    return PassageTerms(
        form=text, body=words, heading=frozenset(), everything=words, spoken=words,
        spans=(words,), bigrams=bigrams(text), heading_bigrams=frozenset(),
        figures=frozenset(), characters=frozenset(text), headings="",
    )  # fmt: skip


TERMS = {7: _terms(LACKS), 3: _terms(HAS), 5: _terms(LACKS)}


@pytest.fixture
def query(monkeypatch: pytest.MonkeyPatch) -> Query:
    """A question, where the lack of one of its words is known to say much."""
    monkeypatch.setattr(rank, "unmet_model", lambda dense: Unmet({"w:体检": -1.0}))
    tokenizer = default_tokenizer()
    made = make_query(QUESTION, QUESTION, frozenset(), tokenizer, Synonyms([]), lambda term: 1.0)
    assert "体检" in {concept.word for concept in made.concepts}
    return made


@pytest.mark.parametrize(
    ("scores", "order"),
    [
        pytest.param((2.0, 1.5, 0.0), [1, 0, 2], id="near-ones-change-places"),
        pytest.param((2.0, 0.9, 0.0), [0, 1, 2], id="a-clear-lead-stays"),
        pytest.param((2.0, 1.0, 2.0), [2, 0, 1], id="equal-ones-go-by-row"),
        pytest.param((9.0, 1.5, 1.6), [0, 2, 1], id="far-behind-nothing-changes"),
    ],
)
def test_order(query: Query, scores: tuple[float, ...], order: list[int]) -> None:
    """The weight of what is lacking counts like score, and only near the best."""
    found = settled(query, [7, 3, 5], np.array(scores), TERMS.__getitem__, dense=True)
    assert found == order


def test_without_weights_scores_alone_decide(query: Query, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no weights are stored the order is the ranker's."""
    monkeypatch.setattr(rank, "unmet_model", lambda dense: Unmet({}))
    assert settled(query, [7, 3], np.array([2.0, 1.5]), TERMS.__getitem__, dense=True) == [0, 1]


def test_a_row_alone(query: Query) -> None:
    """One clause found is first whatever it lacks."""
    assert settled(query, [7], np.array([0.5]), TERMS.__getitem__, dense=False) == [0]
