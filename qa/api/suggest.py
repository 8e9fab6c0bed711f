"""Questions to offer: while one is typed, and after one is answered.

They are fixed wording around a heading, or example questions; none is the text of a policy.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from corpus.types import Clause, Role
from qa.api.protocol import PolicyService
from qa.types import Answer, Status

ABOUT = "{area}“{heading}”是怎么规定的？"
_HEADING = range(2, 21)  # characters; a longer heading is a sentence, not a name
_BREAKS = frozenset("，。；：！？、“”‘’（）\n")  # would not read well inside the quotes
_NEXT = 3  # more would push the next answer out of sight
_SHARED = 0.6  # of the typed pairs of characters that a question has to have


def about(area: str, heading: str) -> str | None:
    """Ask what a document says under a heading; None where that would not read well."""
    heading = heading.strip()
    if len(heading) not in _HEADING or not _BREAKS.isdisjoint(heading):
        return None
    return ABOUT.format(area=area.rsplit("/", 1)[-1], heading=heading)


def completions(
    service: PolicyService, typed: str, area: str | None = None, limit: int = 6
) -> tuple[str, ...]:
    """Complete what was typed so far: examples first, then headings of the chosen area.

    A question that contains the typed text comes before one that only shares most of its pairs
    of characters.
    """
    wanted = _plain(typed)
    if not wanted:
        return ()
    examples = tuple(q for questions in service.examples().values() for q in questions)
    known = [(question, _plain(question)) for question in examples]
    known += [
        (question, plain)
        for place, question, plain in _asked_about(service.headings())
        if area is None or _within(place, area)
    ]
    scored = [(_likeness(wanted, plain), question) for question, plain in known]
    best = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])
    unique = dict.fromkeys(question for _, question in best if _plain(question) != wanted)
    return tuple(unique)[:limit]


def next_questions(
    answer: Answer, passages: Mapping[str, Sequence[Clause]], examples: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    """Suggest what to ask next.

    :param passages: by doc_id, the passages of each document that the answer cites.
    :param examples: offered where the question was not one that documents can answer.
    """
    if answer.status is Status.ANSWERED:
        return tuple(dict.fromkeys(_neighbours(answer, passages)))[:_NEXT]
    if answer.status in (Status.OFF_TOPIC, Status.OTHER_AREA):
        return tuple(questions[0] for questions in examples.values() if questions)[:_NEXT]
    return ()


def _neighbours(answer: Answer, passages: Mapping[str, Sequence[Clause]]) -> Iterator[str]:
    """Ask about clauses beside the cited ones, nearest first."""
    shown = {part.citation.clause_id for part in answer.parts}
    for part in answer.parts:
        cited = part.citation
        numbered = [p for p in passages.get(cited.doc_id, ()) if p.role is Role.CLAUSE]
        ids = [passage.clause_id for passage in numbered]
        if cited.clause_id not in ids:
            continue
        at = ids.index(cited.clause_id)
        near = sorted(range(len(ids)), key=lambda i: (abs(i - at), i < at))
        for other in (numbered[i] for i in near[1:8] if ids[i] not in shown):
            if question := about(cited.area, other.heading):
                yield question


@lru_cache(maxsize=4)
def _asked_about(headings: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str, str], ...]:
    """Area, question and search form for each heading that makes a question."""
    made = ((area, about(area, heading)) for area, heading in headings)
    return tuple((area, question, _plain(question)) for area, question in made if question)


def _likeness(wanted: str, known: str) -> float:
    """How well a known question continues the typed text: over 1 contains it, 0 does not fit."""
    at = known.find(wanted)
    if at >= 0:
        return 2.0 if at == 0 else 1.5
    pairs = set(_pairs(wanted))
    shared = sum(pair in known for pair in pairs)
    return shared / len(pairs) if pairs and shared / len(pairs) >= _SHARED else 0.0


def _pairs(text: str) -> Iterable[str]:
    return (text[i : i + 2] for i in range(len(text) - 1))


def _plain(text: str) -> str:
    """Search form: one width, one case, no punctuation."""
    form = unicodedata.normalize("NFKC", text).lower()
    return "".join(sign for sign in form if sign.isalnum())


def _within(place: str, area: str) -> bool:
    return not place or f"{place}/".startswith(f"{area}/") or f"{area}/".startswith(f"{place}/")
