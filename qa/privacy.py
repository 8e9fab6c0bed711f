"""Personal data in a question: found before anything is logged or stored, masked in what is."""

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

# What is masked where a question is kept on purpose: more than makes the engine refuse, since
# nothing is lost when a harmless number goes too.
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(  # seven digits and more, in any width and grouping, but not 2024—2025
    r"(?<![\d〇零一二三四五六七八九幺])(?!(?:19|20)\d\d\s?[-—–]{1,2}\s?(?:19|20)\d\d(?!\d))"
    r"(?:[\d〇零一二三四五六七八九幺][\s\-－—–·.,．，、/_()（）\u200b-\u200f\u2060\ufeff]{0,3}){6,}"
    r"[\d〇零一二三四五六七八九幺xXＸｘ]+"
)
_NAME = re.compile(
    r"(我(?:的名字)?(?:叫做?|是叫)|(?:姓名|名字|本人)(?:[:：是叫]|为)\s*)"
    r"[\u4e00-\u9fff·]{2,4}?(?=[，。,.；;！!？?\s的住在想要]|$)"
)
_HOUSE = re.compile(
    r"(?<=[路街巷弄里村苑园区道])\s*\d+\s*(?:号院?|弄|幢|栋|号楼)"
    r"(?:\s*[-\d]+\s*(?:号楼|栋|幢|单元|室|号|楼|层))*"
)
_ACCOUNT = re.compile(
    r"((?:微信|QQ|qq|账号|密码|车牌)号?(?:[:：是为]|\s)\s*)[A-Za-z0-9_\-\u4e00-\u9fff]{4,20}"
)
_MASKS = (
    (_MAIL, "［邮箱］"),
    (_NUMBER, "［号码］"),
    (_ACCOUNT, r"\1［账号］"),
    (_NAME, r"\1［姓名］"),
    (_HOUSE, "［门牌］"),
)

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


def mask(text: str) -> str:
    """Replace numbers, mail addresses, accounts, names and house numbers by what they are.

    «我叫王小明，电话 0595-2238 1234» becomes «我叫［姓名］，电话 ［号码］». Names are only found
    where the sentence says that one follows.
    """
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text
