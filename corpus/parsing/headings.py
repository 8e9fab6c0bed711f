"""Headings: a line of its own, or the first short sentence of a run-on paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.parsing.labels import WORDED, Style
from corpus.parsing.outline import Node
from corpus.parsing.tails import is_closing_line

_RUN_ON = 30  # characters: longer first sentences are content, not headings
_OWN_LINE = 80
_NAME = 8  # characters: a first sentence this short is a name (新生儿参保)
_LEAST = 6  # labels of a kind that show what is usual among them
_RARE = 0.25  # share of them with a heading below which a first sentence is none
_NAMED = re.compile(
    r"[【〔](?P<name>[^】〕\n]{1,30})[】〕]|[（(](?P<round>[^（）()\n，,。；;：:]{2,20})[）)](?=\s*\n|[^，,、的])"
    r"|[（(](?P<alone>[^（）()\n。；;：:]{2,40})[）)](?=[ 　]*\n)"
)  # 第三条 【适用范围】, 第三条（适用范围）
_TITLED = re.compile(
    r"(?!本[办规细条意通方规章])[^，,。；;：:！!\n]{2,40}\n"
)  # 第三条 适用范围⏎本办法适用于…
_SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;]?")


def heading_of(text: str, node: Node, end: int) -> str:
    """Heading of a node whose own words run to ``end``; empty where none is printed."""
    label = node.label
    if label is None:
        return ""
    if label.style in WORDED:
        return label.text
    own = text[label.body : end].strip()
    first, _, rest = own.partition("\n")
    first = first.strip()
    if label.style == Style.ARTICLE:
        return _article_name(own, first, node)
    if label.style == Style.ANNEX:
        return (first or rest.strip().partition("\n")[0].strip())[:_OWN_LINE]
    if _is_heading_line(first, bool(rest.strip() or node.children)):
        return first.rstrip("。：:；; ").strip()
    return "" if node.headless else _run_on(first, bool(rest.strip()))


def _article_name(own: str, first: str, node: Node) -> str:
    """Name of an article: in brackets, or on its own line above the text."""
    named = _NAMED.match(own)
    if named:
        return next(name for name in named.groups() if name).strip()
    titled = _TITLED.match(own) and not node.headless and not is_closing_line(first)
    return first if titled else ""


def mark_headless(text: str, root: Node) -> None:
    """Mark the nodes whose first sentence is short by chance: next to no other has a heading."""
    kinds: dict[Style, list[Node]] = {}
    for node in _walk(root):
        if node.label is not None:
            kinds.setdefault(node.label.style, []).append(node)
    for nodes in kinds.values():
        headed = [node for node in nodes if heading_of(text, node, node.end)]
        rare = len(nodes) >= _LEAST and len(headed) < len(nodes) * _RARE
        ids = {id(node) for node in headed}
        for node in headed if rare else ():
            node.headless = not _is_named(text, node, ids)


def _is_named(text: str, node: Node, headed: set[int]) -> bool:
    """Whether a heading is one in spite of the rest: very short, a question, all siblings have."""
    heading = heading_of(text, node, node.end)
    siblings = node.parent.children if node.parent else []
    all_headed = len(siblings) > 1 and all(id(other) in headed for other in siblings)
    return len(heading) <= _NAME or heading.endswith(("？", "?")) or all_headed


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _is_heading_line(line: str, has_body: bool) -> bool:
    """Tell a heading on its own line: short, no sentence inside, something after it."""
    if not line or len(line) > _OWN_LINE or re.search(r"[。；;！!？?](?!\Z)", line):
        return False
    if line.endswith(("？", "?")):
        return True
    if line.endswith(("。", "；", ";")):
        return has_body and len(line) <= _RUN_ON + 1
    return has_body or (len(line) <= _RUN_ON and not re.search(r"[，,]", line))


def _run_on(line: str, has_more: bool) -> str:
    match = _SENTENCE.match(line)
    sentence = match[0] if match else ""
    if sentence.endswith(("？", "?")):
        return sentence if len(sentence) <= _OWN_LINE else ""
    ended = sentence.endswith("。") and (len(sentence) < len(line) or has_more)
    return sentence[:-1].strip() if ended and len(sentence) <= _RUN_ON + 1 else ""
