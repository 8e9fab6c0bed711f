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
_NUMBERED = rf"(?:\s*[（(]\s*(?P<number>{NUMBER.pattern.replace('?P<', '?P<n_')})[^）)]{{0,20}}[）)])?"
_CLAUSE = (
    rf"(?P<article>第{_CN}条(?:之{_CN})?)(?:第(?P<paragraph>{_CN})款)?"
    rf"(?:第?(?P<item>[（(]{_CN}[）)])项?)?"
)  # 第十二条第二款第（三）项
_SECTION = rf"(?P<part>第{_CN}部分|第?{_CN}、)?(?:第?(?P<point>[（(]{_CN}[）)])[项条点款]?)"
_OWN_KINDS = "办法|规定|细则|条例|意见|通知|方案|要点|措施|规则|规程|决定|法|计划|规划|章程|指南|政策"
REFERENCE = re.compile(
    rf"""(?x)
      《(?P<title>[^《》\n]{{2,80}}(?:〈[^〉]*〉[^《》\n]*)?)》{_NUMBERED}(?:的?{_CLAUSE})?
    | (?P<own>本(?:{_OWN_KINDS}))(?:的?{_CLAUSE.replace('?P<', '?P<o_')})?
    | (?P<bare>(?<![条款编章节之、）)])第{_CN}条(?:之{_CN})?)(?:第(?P<b_paragraph>{_CN})款)?
      (?:第?(?P<b_item>[（(]{_CN}[）)])项?)?
    | (?P<previous>前[两三四五]?[款项条]|上述规定|前述规定)
    | (?P<annex>附[件表录]\s*(?:\d{{1,2}}|[一二三四五六七八九十]))(?![.．、])
    """
)


def find_references(text: str, span: Span | None = None) -> tuple[Reference, ...]:
    """References in a text or a part of it, in order; nothing is resolved yet."""
    start, end = span or (0, len(text))
    found = (_reference(text, match) for match in REFERENCE.finditer(text, start, end))
    return tuple(reference for reference in found if reference)


def _reference(text: str, match: re.Match[str]) -> Reference | None:
    base = Reference(Reach.OWN, match[0], match.span())
    if match["title"]:
        number = re.sub(r"\s", "", match["number"]) if match["number"] else None
        labels, paragraph = _labels(match["article"], match["item"]), match["paragraph"]
        found = replace(base, reach=Reach.OTHER, title=match["title"], doc_number=number)
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
    inner = re.search(r"(?:印发|公布|发布|转发|批转)[《〈](?P<name>.+)[》〉](?:的(?:通知|公告))?\Z", title)
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


@dataclass(frozen=True, slots=True)
class Repeal:
    """A sentence that ends another document: ``kind`` is repeal or amend; ``span`` its name."""

    kind: str
    title: str
    doc_number: str | None
    span: Span


_ENDS = re.compile(r"[^。\n]*(?:废止|停止执行|失效|不再执行)[^。\n]*")
_AMENDS = re.compile(r"[^。\n]*(?:修改为|作如下修改|予以修改|修正案)[^。\n]*")
_NOT_ENDS = re.compile(r"(?:未|不得|是否)[^。]{0,4}(?:废止|失效)|有效期")


def repeals(text: str) -> tuple[Repeal, ...]:
    """Documents that a text repeals or amends («《…》同时废止»), in order."""
    return tuple(sorted({*_named_in(text, _ENDS, "repeal"), *_named_in(text, _AMENDS, "amend")},
                        key=lambda found: found.span))  # fmt: skip


def _named_in(text: str, pattern: re.Pattern[str], kind: str) -> Iterator[Repeal]:
    for sentence in pattern.finditer(text):
        if kind == "repeal" and _NOT_ENDS.search(sentence[0]):
            continue
        found = [r for r in find_references(text, sentence.span()) if r.reach == Reach.OTHER]
        clauses = [part for part in re.split(r"[，,；;]", sentence[0]) if "废止" in part]
        for reference in found:
            if kind == "repeal" and clauses and not _ended(reference, sentence, clauses):
                continue
            yield Repeal(kind, reference.title, reference.doc_number, reference.span)
        if not found and kind == "repeal":
            for number in NUMBER.finditer(text, *sentence.span()):
                yield Repeal(kind, "", re.sub(r"\s", "", number[0]), number.span())


def _ended(reference: Reference, sentence: re.Match[str], clauses: list[str]) -> bool:
    """«根据《甲》制定，《乙》同时废止» ends 乙 alone."""
    before = sentence[0][: reference.span[0] - sentence.start()]
    return any(reference.text in part for part in clauses) or not re.search(
        r"(?:根据|依照|按照|依据|贯彻)[^，,；;]*\Z", before
    )


def repealed_by(document: Document, others: Iterable[Document]) -> tuple[Document, ...]:
    """Documents that say of this one that it is repealed."""
    found = []
    for other in others:
        if other.doc_id == document.doc_id or (other.published or 0) == document.published == 0:
            continue
        for repeal in repeals(other.text):
            named = Reference(Reach.OTHER, "", (0, 0), repeal.title, repeal.doc_number)
            if repeal.kind == "repeal" and names(document, named):
                found.append(other)
                break
    return tuple(found)


def editions(documents: Iterable[Document]) -> dict[str, str]:
    """Older edition → newer one, for documents of one area whose titles differ in the year alone."""
    groups: dict[tuple[str, str], list[Document]] = {}
    for document in documents:
        title = re.sub(r"(?:19|20)\d\d\s*(?:[—\-–~至]+\s*(?:19|20)\d\d)?\s*年?度?", "", document.title)
        if document.kind != "解读" and (core := core_title(title)):
            groups.setdefault((document.area, core), []).append(document)
    links: dict[str, str] = {}
    for group in groups.values():
        dated = sorted((d for d in group if d.published), key=lambda d: (str(d.published), d.doc_id))
        for older, newer in zip(dated, dated[1:], strict=False):
            if older.published != newer.published:
                links[older.doc_id] = newer.doc_id
    return links
