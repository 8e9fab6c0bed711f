"""A question as retrieval sees it: weighted words, concepts with their alternatives, figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from corpus import chinese_number
from index.numbers import figure_keys
from index.synonyms import Expansion, Synonyms
from index.tokens import Tokenizer, search_form
from qa.asks import Ask, ask_spans
from qa.kinds import kinds

CONTEXT_WEIGHT = 0.3  # a word of the earlier question that a short follow-up leans on
EXPANSION_WEIGHT = 0.6  # an official word that a synonym brought, against the user's own 1.0
_FIGURE = re.compile(
    r"(?P<value>[一二两三四五六七八九十百千]+)(?P<unit>年|月份?|[日号天]|周?岁|个月|元|次|人|户|套|所|个|倍|分|级|)"
)
_SAME_UNIT = {"月份": ("月",), "号": ("日", "号"), "岁": ("岁", "周岁"), "个月": ("个月", "月")}
_NON_WORD = re.compile(r"\W")


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing the question mentions: it stands in a text when any alternative does.

    ``alternatives`` are sets of terms that must all stand there; ``weight`` is the inverse
    document frequency of the commonest alternative, each taken as its rarest term.
    """

    word: str
    alternatives: tuple[frozenset[str], ...]
    weight: float

    def in_terms(self, terms: frozenset[str]) -> bool:
        """Whether the concept stands in a text with these terms."""
        return any(alternative <= terms for alternative in self.alternatives)


@dataclass(frozen=True, slots=True)
class Query:
    """``text``: for the dense leg; ``terms``: for the lexical leg; the rest for ranking.

    ``kinds``: which of several kinds this turn itself names; see `qa.kinds`.
    """

    text: str
    context: str
    terms: dict[str, float]
    concepts: tuple[Concept, ...]
    bigrams: frozenset[str]
    figures: frozenset[str]
    asks: frozenset[Ask]
    focus: Concept | None
    expansions: tuple[Expansion, ...]
    kinds: frozenset[tuple[str, str]] = frozenset()
    _wanted: frozenset[str] = field(init=False, repr=False, compare=False)
    _weights: dict[frozenset[str], float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Collect the terms that concepts look for; weights are filled in as they are asked."""
        wanted = frozenset(t for c in self.concepts for terms in c.alternatives for t in terms)
        object.__setattr__(self, "_wanted", wanted)
        object.__setattr__(self, "_weights", {})

    def known(self, terms: frozenset[str]) -> frozenset[str]:
        """Terms of the concepts that are among these."""
        return self._wanted & terms

    def coverage(self, terms: frozenset[str]) -> float:
        """Summed weight of the concepts that stand in a text with these terms."""
        return self._weight(self._wanted & terms)

    def best_coverage(self, texts: Iterable[frozenset[str]], union: frozenset[str]) -> float:
        """The highest coverage among texts whose terms are all in ``union``."""
        stands = self._wanted & union
        best, most = 0.0, self._weight(stands)
        for terms in texts:
            if best >= most:  # no text can hold more than all of them together
                break
            best = max(best, self._weight(stands & terms))
        return best

    def _weight(self, stands: frozenset[str]) -> float:
        weight = self._weights.get(stands)
        if weight is None:  # hundreds of sentences share a few such sets
            weight = sum(concept.weight for concept in self.concepts if concept.in_terms(stands))
            self._weights[stands] = weight
        return weight


@lru_cache(maxsize=4096)
def bigrams(text: str) -> frozenset[str]:
    """Character pairs of the search form without punctuation: robust to segmentation and typos."""
    form = _NON_WORD.sub("", search_form(text))
    return frozenset(form[i : i + 2] for i in range(len(form) - 1))


def make_query(
    text: str,
    content: str,
    asks: frozenset[Ask],
    tokenizer: Tokenizer,
    synonyms: Synonyms,
    idf: Callable[[str], float],
    context: str = "",
    own: str | None = None,
) -> Query:
    """Build the query for a stand-alone question.

    :param text: the whole question; ``content``: the same without place names.
    :param idf: inverse document frequency of a term in the index.
    :param context: an earlier question, whose words count less.
    :param own: what this turn of a chat says itself, default ``content``.
    """
    expansions = synonyms.find(content)
    terms, concepts = _weigh(content, expansions, tokenizer, idf)
    if context:
        more, others = _weigh(context, synonyms.find(context), tokenizer, idf)
        for term, weight in more.items():
            terms.setdefault(term, weight * CONTEXT_WEIGHT)
        known = {concept.word for concept in concepts}
        concepts += [
            replace(concept, weight=concept.weight * CONTEXT_WEIGHT)
            for concept in others
            if concept.word not in known
        ]
    return Query(
        text=search_form(text),
        context=search_form(context),
        terms=terms,
        concepts=tuple(concepts),
        bigrams=bigrams(content),
        figures=figure_keys(search_form(content)),
        asks=asks,
        focus=_focus(search_form(content), concepts, asks),
        expansions=expansions,
        kinds=kinds().meant(search_form(content), search_form(own or "")),
    )


def _focus(content: str, concepts: Sequence[Concept], asks: frozenset[Ask]) -> Concept | None:
    """The concept nearest to the asking words: what «录取分数线是多少» wants is 分数线."""
    spans = ask_spans(content, asks)
    nearest: tuple[int, Concept] | None = None
    for concept in concepts:
        start = content.find(concept.word)
        if start < 0:
            continue
        end = start + len(concept.word)
        for a, b in spans:
            distance = max(a - end, start - b, 0)
            if nearest is None or distance < nearest[0]:
                nearest = (distance, concept)
    return nearest[1] if nearest else None


def _weigh(
    content: str,
    expansions: Sequence[Expansion],
    tokenizer: Tokenizer,
    idf: Callable[[str], float],
) -> tuple[dict[str, float], list[Concept]]:
    """Weighted words of a text, and its concepts with the alternatives that synonyms give."""
    own = list(dict.fromkeys(tokenizer.terms(content)))
    terms = dict.fromkeys(own, 1.0)
    concepts: list[Concept] = []
    covered: set[str] = set()
    for expansion in expansions:
        pieces = frozenset(tokenizer.terms(expansion.resident))
        official = [_whole(tokenizer, word) for word in expansion.official]
        alternatives = tuple(alt for alt in (pieces, *official) if alt)
        if not alternatives:
            continue
        for alternative in official:
            for term in alternative:
                terms.setdefault(term, EXPANSION_WEIGHT)
        rarest = [max(idf(term) for term in alternative) for alternative in alternatives]
        concepts.append(Concept(expansion.resident, alternatives, min(rarest)))
        covered |= pieces
    for term in own:
        if term not in covered and not any(term in word for word in covered):
            concepts.append(Concept(term, (frozenset({term}), *_figures(term)), idf(term)))
    return terms, concepts


@lru_cache(maxsize=4096)
def _figures(term: str) -> tuple[frozenset[str], ...]:
    """A figure with its unit as texts cut it: «三月» is 3 and 月 in «3月1日»."""
    match = _FIGURE.fullmatch(term)
    value = chinese_number(match["value"]) if match else None
    if match is None or value is None:
        return ()
    units = _SAME_UNIT.get(match["unit"], (match["unit"],))
    return tuple(frozenset({f"{value:g}", unit} - {""}) for unit in units)


@lru_cache(maxsize=4096)
def _whole(tokenizer: Tokenizer, word: str) -> frozenset[str]:
    """Terms an official word is found by: itself where the dictionary has it, else its parts."""
    terms = frozenset(tokenizer.terms(word))
    form = search_form(word)
    return frozenset({form}) if form in terms else terms
