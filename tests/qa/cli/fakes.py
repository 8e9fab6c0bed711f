"""A store and a service of three invented clauses, and how tests put them under the commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

from corpus.errors import UnknownDocument
from corpus.types import (
    Clause,
    Document,
    Origin,
    ParseWarning,
    Role,
    Unit,
    Validity,
    ValidityState,
)
from qa.types import Answer, Part, Rejected, Status, Trace, cite

TEXT = (
    "云山县落户办法\n"
    "为方便群众落户，制定本办法。\n"
    "一、落户\n"
    "（一）租房落户。租房满一年[含]的可以落户。（责任单位：县公安局）\n"
    "（二）办理时限。五个工作日办结。（责任单位：县公安局、县住建局）\n"
    "二、入学\n"
    "（三）随迁子女可以在云山县入学。（责任单位：县教育局）\n"
)
DOC_ID = "00000000aa"
# clause id, role, path, headings, units, first words and last words of the clause
_Row: TypeAlias = tuple[str, Role, tuple[str, ...], tuple[str, ...], tuple[str, ...], str, str]
_CLAUSES: tuple[_Row, ...] = (
    (f"{DOC_ID}-p1", Role.PREAMBLE, (), (), (), "为方便", "本办法。"),
    (f"{DOC_ID}-1.1", Role.CLAUSE, ("一", "（一）"), ("落户", "租房落户"), ("县公安局",),
     "（一）", "（责任单位：县公安局）"),
    (f"{DOC_ID}-1.2", Role.CLAUSE, ("一", "（二）"), ("落户", "办理时限"),
     ("县公安局", "县住建局"), "（二）", "县住建局）"),
    (f"{DOC_ID}-2.3", Role.CLAUSE, ("二", "（三）"), ("入学", ""), ("县教育局",),
     "（三）", "县教育局）"),
)  # fmt: skip


def document(**changes: object) -> Document:
    """Return the invented document, with fields changed."""
    values: dict[str, object] = {
        "doc_id": DOC_ID,
        "file": "办法/云山县落户办法.txt",
        "title": "云山县落户办法",
        "doc_number": "云政办〔2025〕1号",
        "issuer": "云山县人民政府办公室",
        "published": date(2025, 3, 1),
        "effective_from": None,
        "effective_until": date(2020, 12, 31),
        "plan_until": None,
        "declared_status": None,
        "area": "某省/某市/云山县",
        "kind": "办法",
        "origin": Origin.DIGEST,
        "text": TEXT,
        "raw": TEXT.encode(),
        "raw_text": TEXT,
        "sha256": sha256(TEXT.encode()).hexdigest(),
        "warnings": (ParseWarning("编号跳号 （二）→（三）", 7, 1),),
    }
    return Document(**{**values, **changes})  # type: ignore[arg-type]


def clauses() -> tuple[Clause, ...]:
    """Return the passages of the invented document in order."""
    found = []
    for clause_id, role, path, headings, units, first, last in _CLAUSES:
        start = TEXT.index(first)
        end = TEXT.index(last, start) + len(last)
        named = tuple(Unit(name, False, (0, 0)) for name in units)
        label, heading = (path[-1], headings[-1]) if path else ("", "")
        text = TEXT[start:end]
        found.append(
            Clause(
                clause_id, DOC_ID, role, path, label, heading, headings, (start, end), text, named
            )
        )
    return tuple(found)


@dataclass
class FakeStore:
    """Keeps documents in a list."""

    held: list[Document] = field(default_factory=lambda: [document()])
    closed: bool = False

    def documents(self) -> tuple[Document, ...]:
        return tuple(self.held)

    def find(self, name: str) -> Document:
        for entry in self.held:
            if name in (entry.doc_id, entry.doc_number, entry.title, entry.file):
                return entry
        raise UnknownDocument(f"文档库里没有「{name}」")

    def clauses(
        self, doc_id: str | None = None, roles: Iterable[Role] | None = None
    ) -> tuple[Clause, ...]:
        wanted = {Role.CLAUSE} if roles is None else set(roles)
        held = {entry.doc_id for entry in self.held}
        return tuple(
            clause
            for clause in clauses()
            if clause.doc_id in held and doc_id in (None, clause.doc_id) and clause.role in wanted
        )

    def clause(self, clause_id: str) -> Clause:
        return next(clause for clause in clauses() if clause.clause_id == clause_id)

    def remove(self, doc_id: str) -> None:
        self.held = [entry for entry in self.held if entry.doc_id != doc_id]

    def close(self) -> None:
        self.closed = True


@dataclass
class FakeService:
    """Answers by the words of the question, and notes what it was asked."""

    home: Path = Path("home")
    store: FakeStore = field(default_factory=FakeStore)
    asked: list[tuple[str, tuple[str, ...], str | None, date | None]] = field(default_factory=list)
    encoder: None = None
    on_answer: object = None

    def answer(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        area: str | None = None,
        as_of: date | None = None,
    ) -> Answer:
        self.asked.append((question, tuple(history), area, as_of))
        if "崩溃" in question:
            raise RuntimeError("boom")
        if "落户" not in question:
            return Answer(Status.OFF_TOPIC, "这个问题不在政策文件的范围里。")
        return answered()

    def search(
        self, query: str, *, limit: int = 10, area: str | None = None
    ) -> tuple[tuple[str, float], ...]:
        if "没有" in query:
            return ()
        ids = [clause.clause_id for clause in self.store.clauses()]
        return tuple((clause_id, 1 - rank / 10) for rank, clause_id in enumerate(ids))[:limit]

    def notice(self) -> str | None:
        return None


def answered() -> Answer:
    """Return an answer with one part, one related clause and a trace."""
    home, limits, _ = (clause for clause in clauses() if clause.role is Role.CLAUSE)
    start = TEXT.index("租房满一年")
    validity = Validity(ValidityState.LAPSED, "有效期至2020年12月31日", date(2026, 1, 1))
    citation = cite(document(), home, (start, TEXT.index("。（责任", start) + 1), validity)
    return Answer(
        Status.ANSWERED,
        "文件里是这样写的：",
        parts=(Part(citation.quote, citation),),
        related=(cite(document(), limits, limits.span, validity),),
        warnings=("已过期",),
        confidence=0.87654,
        trace=Trace(
            understood=("主题：落户",),
            hits=((home.clause_id, 0.9), (limits.clause_id, 0.5)),
            rejected=(Rejected(limits.clause_id, 0.5, "没有写到租房"),),
            steps_ms={"retrieve": 1.234},
        ),
    )


@contextmanager
def opened(thing: object) -> Iterator[object]:
    """Stand in for the session's context managers."""
    yield thing
