"""Reading a staff query: recursive descent, one rule per function.

Written by hand rather than with a grammar library: operators are Chinese and English words,
full-width signs and plain neighbourhood, and every error is a sentence in Chinese that points at
a character. A grammar file would need the same lexer and a table of messages beside it.

Grammar (NOT binds tightest, then neighbourhood and AND, then OR)::

    or      = and { OR and }
    and     = not { [AND] not }
    not     = { NOT } operand
    operand = "(" or ")" | phrase | prefix | field | word { word }

A rule takes the tokens and a position, and returns what it read and the next position.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.querying.errors import QueryError
from index.querying.lexer import Kind, Token, tokens
from index.querying.nodes import And, Field, Node, Not, Or, Phrase, Prefix, Word, Words

MAX_QUERY = 500  # characters
_DEPTH = 20  # brackets and NOTs inside one another; far more than anybody writes
_STARTS = {Kind.WORD, Kind.PHRASE, Kind.PREFIX, Kind.FIELD, Kind.NOT, Kind.OPEN}
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Group:
    """A conjunction as read; ``explicit``: an AND was written."""

    parts: tuple[_Raw, ...]
    explicit: bool


@dataclass(frozen=True, slots=True)
class _Choice:
    parts: tuple[_Raw, ...]


@dataclass(frozen=True, slots=True)
class _Negation:
    part: _Raw


_Raw = Words | Phrase | Prefix | Field | _Group | _Choice | _Negation


@dataclass(frozen=True, slots=True)
class _Source:
    query: str
    tokens: list[Token]

    def kind(self, at: int) -> Kind:
        return self.tokens[at].kind

    def error(self, reason: str, at: int) -> QueryError:
        return QueryError(self.query, reason, self.tokens[at].span[0])


def parse(query: str) -> Node:
    """Read a query.

    :raises QueryError: saying in Chinese what is wrong, and where.
    """
    # Half a surrogate pair cannot be searched; one character for it keeps the offsets.
    query = _SURROGATE.sub("\ufffd", query)
    if len(query) > MAX_QUERY:
        raise QueryError(query, f"查询超过了 {MAX_QUERY} 个字", MAX_QUERY)
    source = _Source(query, tokens(query))
    if source.kind(0) is Kind.END:
        raise QueryError(query, "没有可查的词", 0)
    raw, at = _or(source, 0, 0)
    if source.kind(at) is Kind.CLOSE:
        raise source.error("多出来的右括号", at)
    return _settled(raw, strict=False)


def _or(source: _Source, at: int, depth: int) -> tuple[_Raw, int]:
    part, at = _and(source, at, depth)
    parts = [part]
    while source.kind(at) is Kind.OR:
        part, at = _and(source, at + 1, depth)
        parts.append(part)
    return (parts[0] if len(parts) == 1 else _Choice(tuple(parts))), at


def _and(source: _Source, at: int, depth: int) -> tuple[_Raw, int]:
    part, at = _not(source, at, depth)
    parts, explicit = [part], False
    while source.kind(at) is Kind.AND or source.kind(at) in _STARTS:
        if source.kind(at) is Kind.AND:
            explicit = True
            at += 1
        part, at = _not(source, at, depth)
        parts.append(part)
    return (parts[0] if len(parts) == 1 else _Group(tuple(parts), explicit)), at


def _not(source: _Source, at: int, depth: int) -> tuple[_Raw, int]:
    if source.kind(at) is not Kind.NOT:
        return _operand(source, at, depth, single=False)
    if depth >= _DEPTH:
        raise source.error("套得太深了", at)
    if source.kind(at + 1) is Kind.NOT:
        part, after = _not(source, at + 1, depth + 1)
    else:  # of words side by side only the first is meant
        part, after = _operand(source, at + 1, depth + 1, single=True)
    return _Negation(part), after


def _operand(source: _Source, at: int, depth: int, *, single: bool) -> tuple[_Raw, int]:
    token = source.tokens[at]
    if token.kind is Kind.OPEN:
        return _group(source, at, depth)
    if token.kind is Kind.WORD:
        end = at + 1
        while not single and source.kind(end) is Kind.WORD:
            end += 1
        run = source.tokens[at:end]
        return Words(" ".join(t.text for t in run), (run[0].span[0], run[-1].span[1])), end
    if token.kind is Kind.PHRASE:
        return Phrase(token.text, token.span), at + 1
    if token.kind is Kind.PREFIX:
        return Prefix(token.text, token.span), at + 1
    if token.kind is Kind.FIELD:
        return Field(token.name, token.text, token.span), at + 1
    raise _missing(source, at)


def _missing(source: _Source, at: int) -> QueryError:
    """What to say where an operand should stand and does not."""
    token = source.tokens[at]
    if at and source.kind(at - 1) in {Kind.AND, Kind.OR, Kind.NOT}:
        return source.error(f"「{source.tokens[at - 1].text}」后面缺少要查的词", at - 1)
    if token.kind in {Kind.AND, Kind.OR}:
        return source.error(f"「{token.text}」前面缺少要查的词", at)
    if token.kind is Kind.CLOSE and at and source.kind(at - 1) is Kind.OPEN:
        return source.error("括号里没有要查的词", at - 1)
    if token.kind is Kind.CLOSE:
        return source.error("多出来的右括号", at)
    return source.error("括号没有关上", at - 1)


def _group(source: _Source, at: int, depth: int) -> tuple[_Raw, int]:
    if depth >= _DEPTH:
        raise source.error("套得太深了", at)
    part, end = _or(source, at + 1, depth + 1)
    if source.kind(end) is not Kind.CLOSE:
        raise source.error("括号没有关上", at)
    return part, end + 1


def _settled(raw: _Raw, *, strict: bool) -> Node:
    """The tree without brackets; ``strict``: inside an AND, OR or NOT, where words must stand."""
    if isinstance(raw, Words):
        return _strict(raw) if strict else raw
    if isinstance(raw, _Negation):
        return Not(_settled(raw.part, strict=True))
    if isinstance(raw, _Choice):
        return Or(tuple(_settled(part, strict=True) for part in raw.parts))
    if isinstance(raw, _Group):
        strict = strict or raw.explicit
        return _joined([_settled(part, strict=strict) for part in raw.parts])
    return raw


def _strict(words: Words) -> Node:
    """All of the words of a run."""
    parts: list[Node] = []
    start = words.span[0]
    for text in words.text.split(" "):
        parts.append(Word(text, (start, start + len(text))))
        start += len(text) + 1
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _joined(parts: list[Node]) -> Node:
    """A conjunction; words side by side become one bag though a phrase stands between them."""
    loose = [part for part in parts if isinstance(part, Words)]
    others = [part for part in parts if not isinstance(part, Words)]
    if not loose:
        return And(tuple(others))
    span = (loose[0].span[0], loose[-1].span[1])
    words = Words(" ".join(part.text for part in loose), span)
    return And((words, *others)) if others else words
