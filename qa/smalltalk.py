"""Greetings, thanks and «what can you do»: a fixed friendly reply, no search."""

from __future__ import annotations

import re

from index.tokens import search_form
from qa import messages

_TAIL = r"[啊呀哦哈吧呢了~～!！。.,，?？\s]*"
_GREETING = re.compile(
    rf"^(?:您好|你好|哈喽|哈啰|hello|hi|嗨|早|早上好|上午好|下午好|晚上好|中午好|在吗|在么|在不在|有人吗|有人在吗|"
    rf"(?:您好|你好){_TAIL}(?:在吗|有人吗))(?:大家|客服|老师|同志|小助手)?{_TAIL}$"
)
_THANKS = re.compile(
    rf"^(?:好的?|嗯+|知道了|明白了?|懂了|行)?{_TAIL}(?:谢谢|多谢|感谢|谢了|辛苦了?|再见|拜拜|好的|知道了|明白了|没事了|没有了)"
    rf"(?:你|您|你们|啦|了|您了|大家)?{_TAIL}$"
)
_ABILITY = re.compile(
    r"你(?:能|会|可以)(?:做|干|帮我)?(?:什么|啥|哪些)|你(?:是谁|是什么|叫什么|是干(?:什么|啥|嘛)的?|有什么(?:用|功能))|"
    r"(?:能|可以)问(?:你)?(?:什么|哪些|啥)|怎么(?:用你|使用)|你是(?:机器人|人工|真人)|有(?:什么|哪些)功能"
)


def reply(question: str, areas: str) -> str | None:
    """The fixed reply to small talk, or None when the question is about something.

    :param areas: covered areas, as one readable line.
    """
    form = search_form(question).strip()
    if _GREETING.match(form):
        return messages.GREETING
    if _THANKS.match(form):
        return messages.THANKS
    if len(form) <= 20 and _ABILITY.search(form):
        return messages.ABILITY.format(areas=areas)
    return None
