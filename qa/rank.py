"""The trained ranker over `qa.features`, with hand-set weights to fall back on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import as_file, files

import numpy as np

from index.ranking import LinearModel
from qa.features import NAMES, Matrix, PassageTerms
from qa.query import Query
from qa.unmet import lacking_words, unmet_model

# Rows in front whose order is settled by what they lack: so many, and as near to the best in
# score. None farther than 1.1 from it came first in 1,485 questions; docs/adr/0003.
_SETTLED, _REACH = 4, 2.0

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


def settled(
    query: Query,
    rows: Sequence[int],
    scores: Matrix,
    terms: Callable[[int], PassageTerms],
    *,
    dense: bool,
) -> list[int]:
    """Positions of rows, best first: by score, those in front also by what they lack.

    What the weight of a lacking word says about being answered is log odds, as a score is, so the
    two are added. Scores themselves stay as they are: the answer model was trained on them.

    :param scores: of the ranker, float64 (len(rows),); equal ones go by row.
    """
    order = [int(i) for i in np.lexsort((np.array(rows), -scores))]
    front = [i for i in order[:_SETTLED] if scores[i] >= scores[order[0]] - _REACH]
    if len(front) < 2:
        return order
    model = unmet_model(dense=dense)
    worth = {i: scores[i] + model.score(lacking_words(query, terms(rows[i]))) for i in front}
    return [*sorted(front, key=lambda i: -worth[i]), *order[len(front) :]]
