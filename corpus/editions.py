"""How documents stand to one another: repealed, amended, replaced by a newer edition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from corpus.blocks import NUMBER, is_title
from corpus.references import Reach, Reference, core_title, find_references, names
from corpus.types import Document, Span

_ENDS = re.compile(r"[^。\n]*(?:废止|停止执行|失效|不再执行)[^。\n]*")
_AMENDS = re.compile(r"[^。\n]*(?:修改为|作如下修改|予以修改)[^。\n]*")
_NOT_ENDS = re.compile(r"(?:未|不得|是否)[^。]{0,4}(?:废止|失效)|有效期")
_BASIS = re.compile(r"(?:根据|依照|按照|依据|贯彻)[^，,；;]*\Z")
_YEAR = re.compile(r"(?:19|20)\d\d\s*(?:[—\-–~至]+\s*(?:19|20)\d\d)?\s*年?度?")


@dataclass(frozen=True, slots=True)
class Repeal:
    """A document that another one ends or amends: ``kind`` is repeal or amend, ``span`` its name.

    ``title`` is empty where only the 文号 is named.
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
    """Documents that a text repeals or amends («《…》同时废止»), in order."""
    found = {*_named_in(text, _ENDS, "repeal"), *_named_in(text, _AMENDS, "amend")}
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
    newer = _newer_editions(known)
    older: dict[str, list[str]] = {}
    for old, new in newer.items():
        older.setdefault(new, []).append(old)
    ended = _repealed(known)
    return {
        d.doc_id: Links(
            tuple(older.get(d.doc_id, ())),
            (newer[d.doc_id],) if d.doc_id in newer else (),
            tuple(ended.get(d.doc_id, ())),
        )
        for d in known
        if d.doc_id in older or d.doc_id in newer or d.doc_id in ended
    }


def _repealed(documents: tuple[Document, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for other in documents:
        for repeal in repeals(other.text):
            if repeal.kind != "repeal":
                continue
            named = Reference(Reach.OTHER, "", repeal.span, repeal.title, repeal.doc_number)
            for document in documents:
                if document.doc_id != other.doc_id and names(document, named):
                    by = found.setdefault(document.doc_id, [])
                    by += [] if other.doc_id in by else [other.doc_id]
    return found


def _newer_editions(documents: tuple[Document, ...]) -> dict[str, str]:
    """Older edition → newer one: one area, titles that differ in the year alone."""
    groups: dict[tuple[str, str], list[Document]] = {}
    for document in documents:
        core = core_title(_YEAR.sub("", document.title))
        if document.kind != "解读" and core and document.published:
            groups.setdefault((document.area, core), []).append(document)
    newer: dict[str, str] = {}
    for group in groups.values():
        group.sort(key=lambda document: (str(document.published), document.doc_id))
        for old, new in pairwise(group):
            if old.published != new.published:
                newer[old.doc_id] = new.doc_id
    return newer
