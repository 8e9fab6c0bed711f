"""Headings without a number, where items restart below each: 所需材料 1. 2., 办理流程 1. 2."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.blocks import Kind, classify, is_title
from corpus.parsing.labels import Label, Style, label_at
from corpus.parsing.lines import Line

_LONGEST = 30  # characters of such a heading
_FRAMED = re.compile(r"【[^【】]{2,20}】[：:]?\Z")  # 【办理条件】
_HEADING = re.compile(r"[\u3400-\u9fff0-9A-Za-z“”《》（）()、·—\-/ ]{2,}[：:]?\Z")
_LEAD = re.compile(r"(?:并|且|同时|还)*(?P<name>[^，。；,;：:]{2,})[：:]\Z")  # …，并提交下列材料：
_LONGEST_LEAD = 200  # characters of a paragraph that announces a list
_LONGEST_NAME = 40  # characters of its last words that name the list
_GUIDE = re.compile(
    r"(?:(?:受理|申请|申报|申领|办理|报名|提交|提供|所需|需|须|应)(?:提供|提交)?的?)?"
    r"(?:条件|材料|资料|证件|流程|程序|时限|时间|地点|手续|费用|收费标准|依据|对象|范围|方式)[：:]\Z"
)  # 受理条件：, 所需材料：
_NOT_HEADINGS = frozenset({Kind.TABLE, Kind.DATE, Kind.NUMBER, Kind.NOTE, Kind.HEADER, Kind.SIGN})


def with_topics(text: str, lines: Sequence[Line], found: list[Label]) -> list[Label]:
    """Labels with those headings among them, each standing above the items that restart."""
    if any(label.style in {Style.ARTICLE, Style.CHAPTER} for label in found):
        return found
    places = {line.start: index for index, line in enumerate(lines)}
    afresh = _restarts(found)
    restarts = [label for label in afresh if _above(text, lines, places, label)]
    framed = [line for line in lines if _FRAMED.fullmatch(line.text)]
    guide = [line for line in lines if _GUIDE.fullmatch(line.text)]
    framed += guide if len(guide) > 1 else []
    leads = [_lead(lines, places, label) for label in afresh if label not in restarts]
    numbered = [replace(lead, number=n) for n, lead in enumerate(filter(None, leads), 1)]
    found = sorted([*found, *numbered], key=lambda label: label.start)
    if not restarts and len(framed) < 2:
        return found
    styles = {label.style for label in restarts}
    tops: dict[int, tuple[Line, Style]] = {}
    for label in found:
        if label.number == 1 and label.style in styles:
            above = _above(text, lines, places, label)
            if above:
                tops[above[-1].start] = (above[-1], Style.SUBTOPIC)
            if len(above) > 1:
                tops[above[0].start] = (above[0], Style.TOPIC)
    tops.update(_first_topics(lines, places, tops))
    known = {_bare(line.text) for line, _style in tops.values()}
    for line in lines:
        if line.start not in tops and (line in framed or _bare(line.text) in known):
            tops[line.start] = (line, Style.SUBTOPIC)
    taken = {label.start for label in found}
    added = [
        Label(style, number, _bare(line.text), line.start, line.end)
        for number, (line, style) in enumerate((tops[at] for at in sorted(tops)), 1)
        if line.start not in taken
    ]
    return sorted([*found, *added], key=lambda label: label.start)


def _first_topics(
    lines: Sequence[Line], places: dict[int, int], tops: dict[int, tuple[Line, Style]]
) -> dict[int, tuple[Line, Style]]:
    """Topics whose items count from one for the first time, so that nothing restarts there.

    What stands right below the other topics (前置条件) stands below them as well.
    """
    topics = [places[start] for start, (_line, style) in tops.items() if style == Style.TOPIC]
    below = {_bare(lines[index + 1].text) for index in topics}
    above = (
        lines[index - 1]
        for index, line in enumerate(lines)
        if index > 1 and _bare(line.text) in below and len(topics) > 1
    )
    return {
        line.start: (line, Style.TOPIC)
        for line in above
        if line.start not in tops and _is_heading(line)
    }


def _restarts(found: list[Label]) -> list[Label]:
    """Labels that count from one again although nothing higher came between."""
    out: list[Label] = []
    open_styles: set[Style] = set()
    for label in found:
        if label.number == 1 and label.style in open_styles:
            out.append(label)
        open_styles = {style for style in open_styles if style <= label.style} | {label.style}
    return out


def _above(text: str, lines: Sequence[Line], places: dict[int, int], label: Label) -> list[Line]:
    """One or two heading lines right above a label, the upper one first."""
    index = places.get(label.start)
    if index is None or index < 2:
        return []
    above = [line for line in lines[max(1, index - 2) : index]]
    if not _is_heading(above[-1]):
        return []
    upper = len(above) > 1 and _is_heading(above[0]) and not above[0].text.endswith(("：", ":"))
    return above if upper else above[-1:]


def _lead(lines: Sequence[Line], places: dict[int, int], label: Label) -> Label | None:
    """The paragraph above a label that announces its list, as a label of its own."""
    index = places.get(label.start)
    above = lines[index - 1] if index else None
    if above is None or len(above.text) > _LONGEST_LEAD or label_at(above.text, 0):
        return None
    match = _LEAD.search(above.text)
    if not match:
        return None
    return Label(Style.LEAD, 0, match["name"][-_LONGEST_NAME:], above.start, above.start)


def _is_heading(line: Line) -> bool:
    if _FRAMED.fullmatch(line.text):
        return True
    if len(line.text) > _LONGEST or not _HEADING.fullmatch(line.text) or label_at(line.text, 0):
        return False
    return classify(line.text) not in _NOT_HEADINGS and not is_title(line.text)


def _bare(text: str) -> str:
    return text.strip("【】：: ")
