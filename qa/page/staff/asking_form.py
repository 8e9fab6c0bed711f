"""The form of the search page: the query, further conditions, and how to write a query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final
from urllib.parse import urlencode

from qa.page.icons import icon
from qa.page.staff.asking import FILTERS, Asked
from qa.search.shelf import STATE_WORDS
from qa.search.types import Facets, Sort

_OFFERED: Final = 100  # values to choose from while typing
_HINTS: Final = {
    "area": "如 鲤城区",
    "unit": "名称的一部分，如 教育局",
    "doc": "标题、文号或文件名的一部分",
    "kind": "如 通知、方案、解读",
    "year": "2024 或 2023-2025",
}
# How a query is written: what it is for, an example.
_SYNTAX: Final = (
    ("直接写词或问题", "随迁子女入学", "写到其中一个词的条款，最相关的在前；会一起找同义说法"),
    ("原样查短语", "“落户限制”", "加引号，一字不差"),
    ("同时有", "居住证 AND 医保", "也可写 且"),
    ("有一个就行", "居住证 OR 社保卡", "也可写 或"),
    ("不要", "教育 NOT 学位", "也可写 非，或在词前加减号"),
    ("分组", "(居住证 OR 社保卡) AND 医保", "括号里的先算"),
    ("以……开头", "教育*", "词的后面加星号"),
    ("限定范围", "单位:教育局 学位", "还有 地区: 文件: 文号: 文种: 年份: 效力: 标题:"),
    ("按编号直达", "泉鲤政办〔2025〕6号第三条", "文号加条款编号"),
)


def form_html(asked: Asked, facets: Facets, areas: Sequence[str], *, wrong: int | None) -> str:
    """Render the form.

    :param areas: division paths to offer.
    :param wrong: where the query cannot be read, in UTF-16 units as scripts count; else None.
    """
    tied = f' aria-invalid="true" aria-describedby="tw-said" data-wrong="{wrong}"'
    sort = (
        f'<input type="hidden" name="sort" value="{asked.sort.value}">'
        if asked.sort is not Sort.RELEVANCE
        else ""
    )
    return (
        '<form class="tw-search" role="search" aria-label="检索条款" method="get" action="search">'
        '<h1>检索条款</h1><div class="tw-search-line">'
        '<label class="tw-sr" for="tw-q">查找的词、短语或编号</label>'
        f'<input id="tw-q" name="q" type="search" value="{escape(asked.query)}" '
        'placeholder="词、“短语”、文号第几条……" autocomplete="off" spellcheck="false" '
        f'enterkeyhint="search" maxlength="500"{tied if wrong is not None else ""}>'
        f'<button type="submit" class="tw-button">{icon("search")}<span>检索</span></button></div>'
        f"{sort}{_more_html(asked, facets, areas)}{_help_html(shown=asked.blank)}</form>"
    )


def _more_html(asked: Asked, facets: Facets, areas: Sequence[str]) -> str:
    """Render the filters as fields to type in; what is known is offered."""
    chosen = asked.chosen()
    offers = {
        "area": list(areas),
        "unit": _values(facets, "unit"),
        "doc": [value.label for value in facets.get("document", ())],
        "kind": _values(facets, "kind"),
    }
    fields = "".join(
        f'<div class="tw-field"><label for="tw-f-{name}">{FILTERS[name][1]}</label>'
        f'<input id="tw-f-{name}" name="{name}" value="{escape(chosen.get(name, ""))}" '
        f'placeholder="{hint}" autocomplete="off" maxlength="100"'
        f"{_offer_html(name, offers.get(name, ()))}</div>"
        for name, hint in _HINTS.items()
    )
    count = f"（已用 {len(chosen)} 个）" if chosen else ""
    return (
        f'<details class="tw-more" id="tw-more"><summary>{icon("chevron")}更多条件{count}</summary>'
        f'<div class="tw-fields">{fields}{_states_html(chosen.get("validity", ""))}</div>'
        '<div class="tw-row"><button type="submit" class="tw-button">按这些条件检索</button></div>'
        "</details>"
    )


def _states_html(chosen: str) -> str:
    """Render the choice of validity."""
    options = "".join(
        f'<option value="{state.value}"{" selected" if chosen in (state.value, *words) else ""}>'
        f"{words[0]}</option>"
        for state, words in STATE_WORDS.items()
    )
    return (
        '<div class="tw-field"><label for="tw-f-validity">效力</label>'
        '<select id="tw-f-validity" name="validity"><option value="">不限</option>'
        f"{options}</select></div>"
    )


def _values(facets: Facets, name: str) -> list[str]:
    return [value.value for value in facets.get(name, ()) if value.value]


def _offer_html(name: str, values: Iterable[str]) -> str:
    """Close an input with the list of what may be meant, if there is one."""
    options = "".join(
        f'<option value="{escape(value)}"></option>' for value in list(values)[:_OFFERED]
    )
    if not options:
        return ">"
    return f' list="tw-l-{name}"><datalist id="tw-l-{name}">{options}</datalist>'


def _help_html(*, shown: bool) -> str:
    """Render how a query is written; every example can be tried."""
    rows = "".join(
        f'<tr><th scope="row">{use}</th>'
        f'<td><a href="search?{urlencode({"q": example})}"><code>{escape(example)}</code></a></td>'
        f"<td>{note}</td></tr>"
        for use, example, note in _SYNTAX
    )
    return (
        f'<details class="tw-help" id="tw-help"{" open" if shown else ""}>'
        f"<summary>{icon('question')}怎么写查询</summary>"
        '<div class="tw-help-box"><table><caption class="tw-sr">查询的写法</caption>'
        '<thead class="tw-sr"><tr><th scope="col">用途</th><th scope="col">例子</th>'
        f'<th scope="col">说明</th></tr></thead><tbody>{rows}</tbody></table></div></details>'
    )
