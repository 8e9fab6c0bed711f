"""From what the user typed to what is searched, or to a reply that needs no search."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from index.tokens import search_form
from qa import messages, privacy, smalltalk
from qa.asks import Ask
from qa.followup import FollowUps
from qa.places import (
    PlaceFinder,
    Places,
    areas_for,
    areas_hinted,
    find_places,
    readable,
    without_places,
)
from qa.types import Answer, Status

_WORD = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Understood:
    """A question ready for search.

    ``content`` is it without place names, ``context`` the earlier question a short one leans on
    (or empty), ``scope`` the areas to search, None for all of them, ``placed`` whether this turn
    itself names a place that the documents cover.
    """

    question: str
    content: str
    context: str
    asks: frozenset[Ask]
    places: Places
    scope: tuple[str, ...] | None
    resolved: str | None
    placed: bool


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
) -> Understood:
    """Resolve a follow-up, find its places and what it asks for.

    :param area: the picker's choice (a division path), used where the question names no place.
    :param areas: areas that the corpus covers, in corpus order.
    """
    named_now = bool(finder.find(search_form(question)))
    resolved = followups.resolve(question.strip(), history)
    text = search_form(resolved.text)
    places = find_places(text, areas, finder)
    scope: tuple[str, ...] | None = places.covered or None
    if not places.named and area:
        scope = areas_for(area, areas) or None
    elif not places.named:
        scope = areas_hinted(text, areas) or None
    return Understood(
        question=text,
        content=without_places(text, places.spans),
        context=resolved.context,
        asks=resolved.asks,
        places=places,
        scope=scope,
        resolved=resolved.shown,
        placed=bool(places.covered) and named_now,
    )
