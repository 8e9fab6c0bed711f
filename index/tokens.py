"""Words for the search form of a text. What is quoted never passes through here."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Protocol, cast

import rjieba
from opencc import OpenCC

_COUNTED = 60_101_967  # words behind the counts of jieba's dictionary
_WORD = re.compile(r"\w")
_CONVERTER = OpenCC("t2s")
# Digits and their unit are searched together and apart (2万人 → 2万, 人): jieba splits them.
_NUMBER = re.compile(r"\d+(?:\.\d+)?[万亿千百]?%?")


@lru_cache(maxsize=4096)
def search_form(text: str) -> str:
    """Fold ``text`` for matching: NFKC, traditional to simplified, lower case.

    Offsets are not kept (``㎡`` becomes two characters), so the result is for search only.
    """
    folded: str = _CONVERTER.convert(unicodedata.normalize("NFKC", text))
    return folded.lower()


def read_words(name: str) -> tuple[str, ...]:
    """First column of a lexicon file in ``corpus/lexicon``, comments and blank lines left out."""
    return first_column(shipped_text(name))


def shipped_text(name: str) -> str:
    """A file of ``corpus/lexicon`` as it is."""
    return (files("corpus") / "lexicon" / name).read_text(encoding="utf-8")


def first_column(text: str) -> tuple[str, ...]:
    """First column of a lexicon file's text, comments and blank lines left out."""
    rows = (line.split("\t")[0].strip() for line in text.splitlines())
    return tuple(row for row in rows if row and not row.startswith("#"))


class Cutter(Protocol):
    """jieba's dictionary: an `rjieba.Jieba`, or the module `rjieba`, which holds one."""

    def cut(self, text: str, hmm: bool = True) -> list[str]:
        """Cut a text into words."""
        ...

    def cut_for_search(self, text: str, hmm: bool = True) -> list[str]:
        """Cut a text into words, and long words also into the shorter ones in them."""
        ...

    def cut_all(self, text: str) -> list[str]:
        """All words of the dictionary that stand in a text, overlapping ones too."""
        ...

    def suggest_freq(self, segment: str) -> int:
        """Return the frequency that makes a word be cut whole."""
        ...

    def add_word(self, word: str, freq: int | None, tag: str | None) -> int:
        """Add a word."""
        ...


class Tokenizer:
    """jieba's search cut (HMM off) over the search form, without punctuation and stop words."""

    def __init__(
        self,
        user_words: Iterable[str] = (),
        stop_words: Iterable[str] = (),
        jieba: Cutter | None = None,
    ) -> None:
        """Take words to add and words to leave out.

        :param jieba: the dictionary to use and add to; default one of its own.
        """
        self._jieba: Cutter = jieba or rjieba.Jieba()
        self.user_words = tuple(dict.fromkeys(search_form(word) for word in user_words))
        for word in self.user_words:
            self._jieba.add_word(word, self._jieba.suggest_freq(word), "n")
        self.stop_words = frozenset(search_form(word) for word in stop_words)

    @property
    def cutter(self) -> Cutter:
        """The dictionary, user words included."""
        return self._jieba

    def words(self, text: str) -> list[str]:
        """All words of ``text`` in order, stop words included, punctuation left out."""
        cut = self._jieba.cut_for_search(search_form(text), False)
        return [word for word in cut if _WORD.search(word)]

    def borders(self, text: str) -> frozenset[int]:
        """Offsets at which a word of ``text`` starts or ends (the text is cut as it is)."""
        offsets, position = {0}, 0
        for word in self._jieba.cut(text, False):
            position += len(word)
            offsets.add(position)
        return frozenset(offsets)

    def terms(self, text: str) -> list[str]:
        """What is indexed and searched: words without stop words, then whole figures."""
        terms = [word for word in self.words(text) if word not in self.stop_words]
        seen = set(terms)
        figures = _NUMBER.findall(search_form(text))
        return terms + [figure for figure in figures if figure not in seen]

    def words_in(self, text: str) -> frozenset[str]:
        """The terms of ``text`` and every other word of the dictionary that stands in it.

        «公共租赁住房租金» may be cut so that 公共租赁住房 is lost; here it is found.
        """
        inside = self._jieba.cut_all(search_form(text))
        others = {word for word in inside if len(word) > 1 and word not in self.stop_words}
        return frozenset(self.terms(text)) | others

    def surprise(self, word: str) -> float:
        """Minus the natural logarithm of a word's share of common text, by jieba's counts."""
        return math.log(_COUNTED / max(1, self._jieba.suggest_freq(word)))


@cache
def default_tokenizer() -> Tokenizer:
    """The tokenizer with the shipped lexicon (user words and stop words)."""
    # The package reads its dictionary when it is imported (0.1 s); a second one is not needed.
    loaded = cast(Cutter, rjieba)  # its stub leaves add_word and suggest_freq out of __all__
    return Tokenizer(read_words("words.tsv"), read_words("stopwords.tsv"), loaded)
