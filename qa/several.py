"""The answers to several questions of one message, put together."""

from __future__ import annotations

from collections.abc import Sequence

from qa import messages
from qa.questions import Question
from qa.types import Answer, Asked, Citation, Part, Status, Trace

_NAMED = 24  # characters of a question that the message repeats
# What a message counts as when none of its questions is answered: the most helpful first.
_RANKING = (
    Status.RELATED_ONLY,
    Status.OTHER_AREA,
    Status.CLARIFY,
    Status.OFF_TOPIC,
    Status.REFUSED,
    Status.ERROR,
)
_RELATED = 3


def combine(asked: Sequence[Question], answers: Sequence[Answer]) -> Answer:
    """One answer to a message: the parts of all questions in order, nothing said twice.

    :param asked: the questions of the message; the first ``len(answers)`` were answered.
    """
    parts: list[Part] = []
    ranges: list[Asked] = []
    for question, answer in zip(asked, answers, strict=False):
        begin = len(parts)
        parts += [part for part in answer.parts if not _said(part, parts)]
        ranges.append(Asked(_words(question), answer.status, (begin, len(parts))))
    given = [answer for answer in answers if answer.status is Status.ANSWERED]
    status = Status.ANSWERED if given else min((a.status for a in answers), key=_RANKING.index)
    resolved = [a.resolved_question or _words(q) for q, a in zip(asked, answers, strict=False)]
    return Answer(
        status,
        _message(asked, answers, answered=len(given)),
        tuple(parts),
        _related(answers, parts),
        tuple(dict.fromkeys(said for answer in given for said in answer.warnings)),
        min((a.confidence for a in given), default=max(a.confidence for a in answers)),
        _trace(asked, answers),
        "；".join(resolved) if any(a.resolved_question for a in answers) else None,
        tuple(ranges),
    )


def _said(part: Part, parts: Sequence[Part]) -> bool:
    """Whether a quote stands in one that is there already."""
    start, end = part.citation.span
    return any(
        part.citation.doc_id == other.citation.doc_id
        and other.citation.span[0] <= start
        and end <= other.citation.span[1]
        for other in parts
    )


def _message(asked: Sequence[Question], answers: Sequence[Answer], *, answered: int) -> str:
    """Say how many were asked, and name each that has no answer."""
    lines = [
        messages.UNANSWERED[answer.status.value].format(question=_words(question))
        for question, answer in zip(asked, answers, strict=False)
        if answer.status.value in messages.UNANSWERED
    ]
    form = messages.ANSWERED_EACH
    if lines:
        form = messages.ANSWERED_SOME if answered else messages.ANSWERED_NONE
    said = form.format(count=len(asked), unanswered="".join(lines))
    if len(asked) > len(answers):
        said += messages.MORE_QUESTIONS.format(limit=len(answers))
    return said


def _words(question: Question) -> str:
    """A question as it is named back: without its end mark, not too long."""
    text = question.text.strip(" \t\r\n，,。？?！!；;、")
    return text if len(text) <= _NAMED else text[:_NAMED] + "…"


def _related(answers: Sequence[Answer], parts: Sequence[Part]) -> tuple[Citation, ...]:
    """Clauses near the questions without an answer first; none that was quoted."""
    quoted = {part.citation.clause_id for part in parts}
    ordered = sorted(answers, key=lambda answer: answer.status is Status.ANSWERED)
    found = {c.clause_id: c for a in ordered for c in a.related if c.clause_id not in quoted}
    return tuple(found.values())[:_RELATED]


def _trace(asked: Sequence[Question], answers: Sequence[Answer]) -> Trace:
    """The traces one after the other; steps are added up."""
    steps: dict[str, float] = {}
    for answer in answers:
        for step, ms in answer.trace.steps_ms.items():
            steps[step] = steps.get(step, 0.0) + ms
    understood = [f"分成 {len(asked)} 个问题"]
    for number, answer in enumerate(answers, start=1):
        understood += [f"第 {number} 问：{line}" for line in answer.trace.understood]
    return Trace(
        tuple(understood),
        tuple(hit for answer in answers for hit in answer.trace.hits),
        tuple(rejected for answer in answers for rejected in answer.trace.rejected),
        steps,
    )
