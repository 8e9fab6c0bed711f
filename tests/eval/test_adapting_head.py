"""Training of the update: the head that matches word by word."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn.functional import normalize

from eval.adapting.matching import Matching, Tokens


def _unit(seed: int, count: int, dim: int) -> Tensor:
    numbers = np.random.default_rng(seed).normal(size=(count, dim)).astype(np.float32)
    return normalize(torch.from_numpy(numbers), dim=-1)


def _cosine(first: Tensor, second: Tensor) -> float:
    return float(first @ second)


@pytest.fixture
def head() -> Matching:
    torch.manual_seed(3)
    made = Matching()
    made.train(False)
    return made


def _states(seed: int, count: int, tokens: int) -> Tensor:
    return torch.randn(count, tokens, 512, generator=torch.Generator().manual_seed(seed))


def _longer(states: Tensor, mask: Tensor, by: int) -> tuple[Tensor, Tensor]:
    """The same texts padded further, with states of any kind behind them."""
    noise = _states(99, len(states), by)
    return torch.cat([states, noise], 1), nn.functional.pad(mask, (0, by))


def test_of_a_question_its_own_tokens_count(head: Matching) -> None:
    states = _states(0, 2, 9)
    mask = torch.tensor([[1] * 9, [1] * 7 + [0] * 2])
    read = head.read_questions(states, mask, 3)

    assert read.rows.shape == (2, 9, 64)
    assert read.mask.tolist() == [[0, 0, 0, 1, 1, 1, 1, 1, 0], [0, 0, 0, 1, 1, 1, 0, 0, 0]]
    assert mask.sum() == 16  # the caller's mask is as it was
    assert read.share is not None
    torch.testing.assert_close(read.share.sum(1), torch.ones(2))
    assert (read.share[read.mask == 0] == 0).all()
    torch.testing.assert_close(read.rows.norm(dim=-1), torch.ones(2, 9))
    chosen = read.at(torch.tensor([1, 1, 0]))
    assert chosen.share is not None
    assert chosen.rows.shape == (3, 9, 64)
    assert torch.equal(chosen.mask, read.mask[[1, 1, 0]])
    assert torch.equal(chosen.share, read.share[[1, 1, 0]])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 999), st.integers(1, 5), st.integers(1, 5))
def test_padding_and_order_change_no_score(seed: int, behind: int, beyond: int) -> None:
    torch.manual_seed(seed)
    head = Matching()
    head.train(False)
    asked, mask = _states(seed, 3, 8), torch.tensor([[1] * 8, [1] * 6 + [0] * 2, [1] * 7 + [0]])
    told, filled = (
        _states(seed + 1, 3, 5),
        torch.tensor([[1.0] * 5, [1, 0, 0, 0, 0], [1] * 4 + [0]]),
    )
    cosines = torch.rand(3)
    score, verdict = head(
        head.read_questions(asked, mask, 2), Tokens(head.read_passages(told), filled), cosines
    )
    padded = head.read_questions(*_longer(asked, mask, behind), 2)
    states, kept = _longer(told, filled, beyond)
    order = torch.tensor([2, 0, 1])
    passages = Tokens(head.read_passages(states), kept).at(order)
    again = head(padded.at(order), passages, cosines[order])

    assert score.shape == verdict.shape == (3,)
    torch.testing.assert_close(again[0], score[order], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(again[1], verdict[order], atol=1e-5, rtol=1e-4)


def test_the_score_is_the_weighted_best_match(head: Matching) -> None:
    questions, passages = _unit(1, 4, 64), _unit(2, 3, 64)
    share = torch.tensor([0.5, 0.3, 0.2, 0.0])
    read = Tokens(questions[None], torch.tensor([[1.0, 1, 1, 0]]), share[None])
    score, _ = head(read, Tokens(passages[None], torch.tensor([[1.0, 1, 0]])), torch.zeros(1))
    best = [max(_cosine(token, other) for other in passages[:2]) for token in questions]

    expected = sum(a * b for a, b in zip(share.tolist(), best, strict=True))
    assert score.item() == pytest.approx(expected, abs=1e-6)
