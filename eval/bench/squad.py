"""Span selection alone: the right context is given, our reader picks the sentences."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus import Gazetteer, sentence_spans
from corpus.types import Clause, Document, Origin, Role
from eval.bench.squad_data import Squad
from eval.fold import fold_text
from eval.metrics import exact_match, rouge_l, token_f1
from index import snapshot
from index.encoder import Encoder
from index.passages import windows
from index.policy_index import PolicyIndex
from index.synonyms import default_synonyms
from index.tokens import default_tokenizer
from index.types import Passage
from qa.engine import Engine

Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Selected:
    """What was selected for one question, with its scores."""

    id: str
    text: str
    exact: float
    f1: float
    rouge: float
    holds: float


def read_all(
    data: Squad, encoder: Encoder | None, root: Path, report: Report | None = None
) -> tuple[Selected, ...]:
    """Select spans for every question of a file.

    The contexts stand in one index, so that word rarity means something; each question is
    restricted to its own context.

    :param root: an empty folder for the index.
    """
    engine = _engine(data, encoder, root, report)
    selected = []
    for done, reading in enumerate(data.readings, start=1):
        text = select(engine, reading.question, _name(reading.context))
        selected.append(_score(reading.id, text, reading.answers))
        if report is not None:
            report("阅读", done, len(data.readings))
    return tuple(selected)


def select(engine: Engine, question: str, context: str) -> str:
    """Return the selected sentences of one context, in text order; empty when none was found."""
    read = replace(engine.read(question), scope=(context,))
    ranked = engine.rank(read)
    if not ranked.rows:
        return ""
    candidate = engine.candidate(ranked, 0, engine.known_terms(ranked))
    clause = engine.clause_at(candidate.row)
    return "".join(clause.text[start:end] for start, end in candidate.evidence.spans)


def _score(name: str, text: str, answers: Sequence[str]) -> Selected:
    folded = fold_text(text)
    return Selected(
        id=name,
        text=text,
        exact=exact_match(text, answers) or 0.0,
        f1=token_f1(text, answers) or 0.0,
        rouge=max(rouge_l(text, answer) or 0.0 for answer in answers),
        holds=float(any(fold_text(answer) in folded for answer in answers)),
    )


def summary(selected: Sequence[Selected]) -> dict[str, Any]:
    """Return mean scores. ``holds``: share of questions whose answer stands in the selection."""
    count = len(selected)
    return {
        "questions": count,
        "exact_match": sum(item.exact for item in selected) / count,
        "f1": sum(item.f1 for item in selected) / count,
        "rouge_l": sum(item.rouge for item in selected) / count,
        "holds": sum(item.holds for item in selected) / count,
        "selected_chars": sum(len(item.text) for item in selected) / count,
        "nothing_selected": sum(not item.text for item in selected),
    }


def _name(number: int) -> str:
    return f"c{number}"


def _document(number: int, text: str) -> Document:
    """Wrap a context; its area is its own name, so that a scope can single it out."""
    name = _name(number)
    return Document(
        doc_id=name, file=name, title=name, doc_number=None, issuer=None, published=None,
        effective_from=None, effective_until=None, plan_until=None, declared_status=None,
        area=name, kind="", origin=Origin.OFFICIAL, text=text, raw=b"", raw_text=text, sha256="",
    )  # fmt: skip


def _clause(number: int, text: str) -> Clause:
    name = _name(number)
    return Clause(
        clause_id=name, doc_id=name, role=Role.CLAUSE, path=(), label="", heading="",
        headings=(), span=(0, len(text)), text=text,
    )  # fmt: skip


def _passage(number: int, text: str) -> Passage:
    name = _name(number)
    sentences = list(sentence_spans(text))
    extra = [window for sentence in sentences for window in windows(text, sentence)]
    return Passage(
        row=number, clause_id=name, doc_id=name, area=name, title="", heading="", units=(),
        text=text, context="", spans=tuple(sentences + extra),
    )  # fmt: skip


def _engine(data: Squad, encoder: Encoder | None, root: Path, report: Report | None) -> Engine:
    """Build the product's index and engine over the contexts."""
    passages = [_passage(number, text) for number, text in enumerate(data.contexts)]
    digest = hashlib.sha256("\0".join(data.contexts).encode()).hexdigest()
    snapshot.build(root, passages, encoder, default_tokenizer(), digest, progress=report)
    texts = list(enumerate(data.contexts))
    documents = {_name(number): _document(number, text) for number, text in texts}
    clauses = {_name(number): _clause(number, text) for number, text in texts}
    index = PolicyIndex.load(root, encoder)
    return Engine(index, documents, clauses, Gazetteer.load(), default_synonyms())
