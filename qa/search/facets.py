"""How many hits there are of each kind, from exact counts by document and by unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date

from corpus.types import Document
from qa.search.shelf import STATE_WORDS, Docs, Shelf
from qa.search.types import Facets, FacetValue

NONE_STATED = "未注明"
# Filter on documents → facet of the same name.
DOCUMENT_FILTERS = ("area", "document", "kind", "year", "validity")


def document_facets(
    shelf: Shelf, counts: Mapping[str, int], chosen: Mapping[str, Docs], day: date
) -> Facets:
    """Facets of what documents have, each under the filters of the others.

    :param counts: matching clauses by document id, before any filter on documents.
    :param chosen: documents that each filter keeps; a filter that is not set is absent.
    """
    states = shelf.states(day)
    value_of: dict[str, Callable[[Document], tuple[str, str]]] = {
        "area": lambda d: (d.area, d.area or NONE_STATED),
        "document": lambda d: (d.doc_id, d.title),
        "kind": lambda d: (d.kind, d.kind or NONE_STATED),
        "year": lambda d: _year(shelf.years[d.doc_id]),
        "validity": lambda d: (
            states[d.doc_id].state.value,
            STATE_WORDS[states[d.doc_id].state][0],
        ),
    }
    facets: Facets = {}
    for name in DOCUMENT_FILTERS:
        others = [docs for other, docs in chosen.items() if other != name]
        sums: Counter[tuple[str, str]] = Counter()
        for doc_id, count in counts.items():
            if all(doc_id in docs for docs in others):
                sums[value_of[name](shelf.documents[doc_id])] += count
        facets[name] = tuple(
            FacetValue(value, label, count)
            for (value, label), count in sorted(sums.items(), key=lambda item: (-item[1], item[0]))
        )
    return facets


def unit_facet(counts: Mapping[str, int]) -> tuple[FacetValue, ...]:
    """Units with the number of clauses that name them, most first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetValue(name, name, count) for name, count in ordered)


def _year(year: int | None) -> tuple[str, str]:
    return ("", NONE_STATED) if year is None else (str(year), str(year))
