"""What is said around the quotes: warnings, and honest words where there is no answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations

from corpus import contacts, figures
from corpus.types import Document, Figure, Origin, ValidityState
from qa import messages
from qa.asks import Ask, has_evidence
from qa.labels import chinese_date
from qa.places import Places, readable
from qa.types import Answer, Citation, Part, Status, Trace
from qa.understand import Understood

_TARGET = re.compile(
    r"(?<!有效期)(?<!有效期延长)(?:到|至|力争到?|争取到?|截至|截止到?)\s*(20\d\d)\s*年底?[,，前]?(?!\d{1,2}月)"
)
# What stands at the head of a document and not in its clauses.
_ASKS_HEAD = re.compile(
    r"文号|几号文|哪[一]?[天年](?:发|印发|发布|出台?|下发|公布)的?|"
    r"(?:什么时候|啥时候|何时|几时|几月几号)(?:发|印发|发布|出台|下发|公布)的|(?:印发|发布|成文|发文|公布)(?:日期|时间)"
)
_ENDED = re.compile(r"(20\d\d)年底前|(?:力争|争取|计划)(?:到|在)?(20\d\d)年")
_NUMERIC = frozenset({Ask.FIGURE, Ask.MONEY, Ask.DURATION, Ask.DATE, Ask.AGE})


def other_area(read: Understood, areas: Sequence[str], steps: dict[str, float]) -> Answer:
    """The answer to a question about a place that no document covers: the place is named back."""
    said = messages.OTHER_AREA.format(place=read.places.uncovered, areas=readable(areas))
    trace = Trace(understood=(f"地点：{read.places.uncovered}（未收录）",), steps_ms=steps)
    return Answer(Status.OTHER_AREA, said, trace=trace, resolved_question=read.resolved)


def related_message(
    related: Sequence[Citation],
    read: Understood,
    documents: Mapping[str, Document],
    *,
    topical: bool = True,
) -> str:
    """What is said above the nearest clauses: what is not stated, and whom to ask about it.

    The number is one that the nearest clause's document gives for enquiries.

    :param topical: whether the nearest clause speaks of the subject at all; the units of one
        that does not would be the wrong door.
    """
    if not related:
        return messages.NOTHING
    nearest = related[0]
    head = _head_of(nearest) if _ASKS_HEAD.search(read.question) else ""
    if head:
        return messages.RELATED_HEAD.format(title=nearest.title.strip("《》"), said=head)
    what = _not_stated(read, nearest.quote)
    units = nearest.units[:3] if topical else ()
    said = (
        messages.RELATED_UNITS.format(what=what, units="、".join(units))
        if units
        else messages.RELATED.format(what=what)
    )
    known = contacts(documents[nearest.doc_id])
    phone = known[0].phones[0] if known else ""
    return said + messages.RELATED_PHONE.format(phone=phone) if phone else said


def _head_of(citation: Citation) -> str:
    """The number and the date of a document, as far as they are known."""
    said = [f"的文号是{citation.doc_number}"] if citation.doc_number else []
    day = chinese_date(citation.published)
    said += [f"发布日期是{day}" if said else f"的发布日期是{day}"] if day else []
    return "，".join(said)


def _not_stated(read: Understood, nearest: str) -> str:
    """The kinds of fact asked for, in plain words: those that the nearest clause lacks."""
    named = [ask for ask in Ask if ask in read.asks and ask.value in messages.WHAT]
    lacking = [ask for ask in named if not has_evidence(ask, nearest, read.question)]
    words = [messages.WHAT[ask.value] for ask in (lacking or named)[:2]]
    return "和".join(words) or messages.NOT_STATED


def warnings_for(
    parts: Sequence[Part],
    read: Understood,
    documents: Mapping[str, Document],
    newer: Sequence[str] = (),
) -> tuple[str, ...]:
    """Warnings beside the quotes, each once, the gravest first.

    :param newer: what is said of newer editions of the documents quoted.
    """
    found: dict[str, None] = {}
    for citation in (part.citation for part in parts):
        said = _standing(citation)
        if said:
            found[said] = None
    found.update(dict.fromkeys(newer))
    if read.compares or read.asks & _NUMERIC:
        found.update(dict.fromkeys(_differing(parts)))
    for said in _wider(parts, read.places):
        found[said] = None
    for part in parts:
        year = target_year(part.quote)
        if year is not None:
            found[messages.WARN_TARGET.format(year=year)] = None
        if documents[part.citation.doc_id].origin is Origin.DIGEST:
            found[messages.WARN_DIGEST] = None
    return tuple(found)


def target_year(quote: str) -> str | None:
    """The year by which a quote wants something reached; None for what is a right already.

    >>> target_year("到2028年，城镇化率达到85%"), target_year("有效期至2028年12月31日")
    ('2028', None)
    """
    match = _TARGET.search(quote) or _ENDED.search(quote)
    return next(filter(None, match.groups()), None) if match else None


def _standing(citation: Citation) -> str | None:
    state, reason = citation.validity.state, citation.validity.reason
    if state is ValidityState.REPEALED:
        return messages.WARN_REPEALED.format(title=citation.title, reason=reason)
    if state is ValidityState.LAPSED:
        return messages.WARN_LAPSED.format(title=citation.title, reason=reason)
    return None


def _wider(parts: Sequence[Part], places: Places) -> list[str]:
    """Where the document of another level answers for the place that was named.

    A quote that names the place itself speaks for it.
    """
    return [
        messages.WARN_WIDER.format(place=place, area=readable([area]))
        for place, area in places.wider
        if any(part.citation.area == area and place not in part.quote for part in parts)
    ]


def _differing(parts: Sequence[Part]) -> list[str]:
    """Whether areas, or a higher and a lower authority, give other figures of one unit."""
    stated: dict[str, dict[str, set[float]]] = {}
    for part in parts:
        units = stated.setdefault(part.citation.area, {})
        for figure in figures(part.quote, (0, len(part.quote))):
            if _counts(figure):
                units.setdefault(figure.unit, set()).add(figure.value)
    said: dict[str, None] = {}
    for one, other in combinations(stated, 2):
        shared = stated[one].keys() & stated[other].keys()
        if all(stated[one][unit] & stated[other][unit] for unit in shared):
            continue
        higher, lower = sorted((one, other), key=len)
        if higher and lower.startswith(higher + "/"):
            names = {"higher": readable([higher]), "lower": readable([lower])}
            said[messages.WARN_HIGHER.format(**names)] = None
        else:
            said[messages.WARN_DIFFER] = None
    return list(said)


def _counts(figure: Figure) -> bool:
    """Whether a figure counts something, unlike a year."""
    return bool(figure.unit) and not (figure.unit == "年" and figure.value >= 1900)
