"""Which documents hold on a day: what ended them, what came after them, what will."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cached_property, lru_cache

from corpus import Links, links_of, validity
from corpus.editions import same_body
from corpus.types import Document, Validity, ValidityState

_NONE: frozenset[str] = frozenset()
ENDED = frozenset({ValidityState.LAPSED, ValidityState.REPEALED})


class Standing:
    """How the documents of one index stand to one another. Immutable apart from caches."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        """Take the documents by id."""
        self._documents = documents
        self.validity = lru_cache(maxsize=8192)(self._validity)

    @cached_property
    def links(self) -> dict[str, Links]:
        """What repeals or replaces what, by document id; read once, when first asked."""
        return links_of(self._documents.values())

    @cached_property
    def _later(self) -> dict[str, frozenset[str]]:
        """Document → every edition that came after it, over any number of steps."""
        following = {d: tuple(self._successors(d)) for d in self.links}
        found: dict[str, frozenset[str]] = {}
        for doc_id, some in following.items():
            reached: dict[str, None] = {}
            left = list(some)
            while left:
                newer = left.pop()
                if newer not in reached and newer != doc_id:
                    reached[newer] = None
                    left += following.get(newer, ())
            if reached:
                found[doc_id] = frozenset(reached)
        return found

    @cached_property
    def _earlier(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for old, newer in self._later.items():
            for new in newer:
                found.setdefault(new, set()).add(old)
        return {new: frozenset(old) for new, old in found.items()}

    def _successors(self, doc_id: str) -> Iterator[str]:
        """Editions that say, or by their titles are, what comes after: one body, one area."""
        links, own = self.links[doc_id], self._documents[doc_id]
        for other in dict.fromkeys((*links.replaced_by, *links.repealed_by)):
            if same_body(own, self._documents[other]):
                yield other

    def later(self, doc_id: str) -> frozenset[str]:
        """Editions of a document that came after it, in force or not."""
        return self._later.get(doc_id, _NONE)

    def editions(self, doc_id: str) -> frozenset[str]:
        """Other editions of a document, earlier and later."""
        return self._later.get(doc_id, _NONE) | self._earlier.get(doc_id, _NONE)

    def begins(self, doc_id: str) -> date | None:
        """The day from which a document holds, as far as it is known."""
        document = self._documents[doc_id]
        return document.effective_from or document.published

    def begun(self, doc_id: str, day: date) -> bool:
        """Whether a document holds already on a day, where that is known."""
        begins = self.begins(doc_id)
        return begins is None or begins <= day

    def _validity(self, doc_id: str, day: date) -> Validity:
        """State on a day, with what other documents say of it."""
        return validity(self._documents[doc_id], day, self._repealed_by(doc_id, day))

    def _repealed_by(self, doc_id: str, day: date) -> str | None:
        """Title of a document in force on the day that says this one is repealed."""
        links = self.links.get(doc_id)
        for other in links.repealed_by if links else ():
            if self.begun(other, day):
                return self._documents[other].title
        return None

    def holds(self, doc_id: str, day: date, hidden: Collection[str] = _NONE) -> bool:
        """Whether a document holds on a day: begun, not ended, not followed by another.

        :param hidden: documents that are not answered from, so nothing yields to them.
        """
        if not self.begun(doc_id, day) or self.validity(doc_id, day).state in ENDED:
            return False
        return not any(
            self.begun(other, day) and self.validity(other, day).state not in ENDED
            for other in self.later(doc_id)
            if other not in hidden
        )

    def preferred(self, doc_ids: Collection[str], day: date) -> str:
        """The one of several editions to quote: the newest in force, else the newest begun.

        One without a stated period holds until a later one has begun; of those that have not
        begun the first to do so counts.
        """
        return min(doc_ids, key=lambda doc_id: self._key(doc_id, doc_ids, day))

    def _key(self, doc_id: str, among: Collection[str], day: date) -> tuple[int, bool, int, str]:
        begins = self.begins(doc_id)
        number = begins.toordinal() if begins else 0
        if not self.begun(doc_id, day):
            return 2, False, number, doc_id
        later = self.later(doc_id)
        outdated = any(other in later and self.begun(other, day) for other in among)
        state = self.validity(doc_id, day).state
        in_force = state is ValidityState.IN_FORCE
        stands = in_force or (state is ValidityState.UNKNOWN and not outdated)
        return 0 if stands else 1, outdated, -number, doc_id
