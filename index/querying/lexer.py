"""Cutting a staff query into tokens, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from index.querying.errors import QueryError
from index.querying.nodes import FIELD_NAMES, FIELDS, Span


class Kind(StrEnum):
    """What a token is."""

    WORD = "word"
    PHRASE = "phrase"
    PREFIX = "prefix"
    FIELD = "field"
    AND = "and"
    OR = "or"
    NOT = "not"
    OPEN = "open"
    CLOSE = "close"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One token: ``text`` without quotes and star, ``name`` the field it is a value of."""

    kind: Kind
    text: str
    span: Span
    name: str = ""


_OPERATORS = {
    "and": Kind.AND, "且": Kind.AND,
    "or": Kind.OR, "或": Kind.OR,
    "not": Kind.NOT, "非": Kind.NOT, "不含": Kind.NOT,
}  # fmt: skip
_SIGNS = {"&": Kind.AND, "＆": Kind.AND, "|": Kind.OR, "｜": Kind.OR}
_PARENTHESES = {"(": Kind.OPEN, "（": Kind.OPEN, ")": Kind.CLOSE, "）": Kind.CLOSE}
_MINUS = "-－−"
_STARS = "*＊"
_DOUBLE = '"“”＂'
_CLOSERS = dict.fromkeys(_DOUBLE, _DOUBLE) | {"「": "」", "『": "』"}
_QUOTES = _DOUBLE + "「」『』"
_HAS_WORD = re.compile(r"[^\W_]")
# (2025), （一）: a year or label in brackets is part of a word, not a group.
_BRACKETED = re.compile(r"[（(]\s*(?:\d{1,4}年?|[〇零一二三四五六七八九十百]{1,4})\s*[)）]")
_FIELD = re.compile(r"([A-Za-z\u4e00-\u9fff]+)[:：]")


def tokens(query: str) -> list[Token]:
    """Tokens of ``query``, the last of kind END. Marks without any letter or figure are left out.

    :raises QueryError: for quotes that do not close, unknown fields and stars out of place.
    """
    found: list[Token] = []
    position = 0
    while position < len(query):
        token = _token(query, position)
        if token.kind is not Kind.WORD or _HAS_WORD.search(token.text):
            found.append(token)
        position = token.span[1]
    return [*found, Token(Kind.END, "", (len(query), len(query)))]


def _token(query: str, position: int) -> Token:
    """The token at ``position``; blanks and lone marks come back as words without letters."""
    char = query[position]
    one = (position, position + 1)
    if char.isspace():
        return Token(Kind.WORD, "", one)
    if char in _PARENTHESES and not _BRACKETED.match(query, position):
        return Token(_PARENTHESES[char], char, one)
    if char in _QUOTES:
        text, end = _phrase(query, position)
        return Token(Kind.PHRASE, text, (position, end))
    if char in _SIGNS:
        end = position + 2 if query[position + 1 : position + 2] == char else position + 1
        return Token(_SIGNS[char], query[position:end], (position, end))
    if char in _MINUS:
        after = query[position + 1 : position + 2]
        kind = Kind.NOT if after and not after.isspace() and after not in ")）" else Kind.WORD
        return Token(kind, char if kind is Kind.NOT else "", one)
    field = _FIELD.match(query, position)
    return _field(query, field) if field else _word(query, position)


def _phrase(query: str, position: int) -> tuple[str, int]:
    """The text in the quotes that open at ``position``, and the offset after them."""
    closers = _CLOSERS.get(query[position])
    if closers is None:
        raise QueryError(query, f"多出来的引号「{query[position]}」", position)
    for end in range(position + 1, len(query)):
        if query[end] in closers:
            text = query[position + 1 : end].strip()
            if not _HAS_WORD.search(text):
                raise QueryError(query, "引号里没有字", position)
            return text, end + 1
    raise QueryError(query, "引号没有关上", position)


def _field(query: str, match: re.Match[str]) -> Token:
    start, begin = match.start(), match.end()
    name = FIELD_NAMES.get(match[1].lower())
    if name is None:
        known = "、".join(names[0] for names in FIELDS.values())
        raise QueryError(
            query, f"没有「{match[1]}」这个字段，可以用：{known}；要查冒号请加引号", start
        )
    if begin < len(query) and query[begin] in _QUOTES:
        value, end = _phrase(query, begin)
    else:
        end = _word_end(query, begin)
        value = query[begin:end]
    if not _HAS_WORD.search(value):
        raise QueryError(query, f"「{match[0]}」后面没有写内容", begin)
    return Token(Kind.FIELD, value, (start, end), name)


def _word(query: str, position: int) -> Token:
    end = _word_end(query, position)
    text, span = query[position:end], (position, end)
    operator = _OPERATORS.get(text.lower())
    if operator is not None:
        return Token(operator, text, span)
    stem = text.rstrip(_STARS)
    star = next((at for at, char in enumerate(stem) if char in _STARS), None)
    if star is not None:
        raise QueryError(query, "星号只能放在词的末尾", position + star)
    if stem == text:
        return Token(Kind.WORD, text, span)
    if not _HAS_WORD.search(stem):
        raise QueryError(query, "星号前面要有字", position)
    return Token(Kind.PREFIX, stem, span)


def _word_end(query: str, position: int) -> int:
    """Offset after the word that starts at ``position``."""
    end = position
    while end < len(query):
        char = query[end]
        bracketed = _BRACKETED.match(query, end) if char in "（(" else None
        if bracketed:
            end = bracketed.end()
        elif char.isspace() or char in _PARENTHESES or char in _QUOTES or char in _SIGNS:
            break
        else:
            end += 1
    return end
