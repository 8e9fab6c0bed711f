"""Paragraphs after the last item of a list that belong to what the list stands under.

Official texts print no label before them: «…下列材料：1.甲；2.乙。» then «材料由窗口核对。»;
«（一）…。（二）…。» then «以上两类人员不得重复申请。». They are no part of the last item.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.numerals import label_number
from corpus.parsing.labels import Style
from corpus.parsing.lines import Line
from corpus.parsing.outline import Node

_ANNOUNCES = re.compile(
    r"(?:(?:下列|以下|如下|之一|包括|其中)[^。；：:\n]{0,30}[：:。]|[为是][：:])"
    r"\s*(?:[（(][^（）()]*[）)])?\s*\Z"
)  # …应当提交下列材料：
_COUNT = r"[两二三四五六七八九十\d]{1,2}"
_OF_ALL = re.compile(
    rf"""(?x) (?:注[：:]\s*)? (?:
      (?:以上|上述|前述) (?:所有|全部|各|任[一意]?|被任[一意]|几|(?P<count>{_COUNT}))
        [类项种条款点个批]?                                  # 以上四类人员
    | (?:以上|上述|前述)[^，。；]{{0,24}}?(?:分别|均|一律|都)      # 上述工作分别安排
    | 除(?:以上|上述|前述)[^，。；]{{0,14}}[外，]                 # 除上述情形外
    | (?:考生|申请人|同一[\u4e00-\u9fff]{{1,4}})?[凡如若对]{{0,2}}(?:同时)?
        (?:符合|具备|具有|满足|属于|享受) (?:以上|上述)?
        (?:多|两|二|几) [项种类个](?:以上)?
        (?P<noun>[\u4e00-\u9fff]{{2,10}}?)(?:条件|情[形况]|资格|政策|的)  # 同时符合多项加分条件的
    )"""
)
_BACK = re.compile(
    r"(?:注[：:]\s*)?(?:以上|上述)[\u4e00-\u9fff]{2}"
)  # after items of one line each
_CASE = re.compile(r"[^，。；]{2,40}的(?=，)")  # 租住公房的，应当提供…


@dataclass(frozen=True, slots=True)
class Resumed:
    """Where a list is over: the index of the first line after it, and the node it is back in."""

    index: int
    node: Node


def resumed(text: str, leaf: Node, lines: list[Line]) -> Resumed | None:
    """Where the lines of a leaf, its labelled line first, stop to be its own; None if nowhere."""
    parent = leaf.parent
    if leaf.label is None or parent is None or parent.label is None:
        return None
    if leaf.label.style <= Style.ARTICLE or parent.children[-1] is not leaf or len(lines) < 2:
        return None
    listed = _is_list(text, parent)
    if listed and _is_over(text, parent, lines):
        match = _OF_ALL.match(lines[1].text)
        return Resumed(1, _spoken_of(text[: lines[1].start], match, parent))
    for index, line in enumerate(lines[1:], 1):
        match = _OF_ALL.match(line.text)
        back = listed and index == 1 and _BACK.match(line.text)
        if (match or back) and "\t" not in line.text:
            return Resumed(index, _spoken_of(text[: line.start], match, parent))
    return None


def _is_list(text: str, parent: Node) -> bool:
    """Whether a node has items of one line each, the last left aside."""
    siblings = parent.children[:-1]
    return bool(siblings) and not any(
        node.children or "\n" in _whole(text, node) for node in siblings
    )


def _is_over(text: str, parent: Node, lines: list[Line]) -> bool:
    """Whether a list ends in its last item's line: one sentence, or announced item by item."""
    first, following = lines[0].text, lines[1].text
    if not first.endswith("。") or "\t" in following:
        return False
    if all(_whole(text, node).endswith(("；", ";")) for node in parent.children[:-1]):
        return True
    return _ANNOUNCES.search(_lead(text, parent)) is not None and not _parallel(first, following)


def _parallel(item: str, following: str) -> bool:
    """Whether a paragraph sets a case beside the last item's: 租住房屋的，…⏎租住公房的，…."""
    case, other = _CASE.match(item), _CASE.match(following)
    if not case or not other:
        return False
    pairs = {case[0][i : i + 2] for i in range(len(case[0]) - 2)}
    return any(other[0][i : i + 2] in pairs for i in range(len(other[0]) - 2))


def _lead(text: str, node: Node) -> str:
    """Words of a node above its first child."""
    return text[node.label.start if node.label else 0 : node.end].strip()


def _above(text: str, node: Node) -> Node:
    """The node that goes on after its list: not a paragraph that only announces the list.

    A node that is itself the last item of such a list is over as well.
    """
    while node.parent is not None and node.parent.label is not None and node.label is not None:
        before = node.parent.children[: node.parent.children.index(node)]
        last = node.parent.children[-1] is node
        ended = before and all(_whole(text, other).endswith(("；", ";")) for other in before)
        if node.label.style != Style.LEAD and not (last and ended):
            break
        node = node.parent
    return node


def _whole(text: str, node: Node) -> str:
    """Words of a node with those of its items."""
    last = node
    while last.children:
        last = last.children[-1]
    return text[node.label.start if node.label else 0 : last.end].strip()


def _spoken_of(text: str, match: re.Match[str] | None, parent: Node) -> Node:
    """The list that a paragraph speaks of: as many items as it counts, the word it names.

    ``text`` ends where the paragraph begins. A word that the list does not know is one of the
    list above it, where that has the word or is one of lists.
    """
    node = _above(text, parent)
    if match is None:
        return node
    count = label_number(match["count"] or "") if match["count"] else None
    noun = (match["noun"] or "")[-2:]
    while node.parent is not None and node.parent.label is not None:
        above = node.parent
        if above.children[-1] is not node:
            break
        fits_count = count and len(node.children) != count and len(above.children) == count
        lists = any(other.children for other in above.children[:-1])
        fits_noun = noun and noun not in _whole(text, node)
        fits_noun = fits_noun and (lists or noun in _whole(text, above))
        if not fits_count and not fits_noun:
            break
        node = above
    return node
