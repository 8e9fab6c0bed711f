"""Personal numbers in a question: found before anything is logged or stored."""

from __future__ import annotations

import re
import unicodedata

# People type numbers in groups (6222 0202 0000 …) and full width; separators are dropped first.
_SEPARATOR = re.compile(
    r"(?<=[\dxX)])[\s\-—–·./,，、_()\u200b-\u200f\u2060\ufeff]+(?=[\dxX(])|(?<=\d)\)|\((?=\d)"
)
_DATE = re.compile(r"(?:19|20)\d\d\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}(?!\d)日?")
_SPOKEN = str.maketrans("〇零一二三四五六七八九幺", "001234567891")
_SPOKEN_RUN = re.compile(r"[〇零一二三四五六七八九幺]{11,}")
_ID_CARD = re.compile(
    r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0\d|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dxX](?![\dxX])"
)
_ID_CARD_15 = re.compile(r"(?<!\d)[1-9]\d{7}(?:0\d|1[0-2])(?:[0-2]\d|3[01])\d{3}(?!\d)")
_MOBILE = re.compile(r"(?<!\d)(?:0{0,2}86)?1[3-9]\d{9}(?!\d)")
_LONG_NUMBER = re.compile(r"(?<!\d)\d{16,}[xX]?")

KINDS = (("身份证号", _ID_CARD), ("身份证号", _ID_CARD_15), ("手机号", _MOBILE))


def personal_data(text: str) -> str | None:
    """Name the first kind of personal number in ``text`` (身份证号, 手机号, 银行卡号), or None.

    An 18-digit number that fails the date check, and any other run of 16 digits or more, counts as
    a card number: a question about policy has no use for one.
    """
    form = _DATE.sub("日期", unicodedata.normalize("NFKC", text))
    form = _SPOKEN_RUN.sub(lambda run: run[0].translate(_SPOKEN), form)
    form = _SEPARATOR.sub("", form)
    for kind, pattern in KINDS:
        if pattern.search(form):
            return kind
    return "银行卡号或证件号" if _LONG_NUMBER.search(form) else None
