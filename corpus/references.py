"""References between documents and clauses: 依照《…》第十二条第二款, 前款, 本办法, 附件2.

Finding is apart from resolving: a reference is resolved only when exactly one clause fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from corpus.blocks import NUMBER
from corpus.identity import normalise
from corpus.numerals import label_number
from corpus.types import Clause, Document, Role, Span


class Reach(StrEnum):
    """Which document a reference speaks of."""

    OTHER = "other"  # 《某某办法》, with or without a clause
    OWN = "own"  # 本办法第三条, 第三条, 附件2
    PREVIOUS = "previous"  # 前款, 前条, 上述规定


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference in a text: ``text == source[span]``.

    ``labels`` are those of the clause named (``第十二条`` or ``二``, ``（三）``), ``paragraph``
    the number of the 款; ``doc_id`` and ``clause_id`` are set when exactly one fits.
    """

    reach: Reach
    text: str
    span: Span
    title: str = ""
    doc_number: str | None = None
    labels: tuple[str, ...] = ()
    paragraph: int | None = None
    doc_id: str | None = None
    clause_id: str | None = None


_CN = "[〇零一二三四五六七八九十百千]{1,9}"
_NUMBERED = (
    r"(?:\s*[（(](?P<bracket>[^（）()\n]{2,60})[）)])?"  # （沪府发〔2009〕29号，以下简称《办法》）
)
_CLAUSE = (
    rf"(?P<article>第{_CN}条(?:之{_CN})?)(?:第(?P<paragraph>{_CN})款)?"
    rf"(?:第?(?P<item>[（(]{_CN}[）)])项?)?"
)  # 第十二条第二款第（三）项
_MORE = re.compile(
    rf"(?:、|和|及|以及|或者?|至|到)(?P<bare>第{_CN}条(?:之{_CN})?)(?:第(?P<b_paragraph>{_CN})款)?"
)
_OWN_KINDS = (
    "办法|规定|细则|条例|意见|通知|方案|要点|措施|规则|规程|决定|法|计划|规划|章程|指南|政策"
)
REFERENCE = re.compile(
    rf"""(?x)
      《(?P<title>[^《》\n]{{2,80}}(?:〈[^〉]*〉[^《》\n]*)?)》{_NUMBERED}(?:的?{_CLAUSE})?
    | (?P<own>本(?:{_OWN_KINDS}))(?:的?{_CLAUSE.replace("?P<", "?P<o_")})?
    | (?P<bare>(?<![条款编章节之、）)])第{_CN}条(?:之{_CN})?)(?:第(?P<b_paragraph>{_CN})款)?
      (?:第?(?P<b_item>[（(]{_CN}[）)])项?)?
    | (?P<previous>前[两三四五]?[款项条]|上述规定|前述规定)
    | (?P<annex>附[件表录]\s*(?:\d{{1,2}}|[一二三四五六七八九十]))(?![.．、])
    """
)


def find_references(text: str, span: Span | None = None) -> tuple[Reference, ...]:
    """References in a text or a part of it, in order; nothing is resolved yet."""
    start, end = span or (0, len(text))
    found: list[Reference] = []
    for match in REFERENCE.finditer(text, start, end):
        reference = _reference(text, match)
        if reference:
            found += [reference, *_more(text, reference, end)]
    return tuple(found)


def _more(text: str, first: Reference, end: int) -> Iterator[Reference]:
    """Further articles of the same document: 第三条、第五条和第六条."""
    position = first.span[1]
    while first.labels and (match := _MORE.match(text, position, end)):
        yield replace(
            first,
            text=match["bare"],
            span=match.span("bare"),
            labels=(match["bare"],),
            paragraph=_count(match["b_paragraph"]),
        )
        position = match.end()


def _reference(text: str, match: re.Match[str]) -> Reference | None:
    base = Reference(Reach.OWN, match[0], match.span())
    if match["title"]:
        number = NUMBER.search(match["bracket"] or "")
        labels, paragraph = _labels(match["article"], match["item"]), match["paragraph"]
        found = replace(base, reach=Reach.OTHER, title=match["title"])
        if number:
            found = replace(found, doc_number=re.sub(r"\s", "", number[0]))
        return replace(found, labels=labels, paragraph=_count(paragraph))
    if match["own"]:
        labels = _labels(match["o_article"], match["o_item"])
        return replace(base, labels=labels, paragraph=_count(match["o_paragraph"]))
    if match["bare"]:
        line = text.rfind("\n", 0, match.start()) + 1
        if not text[line : match.start()].strip() and match.end() < len(text):
            return None  # the label of the article itself
        labels = _labels(match["bare"], match["b_item"])
        return replace(base, labels=labels, paragraph=_count(match["b_paragraph"]))
    if match["annex"]:
        return replace(base, labels=(re.sub(r"\s", "", match["annex"]),))
    return replace(base, reach=Reach.PREVIOUS)


def _labels(article: str | None, item: str | None) -> tuple[str, ...]:
    found = [article] if article else []
    if item:
        found.append(item.replace("(", "（").replace(")", "）"))
    return tuple(found)


def _count(numeral: str | None) -> int | None:
    return label_number(numeral) if numeral else None


def resolve(
    reference: Reference,
    document: Document,
    clauses: Sequence[Clause],
    others: Iterable[Document] = (),
    clauses_of: dict[str, Sequence[Clause]] | None = None,
) -> Reference:
    """Set ``doc_id`` and ``clause_id`` where exactly one document and one clause fit.

    ``clauses`` are those of ``document``, where the reference stands; ``clauses_of`` holds those
    of the other documents by id.
    """
    if reference.reach == Reach.PREVIOUS:
        return _previous(reference, document, clauses)
    if reference.reach == Reach.OWN:
        return _within(replace(reference, doc_id=document.doc_id), clauses)
    named = [other for other in (document, *others) if names(other, reference)]
    if len({other.doc_id for other in named}) != 1:
        return reference
    target = named[0].doc_id
    own = clauses if target == document.doc_id else (clauses_of or {}).get(target, ())
    return _within(replace(reference, doc_id=target), own)


def names(document: Document, reference: Reference) -> bool:
    """Whether a reference names a document: by its 文号, else by its whole title."""
    if reference.doc_number and document.doc_number:
        return normalise(reference.doc_number) == normalise(document.doc_number)
    wanted = core_title(reference.title)
    return bool(wanted) and wanted == core_title(document.title)


def core_title(title: str) -> str:
    """Comparable title: of «某市关于印发《X》的通知» the X, without 试行 and the like."""
    inner = re.search(
        r"(?:印发|公布|发布|转发|批转)[《〈](?P<name>.+)[》〉](?:的(?:通知|公告))?\Z", title
    )
    bare = inner["name"] if inner else title
    return normalise(re.sub(r"[（(](?:试行|暂行|修订|修正|全文)[^）)]*[）)]", "", bare))


def _within(reference: Reference, clauses: Sequence[Clause]) -> Reference:
    if not reference.labels:
        return reference
    fitting = [
        clause
        for clause in clauses
        if clause.role in {Role.CLAUSE, Role.SECTION} and _fits(clause.path, reference.labels)
    ]
    exact = [clause for clause in fitting if clause.path[-1:] == reference.labels[-1:]] or fitting
    if len(exact) != 1:
        return reference
    return replace(reference, clause_id=exact[0].clause_id)


def _fits(path: tuple[str, ...], labels: tuple[str, ...]) -> bool:
    """The labels lie on the path; an item of an article stays inside it and need not."""
    return labels[0] in path and (len(labels) == 1 or labels[0].endswith("条") or labels[1] in path)


def _previous(reference: Reference, document: Document, clauses: Sequence[Clause]) -> Reference:
    """前款 and 前项 lie in the clause of the reference, 前条 is the clause before it."""
    listed = [clause for clause in clauses if clause.role == Role.CLAUSE]
    place = reference.span[0]
    index = next((i for i, c in enumerate(listed) if c.span[0] <= place < c.span[1]), None)
    if index is None:
        return reference
    if reference.text == "前条":
        index -= 1
    elif reference.text[-1] == "条" or index < 0:
        return replace(reference, doc_id=document.doc_id)
    if index < 0:
        return reference
    return replace(reference, doc_id=document.doc_id, clause_id=listed[index].clause_id)
