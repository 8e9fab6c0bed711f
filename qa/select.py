"""Choose the sentences of a clause that answer: minimal, but complete enough to stand alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from corpus.types import Clause, Role, Span
from index.numbers import figure_keys
from index.ranking import LinearModel
from index.tokens import search_form
from index.types import Passage
from qa.asks import Ask, evidence_pattern, of_document
from qa.query import Query, bigrams
from qa.tables import head_of, spelled

Matrix = NDArray[np.float64]
NAMES = ("dense", "cover", "bigram", "evidence", "figure", "digits", "first", "trailer", "short")
BUDGET = 160  # characters of all quotes of one clause; a first sentence may be longer
CLOSE = 2.5  # a further sentence joins when its score is this near the best; docs/adr/0004
_SHORT = 12  # characters: a sentence this short is a heading or a fragment
_LONG_SENTENCE = 150  # characters: longer ones are lists, and a part of them answers
_MAX_SPANS = 4
_ACTOR = re.compile(
    r"(?:由|向)[^，。；,;、]{2,14}(?:部门|局|街道|单位|政府|中心|委员会|办公室|窗口|派出所|机构)|当地[^，。；,;、]{2,8}部门"
)
_DIGIT = re.compile(r"\d")
_LABEL_END = re.compile(r"[、．.\s]*")
_WEIGHTS = LinearModel(NAMES, (6.0, 2.0, 2.0, 1.0, 1.0, 0.2, 0.0, -2.0, -0.5))


@dataclass(frozen=True, slots=True)
class Evidence:
    """The chosen spans of one clause, as offsets into ``Clause.text``, in text order.

    ``score`` is the model's score of the best sentence, ``features`` its features.
    """

    spans: tuple[Span, ...]
    score: float
    features: tuple[float, ...]


@cache
def span_model() -> LinearModel:
    """The trained span scorer, or hand-set weights where the file does not fit."""
    with as_file(files("qa") / "models" / "spans.json") as path:
        return LinearModel.load(path, NAMES) or _WEIGHTS


def sentences_of(passage: Passage) -> tuple[Span, ...]:
    """What is chosen from: the sentences of a passage, a very long one as its windows.

    The windows of a sentence lie inside it and follow all sentences in ``Passage.spans``.
    """
    sentences: list[Span] = []
    end = 0
    for start, stop in passage.spans:
        if start < end:
            break
        sentences.append((start, stop))
        end = stop
    windows = passage.spans[len(sentences) :]
    units: list[Span] = []
    for start, stop in sentences:
        inside = [span for span in windows if start <= span[0] and span[1] <= stop]
        units.extend(inside if stop - start > _LONG_SENTENCE and inside else [(start, stop)])
    return tuple(units)


def span_features(
    query: Query,
    passage: Passage,
    sentences: Sequence[Span],
    cosines: Sequence[float],
    terms: Sequence[frozenset[str]],
    heading: frozenset[str],
) -> Matrix:
    """Features of each sentence, float64 (len(sentences), len(NAMES)).

    :param cosines: cosine of every span of the passage (empty without vectors).
    :param terms: terms of every span of the passage.
    :param heading: terms of the clause's headings: they count for every sentence.
    """
    total = sum(concept.weight for concept in query.concepts) or 1.0
    pairs = len(query.bigrams) or 1
    asked = [evidence_pattern(ask, query.text) for ask in query.asks if ask is not Ask.UNIT]
    rows = []
    for position, (start, end) in enumerate(sentences):
        text = passage.text[start:end]
        head = head_of(passage.text, (start, end))
        form = search_form(spelled(f"{passage.text[slice(*head)]}\n{text}") if head else text)
        inside = [i for i, (a, b) in enumerate(passage.spans) if start <= a and b <= end]
        words = terms[inside[0]] if inside else frozenset()
        held = [pattern is None or pattern.search(form) is not None for pattern in asked]
        trailer = bool(passage.units) and position == len(sentences) - 1 and text[0] in "（("
        rows.append(
            (
                max((cosines[i] for i in inside), default=0.0) if len(cosines) else 0.0,
                query.coverage(words | heading) / total,
                len(query.bigrams & bigrams(text)) / pairs,
                sum(held) / len(held) if held else 1.0,
                float(bool(query.figures and query.figures & figure_keys(form))),
                float(_DIGIT.search(text) is not None),
                float(position == 0),
                float(trailer),
                float(end - start < _SHORT),
            )
        )
    values = np.array(rows, dtype=float).reshape(len(sentences), len(NAMES))
    if len(rows):
        values[:, :3] -= values[:, :3].max(axis=0)
    return values


def unit_span(clause: Clause, sentences: Sequence[Span]) -> Span | None:
    """Span of the unit list inside ``clause.text``, its bracket included."""
    if not clause.units:
        return None
    start = min(unit.span[0] for unit in clause.units) - clause.span[0]
    end = max(unit.span[1] for unit in clause.units) - clause.span[0]
    for a, b in sentences:
        if a <= start and end <= b and b - a <= 2 * (end - start) + 20:
            return a, b
    opening = max(clause.text.rfind(mark, 0, start) for mark in "（(")
    closings = [p for p in (clause.text.find(mark, end) for mark in "）)") if p >= 0]
    if opening >= 0 and closings and start - opening < 20:
        return opening, min(closings) + 1
    return start, end


def choose(
    query: Query,
    clause: Clause,
    passage: Passage,
    cosines: Sequence[float],
    terms: Sequence[frozenset[str]],
    heading: frozenset[str],
) -> Evidence:
    """Choose the evidence spans of one clause for ``query``."""
    sentences = sentences_of(passage) or ((0, len(passage.text)),)
    values = span_features(query, passage, sentences, cosines, terms, heading)
    scores = span_model().scores(values)
    padding = _padding(query, clause, sentences, terms[0] if terms else frozenset())
    if len(padding) < len(sentences):
        scores[list(padding)] = scores.min() - 1.0  # never the answer by themselves
    best = int(np.argmax(scores))
    features = tuple(float(x) for x in values[best])
    who = Ask.UNIT in query.asks and not of_document(query.text)
    units = unit_span(clause, sentences) if who else None
    if units is not None and not query.asks - {Ask.UNIT, Ask.YES_NO, Ask.NAMES, Ask.CHANNEL}:
        named = sentences[best] if _names_actor(clause, sentences[best], units) else None
        spans = _merge(clause, sorted({units, named})) if named else [units]
        return Evidence(tuple(spans), float(scores[best]), features)
    chosen = _grow(sentences, scores, best, padding)
    if Ask.YES_NO in query.asks and 0 not in padding and _titles(clause, sentences[0]):
        # «全面取消落户限制» is the answer, what follows says how.
        whole = chosen | {0}
        chosen = (
            whole if sum(sentences[i][1] - sentences[i][0] for i in whole) <= BUDGET else chosen
        )
    picked = {sentences[i] for i in chosen}
    heads = {head_of(clause.text, span) for span in picked} - {None}
    spans = _merge(clause, sorted(picked | {head for head in heads if head}))
    if units is not None and not any(a <= units[0] and units[1] <= b for a, b in spans):
        spans = [*spans, units]
    return Evidence(tuple(spans), float(scores[best]), features)


def opening(clause: Clause, passage: Passage) -> Evidence:
    """The beginning of a clause that was asked for by number: whole sentences in the budget."""
    sentences = sentences_of(passage) or ((0, len(passage.text)),)
    taken = [sentences[0]]
    for sentence in sentences[1:]:
        if sentence[1] - taken[0][0] > BUDGET:
            break
        taken.append(sentence)
    return Evidence(tuple(_merge(clause, taken)), 0.0, (0.0,) * len(NAMES))


def _names_actor(clause: Clause, sentence: Span, units: Span) -> bool:
    """Whether the best sentence says itself who does it («由急难发生地街道给予»)."""
    apart = sentence[1] <= units[0] or units[1] <= sentence[0]
    return apart and _ACTOR.search(clause.text[slice(*sentence)]) is not None


def _titles(clause: Clause, sentence: Span) -> bool:
    """Whether the first sentence of a clause is its printed heading and nothing else."""
    length = sentence[1] - sentence[0]
    return bool(clause.heading) and length <= len(clause.heading) + len(clause.label) + 4


def _padding(
    query: Query, clause: Clause, sentences: Sequence[Span], first_terms: frozenset[str]
) -> frozenset[int]:
    """Sentences that add nothing to others.

    They are a heading that says nothing of what was asked (the citation names it), and the unit
    list where nobody asked who.
    """
    found = set()
    said = any(concept.in_terms(first_terms) for concept in query.concepts)
    if _titles(clause, sentences[0]) and not said:
        found.add(0)
    if clause.role is Role.PREAMBLE:  # those it is addressed to are no answer
        found |= {i for i, (a, b) in enumerate(sentences) if clause.text[a:b].endswith(("：", ":"))}
    units = unit_span(clause, sentences)
    if units is not None and units in sentences and Ask.UNIT not in query.asks:
        found.add(list(sentences).index(units))
    return frozenset(found)


def _grow(
    sentences: Sequence[Span], scores: Matrix, best: int, padding: frozenset[int]
) -> set[int]:
    """The best sentence, then near ones by score while the budget lasts."""
    chosen = {best}
    used = sentences[best][1] - sentences[best][0]
    if used < _SHORT and best + 1 < len(sentences):  # a heading alone says too little
        chosen.add(best + 1)
        used += sentences[best + 1][1] - sentences[best + 1][0]
    for position in np.argsort(-scores, kind="stable"):
        index = int(position)
        length = sentences[index][1] - sentences[index][0]
        if index in chosen or index in padding or len(chosen) >= _MAX_SPANS:
            continue
        if scores[index] < scores[best] - CLOSE or used + length > BUDGET:
            continue
        chosen.add(index)
        used += length
    return chosen


def _merge(clause: Clause, spans: Sequence[Span]) -> list[Span]:
    """Join neighbouring sentences and leave the printed label out of the first."""
    merged: list[Span] = []
    for start, end in spans:
        if merged and not clause.text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    first = _after_label(clause)
    return [(max(start, first), end) for start, end in merged if end > first] or merged


def _after_label(clause: Clause) -> int:
    """Where the text of a clause starts after its printed label."""
    form = clause.text.translate(str.maketrans("()", "（）"))
    label = clause.label
    if not label or label.endswith("是") or not form.startswith(label):
        return 0
    end = _LABEL_END.match(clause.text, len(label))
    return end.end() if end else len(label)
