"""Lines that stand above items: what announces a list, and what only names a topic."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.parsing.labels import label_at
from corpus.sentences import sentence_spans
from corpus.types import Clause, Span

_STATES = re.compile(
    r"下列|以下|如下|之一|应[当由在将按]|必须|须(?!知)|不得|不能|不予|不再|不属于|不计|可以"
    r"|可[在由申按凭向持参享办]|有权|优先|实行|分.{2,}(?:进行|办理|实施)|[：:]\s*\Z"
    r"|\d(?!\d*年)"  # 加20分, not 2016年工作安排
)
_COLON = re.compile(r"[：:]\s*\Z")


def states(words: str) -> bool:
    """Whether the words of a heading say something themselves (符合下列条件的加20分).

    A colon counts: it announces what follows. «主要任务» and «坚持为民，优化服务» only name.
    """
    return _STATES.search(words) is not None


def spoken_lines(text: str, start: int, end: int, heading: str) -> tuple[Span, ...]:
    """Spans of the lines of a container that speak for its items.

    ``start`` and ``end`` enclose the container's own words, label included. The first is the
    heading where one is printed, the last the sentence that announces the items.
    """
    sentences = sentence_spans(text, start, end)
    if not sentences:
        return ()
    named = [i for i, span in enumerate(sentences[:2]) if heading and heading in text[slice(*span)]]
    spoken = list(sentences[: named[0] + 1]) if named else []  # 附件1 stands above its title
    if sentences[-1] not in spoken and (not spoken or _COLON.search(text[slice(*sentences[-1])])):
        spoken.append(sentences[-1])
    return tuple(spoken)


def parent_lines(clause: Clause, span: Span | None = None) -> tuple[Span, ...]:
    """Spans of the printed lines that a clause, or a part of it, is read under, top first.

    Headings of the sections above and the lines that announce a list, as spans into
    ``Document.text``; ready to be quoted. With ``span`` (offsets into ``Document.text``, inside
    the clause) also the lines of the clause itself that announce the item the span stands in.
    """
    if span is None:
        return clause.parents
    return (*clause.parents, *_announcing(clause, span[0] - clause.span[0]))


def _announcing(clause: Clause, offset: int) -> list[Span]:
    """Lines of a clause above the item at ``offset`` that end in a colon, the outermost first."""
    lines = _lines(clause.text)
    index = max((i for i, line in enumerate(lines) if line[0] <= max(offset, 0)), default=0)
    rank = _rank(clause.text, lines[index]) if lines else None
    found: list[Span] = []
    for line in reversed(lines[:index]):
        above = _rank(clause.text, line)
        if rank is not None and above is not None and above >= rank:
            continue  # a sibling, or something below one
        if _COLON.search(clause.text[slice(*line)]):
            found.insert(0, _last_sentence(clause, line))
            if above is None:
                break  # a paragraph of the clause itself
        elif above is None or rank is None:
            if rank is None and above is not None:
                break  # the paragraph follows a list, it is not part of one
            continue
        rank = above
    return found


def _last_sentence(clause: Clause, span: Span) -> Span:
    """Span in the document of the sentence of a line that announces, without those before it."""
    start, end = sentence_spans(clause.text, *span)[-1]
    return start + clause.span[0], end + clause.span[0]


def _lines(text: str) -> Sequence[Span]:
    """Spans of the lines of a text that hold something, outer white space left out."""
    found: list[Span] = []
    position = 0
    for raw in text.split("\n"):
        words = raw.strip()
        if words:
            start = position + raw.index(words)
            found.append((start, start + len(words)))
        position += len(raw) + 1
    return found


def _rank(text: str, line: Span) -> int | None:
    label = label_at(text, line[0])
    return int(label.style) if label else None
