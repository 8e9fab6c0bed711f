"""The lexicon of a home: the shipped one, and what its staff added under ``lexicon/``.

A home may hold ``lexicon/synonyms.tsv``, ``words.tsv`` and ``stopwords.tsv`` in the format of
``corpus/lexicon``. Their lines add to the shipped ones; official words of a line for an expression
that is shipped too are added to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from index.synonyms import (
    PlainWords,
    Synonyms,
    default_plain_words,
    default_synonyms,
    parse_plain_words,
    parse_synonyms,
    shipped_synonyms,
    synonyms_digest,
)
from index.tokens import Tokenizer, default_tokenizer, first_column, read_words

FOLDER = "lexicon"
FILES = ("synonyms.tsv", "words.tsv", "stopwords.tsv")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What texts are cut, rewritten and expanded with. ``digest``: SHA-256 of the synonyms."""

    tokenizer: Tokenizer
    synonyms: Synonyms
    plain: PlainWords
    digest: str


def lexicon_of(home: Path) -> Lexicon:
    """The lexicon that holds in a home folder.

    :raises OSError: a file of the home cannot be read.
    """
    return lexicon_from(*(_text(home / FOLDER / name) for name in FILES))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig") if path.is_file() else ""


@lru_cache(maxsize=4)
def lexicon_from(synonyms: str, words: str, stop_words: str) -> Lexicon:
    """The lexicon that these texts of a home would give."""
    tokenizer = default_tokenizer()
    if words.strip() or stop_words.strip():
        tokenizer = Tokenizer(
            (*read_words("words.tsv"), *first_column(words)),
            (*read_words("stopwords.tsv"), *first_column(stop_words)),
        )
    if not synonyms.strip():
        return Lexicon(tokenizer, default_synonyms(), default_plain_words(), synonyms_digest())
    text = shipped_synonyms() + "\n" + synonyms
    return Lexicon(
        tokenizer,
        Synonyms(parse_synonyms(text)),
        PlainWords(parse_plain_words(text)),
        sha256(text.encode()).hexdigest(),
    )
