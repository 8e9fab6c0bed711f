"""`tiaowen search`: clauses for staff, best first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.cli import session
from qa.cli.labels import VALIDITY_WORDS, name_of, path_text
from qa.cli.options import Area, Code, Home, Json, Model, ModelDir
from qa.cli.output import line, note, say, say_json

if TYPE_CHECKING:
    from corpus import CorpusStore
    from corpus.types import Clause, Document, Validity

_POOL = 200  # hits looked at, so that filters still leave enough of them
_SHOWN = 120  # characters of a clause in the list; the whole text is in --json


class State(StrEnum):
    """What ``--validity`` can be."""

    IN_FORCE = "in_force"
    LAPSED = "lapsed"
    REPEALED = "repealed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a hit must fulfil; None asks for nothing."""

    unit: str | None = None
    doc_id: str | None = None
    validity: str | None = None
    kind: str | None = None

    def keep(self, document: Document, clause: Clause, state: Validity) -> bool:
        """Whether a clause passes; units match by part of their name (教育局 finds 区教育局)."""
        return (
            (self.unit is None or any(self.unit in name for name in clause.unit_names))
            and self.doc_id in (None, document.doc_id)
            and self.validity in (None, state.state.value)
            and self.kind in (None, document.kind)
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause that was found. ``score``: higher is better."""

    document: Document
    clause: Clause
    validity: Validity
    score: float

    def record(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "clause_id": self.clause.clause_id,
            "score": round(self.score, 4),
            "doc_id": self.document.doc_id,
            "file": self.document.file,
            "title": self.document.title,
            "doc_number": self.document.doc_number,
            "area": self.document.area,
            "kind": self.document.kind,
            "validity": self.validity.state.value,
            "validity_reason": self.validity.reason,
            "path": list(self.clause.path),
            "label": self.clause.label,
            "heading": self.clause.heading,
            "units": list(self.clause.unit_names),
            "span": list(self.clause.span),
            "text": self.clause.text,
        }


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="要找的词或句子")],
    area: Area = None,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="单位", help="只看这个责任单位的条款，可写简称")
    ] = None,
    doc: Annotated[
        str | None,
        typer.Option("--doc", metavar="文件", help="只看这份文件（编号、文号、标题或文件名）"),
    ] = None,
    validity: Annotated[State | None, typer.Option("--validity", help="只看这种效力的文件")] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="文种", help="只看这种文件，如 通知、方案、解读")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=_POOL, metavar="N", help="最多列出几条")
    ] = 10,
    json: Json = False,
    home: Home = None,
    model: Model = None,
    model_dir: ModelDir = None,
) -> None:
    """查条款，供工作人员使用：最相关的在前，可按地区、单位、文件、效力、文种筛选。"""
    with session.opened(home, model, model_dir) as service:
        doc_id = service.store.find(doc).doc_id if doc else None
        filters = Filters(unit, doc_id, validity.value if validity else None, kind)
        ranked = service.search(query, limit=_POOL, area=area)
        hits = pick(service.store, ranked, filters, limit)
    if json:
        say_json({"query": query, "count": len(hits), "hits": [hit.record() for hit in hits]})
    else:
        for rank, hit in enumerate(hits, start=1):
            _show(rank, hit)
    if not hits:
        if not json:
            note("没有找到符合条件的条款。可以换个说法，或放宽筛选条件。")
        raise typer.Exit(Code.NOTHING)


def pick(
    store: CorpusStore, ranked: tuple[tuple[str, float], ...], filters: Filters, limit: int
) -> list[Hit]:
    """Return the first ``limit`` of the ranked (clause_id, score) that pass the filters."""
    from corpus import validity as validity_of

    today = date.today()
    documents = {document.doc_id: document for document in store.documents()}
    hits: list[Hit] = []
    for clause_id, score in ranked:
        clause = store.clause(clause_id)
        document = documents[clause.doc_id]
        state = validity_of(document, today)
        if filters.keep(document, clause, state):
            hits.append(Hit(document, clause, state, score))
        if len(hits) == limit:
            break
    return hits


def _show(rank: int, hit: Hit) -> None:
    line(f"{rank}. {path_text(hit.clause.path)} {hit.clause.heading}".rstrip(), "bold")
    line(
        f"   {name_of(hit.document)}  {VALIDITY_WORDS[hit.validity.state]}  {hit.score:.3f}", "cyan"
    )
    if hit.clause.units:
        line(f"   责任单位：{'、'.join(hit.clause.unit_names)}")
    text = " ".join(hit.clause.text.split())
    line(f"   {text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}", "dim")
    say()
