"""The fixed parts of the pages of documents, word lists, changes and quality."""

from __future__ import annotations

from typing import Final

from qa.desk.quality import VERDICTS
from qa.desk.wordlists import TITLES

_OFF: Final = (
    '<p class="tw-form-said tw-form-wrong" role="note">这台服务器没有开启这一项。'
    "请用 tiaowen chat 启动条问。</p>"
)
_NO_SCRIPT: Final = "<noscript><p>这一页需要浏览器启用 JavaScript。</p></noscript>"
_LOADING: Final = '<p class="tw-desk-wait">正在读取……</p>'
_DESK: Final = f'<div id="tw-desk" class="tw-desk">{_LOADING}</div>'  # filled by a script
_PLACES: Final = (
    ("documents", "全部文件"),
    ("lexicon", "词表"),
    ("audit", "变更记录"),
)


def _head(title: str, here: str) -> str:
    """Render the title with the way to the pages beside it."""
    links = "".join(
        f'<li><a href="{place}"{" aria-current=page" if place == here else ""}>{words}</a></li>'
        for place, words in _PLACES
    )
    return (
        f'<div class="tw-desk-head"><h1>{title}</h1>'
        f'<nav class="tw-subnav" aria-label="文件"><ul>{links}</ul></nav></div>'
    )


def documents_body(on: bool) -> str:
    """Render the page of the documents; its script fills in one of several views."""
    if not on:
        return _head("文件", "documents") + _OFF
    return f"{_head('文件', 'documents')}{_NO_SCRIPT}{_DESK}"


def lexicon_body(on: bool) -> str:
    """Render the page of the word lists."""
    if not on:
        return _head("词表", "lexicon") + _OFF
    tabs = "".join(
        f'<li><a href="lexicon?list={name}" data-list="{name}">{title}</a></li>'
        for name, title in TITLES.items()
    )
    return (
        f"{_head('词表', 'lexicon')}{_NO_SCRIPT}"
        f'<nav class="tw-lists" aria-label="词表"><ul>{tabs}</ul></nav>'
        f"{_DESK}"
    )


def audit_body(on: bool) -> str:
    """Render the page of the record of changes."""
    if not on:
        return _head("变更记录", "audit") + _OFF
    return f"{_head('变更记录', 'audit')}{_NO_SCRIPT}{_DESK}"


def quality_body(on: bool) -> str:
    """Render the page of quality."""
    if not on:
        return f"<h1>质量</h1>{_OFF}"
    quick = "".join(
        f'<label><input type="radio" name="view" value="{value}"><span>{words}</span></label>'
        for value, words in (("", "全部"), ("unanswered", "没答上来的提问"), *VERDICTS.items())
    )
    return (
        f'<div class="tw-desk-head"><h1>质量</h1></div>{_NO_SCRIPT}<div class="tw-desk">'
        '<section class="tw-panel" aria-labelledby="tw-report-title">'
        '<h2 id="tw-report-title">最近一次评测</h2>'
        f'<div id="tw-report">{_LOADING}</div></section>'
        '<section class="tw-panel" aria-labelledby="tw-said-title">'
        '<h2 id="tw-said-title">居民的评价和提问</h2>'
        '<p class="tw-desk-note">只有居民勾选同意发送的提问才会存下来；不记是谁、从哪里、几点。</p>'
        '<form class="tw-filters" id="tw-filters"><fieldset class="tw-views">'
        "<legend>看哪些</legend>"
        f"{quick}</fieldset>"
        '<label class="tw-field"><span>答复情况</span><select name="status"></select></label>'
        '<label class="tw-field"><span>原因</span><select name="reason"></select></label>'
        '<label class="tw-field"><span>地区</span><select name="area"></select></label>'
        '<label class="tw-field"><span>提问或说明里有</span>'
        '<input type="search" name="q" maxlength="200"></label></form>'
        f'<div id="tw-said">{_LOADING}</div></section>'
        '<section class="tw-panel" aria-labelledby="tw-drafts-title">'
        '<h2 id="tw-drafts-title">题目草稿</h2><div id="tw-drafts"></div></section></div>'
    )
