"""One message, several questions: told apart, each with the story that was told before it.

A part becomes a question of its own where it asks; a sentence that asks nothing («我是外地人。»)
is the story of the question after it. At a comma the bar is higher: both sides need a form of
fact that they ask for, and the second a topic of its own or another form of fact («落户要什么
材料，多久能办好»: the topic is carried over as in a chat).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.tokens import search_form
from qa.asks import Ask, asked_for, without_asks

MAX_QUESTIONS = 5  # questions of one message that are answered
_STRONG = re.compile(r"(?<=[？?。！!；;\n])(?![）)”」])")
_NUMBERED = re.compile(
    r"(?:(?:^|(?<=[\s，,。；;：:？?！!]))"
    r"(?:[（(]?\d{1,2}(?:[.．、)）](?!\d)|[）)])|[一二三四五六]、|第[一二三四五][，,、：:])|[①-⑨])\s*"
)
_JOINER = re.compile(
    r"[，,、\s]*(?<![只没])(?:还有(?:就是|个问题)?(?![哪什啥多几没谁限名效])|另外(?!的)(?:再?问(?:一下)?)?|再就是|再(?:问|有)(?:一下|个)?|"
    r"顺便(?:再)?(?:问|说)?(?:一下|下)?|外加|第二个(?:问题|事)(?:是)?|以及(?=[^，,。？?]{6,}))[，,：:\s]*"
)
_COMMA = re.compile(r"[，,]")
_INTERROGATIVE = re.compile(
    r"多少|多[久大高长]|几|哪|谁|什么|啥|怎|咋|如何|何[时处人]|吗|嘛|是否|[能会有]没?[能会有]|能不能|要不要"
)
_WEAK = frozenset({Ask.YES_NO, Ask.CONDITION, Ask.NAMES, Ask.DEFINITION})
_RETORT = re.compile(
    r"^(?:是|对|真|这|那|我|还|可以|行|有|没|能|不|会|要|吗|么|呢|吧|的|了|啊|说|错|没错|准|靠谱|谁知道|怎么回事|什么情况|怎么办|咋办|[\s\W])*$"
)
_MIN = 4  # characters: a shorter part is no question of its own


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a message; ``story`` is what was told before it and asks nothing."""

    text: str
    story: str = ""

    @property
    def whole(self) -> str:
        """Story and question as they were typed."""
        return f"{self.story}{self.text}"


def split_questions(message: str, topic: Callable[[str], Sequence[str]]) -> tuple[Question, ...]:
    """The questions of a message, in order; one for a message that cannot be told apart.

    :param topic: gives the words of a text that name a subject.

    >>> [q.text for q in split_questions("租房能落户吗？老年食堂归谁管？", str.split)]
    ['租房能落户吗？', '老年食堂归谁管？']
    """
    pieces = [piece for part in _parts(message) for piece in _at_commas(part, topic)]
    found: list[Question] = []
    story = ""
    for piece in pieces:
        if _asks(piece):
            found.append(Question(piece, story))
            story = ""
        elif _retort(piece) and found:  # «是真的吗» asks about what was just said
            found[-1] = Question(found[-1].text + piece, found[-1].story)
        else:
            story += piece
    if not found:
        return (Question(message),)
    if story:  # what follows the last question belongs to it
        found[-1] = Question(found[-1].text, found[-1].story + story)
    if len(found) == 1 and not topic(without_asks(found[0].text)):
        return (Question(message),)  # the story holds the topic: «我想落户。怎么办？»
    return tuple(found)


def _parts(message: str) -> list[str]:
    """The message cut at sentence ends, numbers and joining words."""
    cut = [part for part in _STRONG.split(message) if part.strip()]
    cut = [part for whole in cut for part in _cut_numbered(whole)]
    return [part for whole in cut for part in _cut_joined(whole)]


def _cut_numbered(text: str) -> list[str]:
    pieces = [piece for piece in _NUMBERED.split(text) if piece.strip()]
    return pieces if sum(map(_asks, pieces)) > 1 or len(pieces) == 1 else [text]


def _cut_joined(text: str) -> list[str]:
    """Cut at «还有», «另外» where both sides ask."""
    for match in _JOINER.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if len(after) >= _MIN and _asks(after) and (_asks(before) or not before.strip()):
            rest = _cut_joined(after)
            return [before, *rest] if before.strip() else rest
    return [text]


def _at_commas(text: str, topic: Callable[[str], Sequence[str]]) -> list[str]:
    """Cut at commas between two parts that each ask for a fact about something of their own."""
    found: list[str] = []
    rest = ""
    for piece in _COMMA.split(text):
        joined = f"{rest}，{piece}" if rest else piece
        if _stands(joined, topic) or (found and _asks_another(joined, found[-1], topic)):
            found.append(joined)
            rest = ""
        else:
            rest = joined
    if len(found) < 2:
        return [text]
    found[-1] += f"，{rest}" if rest else ""
    return found


def _stands(text: str, topic: Callable[[str], Sequence[str]]) -> bool:
    facts = asked_for(text) - _WEAK
    return (
        bool(facts) and _INTERROGATIVE.search(text) is not None and bool(topic(without_asks(text)))
    )


def _asks_another(text: str, before: str, topic: Callable[[str], Sequence[str]]) -> bool:
    """Whether a part only asks for another kind of fact about what was just named."""
    facts = asked_for(text) - _WEAK
    new = facts and not facts & asked_for(before)
    return bool(new) and _INTERROGATIVE.search(text) is not None and not topic(without_asks(text))


def _asks(text: str) -> bool:
    """Whether a part asks anything of its own."""
    form = search_form(text).strip()
    if len(form) < _MIN or _retort(form):
        return False
    return bool(asked_for(text)) or form.endswith("?")


def _retort(text: str) -> bool:
    return _RETORT.match(search_form(text)) is not None
