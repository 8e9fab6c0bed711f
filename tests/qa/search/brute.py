"""Staff search by looking at every clause: slow, plain, and what the engine must agree with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from corpus import normalise, validity
from corpus.types import Clause, Document, Role
from index.querying import And, Field, Node, Not, Or, Phrase, Prefix, Word, Words, parse
from index.synonyms import default_synonyms
from index.tokens import default_tokenizer, search_form
from qa.places import areas_for
from qa.query import make_query
from qa.search.types import Filters
from qa.service import Service

STATES = {"有效": "in_force", "已过期": "lapsed", "已废止": "repealed", "效力未知": "unknown"}


@cache
def squeezed(text: str) -> str:
    """The search form without blanks."""
    return "".join(search_form(text).split())


@dataclass(frozen=True)
class Scan:
    """All clauses of a service, and the day on which validity is judged."""

    service: Service
    day: date

    def matching(self, query: str, filters: Filters) -> list[Clause]:
        """Clauses that fit, in corpus order."""
        node = parse(query) if query.strip() else None
        return [
            clause
            for clause, document in self.everything()
            if (node is None or self.holds(node, clause, document))
            and all(self.fits(n, v, clause, document) for n, v in self.asked(filters))
        ]

    def facet(self, name: str, query: str, filters: Filters) -> dict[str, int]:
        """Hits by the values of one field, under the filters on the others."""
        others = Filters(**{n: v for n, v in vars_of(filters).items() if n != name})
        counts: Counter[str] = Counter()
        documents = {document.doc_id: document for _, document in self.everything()}
        for clause in self.matching(query, others):
            counts.update(self.values(name, clause, documents[clause.doc_id]))
        return dict(counts)

    def everything(self) -> Iterator[tuple[Clause, Document]]:
        yield from _held(self.service)

    @staticmethod
    def asked(filters: Filters) -> list[tuple[str, str]]:
        return [(name, value) for name, value in vars_of(filters).items() if value]

    def values(self, name: str, clause: Clause, document: Document) -> set[str]:
        year = document.published.year if document.published else ""
        return {
            "area": {document.area},
            "unit": set(clause.unit_names),
            "document": {document.doc_id},
            "kind": {document.kind},
            "year": {str(year)},
            "validity": {validity(document, self.day).state.value},
        }[name]

    def fits(self, name: str, value: str, clause: Clause, document: Document) -> bool:
        if name == "area":
            return bool(areas_for(self.path(value), [document.area]))
        if name == "unit":
            return any(value in unit for unit in clause.unit_names)
        if name == "kind":
            return value in document.kind
        if name == "year":
            low, _, high = value.partition("-")
            year = document.published.year if document.published else None
            return year is not None and int(low) <= year <= int(high or low)
        if name == "validity":
            return validity(document, self.day).state.value == STATES.get(value, value)
        texts = {
            "number": [document.doc_number or ""],
            "title": [document.title],
        }.get(name, [document.doc_number or "", document.title, document.file])
        named = any(normalise(value) in normalise(text) for text in texts)
        return named or (name in ("doc", "document") and value == document.doc_id)

    def path(self, name: str) -> str:
        return next(a for a in self.service.areas() if name in a)

    def holds(self, node: Node, clause: Clause, document: Document, plain: bool = True) -> bool:
        if isinstance(node, And):
            return all(self.holds(part, clause, document, plain) for part in node.parts)
        if isinstance(node, Or):
            return any(self.holds(part, clause, document, plain) for part in node.parts)
        if isinstance(node, Not):
            return not self.holds(node.part, clause, document, plain=False)
        if isinstance(node, Field):
            return self.fits(node.name, node.value, clause, document)
        if isinstance(node, Word):
            texts = (node.text, *(official(node.text) if plain else ()))
            return any(stands(text, clause) for text in texts)
        if isinstance(node, Phrase):
            return stands(node.text, clause)
        if isinstance(node, Prefix):
            return begins(node.stem, clause)
        return self.any_word(node, clause, document)

    def any_word(self, node: Words, clause: Clause, document: Document) -> bool:
        read = self.service.engine.read(node.text)
        query = make_query(
            read.question,
            read.content,
            read.asks,
            default_tokenizer(),
            default_synonyms(),
            lambda _: 1.0,
        )
        placed = read.scope is None or document.area in read.scope
        words = {term for term in query.terms if len(term) > 1}
        if not words and read.content.strip():
            return placed and any(stands(part, clause) for part in read.content.split())
        return placed and (not words or bool(terms(clause) & words))


@cache
def _held(service: Service) -> list[tuple[Clause, Document]]:
    documents = {d.doc_id: d for d in service.store.documents()}
    return [(c, documents[c.doc_id]) for c in service.store.clauses(roles=tuple(Role))]


def vars_of(filters: Filters) -> dict[str, str | None]:
    """Filters by name."""
    return {name: getattr(filters, name) for name in Filters.__slots__}


def headings(clause: Clause) -> str:
    """Headings along the path."""
    return " ".join(heading for heading in clause.headings if heading)


def stands(text: str, clause: Clause) -> bool:
    """Whether characters stand one after the other in the clause or its headings."""
    return any(squeezed(text) in squeezed(where) for where in (clause.text, headings(clause)))


def official(word: str) -> list[str]:
    """Official words for a resident's word."""
    found = (e for e in default_synonyms().find(word) if e.resident == word)
    return [text for expansion in found for text in expansion.official]


def begins(stem: str, clause: Clause) -> bool:
    """Whether a word of the clause begins so; a stem of several words has to stand there."""
    if stem not in default_tokenizer().words(stem):
        return stands(stem, clause)
    return any(term.startswith(stem) for term in terms(clause))


@cache
def terms(clause: Clause) -> set[str]:
    """All terms of a clause, its headings and its units."""
    cut = default_tokenizer().terms
    return {*cut(clause.text), *cut(headings(clause)), *cut(" ".join(clause.unit_names))}
