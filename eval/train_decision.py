"""Train the probability that a quote answers: weights of signals and of lacking words together.

The signals alone know how near a clause is, not what it lacks. Which lacking words matter is
learned from all questions; what a signal is worth only from those that the encoder has not been
fitted to: on the others its cosines say more than they ever will on a new question, so these have
signal weights of their own, which are thrown away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from eval.examples import AnswerExample
from eval.train import FOLDS, Trained, auroc, fold_of
from index.ranking import LinearModel

Matrix = NDArray[np.float64]
STRENGTH = 0.2  # scikit-learn's C, of everything; docs/adr/0004
_RARE = 2  # lacking words seen in fewer examples have no weight
_NEGLIGIBLE = 0.02  # smaller weights are left out of the file
_APART = 2.0  # size of the column that sets a foreign group's share of answers apart


@dataclass(frozen=True, slots=True)
class Decision:
    """The signals' model with its cross-validated AUROC, and the weights of what is lacking."""

    trained: Trained
    unmet: dict[str, float]


def train_decision(
    examples: Sequence[AnswerExample], names: Sequence[str], strength: float = STRENGTH
) -> Decision:
    """Fit both by one logistic regression.

    AUROC is told on our own cases, in folds by clause: no question about a held clause, of
    whatever kind, takes part.
    """
    own = np.array([not e.group_apart for e in examples])
    counted = own & np.array([e.weight >= 1.0 for e in examples])
    labels = np.array([e.right for e in examples])
    folds = np.array([fold_of(e.group) for e in examples])
    guesses = np.zeros(len(examples))
    for fold in range(FOLDS):
        kept = np.flatnonzero(folds != fold).tolist()
        fitted = _Fit.of([examples[i] for i in kept], strength)
        held = np.flatnonzero(counted & (folds == fold)).tolist()
        guesses[held] = [fitted.score(examples[i]) for i in held]
    quality = auroc(guesses[counted], labels[counted])
    fitted = _Fit.of(examples, strength)
    weights, bias = fitted.plain()
    model = LinearModel(tuple(names), tuple(float(w) for w in weights), bias)
    return Decision(Trained(model, quality, len(examples)), fitted.unmet())


@dataclass(frozen=True, slots=True)
class _Fit:
    """Coefficients over standardised signals, then over the known keys."""

    mean: Matrix
    scale: Matrix
    signals: Matrix
    keys: dict[str, float]
    bias: float

    @classmethod
    def of(cls, examples: Sequence[AnswerExample], strength: float) -> _Fit:
        signals = np.array([e.signals for e in examples], dtype=float)
        apart = [e.group_apart for e in examples]
        own = np.array([not group for group in apart])
        mean, scale = signals[own].mean(axis=0), signals[own].std(axis=0) + 1e-6
        standard = (signals - mean) / scale
        groups = sorted(set(apart) - {""})
        columns = [csr_matrix(standard)]
        for group in groups:
            inside = np.array([one == group for one in apart], dtype=float)[:, None]
            columns += [csr_matrix(standard * inside), csr_matrix(inside * _APART)]
        counts = Counter(key for e in examples for key in e.unmet)
        known = sorted(key for key, count in counts.items() if count >= _RARE)
        matrix = hstack([*columns, _presence(examples, known)]).tocsr()
        fit = LogisticRegression(C=strength, max_iter=3000)
        weights = np.array([e.weight for e in examples])
        fit.fit(matrix, [e.right for e in examples], sample_weight=weights)
        found = fit.coef_[0]
        size = signals.shape[1]
        keys = dict(zip(known, map(float, found[len(found) - len(known) :]), strict=True))
        return cls(mean, scale, found[:size], keys, float(fit.intercept_[0]))

    def score(self, example: AnswerExample) -> float:
        """Log odds of one of our own examples."""
        standard = (np.array(example.signals) - self.mean) / self.scale
        more = sum(self.keys.get(key, 0.0) for key in example.unmet)
        return float(standard @ self.signals) + more + self.bias

    def plain(self) -> tuple[Matrix, float]:
        """Weights and bias over signals that are not standardised."""
        weights = self.signals / self.scale
        return weights, self.bias - float(weights @ self.mean)

    def unmet(self) -> dict[str, float]:
        """Weights of the keys that count, in a fixed order."""
        kept = {key: round(w, 3) for key, w in sorted(self.keys.items()) if abs(w) >= _NEGLIGIBLE}
        return {key: weight for key, weight in kept.items() if weight}


def _presence(examples: Sequence[AnswerExample], known: Sequence[str]) -> csr_matrix:
    """1 where an example lacks a key, float64 (examples, keys), sparse."""
    place = {key: number for number, key in enumerate(known)}
    rows, columns = [], []
    for number, example in enumerate(examples):
        found = [place[key] for key in example.unmet if key in place]
        rows += [number] * len(found)
        columns += found
    shape = (len(examples), len(known))
    return csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
