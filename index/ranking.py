"""A linear ranker: weights over named features, stored as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LinearModel:
    """``score = features @ weights + bias``; higher is better.

    ``names`` fix the order of the features, so that a model trained on others is refused.
    """

    names: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float = 0.0

    @classmethod
    def load(cls, path: Path, names: Sequence[str]) -> LinearModel | None:
        """Read a model; None where it is missing or was trained on other features."""
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            model = cls(tuple(values["weights"]), tuple(values["weights"].values()), values["bias"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return model if model.names == tuple(names) else None

    def to_json(self, **about: object) -> str:
        """The model as JSON, with what it was trained on."""
        weights: Mapping[str, float] = {
            name: round(weight, 5) for name, weight in zip(self.names, self.weights, strict=True)
        }
        values = {**about, "weights": weights, "bias": round(self.bias, 5)}
        return json.dumps(values, ensure_ascii=False, indent=1) + "\n"

    def scores(self, features: Matrix) -> Matrix:
        """Scores of rows: (n, len(names)) to (n,)."""
        scores: Matrix = features @ np.array(self.weights) + self.bias
        return scores

    def probability(self, features: Sequence[float], more: float = 0.0) -> float:
        """The logistic of one row's score, in (0, 1); ``more`` is added to the score."""
        score = float(np.dot(self.weights, features)) + self.bias + more
        return 1.0 / (1.0 + exp(-max(-60.0, min(60.0, score))))
