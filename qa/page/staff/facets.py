"""The side of the search page: what the hits can be narrowed down to, with counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Final

from qa.labels import area_name
from qa.page.icons import icon
from qa.page.staff.asking import FILTERS, Asked
from qa.search.shelf import STATE_WORDS, read_state
from qa.search.types import Facets, FacetValue, FilterError, Filters

_SHOWN: Final = 6  # values of one facet; the others fold out
_MOST: Final = 200  # values in the page at all; the field above finds any


def facets_html(asked: Asked, facets: Facets) -> str:
    """Render every facet that has something to choose between."""
    groups = "".join(
        _group_html(asked, name, title, facets.get(own, ()))
        for name, (own, title) in FILTERS.items()
    )
    if not groups:
        return ""
    return (
        '<details class="tw-facets" id="tw-facets"><summary>'
        f"{icon('chevron')}按条件缩小范围</summary>"
        f'<div class="tw-facet-groups">{groups}</div></details>'
    )


def chosen_html(asked: Asked, facets: Facets) -> str:
    """Render the filters that are set, each with the way to take it back."""
    chips = "".join(
        f'<li><a class="tw-chosen" href="{escape(asked.with_filter(name, None).address())}">'
        f"<span>{FILTERS[name][1]}：{escape(shown(name, value, facets))}</span>"
        f'{icon("close")}<span class="tw-sr">，去掉这个条件</span></a></li>'
        for name, value in asked.chosen().items()
    )
    if not chips:
        return ""
    none = replace(asked, filters=Filters(), page=1).address()
    clear = (
        f'<li><a class="tw-chosen-clear" href="{escape(none)}">全部去掉</a></li>'
        if len(asked.chosen()) > 1
        else ""
    )
    return (
        f'<div class="tw-chosen-row"><h2 class="tw-sr">已选的条件</h2><ul>{chips}{clear}</ul></div>'
    )


def shown(name: str, value: str, facets: Facets) -> str:
    """What a person reads for the value of a filter."""
    if name == "validity":
        try:
            return STATE_WORDS[read_state(value)][0]
        except FilterError:
            return value
    labels = {one.value: one.label for one in facets.get(FILTERS[name][0], ())}
    label = labels.get(value, value)
    return area_name(label) if name == "area" else label


def _group_html(asked: Asked, name: str, title: str, values: Sequence[FacetValue]) -> str:
    """Render one facet; where it is set already or offers one value only, there is no choice."""
    if len(values) < 2 and not asked.chosen().get(name):
        return ""
    lines = [_value_html(asked, name, value) for value in values[:_MOST]]
    if not lines:
        return ""
    more = ""
    if len(lines) > _SHOWN:
        more = (
            f'<details class="tw-facet-more" id="tw-more-{name}"><summary>{icon("chevron")}'
            f"另外 {len(values) - _SHOWN} 个</summary><ul>{''.join(lines[_SHOWN:])}</ul></details>"
        )
    note = (
        '<p class="tw-facet-note">选一个地区时，上级和全国的文件也一起列出。</p>'
        if name == "area"
        else ""
    )
    return (
        f'<div class="tw-facet" role="group" aria-labelledby="tw-facet-{name}">'
        f'<h3 id="tw-facet-{name}">{title}</h3><ul>{"".join(lines[:_SHOWN])}</ul>{more}{note}'
        "</div>"
    )


def _value_html(asked: Asked, name: str, value: FacetValue) -> str:
    """Render one value: a link that sets the filter, or takes it back where it is set."""
    label = area_name(value.label) if name == "area" else value.label
    count = f'<span class="tw-facet-count">{value.count}<span class="tw-sr"> 条</span></span>'
    if not value.value:  # not stated: nothing to filter by
        return f'<li><span class="tw-facet-value"><span>{escape(label)}</span>{count}</span></li>'
    held = asked.chosen().get(name) == value.value
    to = asked.with_filter(name, None if held else value.value).address()
    mark = f' aria-current="true">{icon("check")}<span class="tw-sr">已选：</span>' if held else ">"
    return (
        f'<li><a class="tw-facet-value" href="{escape(to)}"{mark}'
        f"<span>{escape(label)}</span>{count}</a></li>"
    )
