"""What stands under an answer: next questions, opinion, link to share."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from qa.feedback import REASONS
from qa.page.icons import icon
from qa.types import Answer, Status

_RATED = frozenset(Status) - {Status.REFUSED, Status.ERROR, Status.CLARIFY}


def next_html(questions: Sequence[str]) -> str:
    """Render questions to go on with, as buttons."""
    if not questions:
        return ""
    items = "".join(
        f'<li><button type="button" class="tw-next" data-ask="{escape(question)}">'
        f"{escape(question)}</button></li>"
        for question in questions
    )
    return f'<div class="tw-go-on"><h4>还可以问</h4><ul>{items}</ul></div>'


def tools_html(question: str, answer: Answer, *, feedback: bool) -> str:
    """Render the row of actions under an answer; a refused question has none.

    :param feedback: whether opinions are kept on this server.
    """
    if not question.strip() or answer.status not in _RATED:
        return ""
    rate = (
        '<button type="button" class="tw-tool" data-rate="up" aria-expanded="false">'
        f"{icon('up')}<span>有用</span></button>"
        '<button type="button" class="tw-tool" data-rate="down" aria-expanded="false">'
        f"{icon('down')}<span>没用</span></button>"
        if feedback
        else ""
    )
    return (
        f'<div class="tw-tools" role="group" aria-label="对这个答复">{rate}'
        f'<button type="button" class="tw-tool" data-share>{icon("link")}<span>复制提问链接</span>'
        "</button></div>"
    )


def feedback_template() -> str:
    """Render the form that unfolds under an answer; it says what is kept and where."""
    reasons = "".join(
        f'<label><input type="radio" name="reason" value="{key}"><span>{word}</span></label>'
        for key, word in REASONS.items()
    )
    return (
        '<template class="tw-opinion-template"><form class="tw-opinion">'
        f'<fieldset class="tw-reasons"><legend>哪里不好？</legend>{reasons}</fieldset>'
        '<label class="tw-comment"><span>想补充的话（可以不填）</span>'
        '<textarea name="comment" rows="2" maxlength="500"></textarea></label>'
        '<label class="tw-along"><input type="checkbox" name="along" checked>'
        "<span>一并发送这次的提问，方便改进</span></label>"
        "<p>只保存在提供本页面的服务器上，不记录您是谁。请不要写姓名、电话、证件号码。</p>"
        '<p class="tw-opinion-said" role="alert"></p>'
        '<div class="tw-row"><button type="submit" class="tw-button">发送</button>'
        '<button type="button" class="tw-quiet" data-cancel>取消</button></div></form></template>'
    )
