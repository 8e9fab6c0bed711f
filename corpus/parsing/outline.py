"""From labels to a tree of sections, items and articles, with warnings about odd numbering."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.parsing.labels import ANNEX, Label, Style, label_at
from corpus.parsing.lines import Line, masked
from corpus.types import ParseWarning

_LONG_LINE = 800  # characters; longer lines have lost their line breaks (crawled pages)
_INLINE = re.compile(
    r"(?<=[。！？；：\s）])(?=[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、]\D)"
)
_ENDED = re.compile(r"[。！？!?；;：:”’」』）)》】、，,…]\Z|\A.{0,40}\Z", re.S)


@dataclass(slots=True)
class Node:
    """A labelled part of the document; the root has no label.

    ``end`` is where its own words end: at its first child or the next label.
    """

    label: Label | None = None
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    end: int = 0

    def path(self) -> tuple[Node, ...]:
        """Nodes from the top section down to this one."""
        above = self.parent.path() if self.parent is not None else ()
        return (*above, self) if self.label else above


def find_labels(text: str, lines: tuple[Line, ...]) -> list[Label]:
    """Return the labels that open a part of the document, in order of place."""
    hidden = masked(lines)
    found: list[Label] = []
    for index, line in enumerate(lines):
        if index in hidden:
            continue
        annex = _annex(line, lines[index + 1] if index + 1 < len(lines) else None)
        label = annex or label_at(text, line.start)
        if label and (annex or not _mid_sentence(label, found, lines, index)):
            found.append(label)
        if len(line.text) > _LONG_LINE:
            found += _inline_labels(text, line, found)
    return _inside_articles(_real_questions(_real_articles(text, found)))


def _annex(line: Line, following: Line | None) -> Label | None:
    """«附件1» alone on a line, or with a title, when it opens an annex rather than lists one."""
    match = ANNEX.match(line.text)
    if not match or following is None or len(line.text) > 60 or line.text.endswith("。"):
        return None
    rest = line.text[match.end() :].strip()
    if rest and (match["n"] is None or ANNEX.match(following.text) or ":" in match[0]):
        return None
    name = re.sub(r"[\s：:]", "", match[0])
    end = line.start + match.end()
    return Label(Style.ANNEX, _annex_number(match["n"]), name, line.start, end)


def _annex_number(raw: str | None) -> int:
    label = label_at(f"（{raw}）", 0) if raw else None
    return label.number if label else 1


def _mid_sentence(label: Label, found: list[Label], lines: tuple[Line, ...], index: int) -> bool:
    """Tell whether a label is a cross-reference: the line before ends in mid-sentence."""
    if index == 0 or label.number == 1 or _ENDED.search(lines[index - 1].text):
        return False
    last = next((old for old in reversed(found) if old.style == label.style), None)
    return last is None or label.number != last.number + 1


def _inline_labels(text: str, line: Line, found: list[Label]) -> list[Label]:
    """Labels inside a line that has lost its line breaks, where they count on by one.

    Items （一） and 1. count only in texts whose sections are no questions: an answer stays whole.
    """
    candidates = [
        label
        for match in _INLINE.finditer(text, line.start + 1, line.end)
        if (label := label_at(text, match.start()))
    ]
    sections = _chain(candidates, Style.CN, found)
    chained = list(sections)
    asked = sum("？" in text[label.body : label.body + 80] for label in (*found, *sections))
    if asked * 2 < len(sections) + len(found):
        for style in (Style.CN_BRACKET, Style.ARABIC):
            chained += _runs([label for label in candidates if label.style == style])
    return sorted(chained, key=lambda label: label.start)


def _chain(candidates: list[Label], style: Style, found: list[Label]) -> list[Label]:
    """Candidates of one style that continue what was found, each one more than the last."""
    last = next((old.number for old in reversed(found) if old.style == style), 0)
    chain: list[Label] = []
    for label in candidates:
        if label.style == style and label.number == last + 1:
            chain.append(label)
            last = label.number
    return chain


def _runs(candidates: list[Label]) -> list[Label]:
    """Candidates that belong to a run 1, 2, … of at least two, or to one that runs on."""
    kept: list[Label] = []
    last = 0
    for index, label in enumerate(candidates):
        opens = label.number == 1 and any(c.number == 2 for c in candidates[index + 1 : index + 2])
        if opens or (last and label.number == last + 1):
            kept.append(label)
            last = label.number
    return kept


def _real_articles(text: str, found: list[Label]) -> list[Label]:
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


def _real_questions(found: list[Label]) -> list[Label]:
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


def _inside_articles(found: list[Label]) -> list[Label]:
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
    present = sorted({label.style for label in found} - {Style.ANNEX, Style.INLINE})
    for high in present:
        for low in present:
            if low > high and _runs_across(found, high, low):
                rank[low] = min(rank[low], rank[high] - 0.5)
    return rank


def _runs_across(found: list[Label], high: Style, low: Style) -> bool:
    """Whether ``high`` opens at 1 right under a ``low`` label whose numbering then goes on."""
    first = next(i for i, label in enumerate(found) if label.style == high)
    if not first or found[first - 1].style != low or found[first].number != 1:
        return False
    after = (label.number for label in found[first:] if label.style == low)
    return next(after, 0) == found[first - 1].number + 1


def build_tree(found: list[Label], end: int) -> Node:
    """Nest labels by rank; every annex starts afresh."""
    rank = ranks(found)
    root = Node(end=found[0].start if found else end)
    top, stack = root, [root]
    for index, label in enumerate(found):
        if label.style == Style.ANNEX:
            top, stack = root, [root]
        else:
            while (
                len(stack) > 1
                and stack[-1] is not top
                and _rank(stack[-1], rank) >= rank[label.style]
            ):
                stack.pop()
        following = found[index + 1].start if index + 1 < len(found) else end
        node = Node(label, stack[-1], end=following)
        stack[-1].children.append(node)
        stack.append(node)
        if label.style == Style.ANNEX:
            top = node
    return root


def _rank(node: Node, rank: dict[Style, float]) -> float:
    return rank[node.label.style] if node.label else -1.0


def numbering_warnings(text: str, found: list[Label], root: Node) -> list[ParseWarning]:
    """Gaps and repeats in the numbering, with line and column (from 1); nothing is changed."""
    warnings: list[ParseWarning] = []
    last: dict[Style, tuple[Label, Node | None]] = {}
    for node in _walk(root):
        label = node.label
        if label is None:
            continue
        if label.style == Style.ANNEX:
            last = {}
            continue
        old = last.get(label.style)
        last[label.style] = (label, node.parent)
        message = _oddness(label, node.parent, old)
        if message:
            line = text.count("\n", 0, label.start) + 1
            column = label.start - (text.rfind("\n", 0, label.start) + 1) + 1
            warnings.append(ParseWarning(message, line, column))
    return warnings


def _oddness(label: Label, parent: Node | None, old: tuple[Label, Node | None] | None) -> str:
    if old is None:
        return f"编号不从一开始 {label.text}" if label.number != 1 else ""
    before, same = old[0], old[1] is parent
    if label.number == before.number + 1 or (label.number == 1 and not same):
        return ""
    if label.number == before.number and "之" in label.text:
        return ""
    kind = "编号重复" if same and label.number == before.number else "编号跳号"
    if same and label.number == 1:
        kind = "编号重新开始"
    return f"{kind} {before.text}→{label.text}"


def _walk(node: Node) -> list[Node]:
    return [node, *(deeper for child in node.children for deeper in _walk(child))]
