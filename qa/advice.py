"""What is said around the quotes: warnings, and honest words where there is no answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from corpus.types import Document, Origin, ValidityState
from qa import messages
from qa.places import Places, readable
from qa.types import Answer, Citation, Part, Status, Trace
from qa.understand import Understood

_TARGET = re.compile(r"(?<!有效期)(?:到|至|力争到?|争取到?)\s*(20\d\d)\s*年底?[,，前]?")


def other_area(read: Understood, areas: Sequence[str], steps: dict[str, float]) -> Answer:
    """The answer to a question about a place that no document covers: the place is named back."""
    said = messages.OTHER_AREA.format(place=read.places.uncovered, areas=readable(areas))
    trace = Trace(understood=(f"地点：{read.places.uncovered}（未收录）",), steps_ms=steps)
    return Answer(Status.OTHER_AREA, said, trace=trace, resolved_question=read.resolved)


def related_message(related: Sequence[Citation]) -> str:
    """What is said above the nearest clauses; names whom to ask where the clause does."""
    if not related:
        return messages.NOTHING
    units = related[0].units[:3]
    return messages.RELATED_UNITS.format(units="、".join(units)) if units else messages.RELATED


def warnings_for(
    parts: Sequence[Part], places: Places, documents: Mapping[str, Document]
) -> tuple[str, ...]:
    """Warnings beside the quotes, each once, the gravest first."""
    found: dict[str, None] = {}
    for part in parts:
        citation = part.citation
        if citation.validity.state in (ValidityState.LAPSED, ValidityState.REPEALED):
            reason = citation.validity.reason
            found[messages.WARN_LAPSED.format(title=citation.title, reason=reason)] = None
    for place, area in places.wider:
        if any(part.citation.area == area for part in parts):
            found[messages.WARN_WIDER.format(place=place, area=readable([area]))] = None
    for part in parts:
        target = _TARGET.search(part.quote)
        if target is not None:
            found[messages.WARN_TARGET.format(year=target[1])] = None
        if documents[part.citation.doc_id].origin is Origin.DIGEST:
            found[messages.WARN_DIGEST] = None
    return tuple(found)
