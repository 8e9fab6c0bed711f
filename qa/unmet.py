"""What of a question stands nowhere in a clause, and what that says about being answered.

«落户要不要体检» and «落户要不要买房» look alike to vectors and to word counts; the word
that the clause lacks tells them apart. Residents' own words are lacking as well («我娃»,
«老是»), so every lacking word, character pair, character and asked form has a learned weight
(`eval.train_decision`): well below 0 for what policies state where they mean it (体检, 证明,
补办), about 0 or above for talk.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

from qa.asks import has_evidence
from qa.features import PassageTerms
from qa.query import Query

WORD, PAIR, CHARACTER, ASKED, FORMLESS = "w:", "b:", "c:", "a:", "n:"


@dataclass(frozen=True, slots=True)
class Unmet:
    """Weights of what may be lacking, added to the log odds that a clause answers."""

    weights: Mapping[str, float]

    def score(self, lacking: Iterable[str]) -> float:
        """Sum of the known weights."""
        return sum(self.weights.get(key, 0.0) for key in lacking)

    def heaviest(self, lacking: Iterable[str]) -> str | None:
        """The lacking word that speaks most against the clause, None where none does."""
        words = [key for key in lacking if key.startswith(WORD)]
        worst = min(words, key=lambda key: (self.weights.get(key, 0.0), key), default=None)
        if worst is None or self.weights.get(worst, 0.0) >= 0.0:
            return None
        return worst.removeprefix(WORD)


@cache
def unmet_model(*, dense: bool = True) -> Unmet:
    """The learned weights (``dense``: beside vectors); none where there is no file."""
    name = "unmet.json" if dense else "unmet_lexical.json"
    with as_file(files("qa") / "models" / name) as path:
        try:
            return Unmet(json.loads(path.read_text(encoding="utf-8"))["weights"])
        except (OSError, ValueError, KeyError):
            return Unmet({})


def lacking_words(query: Query, terms: PassageTerms) -> frozenset[str]:
    """The words, pairs and characters of a question that a clause and its headings have not."""
    pairs = query.bigrams
    keys = {WORD + c.word for c in query.concepts if not c.in_terms(terms.everything)}
    keys |= {PAIR + pair for pair in pairs - terms.bigrams - terms.heading_bigrams}
    keys |= {CHARACTER + char for char in frozenset("".join(pairs)) - terms.characters}
    return frozenset(keys)


def lacking(query: Query, terms: PassageTerms, quote: str, above: str = "") -> frozenset[str]:
    """What the question has and the clause has not, as keys of `Unmet.weights`.

    Words and characters are looked for in the clause and its headings, asked forms in the quote.

    :param above: the headings of the clause.
    """
    asked = {ASKED + ask for ask in query.asks}
    formless = {
        FORMLESS + ask for ask in query.asks if not has_evidence(ask, quote, query.text, above)
    }
    return lacking_words(query, terms) | asked | formless


__all__ = ["Unmet", "lacking", "lacking_words", "unmet_model"]
