"""Train the ranker, the span scorer, the answer and the topic model from the dev cases.

One command, deterministic, on a few hundred cases: plain logistic regression, whose weights can
be read. The test cases are never looked at here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from eval.examples import AnswerExample, RankExample, SpanExample
from index.ranking import LinearModel

Matrix = NDArray[np.float64]
FOLDS = 5
_NEGATIVES = 25  # wrong candidates a question: the ones that compete


@dataclass(frozen=True, slots=True)
class Trained:
    """A model and its cross-validated quality (accuracy at rank 1, or AUROC)."""

    model: LinearModel
    quality: float
    examples: int


def fold_of(group: str) -> int:
    """Fold of a group; fixed, so that runs compare."""
    return int.from_bytes(sha256(group.encode()).digest()[:4], "big") % FOLDS


def train_ranking(
    examples: Sequence[RankExample | SpanExample], names: Sequence[str], strength: float
) -> Trained:
    """Fit weights so that right rows score above wrong ones (pairwise logistic loss).

    :param strength: inverse regularisation (scikit-learn's C).
    """
    hits = 0
    for fold in range(FOLDS):
        model = _fit_pairs([e for e in examples if fold_of(e.group) != fold], names, strength)
        for example in examples:
            if fold_of(example.group) == fold:
                hits += bool(example.right[int(np.argmax(model.scores(example.features)))])
    return Trained(_fit_pairs(examples, names, strength), hits / len(examples), len(examples))


def _fit_pairs(
    examples: Iterable[RankExample | SpanExample], names: Sequence[str], strength: float
) -> LinearModel:
    weights = np.zeros(len(names))
    # The right row that a question is trained on is the one the model itself ranks highest, so
    # it is found again after a first fit.
    for _ in range(2):
        rows, shares = _pairs(examples, weights)
        scale = rows.std(axis=0) + 1e-6
        fit = LogisticRegression(C=strength, fit_intercept=False, max_iter=2000)
        both = np.vstack([rows, -rows]) / scale
        labels = np.repeat([1, 0], len(rows))
        fit.fit(both, labels, sample_weight=np.tile(shares, 2))
        weights = fit.coef_[0] / scale
    return LinearModel(tuple(names), tuple(float(w) for w in weights))


def _pairs(examples: Iterable[RankExample | SpanExample], weights: Matrix) -> tuple[Matrix, Matrix]:
    """Differences right minus wrong, and weights that make every question count the same."""
    rows: list[Matrix] = []
    shares: list[float] = []
    for example in examples:
        scores = example.features @ weights
        order = np.argsort(-scores, kind="stable")
        right = next(i for i in order if example.right[i])
        wrong = [i for i in order if not example.right[i]][:_NEGATIVES]
        rows.extend(example.features[right] - example.features[i] for i in wrong)
        shares.extend([1.0 / len(wrong)] * len(wrong))
    return np.array(rows), np.array(shares)


def train_answer(
    examples: Sequence[AnswerExample],
    names: Sequence[str],
    values: Callable[[AnswerExample], Sequence[float]],
    label: Callable[[AnswerExample], bool],
    strength: float,
) -> Trained:
    """Fit a probability by logistic regression; quality is the cross-validated AUROC."""
    matrix = np.array([values(e) for e in examples])
    labels = np.array([label(e) for e in examples])
    weights = np.array([e.weight for e in examples])
    folds = np.array([fold_of(e.group) for e in examples])
    guesses = np.zeros(len(examples))
    for fold in range(FOLDS):
        model = _fit(matrix, labels, weights, folds != fold, names, strength)
        guesses[folds == fold] = model.scores(matrix[folds == fold])
    own = weights >= 1.0  # quality is told on our own cases, not on the foreign ones
    quality = auroc(guesses[own], labels[own])
    everything = np.ones(len(examples), dtype=bool)
    return Trained(
        _fit(matrix, labels, weights, everything, names, strength), quality, len(examples)
    )


def _fit(
    matrix: Matrix,
    labels: NDArray[np.bool_],
    weights: Matrix,
    chosen: NDArray[np.bool_],
    names: Sequence[str],
    strength: float,
) -> LinearModel:
    rows = matrix[chosen]
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    fit = LogisticRegression(C=strength, max_iter=5000)
    fit.fit((rows - mean) / scale, labels[chosen], sample_weight=weights[chosen])
    coefficients = fit.coef_[0] / scale
    bias = float(fit.intercept_[0] - (coefficients * mean).sum())
    return LinearModel(tuple(names), tuple(float(w) for w in coefficients), bias)


def auroc(scores: Matrix, labels: NDArray[np.bool_]) -> float:
    """Probability that a right one scores above a wrong one (ties count half)."""
    right, wrong = scores[labels], scores[~labels]
    if not len(right) or not len(wrong):
        return float("nan")
    above = (right[:, None] > wrong[None, :]).mean()
    return float(above + 0.5 * (right[:, None] == wrong[None, :]).mean())
