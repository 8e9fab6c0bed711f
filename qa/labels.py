"""Short texts of page and terminal: labels, areas, dates, titles, validity, the line to copy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from corpus.types import Document, Origin, ParseWarning, Role, Validity, ValidityState

if TYPE_CHECKING:  # the commands that only list documents need none of the engine
    from qa.types import Citation

ALL_AREAS: Final = "全部地区"

VALIDITY_WORDS: Final = {
    ValidityState.IN_FORCE: "有效",
    ValidityState.LAPSED: "已过期",
    ValidityState.REPEALED: "已废止",
    ValidityState.UNKNOWN: "效力未知",
}
ORIGIN_WORDS: Final = {Origin.OFFICIAL: "原文", Origin.DIGEST: "要点摘编"}
ROLE_WORDS: Final = {
    Role.CLAUSE: "",
    Role.SECTION: "（段落）",
    Role.PREAMBLE: "（前言）",
    Role.CLOSING: "（附则）",
}

_ARTICLE = re.compile(r"第.+条(之.+)?")  # 第十二条, 第十二条之一
_SPOKEN = re.compile(r"[一二三四五六七八九十]+是")  # 一是


def validity_text(validity: Validity) -> str:
    """Return a validity in words, with its reason."""
    reason = f"（{validity.reason}）" if validity.reason else ""
    return VALIDITY_WORDS[validity.state] + reason


def warning_text(warning: ParseWarning) -> str:
    """Return a warning with its place."""
    return f"{warning.message}（第 {warning.line} 行第 {warning.column} 列）"


def path_label(path: Sequence[str]) -> str:
    """Join labels from the top: ``("二", "（三）")`` gives ``二（三）``.

    Two labels without a bracket between them are set apart, lest 三 and 12 be read as 三12.
    """
    joined = ""
    for label in path:
        apart = joined and not joined.endswith("）") and not label.startswith(("（", "第"))
        joined += f"、{label}" if apart else label
    return joined


def place_label(path: Sequence[str]) -> str:
    """Name the place as citations say it: 第二（三）条, 第十二条第（三）项, 第三条“一是”."""
    for depth, label in enumerate(path):
        if _ARTICLE.fullmatch(label):
            return label + "".join(f"第{item}项" for item in path[depth + 1 :])
    numbered = [label for label in path if not _SPOKEN.fullmatch(label)]
    spoken = [f"“{label}”" for label in path if _SPOKEN.fullmatch(label)]
    return (f"第{path_label(numbered)}条" if numbered else "") + "".join(spoken)


def book_title(title: str) -> str:
    """Put a title into 《》; marks inside it become 〈〉, as the punctuation standard has it."""
    bare = title.strip()
    whole = bare.startswith("《") and bare.find("》") == len(bare) - 1
    if whole:
        return bare
    return f"《{bare.replace('《', '〈').replace('》', '〉')}》"


def name_of(source: Document | Citation) -> str:
    """Return 《title》（文号）."""
    number = f"（{source.doc_number}）" if source.doc_number else ""
    return book_title(source.title) + number


def place_of(citation: Citation) -> str:
    """Return where a quote stands: 《title》（文号）二（三）."""
    return name_of(citation) + path_label(citation.path)


def copy_line(citation: Citation) -> str:
    """Return the citation as one line to paste into a letter: 《…》（文号）第…条."""
    return source_line(citation, citation.path)


def source_line(source: Citation | Document, path: Sequence[str]) -> str:
    """Return the place at ``path`` in a document as one line: 《…》（文号）第…条."""
    return name_of(source) + place_label(path)


def clause_link(clause_id: str) -> str:
    """Return the address of a clause, relative to the page."""
    return f"c/{quote(clause_id)}"


def area_name(area: str) -> str:
    """Write a division path as an address: ``福建省/泉州市`` gives ``福建省泉州市``."""
    return "".join(area.split("/"))


def area_option(area: str) -> str:
    """Put the nearest division first, so that it is still read where the line is cut off."""
    *above, nearest = area.split("/")
    return f"{nearest}（{''.join(above)}）" if above else nearest


def short_area(area: str) -> str:
    """Return the nearest division alone: ``福建省/泉州市/鲤城区`` gives ``鲤城区``."""
    return area.rsplit("/", 1)[-1]


def chinese_date(day: date | None) -> str:
    """Write a date the way documents do: 2025年5月9日; empty where there is none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
