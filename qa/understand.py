"""From what the user typed to what is searched, or to a reply that needs no search."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.tokens import search_form
from qa import messages, privacy, smalltalk
from qa.asks import Ask, asked_for, without_claims
from qa.followup import FollowUps
from qa.places import (
    PlaceFinder,
    Places,
    areas_for,
    areas_hinted,
    compared,
    find_places,
    readable,
    without_comparison,
    without_places,
)
from qa.spelling import Change
from qa.types import Answer, Status

_WORD = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Understood:
    """A question ready for search.

    ``own`` is what this turn says itself, ``content`` the question without place names,
    ``context`` what it leans on: the earlier question of a short one, the story told before it
    (or empty); ``scope`` the areas to search, None for all of them; ``placed`` whether this turn
    itself names a place that the documents cover; ``compares`` whether it asks how places
    differ; ``skip`` counts clauses shown before.
    """

    question: str
    own: str
    content: str
    context: str
    asks: frozenset[Ask]
    places: Places
    scope: tuple[str, ...] | None
    resolved: str | None
    placed: bool
    compares: bool = False
    skip: int = 0
    changes: tuple[Change, ...] = ()


def immediate_reply(question: str, history: Sequence[str], areas: Sequence[str]) -> Answer | None:
    """The reply to input that is not searched: empty, too long, personal data, small talk."""
    text = unicodedata.normalize("NFKC", question)
    if not text.strip():
        return Answer(Status.CLARIFY, messages.EMPTY)
    if len(question) > messages.MAX_QUESTION:
        said = messages.TOO_LONG.format(length=len(question), limit=messages.MAX_QUESTION)
        return Answer(Status.CLARIFY, said)
    for turn in (question, *history):
        kind = privacy.personal_data(turn)
        if kind is not None:
            return Answer(Status.REFUSED, messages.REFUSED.format(kind=kind))
    letters = _WORD.findall(text)
    if not letters or (len(set(letters)) == 1 and len(text.strip()) < 3 and text.isascii()):
        return Answer(Status.CLARIFY, messages.NO_WORDS)
    said_back = smalltalk.reply(question, readable(areas))
    if said_back is not None:
        return Answer(Status.OFF_TOPIC, said_back)
    return None


def understand(
    question: str,
    history: Sequence[str],
    area: str | None,
    areas: Sequence[str],
    finder: PlaceFinder,
    followups: FollowUps,
    story: str = "",
    *,
    joined: bool = False,
) -> Understood:
    """Resolve a follow-up, find its places and what it asks for.

    :param area: the picker's choice (a division path), used where the question names no place.
    :param areas: areas that the corpus covers, in corpus order.
    :param story: what the same message told before it asked; its places count where the
        question names none.
    :param joined: read a follow-up as a part of the earlier question; see `FollowUps.resolve`.
    """
    if history:
        question = smalltalk.without_reaction(question)
        history = [history[0], *map(smalltalk.without_reaction, history[1:])]
    own = search_form(question)
    named_now = bool(finder.find(own))
    told = find_places(search_form(story), areas, finder) if story and not named_now else None
    before = () if told and told.named else history
    resolved = followups.resolve(question.strip(), before, joined=joined)
    text = search_form(resolved.text)
    places = find_places(text, areas, finder)
    if told is not None and told.named and not places.named:
        places = replace(told, spans=())
        named_now = True
    # With a place picked, a foreign one that somebody comes from is not what is asked about.
    from_there = bool(area) and places.uncovered is not None and not finder.goals(text)
    if from_there:
        places = replace(places, uncovered=None)
    scope: tuple[str, ...] | None = places.covered or None
    nowhere = from_there or not (places.named or places.covered or places.uncovered)
    if nowhere and area:
        scope = areas_for(area, areas) or None
    elif nowhere:
        scope = areas_hinted(f"{text} {story}", areas) or None
    content = without_claims(without_places(text, places.spans))
    compares = compared(text, places)
    return Understood(
        question=text,
        own=without_places(own, [match.span for match in finder.find(own)]),
        content=without_comparison(content) if compares else content,
        context=resolved.context or story,
        asks=asked_for(without_comparison(text)) if compares else resolved.asks,
        places=places,
        scope=scope,
        resolved=resolved.shown,
        placed=bool(places.covered) and named_now,
        compares=compares,
        skip=resolved.skip,
    )
