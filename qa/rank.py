"""The trained ranker over `qa.features`, with hand-set weights to fall back on."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files

from index.ranking import LinearModel
from qa.features import NAMES

# Rough weights in the spirit of equal legs: used where no trained model fits.
_FALLBACK = LinearModel(
    NAMES, (25.0, 7.0, 0.3, 1.5, 3.0, 1.0, 5.0, 2.0, 3.0, 1.0, 2.5, 0.5, 1.0, -0.5, 3.0)
)
_LEXICAL = LinearModel(
    NAMES, (0.0, 0.0, 0.0, 4.0, 3.0, 2.0, 5.0, 4.0, 4.0, 1.0, 2.5, 0.5, 1.0, -0.5, 3.0)
)


@cache
def rank_model(*, dense: bool) -> LinearModel:
    """The ranker; ``dense`` says whether vector features are there."""
    name = "rank.json" if dense else "rank_lexical.json"
    with as_file(files("qa") / "models" / name) as path:
        return LinearModel.load(path, NAMES) or (_FALLBACK if dense else _LEXICAL)
