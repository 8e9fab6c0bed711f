"""Comparison forms: what two writings of the same thing have in common."""

from __future__ import annotations

import re
from functools import lru_cache

from index.tokens import search_form

_NOT_WORD = re.compile(r"[\W_]+")
_SPACE = re.compile(r"\s+")
_DASH = re.compile(r"[‐‑‒–—―−]")


@lru_cache(maxsize=4096)
def fold_name(name: str) -> str:
    """Fold a title or 文号: NFKC, simplified, lower case, nothing but letters and digits.

    >>> fold_name("泉鲤政办〔2025〕6号") == fold_name("泉鯉政辦[2025] 6號")
    True
    """
    return _NOT_WORD.sub("", search_form(name))


@lru_cache(maxsize=4096)
def fold_label(label: str) -> str:
    """Fold a clause label: bracket width and white space do not count, brackets do.

    >>> fold_label("(一)") == fold_label("（一）") != fold_label("一")
    True
    """
    return _SPACE.sub("", search_form(label))


def fold_text(text: str) -> str:
    """Fold running text for looking facts up: as `search_form`, no white space, one kind of dash.

    >>> fold_text("2 萬人") in fold_text("新增2万人（含）")
    True
    """
    return _DASH.sub("-", _SPACE.sub("", search_form(text)))
