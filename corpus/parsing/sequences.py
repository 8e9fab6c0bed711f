"""Which labels found are the document's own: sequences of articles, questions, items."""

from __future__ import annotations

import re
from itertools import pairwise

from corpus.parsing.labels import Label, Style, label_at

_ASKED = re.compile(r"[^\n。]{2,120}[？?]")
_AFTER_MARK = re.compile(
    r"[。；;：:](?:\s*[?？]{1,3})?[ \t　]*(?=[（(一二三四五六七八九十\d])"
)  # «?»: what a scan makes of an indent
_WITHIN = re.compile(r"其中[：:]?(?=1)")  # …享受待遇。其中1、…⏎2、…
_AFTER_SENTENCE = re.compile(r"。[ \t　]*(?=[第笫苐])")
_ANNEX_LINE = re.compile(r"[\s　]*附\s*[件表]")
_GLUED = frozenset({Style.CN, Style.CN_BRACKET, Style.ARABIC, Style.ARABIC_BRACKET})
_MOST_GLUED = 4
_COUNTED = 2  # from here on a number after a full stop is taken to count on
_QUESTIONS = 3  # labels that ask, at least, for their answers to stay whole
_MISSED = 3  # articles that a scan may have lost between two that were read
_TOPICS = (Style.TOPIC, Style.SUBTOPIC)
_DECIMALS = (Style.DECIMAL_2, Style.DECIMAL_3, Style.DECIMAL_4)


def settled(text: str, found: list[Label]) -> list[Label]:
    """Labels without references, without items inside articles and inside answers."""
    found = real_decimals(real_articles(text, without_own_annex(text, found)))
    found = with_glued_articles(text, found)
    found = with_glued(text, inside_articles(real_questions(found)))
    return whole_answers(text, found)


def with_glued(text: str, found: list[Label]) -> list[Label]:
    """Labels that begin inside a paragraph, where the labels around them leave them out.

    «…之一：（一）有户口。» then «（二）…» on the next line; «（三）…。（四）…» then «（五）…».
    """
    out: list[Label] = []
    for label in found:
        if label.style in _GLUED and label.number > 1:
            out += _missing(text, out, label)
        if out and label.style < out[-1].style:
            out += _trailing(text, out[-1], label.start)
        out.append(label)
    if out:
        stop = text.find("\n", out[-1].body)
        out += _trailing(text, out[-1], stop if stop >= 0 else len(text))
    return sorted(out, key=lambda label: label.start)


def _trailing(text: str, last: Label, end: int) -> list[Label]:
    """Further items in the paragraph of the last one before a higher label: «…。（六）账户。».

    Behind a first item two are needed: «（1）甲。（2）乙。（3）丙。».
    """
    inner: list[Label] = []
    if last.style not in {Style.CN_BRACKET, Style.ARABIC_BRACKET}:
        return inner
    if last.number < _COUNTED or last.style == Style.ARABIC_BRACKET:
        stop = text.find("\n", last.body, end)
        end = stop if stop >= 0 else end
    for match in _AFTER_MARK.finditer(text, last.body, end):
        other = label_at(text, match.end())
        counted = last.number + len(inner) + 1
        fits = other and other.style == last.style and other.number == counted
        if other and fits and match[0][0] == "。":
            inner.append(other)
    return inner if last.number + len(inner) > _COUNTED else []


def _missing(text: str, before: list[Label], label: Label) -> list[Label]:
    """All labels between the last of this style and this one, or none."""
    last = next(
        (old for old in reversed(before) if old.style <= label.style), None
    )  # a higher label starts the count anew
    counted = last.number if last and last.style == label.style else 0
    wanted = label.number - counted - 1
    if not 0 < wanted <= _MOST_GLUED or (last is None and not before):
        return []
    position = (last or before[-1]).body
    inner: list[Label] = []
    marks = [*_AFTER_MARK.finditer(text, position, label.start)]
    marks += _WITHIN.finditer(text, position, label.start) if not counted else ()
    for match in sorted(marks, key=lambda match: match.end()):
        other = label_at(text, match.end())
        line = text.rfind("\n", 0, match.start()) + 1
        if _ANNEX_LINE.match(text, line):
            continue
        if other and other.style == label.style and other.number == counted + len(inner) + 1:
            inner.append(other)
    return inner if len(inner) == wanted else []


def with_glued_articles(text: str, found: list[Label]) -> list[Label]:
    """Articles that begin inside a paragraph: «…提起诉讼。第二十八条　本细则…».

    Between two articles all those that are missing, after the last one any that count on.
    """
    out: list[Label] = []
    for index, label in enumerate(found):
        out.append(label)
        following = found[index + 1] if index + 1 < len(found) else None
        if label.style == Style.ARTICLE:
            end = following.start if following else len(text)
            inner = _articles_within(text, label, end)
            after = next((o for o in found[index + 1 :] if o.style <= Style.ARTICLE), None)
            counted = after is not None and after.style == Style.ARTICLE
            if not counted or (after and label.number + len(inner) == after.number - 1):
                out += inner
    return sorted(out, key=lambda label: label.start)


def _articles_within(text: str, label: Label, end: int) -> list[Label]:
    """Articles after sentences up to ``end``, each one more than the last."""
    inner: list[Label] = []
    for match in _AFTER_SENTENCE.finditer(text, label.body, end):
        other = label_at(text, match.end())
        whole = other and other.style == Style.ARTICLE and "之" not in other.text
        if other and whole and other.number == label.number + len(inner) + 1:
            inner.append(other)
    return inner


def without_own_annex(text: str, found: list[Label]) -> list[Label]:
    """A file that is an annex as a whole (附件1, then its title) is not an annex of itself."""
    if found and found[0].style == Style.ANNEX and "。" not in text[: found[0].start]:
        return found[1:]
    return found


def real_decimals(found: list[Label]) -> list[Label]:
    """4.1.2 counts when it continues a sequence; a bare 4 when 4.1 follows."""
    seen: set[tuple[int, ...]] = set()
    for label in found:
        if label.style in _DECIMALS:
            parts = _parts(label)
            if parts[-1] == 1 or (*parts[:-1], parts[-1] - 1) in seen:
                seen.add(parts)
    if len(seen) < 2:
        seen.clear()
    majors = {parts[0] for parts in seen}
    return [
        label
        for label in found
        if (label.style not in _DECIMALS or _parts(label) in seen)
        and (label.style != Style.BARE or label.number in majors)
    ]


def _parts(label: Label) -> tuple[int, ...]:
    return tuple(map(int, label.text.split(".")))


def whole_answers(text: str, found: list[Label]) -> list[Label]:
    """Where the labels of a style ask questions, labels inside their answers are dropped."""
    for style in sorted({label.style for label in found}):
        own = [label for label in found if label.style == style]
        asking = sum(_ASKED.match(text, label.body) is not None for label in own)
        if asking >= _QUESTIONS and asking * 10 >= len(own) * 6:
            return _without_lower(found, style)
    return found


def _without_lower(found: list[Label], style: Style) -> list[Label]:
    rank = ranks(found)
    kept, inside = [], False
    for label in found:
        if rank[label.style] <= rank[style]:
            inside = label.style == style
            kept.append(label)
        elif not inside:
            kept.append(label)
    return kept


def real_articles(text: str, found: list[Label]) -> list[Label]:
    """第X条 counts when the articles form a sequence; else it is a reference and dropped."""
    articles = [label for label in found if label.style == Style.ARTICLE]
    if not articles or not _is_sequence(text, articles):
        return [label for label in found if label.style != Style.ARTICLE]
    kept, last = [], 0
    for label in found:
        if label.style == Style.ANNEX:
            last = 0
        if label.style == Style.ARTICLE:
            spaced = text[label.body - 1] in " \t　"
            follows = label.number in {last + 1, 1} or (label.number == last and "之" in label.text)
            follows |= last < label.number <= last + _MISSED
            if not spaced and not follows:
                continue
            last = label.number
        kept.append(label)
    return kept


def _is_sequence(text: str, articles: list[Label]) -> bool:
    """Articles from 1 on, or at least two that follow one another (a part of a code)."""
    if articles[0].number == 1 or len(articles) > 2:
        return True
    numbers = [label.number for label in articles]
    spaced = all(text[label.body - 1] in " \t　" for label in articles)
    return spaced and len(numbers) == 2 and numbers[1] == numbers[0] + 1


def real_questions(found: list[Label]) -> list[Label]:
    """问： counts from two on; unnumbered questions get their ordinal (问1, 问2)."""
    count = sum(label.style == Style.QUESTION for label in found)
    kept, ordinal = [], 0
    for label in found:
        if label.style == Style.QUESTION:
            if count < 2:
                continue
            ordinal = label.number or ordinal + 1
            label = Label(label.style, ordinal, f"问{ordinal}", label.start, label.body)
        kept.append(label)
    return kept


def inside_articles(found: list[Label]) -> list[Label]:
    """款 and 项 stay inside their article: labels below 第X条 are dropped."""
    rank = ranks(found)
    kept, inside = [], False
    for label in found:
        if rank[label.style] <= rank[Style.ARTICLE]:
            inside = label.style == Style.ARTICLE
        if not inside or label.style == Style.ARTICLE:
            kept.append(label)
    return kept


def ranks(found: list[Label]) -> dict[Style, float]:
    """Rank of each style here: the usual one, unless a style's numbering runs across a higher one.

    （一） 1. 2. （二） → usual. 1. （一）（二） 2. → 1. stands above （一） in this document.
    """
    rank: dict[Style, float] = {style: float(style) for style in Style}
    present = sorted(
        {label.style for label in found} - {Style.ANNEX, Style.INLINE, Style.LEAD, Style.MARK}
    )
    for high in present:
        for low in present:
            if low > high and _runs_across(found, high, low):
                rank[low] = min(rank[low], rank[high] - 0.5)
    first = next((i for i, label in enumerate(found) if label.style in _DECIMALS), 0)
    if first and (above := found[first - 1].style) in {Style.CN, Style.ARABIC, Style.CN_BRACKET}:
        for step, style in enumerate(_DECIMALS, 1):  # 一、 1.1 1.2 二、 2.1
            rank[style] = rank[above] + step / 10
    opened = [
        rank[after.style]
        for label, after in pairwise(found)
        if label.style in _TOPICS and after.style not in _TOPICS and after.number == 1
    ]
    lists = [
        rank[after.style]
        for label, after in pairwise(found)
        if label.style == Style.MARK != after.style and after.number == 1
    ]
    rank[Style.MARK] = min([rank[Style.MARK], *(low - 0.2 for low in lists)])
    if opened:  # a heading without a number stands right above the items that restart below it
        rank[Style.SUBTOPIC], rank[Style.TOPIC] = min(opened) - 0.3, min(opened) - 0.4
    return rank


def label_ranks(found: list[Label]) -> list[float]:
    """Rank of each label; a paragraph that announces a list stands right above its items."""
    rank = ranks(found)
    out: list[float] = []
    for label, after in zip(found, [*found[1:], None], strict=False):
        is_lead = label.style == Style.LEAD and after is not None
        out.append(rank[after.style] - 0.2 if is_lead and after else rank[label.style])
    return out


def _runs_across(found: list[Label], high: Style, low: Style) -> bool:
    """Whether ``high`` opens at 1 right under a ``low`` label whose numbering then goes on."""
    first = next(i for i, label in enumerate(found) if label.style == high)
    if not first or found[first - 1].style != low or found[first].number != 1:
        return False
    after = (label.number for label in found[first:] if label.style == low)
    return next(after, 0) == found[first - 1].number + 1
