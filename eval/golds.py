"""From golds as people write them to clause ids, facts and reference sentences in a corpus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from corpus import sentence_spans
from corpus.types import Clause, Document, Role, Span
from eval.engine import Store
from eval.fold import fold_label, fold_name, fold_text
from eval.types import Case, Gold, Reference, Resolved

CLOSING_PATH = ("附则",)  # 施行日期, 有效期, 联系人: printed without a label
_MAX_SPAN = 6  # sentences; facts farther apart are one quote no more


class Golds:
    """Resolves golds in one corpus."""

    def __init__(self, store: Store) -> None:
        """Index documents by folded 文号 and title."""
        self._documents = {document.doc_id: document for document in store.documents()}
        self._by_name: dict[str, list[Document]] = {}
        for document in self._documents.values():
            for name in {fold_name(document.doc_number or ""), fold_name(document.title)} - {""}:
                self._by_name.setdefault(name, []).append(document)
        self._clauses: dict[str, list[Clause]] = {}
        for clause in store.clauses(roles=tuple(Role)):
            self._clauses.setdefault(clause.doc_id, []).append(clause)
        self._by_id = {c.clause_id: c for clauses in self._clauses.values() for c in clauses}

    def clauses_of(self, gold: Gold) -> tuple[Clause, ...]:
        """Return the clauses that count as a hit of ``gold``, in text order.

        A clause whose path equals the gold path. Where no clause has it, the gold names a
        section: its prose (role SECTION) and every clause below it. ``附则`` names the closing
        lines.
        """
        found: list[Clause] = []
        if gold.file:
            name = gold.file.rsplit("/", 1)[-1]
            for document in self._documents.values():
                if document.file.rsplit("/", 1)[-1] == name:
                    found.extend(_ending(self._clauses.get(document.doc_id, ()), gold.path))
            return tuple(found)
        for document in self._by_name.get(fold_name(gold.doc), ()):
            found.extend(_matching(self._clauses.get(document.doc_id, ()), gold.path))
        return tuple(found)

    def resolve(self, case: Case) -> Resolved:
        """Resolve every gold of a case, with the reference sentences for its facts."""
        targets = tuple(self.clauses_of(gold) for gold in case.gold)
        if case.need_all:
            references, stated = self._parts(targets, case.facts)
        else:
            clauses = [clause for target in targets for clause in target]
            references = self._references(clauses, case.facts)
            stated = bool(references)
        return Resolved(
            targets=tuple(tuple(clause.clause_id for clause in target) for target in targets),
            references=references,
            stated=stated,
            area=case.area or self._area(case.gold or case.near),
        )

    def faithful(self, doc_id: str, span: Span, quote: str) -> bool:
        """Whether ``quote`` is the slice of its stored document at ``span``, and not empty."""
        document = self._documents.get(doc_id)
        return document is not None and bool(quote) and document.text[slice(*span)] == quote

    def describe(self, clause_id: str) -> str:
        """Name a clause for a person: ``泉鲤政办〔2025〕6号 二（一）全面取消落户限制``."""
        clause = self._by_id.get(clause_id)
        if clause is None:
            return clause_id
        document = self._documents[clause.doc_id]
        where = "".join(clause.path) or {Role.CLOSING: "附则"}.get(clause.role, "前言")
        return f"{document.doc_number or document.title} {where} {clause.heading}".strip()

    def _area(self, golds: Sequence[Gold]) -> str:
        documents = [d for gold in golds for d in self._by_name.get(fold_name(gold.doc), ())]
        return documents[0].area if documents else ""

    def _references(self, clauses: Iterable[Clause], facts: Sequence[str]) -> tuple[Reference, ...]:
        """Return one reference for each clause that states all facts."""
        found = (self._reference(clause, facts) for clause in clauses)
        return tuple(reference for reference in found if reference is not None)

    def _parts(
        self, targets: Sequence[Sequence[Clause]], facts: Sequence[str]
    ) -> tuple[tuple[Reference, ...], bool]:
        """Return the references when all golds are needed: each gold's share of the facts.

        :return: the references, and whether they state all facts between them.
        """
        references: list[Reference] = []
        missing = set(facts)
        for target in targets:
            for clause in target:
                held = tuple(fact for fact in facts if fold_text(fact) in fold_text(clause.text))
                missing -= set(held)
                reference = self._reference(clause, held) if held else None
                if reference is not None:
                    references.append(reference)
        return tuple(references), not missing

    def _reference(self, clause: Clause, facts: Sequence[str]) -> Reference | None:
        """Return the shortest run of sentences of ``clause`` that states all ``facts``."""
        text = self._documents[clause.doc_id].text
        sentences = sentence_spans(text, *clause.span)
        ends = [(i, i) for i in range(len(sentences))]
        ends += list(combinations(range(len(sentences)), 2))
        runs = [(sentences[i][0], sentences[j][1]) for i, j in ends if j - i < _MAX_SPAN]
        wanted = [fold_text(fact) for fact in facts]
        for start, end in sorted(runs, key=lambda run: (run[1] - run[0], run)):
            folded = fold_text(text[start:end])
            if all(fact in folded for fact in wanted):
                span = (start, end)
                return Reference(clause.clause_id, clause.doc_id, span, text[start:end])
        return None


def _ending(clauses: Iterable[Clause], path: Sequence[str]) -> list[Clause]:
    """Return the clauses of one document whose path holds the labels of ``path`` in order."""
    if tuple(path) == CLOSING_PATH:
        return [clause for clause in clauses if clause.role is Role.CLOSING]
    wanted = tuple(map(fold_label, path))
    found = []
    for clause in clauses:
        labels = iter(map(fold_label, clause.path))
        if wanted and all(label in labels for label in wanted):
            found.append(clause)
    return found


def _matching(clauses: Iterable[Clause], path: Sequence[str]) -> list[Clause]:
    """Return the clauses of one document that a gold path names."""
    wanted = tuple(map(fold_label, path))
    if tuple(path) == CLOSING_PATH:
        return [clause for clause in clauses if clause.role is Role.CLOSING]
    below = [
        (clause, tuple(map(fold_label, clause.path)))
        for clause in clauses
        if clause.role in (Role.CLAUSE, Role.SECTION)
    ]
    own = [c for c, labels in below if labels == wanted and c.role is Role.CLAUSE]
    return own or [c for c, labels in below if labels[: len(wanted)] == wanted]
