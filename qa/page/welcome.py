"""The fixed parts of the page: header, welcome with examples, composer, footer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TypedDict

from qa.labels import ALL_AREAS, area_option
from qa.page.icons import icon
from qa.page.reader import reader_html
from qa.page.tools import feedback_template

TITLE = "条问 · 政策问答"
_LOGO = '<span class="tw-logo" aria-hidden="true">条</span>'


class Setting(TypedDict):
    """The parts that follow the corpus; the browser swaps them in when they have changed."""

    areas: str
    examples: str
    notice: str


def setting(
    areas: Sequence[str], examples: Mapping[str, Sequence[str]], notice: str | None
) -> Setting:
    """Render area options, example questions and the notice line."""
    return Setting(
        areas=_options_html(areas), examples=_examples_html(examples), notice=_notice_html(notice)
    )


def shell_html(parts: Setting) -> str:
    """Render the whole page around the conversation."""
    return (
        '<div class="tw-app" lang="zh-CN"><a class="tw-skip" href="#tw-input">跳到提问框</a>'
        f"{_HEADER}"
        '<div class="tw-main">'
        f'<div class="tw-slot-notice">{parts["notice"]}</div>'
        f"{_welcome_html(parts['examples'])}"
        '<section class="tw-log" aria-label="问答记录"></section></div>'
        '<p class="tw-sr tw-live" role="status" aria-live="polite"></p>'
        f"{_composer_html(parts['areas'])}{_FOOTER}{reader_html()}"
        f"{_PENDING}{feedback_template()}</div>"
    )


_THEMES = (("system", "跟随系统"), ("light", "浅色"), ("dark", "深色"))


def _action(name: str, picture: str, words: str) -> str:
    """Render one line of the menu that needs a conversation to act on."""
    return (
        f'<button type="button" class="tw-menu-line" data-do="{name}" data-needs-turns hidden>'
        f"{icon(picture)}<span>{words}</span></button>"
    )


def themes_html() -> str:
    """Render the choice of colours, a part of every menu."""
    themes = "".join(
        f'<label><input type="radio" name="theme" value="{value}"><span>{words}</span></label>'
        for value, words in _THEMES
    )
    return f'<fieldset class="tw-themes"><legend>颜色</legend>{themes}</fieldset>'


def _menu_html() -> str:
    """Render the menu: colours, what can be done with the conversation, further pages."""
    return (
        '<div class="tw-menu-box"><button type="button" class="tw-head-button tw-menu-button" '
        f'aria-expanded="false" aria-controls="tw-menu">{icon("menu")}<span>菜单</span></button>'
        '<div class="tw-menu" id="tw-menu" hidden>'
        f"{themes_html()}{_action('save', 'save', '保存问答（文本文件）')}"
        f"{_action('print', 'print', '打印或存为 PDF')}{_action('clear', 'clear', '清空对话')}"
        f'<a class="tw-menu-line" href="accessibility">{icon("info")}无障碍声明</a>'
        f'<a class="tw-menu-line" href="api/docs">{icon("list")}程序接口</a>'
        f'<a class="tw-menu-line tw-unframed" href="staff/">{icon("shield")}工作人员入口</a>'
        "</div></div>"
    )


_HEADER = (
    f'<header class="tw-header"><div class="tw-brand">{_LOGO}<div><p class="tw-name">条问</p>'
    '<p class="tw-tagline">政策问答 · 逐字引用原文</p></div></div><div class="tw-head-tools">'
    '<button type="button" class="tw-head-button tw-large" aria-pressed="false">'
    f'<span aria-hidden="true" class="tw-big-a">字</span><span>大字</span></button>{_menu_html()}'
    "</div></header>"
)

_FOOTER = (
    '<footer class="tw-footer"><p>条问只在已收录的政策文件里查找，'
    "答复逐字引用文件中的句子并注明出处，不改写、不编造。</p>"
    "<p>内容供参考，不构成法律意见；办理事项请以主管部门和文件原文为准。请勿填写身份证号、"
    "手机号等个人信息。</p></footer>"
)

_PENDING = (
    '<template class="tw-pending"><div class="tw-asked"><h2 class="tw-sr">您的提问</h2>'
    '<p class="tw-asked-text"></p></div><div class="tw-reply tw-waiting">'
    '<span class="tw-dots" aria-hidden="true"><i></i><i></i><i></i></span>'
    "<span>正在文件里查找……</span></div></template>"
)


def _welcome_html(examples: str) -> str:
    """Render the greeting with the example questions."""
    return (
        '<section class="tw-welcome"><div class="tw-hero"><h1>想问什么政策，直接说</h1>'
        "<p>用平常的话提问就行。答复是政策文件里的原句，附文件名称、文号、条款和责任单位。</p>"
        '</div><details class="tw-examples" open>'
        f"<summary>{icon('chevron')}试试这样问</summary>"
        f'<div class="tw-topics">{examples}</div></details></section>'
    )


def _composer_html(options: str) -> str:
    """Render the question form with its area picker."""
    return (
        '<form class="tw-composer" autocomplete="off" novalidate>'
        f'<div class="tw-where"><label for="tw-area">{icon("place")}<span>地区</span></label>'
        f'<span class="tw-select"><select id="tw-area" name="area">{options}</select></span></div>'
        '<div class="tw-line"><label class="tw-sr" for="tw-input">您的问题</label>'
        '<textarea id="tw-input" name="question" rows="1" enterkeyhint="send" '
        'placeholder="请输入您的问题" aria-describedby="tw-keys" role="combobox" '
        'aria-autocomplete="list" aria-expanded="false" aria-controls="tw-suggest" '
        'aria-haspopup="listbox"></textarea>'
        f'<button type="submit" class="tw-send">{icon("send")}<span>提问</span></button>'
        '<ul id="tw-suggest" class="tw-suggest" role="listbox" aria-label="您是不是想问" hidden>'
        "</ul></div>"
        '<p class="tw-keys" id="tw-keys">按回车键提问，Shift + 回车换行</p></form>'
    )


def _options_html(areas: Sequence[str]) -> str:
    """Render the choices of the area picker; the empty value is every area."""
    return f'<option value="">{ALL_AREAS}</option>' + "".join(
        f'<option value="{escape(area)}">{escape(area_option(area))}</option>' for area in areas
    )


def _examples_html(examples: Mapping[str, Sequence[str]]) -> str:
    """Render example questions by topic as buttons."""
    return "".join(
        f'<div class="tw-topic"><h2>{escape(topic)}</h2><ul>'
        + "".join(
            f'<li><button type="button" data-ask="{escape(question)}">{escape(question)}</button>'
            "</li>"
            for question in questions
        )
        + "</ul></div>"
        for topic, questions in examples.items()
    )


def _notice_html(notice: str | None) -> str:
    """Render the line of the day, if there is one."""
    if not notice:
        return ""
    return f'<p class="tw-notice" role="note">{icon("info")}<span>{escape(notice)}</span></p>'
