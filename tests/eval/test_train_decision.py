"""Signals and lacking words are fitted together, and the words of foreign questions count."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp

import numpy as np
import pytest

from eval.examples import AnswerExample
from eval.train_decision import Decision, train_decision

NAMES = ("near", "noise")


def made(count: int, seed: int, apart: str = "", *, flip: bool = False) -> Iterator[AnswerExample]:
    """Examples that answer when the first signal is high and «w:x» is not lacking.

    ``flip``: the first signal says nothing there, as where the encoder knows every answer.
    """
    numbers = np.random.default_rng(seed)
    for number in range(count):
        near, noise = numbers.normal(size=2)
        lacking = {"w:x"} if numbers.random() < 0.5 else {"w:y"}
        right = "w:x" not in lacking and (flip or near > -0.3)
        yield AnswerExample(
            f"{apart}{number}", (float(near), float(noise)), right, (), off_topic=False,
            unmet=frozenset(lacking), group_apart=apart,
        )  # fmt: skip


@pytest.fixture(scope="module")
def decision() -> Decision:
    return train_decision([*made(300, 0), *made(300, 1, "cities", flip=True)], NAMES)


def test_a_lacking_word_that_matters_weighs_below_zero(decision: Decision) -> None:
    assert decision.unmet["w:x"] < -0.5 < decision.unmet.get("w:y", 0.0)


def test_signals_are_those_of_our_own_questions(decision: Decision) -> None:
    """The foreign group, where nearness says nothing, does not flatten its weight."""
    own = train_decision(list(made(300, 0)), NAMES).trained.model
    model = decision.trained.model
    assert model.weights[0] == pytest.approx(own.weights[0], rel=0.35)
    assert abs(model.weights[1]) < 0.5 * model.weights[0]
    assert decision.trained.quality > 0.9


def test_the_parts_are_one_model(decision: Decision) -> None:
    """Probability from both files: above one half exactly where it answers, mostly."""
    model = decision.trained.model
    right = [
        (model.probability(e.signals, sum(decision.unmet.get(k, 0.0) for k in e.unmet)) > 0.5)
        == e.right
        for e in made(200, 5)
    ]
    assert np.mean(right) > 0.85
    assert model.probability((0.0, 0.0), 1.0) == pytest.approx(1 / (1 + exp(-model.bias - 1.0)))


def test_rare_keys_have_no_weight() -> None:
    """A word that one example lacked says nothing."""
    examples = list(made(100, 0))
    odd = AnswerExample("odd", (0.0, 0.0), False, (), off_topic=False, unmet=frozenset({"w:z"}))
    assert "w:z" not in train_decision([*examples, odd], NAMES).unmet


def test_the_same_examples_give_the_same_model(decision: Decision) -> None:
    again = train_decision([*made(300, 0), *made(300, 1, "cities", flip=True)], NAMES)
    assert again == decision
