"""From an Answer to HTML and to the words a screen reader says. Pure; decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import NamedTuple

from corpus.types import Clause, Origin
from qa.labels import book_title, place_label, short_area
from qa.page.cards import DIGEST_NOTICE, card_html
from qa.page.icons import icon
from qa.types import Answer, Citation, Part, Status, in_reading_order

MASKED = "这条提问含有个人信息，不显示、不保存。"
_SHOWN_QUESTION = 300  # characters of a question in its bubble; about ten lines on a phone


class _Face(NamedTuple):
    """How a status without parts introduces itself."""

    icon: str
    title: str


_FACES = {
    Status.RELATED_ONLY: _Face("search", "文件里没有写明"),
    Status.OTHER_AREA: _Face("place", "暂未收录该地区"),
    Status.CLARIFY: _Face("chat", "请再说明一点"),
    Status.OFF_TOPIC: _Face("compass", "不在可查范围"),
    Status.REFUSED: _Face("shield", "请勿填写个人信息"),
    Status.ERROR: _Face("warning", "刚才没能完成"),
}


def turn_html(
    question: str,
    answer: Answer,
    clauses: Mapping[str, Clause],
    area: str = "",
    under: str = "",
) -> str:
    """Render one question with its answer.

    :param under: HTML that stands under the answer, such as its tools.
    """
    return question_html(question, answer, area) + answer_html(answer, clauses, under)


def question_html(question: str, answer: Answer, area: str = "") -> str:
    """Render the bubble of a question; personal data is not repeated on the screen."""
    text = question.strip()
    if not text:
        return ""
    if answer.status is Status.REFUSED:
        text = MASKED
    elif len(text) > _SHOWN_QUESTION:
        text = f"{text[:_SHOWN_QUESTION]}……（共 {len(text)} 个字）"
    place = f'<p class="tw-asked-area">{icon("place")}{escape(short_area(area))}</p>'
    return (
        '<div class="tw-asked"><h2 class="tw-sr">您的提问</h2>'
        f'<p class="tw-asked-text">{escape(text)}</p>{place if area else ""}</div>'
    )


def answer_html(answer: Answer, clauses: Mapping[str, Clause], under: str = "") -> str:
    """Render an answer: message, warnings, cards, related clauses.

    :param answer: any answer; hostile text in it is inert.
    :param clauses: the cited clauses by clause_id, as far as they could be fetched.
    """
    body = [_resolved_html(answer), _message_html(answer), _warnings_html(_unsaid(answer))]
    if answer.status is Status.ANSWERED:
        for question, parts in _by_question(answer):
            if question:
                body.append(f'<p class="tw-part-question">{escape(question)}</p>')
            read = in_reading_order(parts)
            body += _cards(_grouped(part.citation for part in read), clauses)
        body.append(_related_fold_html(answer.related, clauses))
    else:
        body.append(_nearest_html(answer.related, clauses))
    return (
        f'<div class="tw-reply" data-status="{answer.status.value}">'
        f'<h3 class="tw-sr">答复</h3>{"".join(body)}{under}</div>'
    )


def _by_question(answer: Answer) -> list[tuple[str, Sequence[Part]]]:
    """The quotes under the questions of a message that asks several; else all under no name."""
    if not answer.asked:
        return [("", answer.parts)]
    return [
        (asked.question, answer.parts[slice(*asked.parts)])
        for asked in answer.asked
        if asked.parts[0] < asked.parts[1]
    ]


def spoken(answer: Answer) -> str:
    """Return what the live region announces: the message, or the quotes with their sources."""
    if answer.status is not Status.ANSWERED:
        return f"{_FACES[answer.status].title}。{answer.message}"
    said = [f"找到 {len(answer.parts)} 处依据。"]
    for part in in_reading_order(answer.parts):
        place = book_title(part.citation.title) + place_label(part.citation.path)
        said.append(f"{part.quote.strip()} 出自{place}。")
    return "".join([*said, *answer.warnings])


def _unsaid(answer: Answer) -> list[str]:
    """Leave out the digest notice where every digest carries it anyway."""
    cited = [*(part.citation for part in answer.parts), *answer.related]
    said = {DIGEST_NOTICE} if any(c.origin is Origin.DIGEST for c in cited) else set()
    return [warning for warning in answer.warnings if warning not in said]


def _grouped(citations: Iterable[Citation]) -> list[list[Citation]]:
    """Put citations of one clause together, in order of first appearance."""
    groups: dict[str, list[Citation]] = {}
    for citation in citations:
        groups.setdefault(citation.clause_id, []).append(citation)
    return list(groups.values())


def _cards(
    groups: Sequence[Sequence[Citation]], clauses: Mapping[str, Clause], *, main: bool = True
) -> list[str]:
    """Render groups of citations; with several places, each place gets its own heading."""
    areas = {group[0].area for group in groups}
    word = "依据" if main else "相关条款"
    rendered: list[str] = []
    shown = None
    for number, group in enumerate(groups, start=1):
        area = group[0].area
        if main and len(areas) > 1 and area != shown:
            rendered.append(
                f'<h4 class="tw-area">{icon("place")}{escape(short_area(area)) or "全国"}</h4>'
            )
            shown = area
        name = f"{word} {number}"
        rendered.append(card_html(group, clauses, main=main, name=name))
    return rendered


def _resolved_html(answer: Answer) -> str:
    """Show in small print how a follow-up question was understood."""
    if not answer.resolved_question:
        return ""
    return f'<p class="tw-resolved">按这个问题查找：{escape(answer.resolved_question)}</p>'


def _message_html(answer: Answer) -> str:
    """Render the fixed wording that came with the answer."""
    face = _FACES.get(answer.status)
    if face is None:
        return f'<p class="tw-lead">{escape(answer.message)}</p>' if answer.message else ""
    return (
        f'<div class="tw-message">{icon(face.icon)}<div><p class="tw-message-title">{face.title}'
        f"</p><p>{escape(answer.message)}</p></div></div>"
    )


def _warnings_html(warnings: Sequence[str]) -> str:
    """Render what the reader has to know before relying on the quotes."""
    items = "".join(f"<li>{escape(warning)}</li>" for warning in warnings)
    if not items:
        return ""
    return f'<div class="tw-warnings">{icon("warning")}<ul aria-label="请注意">{items}</ul></div>'


def _related_fold_html(related: Sequence[Citation], clauses: Mapping[str, Clause]) -> str:
    """Fold related clauses of an answered question away under one line."""
    cards = _cards(_grouped(related), clauses, main=False)
    if not cards:
        return ""
    return (
        f'<details class="tw-related"><summary>{icon("chevron")}相关条款（{len(cards)}）</summary>'
        f"{''.join(cards)}</details>"
    )


def _nearest_html(related: Sequence[Citation], clauses: Mapping[str, Clause]) -> str:
    """Show the nearest clauses where there is no answer, and call them just that."""
    cards = _cards(_grouped(related), clauses, main=False)
    if not cards:
        return ""
    return (
        '<div class="tw-nearest"><h4>最接近的条款<span>仅供参考，不是对问题的答复</span></h4>'
        f"{''.join(cards)}</div>"
    )
