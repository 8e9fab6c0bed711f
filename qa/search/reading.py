"""From the tree of a staff query to a condition, what ranks, and what is marked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import tantivy

from index.lexical import characters
from index.matching import Matcher
from index.querying import And, Field, Node, Not, Or, Phrase, Prefix, QueryError, Word, Words
from index.querying.nodes import Leaf, leaves
from index.synonyms import Synonyms
from qa.query import Query
from qa.search.lookup import mention
from qa.search.shelf import Shelf
from qa.search.types import FilterError


@dataclass(frozen=True, slots=True)
class Reading:
    """Free words as questions are read.

    ``text``: as understood, in search form; ``content``: that without places; ``scope``: areas
    that it names, None for no place; ``uncovered``: a place that no document speaks of.
    """

    query: Query
    text: str
    content: str
    scope: tuple[str, ...] | None
    uncovered: str | None


Read = Callable[[str], Reading]


class Reader:
    """Turns one query's tree into conditions; reads each text once."""

    def __init__(
        self, query: str, matcher: Matcher, shelf: Shelf, read: Read, synonyms: Synonyms, day: date
    ) -> None:
        self._query = query
        self._matcher = matcher
        self._shelf = shelf
        self._read = read
        self._synonyms = synonyms
        self._day = day
        self._readings: dict[str, Reading] = {}

    def reading(self, text: str) -> Reading:
        """A text read as a question."""
        if text not in self._readings:
            self._readings[text] = self._read(text)
        return self._readings[text]

    def condition(self, node: Node, *, literal: bool = False) -> tantivy.Query:
        """What ``node`` finds; ``literal``: under a NOT, where no synonym is taken along.

        :raises QueryError: for a year or validity that cannot be read.
        """
        match = self._matcher
        if isinstance(node, And):
            return match.all_of(*(self.condition(part, literal=literal) for part in node.parts))
        if isinstance(node, Or):
            return match.either(*(self.condition(part, literal=literal) for part in node.parts))
        if isinstance(node, Not):
            return match.without(self.condition(node.part, literal=True))
        if isinstance(node, Words):
            return self._words(node)
        if isinstance(node, Word):
            texts = (node.text,) if literal else (node.text, *self._official(node.text))
            return match.either(*map(match.phrase, texts))
        if isinstance(node, Phrase):
            return match.phrase(node.text)
        if isinstance(node, Prefix):
            return match.prefix(node.stem)
        return self._field(node)

    def ranking_text(self, node: Node) -> str:
        """The words that rank: all that is asked for, in order; empty for fields alone."""
        texts = (_text(leaf) for leaf in leaves(node, negated=False))
        return " ".join(text for text in texts if text)

    def needles(self, node: Node) -> dict[str, float]:
        """What to mark, in search form, with its weight."""
        found: dict[str, float] = {}
        for leaf in leaves(node, negated=False):
            for text, weight in self._marked(leaf):
                form = "".join(characters(text))
                found[form] = max(weight, found.get(form, 0.0))
        return found

    def _marked(self, leaf: Leaf) -> list[tuple[str, float]]:
        if isinstance(leaf, Words):
            terms = self.reading(leaf.text).query.terms
            words = [(term, weight) for term, weight in terms.items() if len(term) > 1]
            return words or [(chunk, 1.0) for chunk in leaf.text.split()]
        if isinstance(leaf, Word):
            return [(leaf.text, 2.0), *((word, 1.0) for word in self._official(leaf.text))]
        if isinstance(leaf, Field):
            return []
        return [(_text(leaf), 2.0)]

    def _official(self, word: str) -> tuple[str, ...]:
        """Official words for a resident's word, where the whole of it is one."""
        form = "".join(characters(word))
        found = (e for e in self._synonyms.find(word) if e.resident == form)
        return tuple(official for expansion in found for official in expansion.official)

    def _words(self, node: Words) -> tantivy.Query:
        """Any of the words; in the documents whose 文号 or place they name."""
        match = self._matcher
        said = mention(node.text, self._shelf.documents.values())
        reading = self.reading(node.text)
        within = []
        if said.docs is not None:
            within.append(match.in_docs([document.doc_id for document in said.docs]))
        if reading.scope is not None:
            within.append(match.in_docs(self._shelf.of_areas(reading.scope)))
        if within and (said.bare or not reading.content.strip()):
            return match.all_of(*within)
        return match.all_of(self._any_word(node, reading), *within)

    def _any_word(self, node: Words, reading: Reading) -> tantivy.Query:
        """One of the words; of what is cut into single characters (养狗) all of it.

        A single character alone stands in too many other words.
        """
        terms = [term for term in reading.query.terms if len(term) > 1]
        if terms:
            return self._matcher.any_term(terms)
        chunks = reading.content.split() or node.text.split()
        return self._matcher.either(*map(self._matcher.phrase, chunks))

    def _field(self, node: Field) -> tantivy.Query:
        if node.name == "unit":
            return self._matcher.with_unit(node.value)
        try:
            return self._matcher.in_docs(self._shelf.select(node.name, node.value, self._day))
        except FilterError as error:
            raise QueryError(self._query, str(error), node.span[0]) from None


def _text(leaf: Leaf) -> str:
    if isinstance(leaf, Field):
        return ""
    return leaf.stem if isinstance(leaf, Prefix) else leaf.text
