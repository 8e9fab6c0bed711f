"""From stored clauses to what is indexed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from corpus import sentence_spans
from corpus.types import Clause, Document, Span
from index.synonyms import PlainWords
from index.tokens import search_form
from index.types import Passage

_MAX_SPANS = 96  # an annex table can hold hundreds of lines; the clause vector covers the rest
_LONG = 60  # characters: a longer sentence is a list of facts, and one vector blurs them
_WINDOW = 40  # characters: a window is closed at the next comma after this many
_BREAK = re.compile(r"[，；：]|、(?=[^、]{6,})")


def place_words(area: str) -> str:
    """Last part of an area path: ``福建省/泉州市/鲤城区`` gives ``鲤城区``."""
    return area.rsplit("/", 1)[-1]


def heading_words(clause: Clause) -> str:
    """Printed headings along the path, top first, joined by blanks."""
    return " ".join(heading for heading in clause.headings if heading)


_FRAME = re.compile(
    r"^.*?关于(?:印发|转发|发布|公布)|的?(?:通知|通告|公告|决定)$|[《》〈〉]|[（(][^）)]*[）)]$"
)
_ARTICLE = re.compile(r"第.+条")
_LEAD = 40  # characters of the line that announces a list
_LABEL = re.compile(
    r"(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|[①-⑳]|第[一二三四五六七八九十百]+条)[\s　]*"
)
_ANNOUNCES = re.compile(r"[：:][\s　]*\n")
_TITLE = 24  # characters of a title that are kept as context


def short_title(title: str) -> str:
    """What a document is about: its title without 关于印发…的通知, marks and a closing bracket.

    >>> short_title("某市人民政府关于印发《某市居住证管理办法（试行）》的通知")
    '某市居住证管理办法（试行）'
    """
    return _FRAME.sub("", title).strip()[:_TITLE]


def windows(text: str, span: Span) -> list[Span]:
    """Cut a long sentence at commas into windows of about 40 characters.

    :return: spans covering ``span`` in order; empty where the sentence is short enough.
    """
    start, end = span
    if end - start <= _LONG:
        return []
    cuts = [start]
    for match in _BREAK.finditer(text, start, end):
        if match.end() - cuts[-1] >= _WINDOW and end - match.end() >= _WINDOW // 2:
            cuts.append(match.end())
    cuts.append(end)
    return list(pairwise(cuts)) if len(cuts) > 2 else []


def clause_spans(document: Document, clause: Clause) -> tuple[Span, ...]:
    """Sentences of a clause and windows of its long ones, as offsets into ``clause.text``."""
    start = clause.span[0]
    sentences = [(a - start, b - start) for a, b in sentence_spans(document.text, *clause.span)]
    extra = [window for sentence in sentences for window in windows(clause.text, sentence)]
    return tuple((sentences + extra)[:_MAX_SPANS])


def to_passages(
    documents: Mapping[str, Document], clauses: Iterable[Clause], plain: PlainWords | None = None
) -> tuple[Passage, ...]:
    """Number clauses in corpus order and give each its search context.

    A sentence alone often lost its subject («力争达到 96%»); with place and heading before it,
    its vector says what the sentence is about.
    """
    passages = []
    clauses = tuple(clauses)
    leads = {(c.doc_id, c.path): lead for c in clauses if (lead := _lead(c.text, len(c.text)))}
    for row, clause in enumerate(clauses):
        document = documents[clause.doc_id]
        place, heading = place_words(document.area), heading_words(clause)
        above = leads.get((clause.doc_id, clause.path[:-1]), "") if len(clause.path) > 1 else ""
        topic = _topic(document, clause, heading)
        context = " ".join(word for word in (place, topic, above) if word)
        spans = clause_spans(document, clause)
        passages.append(
            Passage(
                row=row,
                clause_id=clause.clause_id,
                doc_id=clause.doc_id,
                area=document.area,
                title=document.title,
                heading=heading,
                units=clause.unit_names,
                text=clause.text,
                context=context,
                spans=spans,
                plain=_plain(plain, context, clause.text, spans),
            )
        )
    return tuple(passages)


def _lead(text: str, end: int) -> str:
    """The end of the line before ``end`` that announces a list, empty where none does."""
    line = text[:end].rstrip()
    if not line.endswith(("：", ":")):
        return ""
    start = max(line.rfind(mark) for mark in "。；\n") + 1
    return _LABEL.sub("", line[start:].strip(" 　"))[-_LEAD:].rstrip("：:")


def _announced(text: str, start: int) -> str:
    """The line that announces the list which the item at ``start`` of a clause stands in."""
    if not _LABEL.match(text, start):
        return ""
    colons = [match.end() for match in _ANNOUNCES.finditer(text, 0, start)]
    return _lead(text, colons[-1]) if colons else ""


def _topic(document: Document, clause: Clause, heading: str) -> str:
    """What a clause is about: its heading, or those above it.

    Articles (第三条) have no heading of their own, so the title of their document says it.
    """
    if clause.heading:
        return clause.heading
    title = short_title(document.title)
    if _ARTICLE.match(clause.label):
        return f"{title} {heading}".strip()
    return heading or title


def _plain(
    plain: PlainWords | None, context: str, text: str, spans: Sequence[Span]
) -> tuple[tuple[int, str], ...]:
    """The spans that change in resident words, each with its position."""
    if plain is None:
        return ()
    found = []
    for position, (start, end) in enumerate(spans):
        rewritten = plain.rewrite(_embedded(context, text[start:end]))
        if rewritten is not None:
            found.append((position, rewritten))
    return tuple(found)


def clause_texts(passages: Sequence[Passage]) -> list[str]:
    """What is embedded for a whole clause."""
    return [_embedded(passage.context, passage.text) for passage in passages]


def _embedded(context: str, text: str) -> str:
    """Context and text in search form: the model knows simplified script and half width best."""
    return search_form(f"{context}：{text}" if context else text)


def span_texts(passages: Sequence[Passage]) -> tuple[list[str], list[int]]:
    """What is embedded for every span and its plain rewriting, and the row that owns it."""
    texts, owner = [], []
    for passage in passages:
        for start, end in passage.spans:
            above = _announced(passage.text, start)
            context = f"{passage.context} {above}".strip() if above else passage.context
            texts.append(_embedded(context, passage.text[start:end]))
        texts.extend(text for _, text in passage.plain)
        owner.extend([passage.row] * (len(passage.spans) + len(passage.plain)))
    return texts, owner
