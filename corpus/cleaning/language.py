"""How likely a run of Chinese is: word segmentation over jieba's word frequencies."""

from __future__ import annotations

import logging
import math
from functools import lru_cache
from typing import cast

from corpus.identity import simplified

_LONGEST = 6  # characters of a word
_UNKNOWN = -18.0  # log probability of a character that is in no dictionary
_MARK = -7.0  # punctuation and ASCII: neither likely nor odd


@lru_cache(maxsize=1)
def _words() -> tuple[dict[str, int], float]:
    import jieba  # half a second to load, and needed for damaged text only

    jieba.setLogLevel(logging.WARNING)
    jieba.dt.initialize()
    return cast("dict[str, int]", jieba.dt.FREQ), math.log(jieba.dt.total)


def word_frequency(word: str) -> int:
    """Frequency of a word in simplified or traditional script; 0 if unknown."""
    return _words()[0].get(simplified(word), 0)


@lru_cache(maxsize=200_000)
def likelihood(text: str) -> float:
    """Log probability of the best segmentation (higher is better, base e)."""
    frequencies, total = _words()
    plain = simplified(text)
    best = [0.0] + [-math.inf] * len(plain)
    for end in range(1, len(plain) + 1):
        for start in range(max(0, end - _LONGEST), end):
            word = plain[start:end]
            count = frequencies.get(word, 0)
            if count:
                score = math.log(count) - total
            elif len(word) == 1:
                score = _UNKNOWN if "\u3400" <= word <= "\u9fff" else _mark(word)
            else:
                continue
            best[end] = max(best[end], best[start] + score)
    return best[-1]


def _mark(char: str) -> float:
    common = char.isascii() or char in "，。、；：？！（）《》〈〉“”‘’—…·　"
    return _MARK if common else _UNKNOWN
