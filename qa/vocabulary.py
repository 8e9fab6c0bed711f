"""The words of one corpus, for the correction of slips: documents, lexicon, places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from corpus import Gazetteer
from index.policy_index import PolicyIndex
from index.synonyms import Synonyms, synonym_words
from index.tokens import Cutter, read_words, search_form
from qa.places import local_names
from qa.spelling import Corrected, Speller
from qa.subject import Subject

_READ = 2_000  # passages read for words, evenly spread: 0.1 s, and most words recur
# How often a place counts as named, of all words: residents name the covered ones all the time,
# the documents seldom; their parts less often.
_COVERED, _INSIDE = 0.01, 0.0003
_REMEMBERED = 20_000  # words of questions
_REMEMBERED_QUESTIONS = 256  # the turns of a chat come again with every further one
_SUFFIX = re.compile(r"(?:自治区|自治县|[省市区县旗])$")
_LEXICON = ("words.tsv", "stopwords.tsv")


class Spelling:
    """Corrects questions; the words of the corpus are read when the first question comes."""

    def __init__(
        self, index: PolicyIndex, areas: Sequence[str], gazetteer: Gazetteer, synonyms: Synonyms
    ) -> None:
        """Take a loaded index, the areas that its documents cover and all divisions."""
        self._speller = cache(lambda: speller_for(index, areas, gazetteer, synonyms))
        self._corrected = lru_cache(maxsize=_REMEMBERED_QUESTIONS)(self._correct)

    def correct(self, question: str) -> Corrected:
        """Put the slips in ``question`` right; without any it comes back as it was written."""
        return self._corrected(question)

    def _correct(self, question: str) -> Corrected:
        found = self._speller().correct(search_form(question))
        return found if found.changes else Corrected(question)


def speller_for(
    index: PolicyIndex, areas: Sequence[str], gazetteer: Gazetteer, synonyms: Synonyms
) -> Speller:
    """The speller over a loaded index.

    :param areas: division paths that the documents cover.
    """
    lexical, cutter = index.lexical, index.tokenizer.cutter

    @lru_cache(maxsize=_REMEMBERED)
    def known(word: str) -> bool:
        return lexical.document_frequency(word) > 0 or gazetteer.path_of(word) is not None

    passages = [*_document_words(index, cutter)]
    counts: Counter[str] = Counter(word for words in passages for word in words)
    places = _place_words(areas, gazetteer, counts.total())
    counts.update(places)
    lexicon = (*synonym_words(), *(word for name in _LEXICON for word in read_words(name)))
    subject = Subject(passages, lambda text: (w for e in synonyms.find(text) for w in e.official))
    return Speller({**dict.fromkeys(lexicon, 0), **counts}, cutter, known, subject, places)


def _document_words(index: PolicyIndex, cutter: Cutter) -> Iterator[list[str]]:
    step = -(-len(index.passages) // _READ) or 1
    for passage in index.passages[::step]:
        text = search_form(f"{passage.heading} {passage.text}")
        yield cutter.cut_for_search(text, False)


def _place_words(areas: Sequence[str], gazetteer: Gazetteer, total: int) -> Counter[str]:
    """Names of the covered divisions, their parents and their parts, full and short."""
    names: Counter[str] = Counter()
    covered, inside = 1 + int(_COVERED * total), 1 + int(_INSIDE * total)
    for area in areas:
        for part in filter(None, area.split("/")):
            names.update(dict.fromkeys((part, _SUFFIX.sub("", part)), covered))
    for name, path in local_names(gazetteer, areas).items():
        names.update(dict.fromkeys((name, path.rsplit("/", 1)[-1]), inside))
    return names
