"""解读: sections that are one enumeration 一是…二是… are split into its parts."""

from __future__ import annotations

import re

from corpus.parsing.labels import INLINE, Label, inline_at
from corpus.parsing.outline import Node

_LEAST = 2  # parts that make an enumeration
_BEFORE = re.compile(r"[。；;：:！？\n]\s*\Z")


def split_enumerations(text: str, root: Node) -> None:
    """Give every leaf section whose body is an enumeration one child for each part."""
    for child in root.children:
        split_enumerations(text, child)
    if root.children or root.label is None:
        return
    body = text[root.label.body : root.end]
    if re.match(r"[^\n]*[？?]", body):
        return  # a question stays whole with its answer
    parts = _parts(text, root)
    if len(parts) < _LEAST:
        return
    ends = [part.start for part in parts[1:]] + [root.end]
    root.children = [Node(part, root, end=end) for part, end in zip(parts, ends, strict=True)]
    root.end = parts[0].start


def _parts(text: str, node: Node) -> list[Label]:
    """Return the labels 一是, 二是 … of a leaf: at line starts, or inside its only paragraph."""
    assert node.label is not None
    start = node.label.body
    chain: list[Label] = []
    for match in INLINE.finditer(text, start, node.end):
        label = inline_at(match)
        if label and label.number == len(chain) + 1 and _BEFORE.search(text[start : match.start()]):
            chain.append(label)
    if not chain:
        return []
    at_lines = all(not text[text.rfind("\n", 0, p.start) + 1 : p.start].strip() for p in chain)
    after = text[chain[-1].start : node.end].strip()
    before = text[start : chain[0].start].strip()
    one_paragraph = "\n" not in after and before.count("\n") <= 2
    return chain if at_lines or one_paragraph else []
