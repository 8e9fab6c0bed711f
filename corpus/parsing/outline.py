"""From labels to a tree of sections, items and articles."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.parsing.districts import with_districts
from corpus.parsing.labels import ANNEX, Label, Style, decimal_at, label_at, loose_at
from corpus.parsing.lines import Line, masked
from corpus.parsing.marked import with_marks
from corpus.parsing.sequences import label_ranks, settled
from corpus.parsing.unnumbered import with_topics
from corpus.types import Role, Span

_LONG_LINE = 800  # characters; longer lines have lost their line breaks (crawled pages)
_INLINE = re.compile(
    r"(?<=[。！？；：\s）])(?=[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、]\D)"
)
_BOXED = re.compile(r"[ \t　]*□")  # （一）□跳绳: the choices of a form
_SAMPLE = re.compile(r"[（(]?样\s*[表张][)）]?")
_ENDED = re.compile(r"[。！？!?；;：:”’」』）)》】、，,…]\Z|\A.{0,40}\Z", re.S)

_FINISHED = re.compile(r"[。！？；;：:”）)]\Z")


@dataclass(slots=True)
class Node:
    """A labelled part of the document; the root has no label.

    ``end`` is where its own words end: at its first child or the next label; ``headless`` says
    that its first sentence is no heading, as next to none of its kind have one.
    """

    label: Label | None = None
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    end: int = 0
    headless: bool = False

    def path(self) -> tuple[Node, ...]:
        """Nodes from the top section down to this one."""
        above = self.parent.path() if self.parent is not None else ()
        return (*above, self) if self.label else above


@dataclass(frozen=True, slots=True)
class Draft:
    """A passage before it has its id; ``nodes`` lead down to it, none where it has no label."""

    role: Role
    span: Span
    nodes: tuple[Node, ...] = ()


def find_labels(text: str, lines: tuple[Line, ...]) -> list[Label]:
    """Return the labels that open a part of the document, in order of place."""
    hidden = masked(lines)
    found: list[Label] = []
    for index, line in enumerate(lines):
        if index in hidden:
            continue
        annex = _annex(line, lines[index + 1] if index + 1 < len(lines) else None)
        label = annex or label_at(text, line.start) or decimal_at(text, line.start)
        if label is None and index and _FINISHED.search(lines[index - 1].text):
            label = loose_at(text, line.start, found)
        if label and _BOXED.match(text, label.body):
            continue
        if label and (annex or not _mid_sentence(label, found, lines, index)):
            found.append(label)
        if len(line.text) > _LONG_LINE:
            found += _inline_labels(text, line, found)
    topics = with_topics(text, lines, settled(text, found))
    return with_districts(lines, with_marks(lines, topics))


def _annex(line: Line, following: Line | None) -> Label | None:
    """«附件1» alone on a line, or with a title, when it opens an annex rather than lists one.

    «样表» alone on a line opens one as well.
    """
    if following is not None and _SAMPLE.fullmatch(line.text):
        return Label(Style.ANNEX, 1, line.text.strip("（()） "), line.start, line.end)
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


def build_tree(found: list[Label], end: int) -> Node:
    """Nest labels by rank; every annex starts afresh."""
    ranked = label_ranks(found)
    root = Node(end=found[0].start if found else end)
    top, stack = root, [(root, -1.0)]
    for index, (label, rank) in enumerate(zip(found, ranked, strict=True)):
        if label.style == Style.ANNEX:
            top, stack = root, [(root, -1.0)]
        else:
            while len(stack) > 1 and stack[-1][0] is not top and stack[-1][1] >= rank:
                stack.pop()
        following = found[index + 1].start if index + 1 < len(found) else end
        node = Node(label, stack[-1][0], end=following)
        stack[-1][0].children.append(node)
        stack.append((node, rank))
        if label.style == Style.ANNEX:
            top = node
    return root
