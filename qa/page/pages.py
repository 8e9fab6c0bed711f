"""Pages that stand by themselves: the accessibility statement, and what was not found."""

from __future__ import annotations

from html import escape

from fastapi import FastAPI
from starlette.responses import HTMLResponse, RedirectResponse, Response

from corpus.errors import UnknownDocument
from qa.api import PolicyService
from qa.page.assets import early_script, style

_STATEMENT = """
<h1>无障碍声明</h1>
<p>条问希望每个人都能查到、读懂与自己有关的政策，包括老年人和有视力、听力、肢体障碍的人。
页面按照 WCAG 2.2 AA 级和
《信息技术 互联网内容无障碍可访问性技术要求与测试方法》（GB/T 37668）来做。</p>
<h2>您可以这样用</h2>
<ul>
<li><strong>大字版</strong>：点页面右上角的「大字」，全部文字放大四分之一，下次打开仍然有效。</li>
<li><strong>放大</strong>：浏览器放大到 200% 时内容不会丢失，也不用左右滚动。</li>
<li><strong>颜色</strong>：在「菜单」里选浅色、深色或跟随系统。
文字与背景的对比度不低于 4.5 : 1，效力等信息同时用文字和图标表示，不只靠颜色。</li>
<li><strong>只用键盘</strong>：Tab 键依次移动，回车键提问，上下箭头选择提示的问题，
Esc 关闭原文或菜单。
第一次按 Tab 可以直接跳到提问框。</li>
<li><strong>读屏软件</strong>：答复出来时会自动朗读；引文、出处、条款和目录都有名称。</li>
<li><strong>少动画</strong>：系统设置了「减少动态效果」时，页面不使用动画。</li>
<li><strong>打印</strong>：在「菜单」里可以把问答打印出来，或存为 PDF、文本文件。</li>
</ul>
<h2>还做得不够的地方</h2>
<ul>
<li>政策文件里的表格和图片目前按文字显示。</li>
<li>还没有语音提问和方言识别；可以使用手机输入法自带的语音输入。</li>
</ul>
<h2>遇到困难</h2>
<p>在答复下面点「没用」可以告诉我们哪里不好用，也可以向提供本页面的单位反映。</p>
"""
_MISSING = """
<h1>没有找到这条条款</h1>
<p>链接里的条款可能已经随文件更新、替换或撤下，也可能是链接复制得不完整。</p>
<p>您可以回到提问页，用平常的话再问一次。</p>
"""


# A line break between Chinese characters would be shown as a space.
_STATEMENT, _MISSING = (text.replace("\n", "") for text in (_STATEMENT, _MISSING))


def page_html(title: str, body: str, home: str) -> str:
    """Put a body (HTML, already escaped) into the frame of a plain page.

    :param home: path back to the chat, relative to this page.
    """
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · 条问</title><script>{early_script()}</script>"
        f'<style>{style()}</style></head><body><div class="tw-app tw-plain">'
        f'<header class="tw-header"><a class="tw-brand" href="{escape(home)}">'
        '<span class="tw-logo" aria-hidden="true">条</span><span class="tw-name">条问</span></a>'
        f'</header><main class="tw-main tw-prose">{body}'
        f'<p><a class="tw-button" href="{escape(home)}">去提问</a></p></main></div></body></html>'
    )


def add_pages(app: FastAPI, service: PolicyService) -> None:
    """Serve the statement, and links to single clauses."""

    @app.get("/accessibility", include_in_schema=False)
    def accessibility() -> Response:
        return HTMLResponse(page_html("无障碍声明", _STATEMENT, "./"))

    @app.get("/c/{clause_id}", include_in_schema=False)
    def clause(clause_id: str) -> Response:
        try:
            found = service.clause(clause_id)
        except (UnknownDocument, KeyError):
            missing = page_html("没有找到这条条款", _MISSING, "../")
            return HTMLResponse(missing, status_code=404)
        # Relative, so that it also holds behind a proxy that strips a prefix.
        return RedirectResponse(f"../?clause={found.clause_id}", status_code=302)
