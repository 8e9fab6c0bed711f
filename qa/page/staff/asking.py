"""A search as it stands in the address bar: read from it, and written back with a change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlencode

from qa.search.types import Filters, Request, Sort

PAGE: Final = 20  # hits on one page
_FAR: Final = 5_000  # pages; further than anybody turns
_LONGEST: Final = 100  # characters of a filter
# Name in the address → field of Filters and of the facets, title on the page.
FILTERS: Final = {
    "area": ("area", "地区"),
    "unit": ("unit", "责任单位"),
    "doc": ("document", "文件"),
    "kind": ("kind", "文种"),
    "year": ("year", "年份"),
    "validity": ("validity", "效力"),
}
SORTS: Final = {
    Sort.RELEVANCE: "相关的在前",
    Sort.DATE: "新的在前",
    Sort.CORPUS: "按文件顺序",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One page of one search; ``page`` counts from 1."""

    query: str = ""
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.RELEVANCE
    page: int = 1

    @property
    def blank(self) -> bool:
        """Whether nothing is asked for: neither words nor a filter."""
        return not self.query and not self.filters.some

    def chosen(self) -> dict[str, str]:
        """Filters that are set, by their name in the address."""
        values = {name: getattr(self.filters, own) for name, (own, _) in FILTERS.items()}
        return {name: value for name, value in values.items() if value}

    def request(self) -> Request:
        """The search to run for this page."""
        return Request(
            self.query,
            self.filters,
            self.sort,
            offset=(self.page - 1) * PAGE,
            limit=0 if self.blank else PAGE,
            everything=True,
        )

    def with_filter(self, name: str, value: str | None) -> Asked:
        """The first page of the same search with one filter changed."""
        filters = replace(self.filters, **{FILTERS[name][0]: value})
        return replace(self, filters=filters, page=1)

    def address(self, path: str = "search") -> str:
        """Where this is found; what says nothing is left out."""
        said = {"q": self.query, **self.chosen()}
        if self.sort is not Sort.RELEVANCE:
            said["sort"] = self.sort.value
        if self.page > 1:
            said["page"] = str(self.page)
        told = urlencode({name: value for name, value in said.items() if value})
        return f"{path}?{told}" if told else path


def asked_from(params: Mapping[str, str]) -> Asked:
    """Read an address; what cannot be read is as if it was not there."""
    filters = {
        own: params.get(name, "").strip()[:_LONGEST] or None for name, (own, _) in FILTERS.items()
    }
    sort, page = params.get("sort", ""), params.get("page", "")
    return Asked(
        params.get("q", "").strip(),
        Filters(**filters),
        Sort(sort) if sort in set(Sort) else Sort.RELEVANCE,
        min(int(page), _FAR) if page.isascii() and page.isdigit() and int(page) else 1,
    )
