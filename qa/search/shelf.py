"""The documents by what staff filter them by. Clauses are not looked at here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache

from corpus import Gazetteer, normalise
from corpus.types import Document, Validity, ValidityState
from qa.places import areas_for
from qa.search.types import FilterError
from qa.standing import Standing

Docs = frozenset[str]
_YEAR = r"(?:19|20)\d\d"
_YEARS = re.compile(
    rf"(?P<only>{_YEAR})年?|(?P<low>{_YEAR})?年?[-—–－~～至到]+(?P<high>{_YEAR})?年?"
)
_NUMBER_YEAR = re.compile(rf"[〔\[（(【［]\s*({_YEAR})")
STATE_WORDS: Mapping[ValidityState, tuple[str, ...]] = {
    ValidityState.IN_FORCE: ("有效", "现行有效", "现行", "in_force"),
    ValidityState.LAPSED: ("已过期", "过期", "失效", "已失效", "lapsed"),
    ValidityState.REPEALED: ("已废止", "废止", "repealed"),
    ValidityState.UNKNOWN: ("效力未知", "未知", "unknown"),
}
_STATES = {word: state for state, words in STATE_WORDS.items() for word in words}


def year_of(document: Document) -> int | None:
    """Year of publication, else that of the 文号, else that of coming into force."""
    if document.published:
        return document.published.year
    match = _NUMBER_YEAR.search(document.doc_number or "")
    if match:
        return int(match[1])
    return document.effective_from.year if document.effective_from else None


def read_years(text: str) -> tuple[int, int]:
    """First and last year of ``2024``, ``2023-2025``, ``2023-`` or ``-2023``.

    :raises FilterError: for anything else.
    """
    match = _YEARS.fullmatch(re.sub(r"\s", "", text))
    if match is None or not any(match.groups()):
        raise FilterError(f"「{text}」不是年份，请写成 2024 或 2023-2025")
    low, high = (match["only"],) * 2 if match["only"] else (match["low"], match["high"])
    return int(low or 0), int(high or 9999)


def read_state(text: str) -> ValidityState:
    """A validity state by its name.

    :raises FilterError: for an unknown one.
    """
    state = _STATES.get(text.strip().lower())
    if state is None:
        known = "、".join(words[0] for words in STATE_WORDS.values())
        raise FilterError(f"没有「{text}」这种效力，可以用：{known}")
    return state


class Shelf:
    """Documents in corpus order, asked by field. Every answer is a set of document ids."""

    def __init__(self, documents: Iterable[Document], standing: Standing | None = None) -> None:
        """Take the documents, and how they stand to one another where that is read already."""
        self.documents = {document.doc_id: document for document in documents}
        self._standing = standing or Standing(self.documents)
        self.areas = tuple(dict.fromkeys(d.area for d in self.documents.values() if d.area))
        self.years = {d.doc_id: year_of(d) for d in self.documents.values()}
        self.order = {doc_id: position for position, doc_id in enumerate(self.documents)}
        self._names = {
            d.doc_id: tuple(normalise(text) for text in (d.doc_number or "", d.title, d.file))
            for d in self.documents.values()
        }
        self.states = lru_cache(maxsize=16)(self._states)

    def select(self, field: str, value: str, day: date) -> Docs:
        """Documents whose ``field`` (a name of `index.querying.nodes.FIELDS`) fits ``value``.

        :raises FilterError: for a year or validity that cannot be read.
        """
        readers: dict[str, Callable[[], Docs]] = {
            "area": lambda: self.of_areas(self.areas_named(value)),
            "doc": lambda: self._named(value, (0, 1, 2)),
            "number": lambda: self._named(value, (0,)),
            "title": lambda: self._named(value, (1,)),
            "kind": lambda: self._where(lambda d: value.strip() in d.kind),
            "year": lambda: self._of_years(*read_years(value)),
            "validity": lambda: self._of_state(read_state(value), day),
        }
        return readers[field]()

    def areas_named(self, name: str) -> tuple[str, ...]:
        """Areas of the corpus that speak for a division by any of its names; empty for none."""
        path = Gazetteer.load().path_of(name.strip())
        found = areas_for(path, self.areas) if path else ()
        wanted = normalise(name)
        return found or tuple(area for area in self.areas if wanted and wanted in normalise(area))

    def of_areas(self, areas: Iterable[str]) -> Docs:
        """Documents of these areas and, where there are any, the national ones."""
        wanted = set(areas)
        if not wanted:
            return frozenset()
        return self._where(lambda d: not d.area or d.area in wanted)

    def _states(self, day: date) -> dict[str, Validity]:
        return {doc_id: self._standing.validity(doc_id, day) for doc_id in self.documents}

    def _named(self, text: str, places: tuple[int, ...]) -> Docs:
        if text in self.documents:
            return frozenset({text})
        wanted = normalise(text)
        return frozenset(
            doc_id
            for doc_id, names in self._names.items()
            if wanted and any(wanted in names[place] for place in places)
        )

    def _of_years(self, low: int, high: int) -> Docs:
        return frozenset(
            doc_id for doc_id, year in self.years.items() if year and low <= year <= high
        )

    def _of_state(self, state: ValidityState, day: date) -> Docs:
        return frozenset(i for i, found in self.states(day).items() if found.state is state)

    def _where(self, keep: Callable[[Document], bool]) -> Docs:
        return frozenset(d.doc_id for d in self.documents.values() if keep(d))
