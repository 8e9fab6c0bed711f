"""How documents stand to one another: repealed, amended, replaced by a newer edition."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.blocks import NUMBER, is_title
from corpus.identity import normalise
from corpus.references import Reach, Reference, core_title, find_references, names
from corpus.types import Document, Span

_ENDS = re.compile(r"[^。\n]*(?:废止|停止执行|失效|不再执行)[^。\n]*")
_AMENDS = re.compile(r"[^。\n]*(?:修改为|作如下修改|予以修改)[^。\n]*")
_REPLACES = re.compile(
    r"[^。\n]*(?:代替|替代|取代|修订为本|对[^。\n]*》[^。\n《]{0,20}(?:进行|作|予以)[^。\n《]{0,4}修订)"
    r"[^。\n]*"
)
_SPEAKS = re.compile(r"废止|停止执行|失效|不再执行|代替|替代|取代|修订")
_NOT_ENDS = re.compile(r"(?:未|不得|是否)[^。]{0,4}(?:废止|失效)|有效期")
_BASIS = re.compile(r"(?:根据|依照|按照|依据|贯彻)[^，,；;]*\Z")
_YEAR = re.compile(r"(?:19|20)\d\d\s*(?:[—\-–~至]+\s*(?:19|20)\d\d)?\s*年?度?")
_EDITION = re.compile(r"[（(]第?[一二三四五六七八九十\d]*[年新]?版[）)]|暂行|试行")
_OFFICE = re.compile(r"等\d+个部门\Z|办公[室厅]\Z")


@dataclass(frozen=True, slots=True)
class Repeal:
    """A document that another one ends, amends or replaces; ``span`` is where it is named.

    ``kind`` is repeal, amend or replace; ``title`` is empty where only the 文号 is named.
    """

    kind: str
    title: str
    doc_number: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Links:
    """Ids of documents that one document replaces, is replaced by, and is repealed by."""

    replaces: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    repealed_by: tuple[str, ...] = ()


def repeals(text: str) -> tuple[Repeal, ...]:
    """Documents that a text repeals, amends or replaces («《…》同时废止»), in order."""
    found = {
        *_named_in(text, _ENDS, "repeal"),
        *_named_in(text, _AMENDS, "amend"),
        *_named_in(text, _REPLACES, "replace"),
    }
    return tuple(sorted(found, key=lambda repeal: (repeal.span, repeal.kind)))


def _named_in(text: str, pattern: re.Pattern[str], kind: str) -> Iterator[Repeal]:
    for sentence in pattern.finditer(text):
        if kind == "repeal" and _NOT_ENDS.search(sentence[0]):
            continue
        found = [r for r in find_references(text, sentence.span()) if r.reach == Reach.OTHER]
        for reference in found:
            before = sentence[0][: reference.span[0] - sentence.start()]
            if is_title(reference.title) and not _BASIS.search(before):
                yield Repeal(kind, reference.title, reference.doc_number, reference.span)
        if not found and kind == "repeal":
            for number in NUMBER.finditer(text, *sentence.span()):
                yield Repeal(kind, "", re.sub(r"\s", "", number[0]), number.span())


def links_of(documents: Iterable[Document]) -> dict[str, Links]:
    """Links of every document that has some, by its id."""
    known = tuple(documents)
    said = {d.doc_id: repeals(_speaking(d.text)) for d in known}
    ended = _named_by(known, said, "repeal")
    newer = _newer_editions(known)
    for old, by in _named_by(known, said, "replace").items():
        newer[old] = list(dict.fromkeys([*newer.get(old, ()), *by]))
    older: dict[str, list[str]] = defaultdict(list)
    for old, by in newer.items():
        for new in by:
            older[new].append(old)
    return {
        d.doc_id: Links(
            tuple(older.get(d.doc_id, ())),
            tuple(newer.get(d.doc_id, ())),
            tuple(ended.get(d.doc_id, ())),
        )
        for d in known
        if d.doc_id in older or d.doc_id in newer or d.doc_id in ended
    }


def _speaking(text: str) -> str:
    """Only the lines that may end another document: reading all takes 3 µs a character."""
    return "\n".join(line for line in text.split("\n") if _SPEAKS.search(line))


def edition_title(title: str) -> str:
    """What the titles of all editions of a document have in common, in comparable form."""
    return core_title(_EDITION.sub("", _YEAR.sub("", title)))


def same_body(one: Document, other: Document) -> bool:
    """Whether one body issued both, for one area; a body that is not known may be any.

    A government and its office are one body; a name may lack its place (区教育局).
    """
    if one.area != other.area:
        return False
    first, second = (_OFFICE.sub("", normalise(d.issuer or "")) for d in (one, other))
    return first.endswith(second) or second.endswith(first)


def _named_by(
    documents: Sequence[Document], said: Mapping[str, Sequence[Repeal]], kind: str
) -> dict[str, list[str]]:
    """Document → those that say they end or replace it and are not older than it.

    A 解读 tells of what another document replaces; so does, mostly, one of another body.
    """
    by_number: dict[str, list[Document]] = defaultdict(list)
    by_title: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        by_number[normalise(document.doc_number or "")].append(document)
        by_title[core_title(document.title)].append(document)
    found: dict[str, dict[str, None]] = {}
    for other in documents:
        for repeal in said[other.doc_id]:
            if repeal.kind != kind or (kind == "replace" and other.kind == "解读"):
                continue
            named = Reference(Reach.OTHER, "", repeal.span, repeal.title, repeal.doc_number)
            number = normalise(repeal.doc_number or "")
            for old in (
                *by_number.get(number or "-", ()),
                *by_title.get(core_title(repeal.title), ()),
            ):
                fits = names(old, named) and (kind == "repeal" or same_body(old, other))
                if fits and old.doc_id != other.doc_id and not _before(other, old):
                    found.setdefault(old.doc_id, {})[other.doc_id] = None
    return {doc_id: list(by) for doc_id, by in found.items()}


def _before(one: Document, other: Document) -> bool:
    """Whether a document is older than another: it cannot speak of that one then."""
    return bool(one.published and other.published and one.published < other.published)


def _newer_editions(documents: Sequence[Document]) -> dict[str, list[str]]:
    """Older edition → newer one: one body, titles that differ in year and 试行 alone."""
    groups: dict[tuple[str, str], list[Document]] = {}
    for document in documents:
        core = edition_title(document.title)
        if document.kind != "解读" and core and document.published:
            groups.setdefault((document.area, core), []).append(document)
    newer: dict[str, list[str]] = {}
    for group in groups.values():
        group.sort(key=lambda document: (str(document.published), document.doc_id))
        for position, old in enumerate(group):
            later = (new for new in group[position + 1 :] if new.published != old.published)
            following = next((new for new in later if same_body(old, new)), None)
            if following is not None:
                newer[old.doc_id] = [following.doc_id]
    return newer
