"""Chinese numerals: 十二 → 12, 两万 → 20000, 百分之九十六 → 96, and the numbers of labels."""

from __future__ import annotations

import re
import unicodedata

DIGITS = {"〇": 0, "零": 0, "○": 0, "一": 1, "壹": 1, "二": 2, "贰": 2, "两": 2, "兩": 2, "三": 3}
DIGITS |= {"叁": 3, "四": 4, "肆": 4, "五": 5, "伍": 5, "六": 6, "陆": 6, "七": 7, "柒": 7}
DIGITS |= {"八": 8, "捌": 8, "九": 9, "玖": 9}
SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
NUMERAL_CHARS = "".join(DIGITS) + "".join(SMALL) + "".join(LARGE)

_PLAIN = re.compile(r"\d+(?:\.\d+)?")  # 12, 7.5


def chinese_number(text: str) -> float | None:
    """Value of a Chinese or Arabic number (两万, 百分之五, 12, 7.5万), or None if it is none.

    ``百分之`` gives the percentage itself (百分之五 → 5.0); 半 is not read.
    """
    text = unicodedata.normalize("NFKC", text).strip().replace(",", "")
    text = text.removeprefix("百分之")
    if _PLAIN.fullmatch(text):
        return float(text)
    mixed = re.fullmatch(r"(\d+(?:\.\d+)?)([百千万亿萬億]+)", text)
    if mixed:
        scale = 1
        for char in mixed[2]:
            scale *= SMALL.get(char) or LARGE[char]
        return round(float(mixed[1]) * scale, 6)
    if "点" in text:
        return _decimal(*text.split("点", 1))
    return _whole(text)


def label_number(text: str) -> int | None:
    """Return number of a label's numeral: 十二 → 12, ③ → 3, ㈠ → 1, ３ → 3; None if it has none."""
    plain = unicodedata.normalize("NFKC", text).strip("()（） ")
    if plain.isascii() and plain.isdigit():
        return int(plain)
    value = _whole(plain)
    return int(value) if value is not None else None


def to_chinese(number: int) -> str:
    """Chinese numeral of 1–9999 as labels print it: 12 → 十二, 110 → 一百一十."""
    text, pending = "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, scale)
        if digit:
            text += ("零" if pending else "") + "〇一二三四五六七八九"[digit] + name
        pending = bool(text) and not digit
    return text.removeprefix("一") if text.startswith("一十") else text


def _whole(text: str) -> float | None:
    if not text or any(char not in NUMERAL_CHARS for char in text):
        return None
    if len(text) > 1 and all(char in DIGITS for char in text):
        return float("".join(str(DIGITS[char]) for char in text))  # 二〇二五
    total = section = digit = 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in SMALL:
            section += (digit or 1) * SMALL[char]
            digit = 0
        else:
            scale = LARGE[char]
            if scale > total:  # 一万亿: all before 亿 is counted in it
                total = (total + section + digit) * scale
            else:  # 三亿五千万
                total += (section + digit) * scale
            section = digit = 0
    return float(total + section + digit)


def _decimal(whole: str, fraction: str) -> float | None:
    scale = LARGE.get(fraction[-1:], 1)
    digits = fraction[:-1] if scale > 1 else fraction
    left = _whole(whole)
    if left is None or not digits or any(char not in DIGITS for char in digits):
        return None
    right = "".join(str(DIGITS[char]) for char in digits)
    return round(float(f"{int(left)}.{right}") * scale, 6)
