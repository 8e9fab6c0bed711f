"""Training of the update: its scores, its losses, and the sentences it reads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn.functional import normalize

from eval.adapting.fit import (
    _others,
    _shortened,
    _within,
    first_wins,
    judged,
    nearest,
)
from eval.adapting.questions import Asked, City, sentence_units
from index.passages import clause_texts, span_texts, windows
from index.tokens import search_form
from index.types import Passage

DIM = 4
# --- scores ---


@st.composite
def _cities(draw: st.DrawFn) -> City:
    """A corpus in which every passage has one to four units, in any order."""
    counts = draw(st.lists(st.integers(1, 4), min_size=2, max_size=6))
    owner = draw(st.permutations([row for row, count in enumerate(counts) for _ in range(count)]))
    return _city(owner, len(counts))


def _city(owner: Sequence[int], passages: int) -> City:
    """A corpus of which all units are sentences."""
    sentences = tuple(
        tuple(unit for unit, row in enumerate(owner) if row == passage)
        for passage in range(passages)
    )
    units = tuple([101, 200 + unit, 102] for unit in range(len(owner)))
    return City("c", units, torch.tensor(owner), sentences, ())


def _unit(seed: int, count: int) -> Tensor:
    numbers = np.random.default_rng(seed).normal(size=(count, DIM)).astype(np.float32)
    return normalize(torch.from_numpy(numbers), dim=-1)


def _cosine(first: Tensor, second: Tensor) -> float:
    return float(first @ second)


@settings(deadline=None)  # a busy machine
@given(_cities(), st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_a_passage_scores_as_the_best_of_its_units(city: City, seed: int, count: int) -> None:
    vectors, questions = _unit(seed, len(city.units)), _unit(seed + 1, count)
    scores = city.scores(vectors, questions)

    assert scores.shape == (count, city.passages)
    for question, row in zip(questions, scores.tolist(), strict=True):
        for passage, units in enumerate(city.sentences):
            best = max(_cosine(vectors[unit], question) for unit in units)
            assert row[passage] == pytest.approx(best, abs=1e-6)


@settings(deadline=None)  # a busy machine
@given(_cities(), st.integers(0, 2**32 - 1))
def test_the_nearest_sentences_are_kept_in_printed_order(city: City, seed: int) -> None:
    vectors, question = _unit(seed, len(city.units)), _unit(seed + 1, 1)[0]
    for row, units in enumerate(city.sentences):
        ranked = sorted(units, key=lambda unit: -_cosine(vectors[unit], question))

        assert nearest(city, vectors, question, row) == tuple(sorted(ranked[:3]))


# --- losses, worked by hand ---


@settings(deadline=None)  # a busy machine
@given(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=9), st.floats(0.05, 1))
def test_first_wins_is_the_share_of_the_first(scores: list[float], temperature: float) -> None:
    weights = [math.exp(score / temperature) for score in scores]
    loss = first_wins(torch.tensor(scores), temperature).item()

    assert loss == pytest.approx(-math.log(weights[0] / sum(weights)), abs=1e-4)


def _cross_entropy(logit: float, wanted: float) -> float:
    share = 1 / (1 + math.exp(-logit))
    return -wanted * math.log(share) - (1 - wanted) * math.log(1 - share)


@settings(deadline=None)  # a busy machine
@given(st.lists(st.floats(-6, 6, width=32), min_size=1, max_size=7))
def test_a_verdict_is_judged_by_whether_the_first_answers(logits: list[float]) -> None:
    right, wrong = _cross_entropy(logits[0], 0.95), [_cross_entropy(v, 0.0) for v in logits[1:]]
    answered = right + (0.3 * sum(wrong) / len(wrong) if wrong else 0.0)
    none = sum(_cross_entropy(logit, 0.02) for logit in logits) / len(logits)
    verdicts = torch.tensor(logits)

    assert judged(verdicts, answered=True).item() == pytest.approx(answered, rel=1e-4)
    assert judged(verdicts, answered=False).item() == pytest.approx(none, rel=1e-4)


def test_the_others_are_wrong_allowed_and_not_listed() -> None:
    scores = torch.arange(6.0)
    free = Asked("问", "", (0,), (), None)
    held = Asked("问", "", (0,), (), (0, 2, 3, 5))

    assert _others(scores, free, [4]).tolist() == [1, 2, 3, 5]
    assert _others(scores, held, [4, 5]).tolist() == [2, 3]
    assert _others(scores, Asked("问", "", (), (), ()), [1]).tolist() == []
    assert _within(scores, free).tolist() == scores.tolist()
    assert _within(scores, held).tolist() == [0, -9, 2, 3, -9, 5]


def test_a_long_sentence_keeps_its_last_token() -> None:
    assert _shortened([101, *range(300), 102]) == [101, *range(254), 102]
    assert _shortened([101, *range(254), 102]) == [101, *range(254), 102]


# --- which units are sentences ---


def _passage(row: int, spans: tuple[tuple[int, int], ...], plain: int = 0) -> Passage:
    rewritten = tuple((0, "改写") for _ in range(plain))
    return Passage(
        row=row, clause_id=f"c{row}", doc_id="d", area="", title="", heading="", units=(),
        text="", context="", spans=spans, plain=rewritten,
    )  # fmt: skip


def test_windows_and_rewritings_are_no_sentences() -> None:
    passages = [
        _passage(0, ((0, 10), (10, 90), (10, 50), (50, 90)), plain=2),  # units 4 to 9
        _passage(1, ()),
        _passage(2, ((3, 80), (3, 40), (40, 80))),  # units 10 to 12
        _passage(3, ((0, 5), (6, 9))),  # units 13 and 14
    ]
    assert sentence_units(passages) == ((4, 5), (1,), (10,), (13, 14))


def test_units_are_numbered_as_the_texts_are() -> None:
    """Over a real cut: the text of every unit found is a sentence of the passage that owns it."""
    sentence = "符合条件的人员可以申请补贴，" * 6 + "由街道受理。"
    text = f"甲类人员应当登记。{sentence}乙类人员不用登记。"
    first, long = len("甲类人员应当登记。"), len(sentence)
    whole = ((0, first), (first, first + long), (first + long, len(text)))
    cut = tuple(windows(text, whole[1]))
    assert cut
    passages = [
        replace(_passage(row, whole + cut, plain=row), text=text, context="鲤城区")
        for row in range(2)
    ]
    texts, owner = span_texts(passages)
    units, owners = [*clause_texts(passages), *texts], [0, 1, *owner]
    for row, found in enumerate(sentence_units(passages)):
        sentences = [search_form(f"鲤城区：{text[start:end]}") for start, end in whole]
        assert [units[unit] for unit in found] == sentences
        assert {owners[unit] for unit in found} == {row}
