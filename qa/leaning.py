"""A follow-up read the other way: as a part of the question before it.

«要够几星的» after «幸福院打算弄多少» has words of its own, so it is asked as a question that stands
alone; where that finds nothing, it is read once more together with the earlier one. The earlier
words alone would make almost any clause of theirs look like an answer («一个月工资开多少» after
«公益性岗位给谁的»), so what the follow-up itself says must fit the clause; docs/adr/0004.
"""

from __future__ import annotations

from qa.asks import asked_for
from qa.finding import Finder
from qa.unmet import lacking, unmet_model

SURE = 0.6  # probability that the joined question must reach
_NEAR = 0.18  # cosine of the follow-up alone with the nearest sentence of the clause
_LACKING = -0.2  # summed weights of what the clause lacks of it: lower speaks against the clause


def leans(finder: Finder, own: str, row: int, quote: str) -> bool:
    """Whether a clause fits what a follow-up itself says.

    :param own: the follow-up as it was typed, without place names.
    :param row: index row of the clause; ``quote`` what was chosen from it.
    :returns: False without vectors, which are half of the judgement.
    """
    index = finder.index
    if index.encoder is None:
        return False
    vector = index.encoder.encode([own], kind="query")[0]
    if max(index.span_scores(vector, row), default=0.0) < _NEAR:
        return False
    query = finder.query(own, asked_for(own))
    if finder.another_kind(query, row):
        return False
    return unmet_model().score(lacking(query, finder.terms(row), quote)) >= _LACKING
