"""Short texts of the terminal: titles, label paths, validity. The page has its own, with marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from corpus.types import Origin, ParseWarning, Role, Validity, ValidityState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.types import Document
    from qa.types import Citation

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


def validity_text(validity: Validity) -> str:
    """Return a validity in words, with its reason."""
    reason = f"（{validity.reason}）" if validity.reason else ""
    return VALIDITY_WORDS[validity.state] + reason


def warning_text(warning: ParseWarning) -> str:
    """Return a warning with its place."""
    return f"{warning.message}（第 {warning.line} 行第 {warning.column} 列）"


def path_text(path: Sequence[str]) -> str:
    """Join labels from the top; one without a bracket of its own is set off.

    >>> path_text(("一", "（一）", "12"))
    '一（一）、12'
    """
    joined = ""
    for label in path:
        apart = joined and not label.startswith(("（", "第"))
        joined += f"、{label}" if apart else label
    return joined


def book_title(title: str) -> str:
    """Put a title into 《》; marks inside it become 〈〉, as the punctuation standard has it."""
    bare = title.strip()
    if bare.startswith("《") and bare.find("》") == len(bare) - 1:
        return bare
    return f"《{bare.replace('《', '〈').replace('》', '〉')}》"


def name_of(source: Document | Citation) -> str:
    """Return 《title》（文号）."""
    number = f"（{source.doc_number}）" if source.doc_number else ""
    return book_title(source.title) + number


def place_of(citation: Citation) -> str:
    """Return where a quote stands: 《title》（文号）二（三）."""
    return name_of(citation) + path_text(citation.path)
