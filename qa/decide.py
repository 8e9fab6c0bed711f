"""Does the evidence answer? A calibrated probability, and the bar it must reach."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import as_file, files

from index.ranking import LinearModel
from qa.asks import STRICT, Ask, evidence_pattern, has_evidence, of_document
from qa.query import Query
from qa.unmet import unmet_model

NAMES = (
    "dense",  # best cosine of the chosen clause
    "span",  # cosine of the best chosen sentence
    "margin",  # ranker score over that of the next clause in the same area
    "cover",  # share of the question's concepts in clause and headings
    "cover_heading",
    "missing",  # weight of the heaviest concept that the clause lacks
    "unknown",  # weight of the heaviest concept that stands in no document of the area
    "bigram",
    "strict_missing",  # an asked form (duration, money, papers …) is not in the quote
    "matched",  # weight of the question's concepts in clause and headings, in tens
    "figure_missing",  # asked for a number or date, none in the quote
    "concepts",  # number of concepts, at most 6
    "quote_cover",  # share of the question's concepts in quote and headings
    "focus_missing",  # the word next to the asking words is not in quote or headings
    "open",  # no form of fact is asked for: a yes-or-no or a what question
)
BAR = 0.3  # probability from which an answer is given; docs/adr/0004
SURE = 0.4  # from here on no doubt about the topic holds an answer back
DOUBTFUL_TOPIC = 0.3  # probability of being off topic from which an answer must be sure
STRICT_BAR = 0.6  # the same where the form that was asked for (a sum, a term) is not in the quote
OFF_TOPIC = 0.5  # probability from which a question is taken as off topic
_ANOTHER = "k:another"  # beside what is lacking: the clause is about another kind
_ANOTHER_COST = 3.5  # log odds; docs/adr/0004
TOPIC_NAMES = ("dense", "cover", "unknown", "known", "place")
_ANSWER = LinearModel(
    NAMES, (14.0, 4.0, 0.1, 2.0, 0.5, -0.2, -0.2, 2.0, -3.0, 0.5, -1.0, 0.0, 1.0, -0.5, 0.5), -9.0
)
_TOPIC = LinearModel(TOPIC_NAMES, (-25.0, -3.0, 0.1, -0.2, -0.5), 12.5)


@dataclass(frozen=True, slots=True)
class Signals:
    """Values behind a decision, in the order of NAMES, and what the clause lacks (`qa.unmet`)."""

    values: tuple[float, ...]
    unmet: frozenset[str] = frozenset()

    def __getitem__(self, name: str) -> float:
        return self.values[NAMES.index(name)]


@cache
def answer_model(*, dense: bool = True) -> LinearModel:
    """The trained answer model (``dense``: with vectors), or hand-set weights."""
    name = "answer.json" if dense else "answer_lexical.json"
    with as_file(files("qa") / "models" / name) as path:
        return LinearModel.load(path, NAMES) or _ANSWER


@cache
def topic_model(*, dense: bool = True) -> LinearModel:
    """The trained off-topic model (``dense``: with vectors), or hand-set weights."""
    name = "topic.json" if dense else "topic_lexical.json"
    with as_file(files("qa") / "models" / name) as path:
        return LinearModel.load(path, TOPIC_NAMES) or _TOPIC


def signals(
    query: Query,
    *,
    dense: float,
    span: float,
    margin: float,
    clause_terms: frozenset[str],
    heading_terms: frozenset[str],
    bigram: float,
    known: frozenset[str],
    quote: str,
    quote_terms: frozenset[str],
    has_units: bool,
    unmet: frozenset[str] = frozenset(),
    above: str = "",
) -> Signals:
    """Collect what the decision looks at.

    :param known: terms of the query that stand somewhere in the documents searched.
    :param quote: all chosen quotes, joined; ``quote_terms`` its terms.
    :param above: the headings of the clause.
    """
    everything, focus = clause_terms | heading_terms, query.focus
    total = sum(concept.weight for concept in query.concepts) or 1.0
    lacking = [c.weight for c in query.concepts if not c.in_terms(everything)]
    unknown = [c.weight for c in query.concepts if not c.in_terms(known)]
    strict = [ask for ask in query.asks if ask in STRICT and evidence_pattern(ask, query.text)]
    numeric = [ask for ask in query.asks if ask in (Ask.FIGURE, Ask.DATE)]
    absent = [ask for ask in strict if not has_evidence(ask, quote, query.text, above)]
    listed = has_units and not of_document(query.text)
    if Ask.UNIT in query.asks and not listed and not has_evidence(Ask.UNIT, quote, query.text):
        absent.append(Ask.UNIT)
    return Signals(
        (
            dense,
            span,
            min(margin, 8.0),
            query.coverage(everything) / total,
            query.coverage(heading_terms) / total,
            max(lacking, default=0.0),
            max(unknown, default=0.0),
            bigram,
            float(bool(absent)),
            min(query.coverage(everything), 20.0) / 10.0,
            float(any(not has_evidence(ask, quote, query.text) for ask in numeric)),
            float(min(len(query.concepts), 6)),
            query.coverage(quote_terms | heading_terms) / total,
            float(focus is not None and not focus.in_terms(quote_terms | heading_terms)),
            float(not strict and not numeric and Ask.UNIT not in query.asks),
        ),
        unmet,
    )


def answers(values: Signals, bar: float = BAR) -> bool:
    """Whether evidence with these signals is given as an answer."""
    return confidence(values) >= _bar(values, bar)


def _bar(values: Signals, bar: float) -> float:
    return max(bar, STRICT_BAR) if _form_missing(values) else bar


def _form_missing(values: Signals) -> bool:
    """Whether the form that was asked for (a sum, a term, a date) is not in the quote."""
    return bool(values["strict_missing"] or values["figure_missing"])


def reason(values: Signals, bar: float = BAR) -> str:
    """Why evidence with these signals is not given, in plain words."""
    said = f"把握 {confidence(values):.2f}，低于 {_bar(values, bar):.2f}"
    if _form_missing(values):
        said += "；引文里没有所问的内容（数字、时限、材料等）"
        return said
    word = unmet_model(dense=values["dense"] != 0.0).heaviest(values.unmet)
    if word is not None:
        said += f"；这一条没有问到的“{word}”"
    elif values["missing"]:
        said += "；问题里有的词这一条没有"
    return said


def confidence(values: Signals) -> float:
    """Probability that the quotes answer the question.

    A cosine is never exactly 0, so a 0 says that there are no vectors: then words alone decide.
    """
    dense = values["dense"] != 0.0
    more = unmet_model(dense=dense).score(values.unmet)
    more -= _ANOTHER_COST if _ANOTHER in values.unmet else 0.0
    return answer_model(dense=dense).probability(values.values, more)


def topic_values(
    query: Query, dense: float, cover: float, known: frozenset[str], *, place: bool
) -> tuple[float, ...]:
    """What tells on-topic from off-topic, in the order of TOPIC_NAMES.

    :param dense: best cosine over the documents; ``cover``: best share of concepts in a clause.
    :param place: the question names a place that the documents cover.
    """
    unknown = [c.weight for c in query.concepts if not c.in_terms(known)]
    share = 1.0 - len(unknown) / len(query.concepts) if query.concepts else 0.0
    return (dense, cover, max(unknown, default=0.0), share, float(place))


def about_another(values: Signals) -> Signals:
    """The signals of a clause that speaks of another kind than the one asked; see `qa.kinds`."""
    return replace(values, unmet=values.unmet | {_ANOTHER})


def is_about_another(values: Signals) -> bool:
    """Whether these are the signals of a clause about a sibling of what was asked."""
    return _ANOTHER in values.unmet


def off_topic(values: tuple[float, ...]) -> float:
    """Probability that the question has nothing to do with the documents."""
    return topic_model(dense=values[0] != 0.0).probability(values)
