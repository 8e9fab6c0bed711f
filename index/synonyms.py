"""Resident wording to official wording, from ``corpus/lexicon/synonyms.tsv``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from index.tokens import search_form, shipped_text

GAP = "..."  # 户口…迁: up to eight characters may stand between (search form of …)
_GAP_WIDTH = 8
_NO_WORDS = (["错字"], ["说法"])  # notes of lines whose resident wording is no word by itself


@cache
def _gap_pattern(resident: str) -> re.Pattern[str]:
    """Pattern of an expression whose parts may stand apart, inside one part of a sentence."""
    between = rf"[^,，。;；!！?？]{{0,{_GAP_WIDTH}}}?"
    return re.compile(between.join(re.escape(part) for part in resident.split(GAP)))


def _folded(pairs: Iterable[tuple[str, Sequence[str]]]) -> Iterator[tuple[str, list[str]]]:
    """The pairs in search form, folded as one text: thousands of calls take ten times as long."""
    rows = ["\t".join((resident, *official)) for resident, official in pairs]
    if not rows:
        return
    for row in search_form("\n".join(rows)).split("\n"):
        resident, *words = row.split("\t")
        yield resident, words


@dataclass(frozen=True, slots=True)
class Expansion:
    """A resident's words found in a question, and the official words they stand for."""

    resident: str
    official: tuple[str, ...]


class Synonyms:
    """Longest resident expressions first, matched as substrings of the search form.

    An expression with ``…`` in it matches its parts in order with a few characters between.
    """

    def __init__(self, pairs: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Take (resident, official words) pairs; several lines for one expression add up."""
        table: dict[str, dict[str, None]] = {}
        for resident, official in _folded(pairs):
            words = table.setdefault(resident, {})
            words.update((word, None) for word in official)
        self._table = {resident: tuple(words) for resident, words in table.items()}
        self._lengths: dict[str, list[int]] = {}
        self._gapped: dict[str, list[tuple[str, str, list[str]]]] = {}
        for word in sorted(self._table, key=lambda word: (-len(word), word)):
            if GAP in word:
                first, *others = word.split(GAP)
                self._gapped.setdefault(first[:1], []).append((word, first, others))
            elif len(word) not in (lengths := self._lengths.setdefault(word[:1], [])):
                lengths.append(len(word))

    def __len__(self) -> int:
        return len(self._table)

    def find(self, question: str) -> tuple[Expansion, ...]:
        """Expansions of ``question`` in order, without repeats.

        >>> Synonyms([("娃", ["随迁子女"])]).find("我家娃上学")[0].official
        ('随迁子女',)
        """
        form = search_form(question)
        found = dict.fromkeys(self._whole(form))
        for opening in ("", *dict.fromkeys(form)):
            for word, first, others in self._gapped.get(opening, ()):
                # Most fail here; a pattern is only made for what may be there.
                if first not in form or not all(part in form for part in others):
                    continue
                if _gap_pattern(word).search(form):
                    found[word] = None
        return tuple(Expansion(resident, self._table[resident]) for resident in found)

    def _whole(self, form: str) -> Iterator[str]:
        """Expressions without a gap from left to right, the longest at each place."""
        position = 0
        while position < len(form):
            for length in self._lengths.get(form[position], ()):
                word = form[position : position + length]
                if word in self._table:
                    yield word
                    position += length
                    break
            else:
                position += 1


class PlainWords:
    """Official words said as residents say them, for a second vector of a sentence.

    A small encoder knows that 随迁子女 has to do with children, but not that «外地娃» asks about
    them. A sentence rewritten in resident words stands nearer to such questions; it is embedded
    beside the sentence itself and never shown.
    """

    def __init__(self, rows: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Take (resident, official words) pairs; the first resident word for each is used."""
        self._table: dict[str, str] = {}
        for resident, official in rows:
            if GAP in search_form(resident):
                continue
            for word in official:
                self._table.setdefault(search_form(word), search_form(resident))
        longest = sorted(self._table, key=lambda word: (-len(word), word))
        self._pattern = re.compile("|".join(map(re.escape, longest))) if longest else None

    def rewrite(self, form: str) -> str | None:
        """``form`` (search form) in resident words; None where no official word stands in it."""
        if self._pattern is None:
            return None
        plain, count = self._pattern.subn(lambda match: self._table[match[0]], form)
        return plain if count else None


def parse_plain_words(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """The lines of a synonym file that are everyday speech (note 口语)."""
    lines = (line for line in text.splitlines() if line.split("\t")[3:4] == ["口语"])
    return parse_synonyms("\n".join(lines))


def parse_synonyms(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Read ``resident<TAB>official official …`` lines; comments start with ``#``."""
    pairs = []
    for line in text.splitlines():
        columns = line.split("\t")
        if len(columns) >= 2 and not line.startswith("#"):
            pairs.append((columns[0].strip(), tuple(columns[1].split())))
    return pairs


def parse_words(text: str) -> tuple[str, ...]:
    """The words of a synonym file that others may be slips of, gaps left out.

    Official words, and resident ones except slips (note 错字) and whole phrases (说法).
    """
    words: dict[str, None] = {}
    for line in text.splitlines():
        for resident, official in parse_synonyms(line):
            words.update(dict.fromkeys(official))
            if line.split("\t")[3:4] not in _NO_WORDS:
                words.update(dict.fromkeys(search_form(resident).split(GAP)))
    return tuple(words)


def shipped_synonyms() -> str:
    """The shipped synonym file."""
    return shipped_text("synonyms.tsv")


@cache
def default_synonyms() -> Synonyms:
    """The shipped synonyms."""
    return Synonyms(parse_synonyms(shipped_synonyms()))


@cache
def default_plain_words() -> PlainWords:
    """The shipped synonyms, read from official to resident wording."""
    return PlainWords(parse_plain_words(shipped_synonyms()))


def synonym_words() -> tuple[str, ...]:
    """Every word of the shipped synonyms that is spelt right."""
    return parse_words(shipped_synonyms())


def synonyms_digest() -> str:
    """SHA-256 of the shipped synonyms: they decide what is embedded."""
    return sha256(shipped_synonyms().encode()).hexdigest()
