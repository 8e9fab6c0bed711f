"""Saved web pages: the text of the document, its title and its page table, without the menus."""

from __future__ import annotations

import re

from corpus.blocks import is_title, table_items
from corpus.formats.dom import Element, Page, read_page
from corpus.formats.render import is_block, lines_of, tidy
from corpus.identity import normalise

_MOST = 0.86  # share of the text that the element holding the document has at least
_PROSE = 30  # Chinese characters of a paragraph that may be part of the document
_FURNITURE = re.compile(
    r"版权所有|【(?:打印|关闭)|ICP备|网安备|网站标识码|主办(?:单位)?[：:]|承办(?:单位)?[：:]|建议使用|浏览器|分辨率|Copyright"
    r"|扫一扫|二维码|微信|微博|登录|注册|网站地图|联系我们|设为首页|加入收藏|无障碍|上一篇|下一篇|相关链接"
    r"|技术支持|访问量|未经授权|转载",
    re.IGNORECASE,
)
_NAMED = re.compile(r"title|tit\b|biaoti|_bt\b|\bbt\b|headline", re.IGNORECASE)
_SITE = re.compile(r"\s*[-_|—–]+\s*|\s*>>?\s*")
_META_TITLE = ("articletitle", "article:title", "og:title")
_META_DAY = ("pubdate", "publishdate", "article:published_time")
_LEAVES = frozenset(["p", "h1", "h2", "h3", "h4", "li", "a", "b", "strong"])
_NOTICE = 80  # characters of a line about the site rather than of the document
_NEAR = 12  # first lines of the document, where a title stands if there is one


def read_webpage(html: str) -> str:
    """Text of a page; raises ValueError when it holds none."""
    page = read_page(html)
    body = document_element(page.body)
    lines = _without_ends([line for line in _without_menus(body) if not _is_button_line(line)])
    if not lines:
        raise ValueError(
            "网页里没有正文。请在浏览器里打开后另存为完整网页，或复制正文到 txt 文件。"
        )
    table = _page_table(page, body, lines)
    title = _title(page, body, lines)
    return "\n".join([*table, *([title] if title else []), *lines]) + "\n"


def document_element(body: Element) -> Element:
    """Return the smallest element that holds the text of the document."""
    current = body
    while True:
        inner = [child for child in current.elements() if child.own]
        best = max(inner, key=lambda child: child.own, default=None)
        if best is None or best.own < _MOST * current.own or best.tag in _LEAVES:
            return current
        if _prose_outside(current, best):
            return current
        current = best


def _prose_outside(element: Element, best: Element) -> bool:
    """Whether something beside ``best`` reads like a part of the document."""
    for child in element.children:
        if child is best:
            continue
        words = child if isinstance(child, str) else child.text()
        own = len(re.findall(r"[\u3400-\u9fff]", words)) if isinstance(child, str) else child.own
        if own >= _PROSE and "。" in words and not _FURNITURE.search(words):
            return True
    return False


def _without_menus(element: Element) -> list[str]:
    """Lines of the document element, link lists left out at every depth."""
    return lines_of(_pruned(element))


def _pruned(element: Element) -> Element:
    kept: list[Element | str] = []
    for child in element.children:
        if isinstance(child, str):
            kept.append(child)
        elif not _is_menu(child):
            kept.append(_pruned(child))
    return Element(element.tag, element.attributes, kept, element.han, element.linked)


def _without_ends(lines: list[str]) -> list[str]:
    """Lines without the buttons and notices before the document and after it."""
    begin, end = 0, len(lines)
    while begin < end and _is_notice(lines[begin]):
        begin += 1
    while end > begin and _is_notice(lines[end - 1]):
        end -= 1
    return lines[begin:end]


def _is_notice(line: str) -> bool:
    return len(line) < _NOTICE and "。" not in line and _FURNITURE.search(line) is not None


def _is_menu(element: Element) -> bool:
    """Tell a block that is mostly links (menus, related articles) from text with links in it."""
    links = sum(inner.tag == "a" for inner in element.walk())
    return is_block(element) and links >= 4 and element.linked > 0.7 * element.han


def _is_button_line(line: str) -> bool:
    short = len(line) <= 40 and not table_items(line)
    return short and bool(
        re.fullmatch(
            r"(?:打印(?:本页)?|关闭(?:窗口|本页)?|返回顶部|收藏|分享到?|[\s|【】\[\]（）()：:])+",
            line,
        )
    )


def _page_table(page: Page, body: Element, lines: list[str]) -> list[str]:
    """Lines of 索引号, 发文机关 … that stand outside the document, and dates of ``<meta>``."""
    inside = {id(element) for element in body.walk()}
    found = [
        line for line in _outer_lines(page.body, inside) if len(line) < 400 and table_items(line)
    ]
    own = {key for line in lines[:40] for key, _value in table_items(line)}
    known = own | {key for line in found for key, _value in table_items(line)}
    if not known & {"written", "released"}:
        day = next((page.meta[name] for name in _META_DAY if page.meta.get(name)), "")
        if re.search(r"\d{4}", day):
            found.append(f"发布日期：{day[:10]}")
    return found


def _outer_lines(element: Element, inside: set[int]) -> list[str]:
    """Lines outside the document element."""
    if id(element) in inside:
        return []
    if not any(id(child) in inside for child in element.walk()):
        return lines_of(element)
    return [line for child in element.elements() for line in _outer_lines(child, inside)]


def _title(page: Page, body: Element, lines: list[str]) -> str:
    """Title that stands outside the document element, unless its first lines print it too."""
    near = normalise("".join(lines[:_NEAR]))
    for words in _titles(page, body):
        title = tidy(words)
        plain = normalise(title)
        if len(plain) < 5:
            continue
        if plain in near:
            return ""
        if is_title(title) or len(plain) >= 8:
            return title
    return ""


def _titles(page: Page, body: Element) -> list[str]:
    """Candidates, best first."""
    found = [page.meta[name] for name in _META_TITLE if page.meta.get(name)]
    inside = {id(element) for element in body.walk()}
    heads = [e for e in page.body.walk() if id(e) not in inside and not e.linked and 5 < e.han < 90]
    found += [e.text() for e in heads if e.tag in {"h1", "h2"}]
    names = [
        (e, f"{e.attributes.get('class') or ''} {e.attributes.get('id') or ''}") for e in heads
    ]
    found += [e.text() for e, name in names if _NAMED.search(name) and is_title(e.text())]
    pieces = [piece for piece in _SITE.split(page.title) if is_title(piece)]
    return found + pieces[:1]
