"""How well quotes say what was asked: facts, character overlap, ROUGE-L, exact match."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from corpus.types import Span
from eval.fold import fold_text

_NOT_WORD = re.compile(r"[\W_]+")
_LATIN = re.compile(r"[a-z0-9]+|.")


def facts_stated(quotes: Iterable[str], facts: Sequence[str]) -> float | None:
    """Return 1 when the concatenated quotes hold every fact, else 0; None without facts.

    Compared after NFKC (bracket width), traditional to simplified, lower case, and without
    white space. No quotes hold no facts: 0.

    >>> facts_stated(["新增 2 万人。", "（责任单位：市公安局）"], ["2万人", "市公安局"])
    1.0
    """
    if not facts:
        return None
    joined = fold_text("".join(quotes))
    return float(all(fold_text(fact) in joined for fact in facts))


def overlap(
    quotes: Iterable[tuple[str, Span]], reference: Iterable[tuple[str, Span]]
) -> tuple[float | None, float | None, float | None]:
    """Return precision, recall and F1 of quoted characters against the reference characters.

    Both are (doc_id, span) pairs; a character is counted once however often it is quoted.
    Precision is None without quotes, recall without reference, F1 when either is; F1 is 0 when
    nothing overlaps.

    >>> overlap([("d", (0, 10))], [("d", (5, 10))])[:2]
    (0.5, 1.0)
    """
    quoted, wanted = _characters(quotes), _characters(reference)
    both = len(quoted & wanted)
    precision = both / len(quoted) if quoted else None
    recall = both / len(wanted) if wanted else None
    if precision is None or recall is None:
        return precision, recall, None
    f1 = 2 * precision * recall / (precision + recall) if both else 0.0
    return precision, recall, f1


def _characters(spans: Iterable[tuple[str, Span]]) -> set[tuple[str, int]]:
    return {(doc, position) for doc, (start, end) in spans for position in range(start, end)}


def rouge_l(text: str, reference: str) -> float | None:
    """Return ROUGE-L F1: of the longest common subsequence of characters (β = 1).

    P = lcs/|text|, R = lcs/|reference|, F1 = 2PR/(P+R), over characters without white space.
    None when the reference is empty; an empty text scores 0.

    >>> rouge_l("abcd", "abxd")
    0.75
    """
    mine, wanted = fold_text(text), fold_text(reference)
    if not wanted:
        return None
    common = _lcs(mine, wanted)
    return 2 * common / (len(mine) + len(wanted))


def _lcs(a: str, b: str) -> int:
    """Length of the longest common subsequence (Hyyrö's bit-parallel form: one integer a row)."""
    places: dict[str, int] = {}
    for position, character in enumerate(a):
        places[character] = places.get(character, 0) | 1 << position
    full = (1 << len(a)) - 1
    row = full
    for character in b:
        hits = row & places.get(character, 0)
        row = ((row + hits) | (row - hits)) & full
    return len(a) - row.bit_count()


def exact_match(text: str, answers: Sequence[str]) -> float | None:
    """Return 1 when the text equals an answer without punctuation, space and case, else 0."""
    if not answers:
        return None
    mine = _NOT_WORD.sub("", fold_text(text))
    return float(any(mine == _NOT_WORD.sub("", fold_text(answer)) for answer in answers))


def token_f1(text: str, answers: Sequence[str]) -> float | None:
    """Return the best F1 over ``answers`` of the bags of tokens (a character; a Latin word).

    The SQuAD measure: order does not count, repeats do. CMRC 2018's own script takes the longest
    common *substring* instead, so its numbers are lower. None without answers.

    >>> token_f1("共2000人", ["2000人"])
    0.8
    """
    if not answers:
        return None
    return max(_bag_f1(_tokens(text), _tokens(answer)) for answer in answers)


def _tokens(text: str) -> list[str]:
    return _LATIN.findall(_NOT_WORD.sub("", fold_text(text)))


def _bag_f1(mine: list[str], wanted: list[str]) -> float:
    if not mine or not wanted:
        return float(mine == wanted)
    return 2 * (Counter(mine) & Counter(wanted)).total() / (len(mine) + len(wanted))
