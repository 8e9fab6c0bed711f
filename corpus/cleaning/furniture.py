"""Page furniture: navigation, counters and buttons around a saved page, page numbers inside."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.cleaning.offsets import Edit

_BUTTON = (
    r"打印(?:本[页文])?|关闭(?:窗口|本页)?|關閉|返回顶部|返回|分享到?|收藏|微信|微博|字号|字體|字体|大|中|小|纠错|朗读|无障碍"
    r"|上一[篇条]|下一[篇条]|浏览[量次]数?|阅读量?|访问量|点击[量数]|保存|下载|分享|繁體?|简体?"
    r"|【|】|\[|\]|[|｜:：\d\s]"
)
_PLACE = r"首页|首頁|您(?:当前)?(?:的|所在)(?:位置|的位置)|当前位置|當前位置|位置"
_RELATED = r"(?:下载|链接|解读|文件|附件|文章|新闻|稿件)"
_FURNITURE = re.compile(
    rf"""(?x)
    \s*(?:
      [-*•]?\s*(?:{_PLACE})\s*[：:>＞»›\-].*                  # 首页 > 政务公开
    | (?:{_BUTTON})+                                       # 打印 关闭; 字号: 大 中 小
    | (?:扫一扫|掃一掃|用微信扫).{{0,30}}                        # 扫一扫在手机打开当前页
    | (?:相关{_RELATED}|相關下載|附件下载)\s*[：:]?.{{0,10}}
    | (?:浏览|浏覽|阅读|访问|点击)(?:量|次数|数)?\s*[：:]?\s*\d*\s*次?
    | (?:主办|承办)(?:单位)?[：:].{{0,30}}版权所有.*
    | .{{0,20}}(?:版权所有|ICP备\d*).*
    | 原文链接.* | 来源[：:]\s*(?:.{{0,20}}(?:网|门户|平台|厅|局|办))?\s*
    | 责任编辑[：:].{{0,12}}
    )\s*"""
)
_PAGE_NUMBER = re.compile(
    r"(?m)^[ \t]*(?:[-—–－一]\s*\d{1,3}\s*[-—–－一](?:[ \t]*[（(]全文(?:结束|完)[）)])?|["
    r"一二三四五六七八九十]{1,3}[-—–－]\d{1,3}"
    r"|第\s*\d{1,3}\s*页(?:\s*[共/,，]\s*\d{1,3}\s*页)?|\d{1,3}\s*/\s*\d{1,3})[ \t]*(?:\n|\Z)"
)  # — 3 —, 二-7, 第3页 共12页
_FORM_MARK = re.compile(
    r"(?m)^[ \t　]*窗体[顶底]端[ \t　]*(?:\n|\Z)"
)  # what Word prints around a web form

_RULER = re.compile(r"(?m)^[ \t　]*([☀☆★◆◇■□●○※＊*=＝~～])\1{7,}[ \t　]*(?:\n|\Z)")


def furniture(text: str) -> Iterator[Edit]:
    """Furniture lines go at the start and at the end of the text, never in between."""
    head = _furniture_end(text)
    if head:
        yield Edit(0, head, "")
    tail = _furniture_start(text, head)
    if tail < len(text):
        yield Edit(tail, len(text), "")


def page_numbers(text: str) -> Iterator[Edit]:
    """Lines that hold nothing but a decorated page number go."""
    return (Edit(*match.span(), "") for match in _PAGE_NUMBER.finditer(text))


def rulers(text: str) -> Iterator[Edit]:
    """Lines that are one ornament over and over (☀☀☀☀☀☀) only part what they stand between."""
    return (Edit(*match.span(), "") for match in _RULER.finditer(text))


def form_marks(text: str) -> Iterator[Edit]:
    """Lines that only mark the ends of a web form go, wherever they stand."""
    return (Edit(*match.span(), "") for match in _FORM_MARK.finditer(text))


def _furniture_end(text: str) -> int:
    """Offset after the last furniture line at the top (blank lines in between allowed)."""
    position = end = 0
    while position < len(text):
        stop = text.find("\n", position)
        stop = len(text) if stop < 0 else stop + 1
        line = text[position:stop]
        if line.strip():
            if not _FURNITURE.fullmatch(line):
                break
            end = stop
        position = stop
    return end


def _furniture_start(text: str, floor: int) -> int:
    """Offset where the furniture lines at the bottom begin."""
    position = start = len(text)
    while position > floor:
        begin = text.rfind("\n", floor, position - 1) + 1 if position - 1 > floor else floor
        begin = max(begin, floor)
        line = text[begin:position]
        if line.strip():
            if not _FURNITURE.fullmatch(line):
                break
            start = begin
        position = begin
    return start
