"""Lines that no label holds: title blocks, preambles, closing lines, schedules, guides."""

from __future__ import annotations

import re

from corpus.blocks import DATE, Kind, classify, is_title
from corpus.parsing.labels import label_at
from corpus.parsing.lines import Line
from corpus.parsing.outline import Draft
from corpus.parsing.tails import is_closing_line, table_title
from corpus.sentences import sentence_spans
from corpus.types import Role, Span

_BLOCK = 600  # characters: longer runs of paragraphs become one passage each
_TITLE_BLOCK = 20  # lines of it at most; short lines further down are a table or a form
_TITLE_LINES = 3
_MANY = 4  # paragraphs after the last clause that are no longer closing lines
_FORMAL = re.compile(
    r"印发|遵照|贯彻|现将|转发|批转|特制定|制定(?:本|以下|如下)|提出(?:如下|以下)|通知如下|通告如下|公告如下|现予"
    r"|请认真|有关事项|(?:通过|公布|发布)"
)  # what a preamble says about its own document
_NOTE = re.compile(r"(?:说明|备?注)\s*[：:]")  # below a table

_ANNOUNCES = re.compile(r"[：:]\s*(?:[（(][^（）()]*[）)])?\s*\Z")


def tail_of(lines: list[Line], is_last: bool) -> list[Draft]:
    """Return closing lines; after the title of a plan that follows, its preamble.

    A table with a title of its own is a section.
    """
    rows = table_title(lines)
    if rows:
        while rows < len(lines) and ("\t" in lines[rows].text or _NOTE.match(lines[rows].text)):
            rows += 1
        table = Draft(Role.SECTION, (lines[0].start, lines[rows - 1].end))
        return [table, *(tail_of(lines[rows:], is_last) if rows < len(lines) else ())]
    cut = len(lines)
    if not is_last:
        kinds = [classify(line.text) for line in lines]
        dated = next((i for i, kind in enumerate(kinds) if kind == Kind.DATE), 0)
        titles = (
            i
            for i, kind in enumerate(kinds)
            if kind == Kind.TITLE and i > dated and not label_at(lines[i].text, 0)
        )  # a numbered name is that of an annex
        cut = next(titles, len(lines))
    return [*_closing(lines[:cut]), *blocks(lines[cut:], Role.PREAMBLE)]


def blocks(lines: list[Line], role: Role) -> list[Draft]:
    """Natural blocks of unlabelled lines; titles, 文号 and page tables are left out."""
    runs: list[list[Line]] = []
    fresh = True
    titles = _wrapped_titles(lines) if role == Role.PREAMBLE else frozenset()
    for index, line in enumerate(lines):
        kind = classify(line.text)
        near = index < _TITLE_BLOCK or not runs
        titled = index in titles or _is_title_block(kind, line.text, fresh and near)
        if role == Role.PREAMBLE and titled:
            fresh = True
            continue
        if fresh or (role == Role.CLOSING and kind == Kind.BODY):
            runs.append([])
        fresh = False
        runs[-1].append(line)
    return [Draft(role, (run[0].start, run[-1].end)) for whole in runs for run in sized(whole)]


def _wrapped_titles(lines: list[Line]) -> frozenset[int]:
    """Lines of titles over two or three lines, each right below the date of a cover letter."""
    found: set[int] = set()
    for index in range(1, len(lines) - 1):
        if not DATE.fullmatch(re.sub(r"\s", "", lines[index - 1].text)):
            continue
        end = index
        while end < min(len(lines), index + _TITLE_LINES) and _is_title_line(lines[end].text):
            end += 1
            if is_title(lines[end - 1].text):
                found.update(range(index, end))
                break
    return frozenset(found)


def _is_title_line(text: str) -> bool:
    return classify(text) == Kind.TITLE and "\t" not in text and not label_at(text, 0)


def substance(drafts: list[Draft], lines: list[Line]) -> list[Draft]:
    """Preamble blocks of a guide or a report as sections: they say what others put in clauses.

    A preamble of more than ``_BLOCK`` characters is one; what it says about its own document
    (现将…印发给你们) stays preamble.
    """
    long = sum(draft.span[1] - draft.span[0] for draft in drafts) > _BLOCK
    return [
        Draft(Role.SECTION, draft.span) if long and not _formal(draft, lines) else draft
        for draft in drafts
    ]


def announced(text: str, drafts: list[Draft], lines: list[Line]) -> tuple[Span, ...]:
    """The sentence above the first label that announces the items, where it is more than form.

    «…需提供材料：（…）» does, «现将有关事项通知如下：» does not. Its block becomes a section.
    """
    last = drafts[-1] if drafts else None
    if last is None or not lines or last.span[1] != lines[-1].end or _formal(last, lines):
        return ()
    sentence = sentence_spans(text, *last.span)[-1]
    if not _ANNOUNCES.search(text[slice(*sentence)]):
        return ()
    drafts[-1] = Draft(Role.SECTION, last.span)
    return (sentence,)


def _formal(draft: Draft, lines: list[Line]) -> bool:
    own = [line for line in lines if draft.span[0] <= line.start < draft.span[1]]
    return any(_FORMAL.search(line.text) for line in own) or (
        classify(own[0].text) == Kind.ADDRESSEE and "：" in own[0].text and len(own) > 1
    )


def _closing(lines: list[Line]) -> list[Draft]:
    """Closing blocks; a schedule or a text without labels among them is a section of its own."""
    found = blocks(lines, Role.CLOSING)
    starts = {line.start: line for line in lines}
    plain = [draft for draft in found if not is_closing_line(starts[draft.span[0]].text)]
    if len(plain) < _MANY:
        return found
    kept = {id(draft) for draft in plain}
    return [Draft(Role.SECTION, d.span) if id(d) in kept else d for d in found]


def _is_title_block(kind: Kind, text: str, fresh: bool) -> bool:
    """Tell the lines of a title block: before its text everything short, later only titles."""
    if kind in {Kind.HEADER, Kind.NUMBER, Kind.TABLE}:
        return True
    if kind == Kind.TITLE:
        return "\t" not in text and (fresh or is_title(text))  # cells are a table's
    return fresh and kind in {Kind.SIGN, Kind.DATE, Kind.NOTE}


def sized(run: list[Line]) -> list[list[Line]]:
    """Cut a long run into its paragraphs; a short line stays with the one after it."""
    if run[-1].end - run[0].start <= _BLOCK:
        return [run]
    pieces: list[list[Line]] = [[]]
    for line in run:
        pieces[-1].append(line)
        if line.end - pieces[-1][0].start > _BLOCK // 10:
            pieces.append([])
    return [piece for piece in pieces if piece]
