"""The reader: the whole document beside the chat. The script fills it from the API."""

from __future__ import annotations

from qa.page.icons import icon


def _button(name: str, picture: str, words: str) -> str:
    """Render one button of the reader's bar; its words are hidden on a narrow screen."""
    return (
        f'<button type="button" class="tw-bar-button" data-reader="{name}">{icon(picture)}'
        f"<span>{words}</span></button>"
    )


def reader_html() -> str:
    """Render the empty reader, hidden until a citation is opened."""
    return (
        '<aside class="tw-reader" role="dialog" aria-labelledby="tw-reader-title" tabindex="-1" '
        'hidden><header class="tw-reader-head"><div class="tw-reader-names">'
        '<h2 id="tw-reader-title" lang="zh-CN"></h2><p class="tw-reader-facts"></p>'
        '<div class="tw-reader-standing"></div></div>'
        f'<button type="button" class="tw-close" data-reader="close">{icon("close")}'
        '<span>关闭</span></button></header><div class="tw-reader-bar">'
        '<button type="button" class="tw-bar-button" data-reader="outline" aria-expanded="false" '
        f'aria-controls="tw-outline">{icon("list")}<span>目录</span></button>'
        '<span class="tw-steps" role="group" aria-label="这个答复的引用">'
        f'{_button("previous", "back", "上一处")}<span class="tw-count" aria-live="polite"></span>'
        f"{_button('next', 'chevron', '下一处')}</span>"
        f'{_button("copy", "copy", "复制出处")}</div><div class="tw-reader-body">'
        '<nav id="tw-outline" class="tw-outline" aria-label="目录"></nav>'
        '<div class="tw-sheet" tabindex="0" role="region" aria-label="文件全文" lang="zh-CN"></div>'
        "</div></aside>"
    )
