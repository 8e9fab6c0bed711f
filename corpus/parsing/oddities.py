"""Gaps and repeats in the numbering: reported with line and column, never mended."""

from __future__ import annotations

from corpus.parsing.labels import WORDED, Label, Style
from corpus.parsing.outline import Node
from corpus.types import ParseWarning


def numbering_warnings(text: str, found: list[Label], root: Node) -> list[ParseWarning]:
    """Gaps and repeats in the numbering, with line and column (from 1); nothing is changed."""
    warnings: list[ParseWarning] = []
    last: dict[Style, tuple[Label, Node | None]] = {}
    for node in _walk(root):
        label = node.label
        if label is None:
            continue
        if label.style in WORDED:
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
    if "." in label.text and not same:
        return "" if label.number == 1 else f"编号不从一开始 {label.text}"
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
