"""Headings: a line of its own, or the first short sentence of a run-on paragraph."""

from __future__ import annotations

import re

from corpus.parsing.labels import Style
from corpus.parsing.outline import Node

_RUN_ON = 30  # characters: longer first sentences are content, not headings
_OWN_LINE = 80
_NAMED = re.compile(
    r"[【〔](?P<name>[^】〕\n]{1,30})[】〕]|[（(](?P<round>[^（）()\n，,。；;：:]{2,20})[）)](?=\s*\n|[^，,、的])"
)  # 第三条 【适用范围】, 第三条（适用范围）
_SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;]?")


def heading_of(text: str, node: Node, end: int) -> str:
    """Heading of a node whose own words run to ``end``; empty where none is printed."""
    label = node.label
    if label is None:
        return ""
    if label.style in {Style.TOPIC, Style.SUBTOPIC}:
        return label.text
    own = text[label.body : end].strip()
    first, _, rest = own.partition("\n")
    first = first.strip()
    if label.style == Style.ARTICLE:
        named = _NAMED.match(own)
        return (named["name"] or named["round"]).strip() if named else ""
    if label.style == Style.ANNEX:
        return (first or rest.strip().partition("\n")[0].strip())[:_OWN_LINE]
    if _is_heading_line(first, bool(rest.strip() or node.children)):
        return first.rstrip("。：:；; ").strip()
    return _run_on(first, bool(rest.strip()))


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
