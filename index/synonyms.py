"""Resident wording to official wording, from ``corpus/lexicon/synonyms.tsv``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from index.tokens import search_form


@dataclass(frozen=True, slots=True)
class Expansion:
    """A resident's words found in a question, and the official words they stand for."""

    resident: str
    official: tuple[str, ...]


class Synonyms:
    """Longest resident expressions first, matched as substrings of the search form."""

    def __init__(self, pairs: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Take (resident, official words) pairs; several lines for one expression add up."""
        table: dict[str, dict[str, None]] = {}
        for resident, official in pairs:
            words = table.setdefault(search_form(resident), {})
            words.update((search_form(word), None) for word in official)
        self._table = {resident: tuple(words) for resident, words in table.items()}
        longest = sorted(self._table, key=lambda word: (-len(word), word))
        self._pattern = re.compile("|".join(map(re.escape, longest))) if longest else None

    def __len__(self) -> int:
        return len(self._table)

    def find(self, question: str) -> tuple[Expansion, ...]:
        """Expansions of ``question`` in order, without repeats.

        >>> Synonyms([("娃", ["随迁子女"])]).find("我家娃上学")[0].official
        ('随迁子女',)
        """
        if self._pattern is None:
            return ()
        found = dict.fromkeys(self._pattern.findall(search_form(question)))
        return tuple(Expansion(resident, self._table[resident]) for resident in found)


def parse_synonyms(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Read ``resident<TAB>official official …`` lines; comments start with ``#``."""
    pairs = []
    for line in text.splitlines():
        columns = line.split("\t")
        if len(columns) >= 2 and not line.startswith("#"):
            pairs.append((columns[0].strip(), tuple(columns[1].split())))
    return pairs


@cache
def default_synonyms() -> Synonyms:
    """The shipped synonyms."""
    path = files("corpus") / "lexicon" / "synonyms.tsv"
    return Synonyms(parse_synonyms(path.read_text(encoding="utf-8")))
