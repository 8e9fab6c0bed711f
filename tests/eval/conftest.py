"""A small town with two policy documents, and an engine that says what it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from corpus.types import Clause, Document, Origin, Role, Validity, ValidityState
from eval.engine import shared_folder
from eval.errors import CorpusMissingError
from eval.runs import Run, RunConfig
from eval.session import Plan, run_cases
from eval.types import Case, Gold, Kind, Reason
from qa.types import Answer, Part, Status, Trace, cite

GUIDE = "青溪政发〔2030〕8号"
NOTES = "青溪市安居办法政策解读"
_GUIDE_TEXT = (
    "一、总体要求\n到2032年，城镇化率达到61%左右。\n二、安居\n"
    "（一）放开落户。租房的人也能落户。可在“青溪办”上预约。（责任单位：市公安局）\n"
    "（二）建房。今年筹建300套保障房。\n本办法有效期5年。\n"
)
_NOTES_TEXT = "三、要点\n一是放宽落户，租房也能落户。\n二是多建保障房，今年筹建300套。\n"


@dataclass
class FakeStore:
    """Documents and passages in memory."""

    _documents: tuple[Document, ...]
    _clauses: tuple[Clause, ...]

    def documents(self) -> Sequence[Document]:
        return self._documents

    def clauses(self, *, roles: Iterable[Role] | None = None) -> Sequence[Clause]:
        wanted = set(roles or (Role.CLAUSE,))
        return [clause for clause in self._clauses if clause.role in wanted]

    def digest(self) -> str:
        return "d" * 64


@dataclass
class FakeEngine:
    """Gives the prepared answers; an exception among them is raised."""

    store: FakeStore
    answers: Mapping[str, Answer | Exception] = field(default_factory=dict)
    rankings: Mapping[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    asked: list[tuple[str, tuple[str, ...], str | None]] = field(default_factory=list)
    closed: bool = False

    def answer(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        area: str | None = None,
        as_of: date | None = None,
    ) -> Answer:
        self.asked.append((question, tuple(history), area))
        answer = self.answers.get(question, Answer(Status.OFF_TOPIC, "没有"))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def search(
        self, query: str, *, limit: int = 10, area: str | None = None
    ) -> tuple[tuple[str, float], ...]:
        return self.rankings.get(query, ())[:limit]

    def close(self) -> None:
        self.closed = True


def _document(doc_id: str, title: str, number: str | None, text: str, area: str) -> Document:
    return Document(
        doc_id=doc_id, file=f"{doc_id}.txt", title=title, doc_number=number, issuer=None,
        published=None, effective_from=None, effective_until=None, plan_until=None,
        declared_status=None, area=area, kind="办法", origin=Origin.OFFICIAL, text=text,
        raw=text.encode(), raw_text=text, sha256="0" * 64,
    )  # fmt: skip


def _clause(
    document: Document, name: str, role: Role, path: tuple[str, ...], start: str, end: str
) -> Clause:
    """Cut the passage from the first ``start`` to the end of the next ``end``."""
    a = document.text.index(start)
    b = document.text.index(end, a) + len(end)
    label = path[-1] if path else ""
    return Clause(
        clause_id=f"{document.doc_id}-{name}", doc_id=document.doc_id, role=role, path=path,
        label=label, heading="", headings=("",) * len(path), span=(a, b),
        text=document.text[a:b],
    )  # fmt: skip


@pytest.fixture
def store() -> FakeStore:
    """Return the town's documents: a guide with sections, items and a closing line; its notes."""
    guide = _document("g", "关于印发青溪市安居办法的通知", GUIDE, _GUIDE_TEXT, "青溪市")
    notes = _document("n", f"《{NOTES[:-4]}》政策解读", None, _NOTES_TEXT, "青溪市")
    return FakeStore(
        (guide, notes),
        (
            _clause(guide, "1.s", Role.SECTION, ("一",), "到2032", "左右。"),
            _clause(guide, "2.1", Role.CLAUSE, ("二", "（一）"), "（一）", "市公安局）"),
            _clause(guide, "2.2", Role.CLAUSE, ("二", "（二）"), "（二）", "保障房。"),
            _clause(guide, "z1", Role.CLOSING, (), "本办法有效期", "5年。"),
            _clause(notes, "3.1", Role.CLAUSE, ("三", "一是"), "一是", "落户。"),
            _clause(notes, "3.2", Role.CLAUSE, ("三", "二是"), "二是", "300套。"),
        ),
    )


@pytest.fixture
def quote(store: FakeStore) -> Callable[[str, str], Part]:
    """Return a maker of answer parts: the text as it stands in the clause."""
    documents = {document.doc_id: document for document in store.documents()}
    clauses = {clause.clause_id: clause for clause in store.clauses(roles=tuple(Role))}
    validity = Validity(ValidityState.UNKNOWN, "", date(2031, 1, 1))

    def make(clause_id: str, text: str) -> Part:
        clause = clauses[clause_id]
        document = documents[clause.doc_id]
        start = document.text.index(text, clause.span[0])
        citation = cite(document, clause, (start, start + len(text)), validity)
        return Part(citation.quote, citation)

    return make


@pytest.fixture
def cases() -> tuple[Case, ...]:
    """Return one case of each sort."""
    settle = Gold(GUIDE, ("二", "（一）"))
    return (
        Case("t-1", "租房能落户吗", "落户", "colloquial", "yesno", True, Status.ANSWERED,
             gold=(settle, Gold(NOTES, ("三", "一是"))), facts=("租房",)),
        Case("t-2", "谁管这事", "落户", "colloquial", "who", True, Status.ANSWERED,
             kind=Kind.DIALOGUE, history=("青溪落户",), gold=(settle,), facts=("市公安局",)),
        Case("t-3", "今年建几套保障房", "住房", "formal", "howmany", True, Status.ANSWERED,
             gold=(Gold(GUIDE, ("二", "（二）")),), facts=("300 套",)),
        Case("t-4", "落户要交多少钱", "落户", "colloquial", "howmany", False, Status.RELATED_ONLY,
             near=(settle,), reason=Reason.NOT_STATED),
        Case("t-5", "今天天气怎么样", "其他", "colloquial", "what", False, Status.OFF_TOPIC,
             reason=Reason.OFF_TOPIC),
        Case("t-6", "保障房 AND 筹建", "住房", "keyword", "what", True, Status.ANSWERED,
             kind=Kind.SEARCH, gold=(Gold(GUIDE, ("二", "（二）")),), facts=("保障房",)),
    )  # fmt: skip


@pytest.fixture
def engine(store: FakeStore, quote: Callable[[str, str], Part]) -> FakeEngine:
    """Return an engine that gets t-1 right, t-2 without the fact, refuses t-3, answers t-4."""
    right = (("g-2.1", 3.0), ("n-3.1", 2.0), ("g-2.2", 1.0))
    return FakeEngine(
        store,
        answers={
            "租房能落户吗": Answer(
                Status.ANSWERED, "原文如下", (quote("g-2.1", "租房的人也能落户。"),),
                confidence=0.9, trace=Trace(("问题：租房能落户吗",), right, (), {"rank": 1.0}),
            ),
            "谁管这事": Answer(
                Status.ANSWERED, "原文如下", (quote("g-2.1", "可在“青溪办”上预约。"),),
                confidence=0.6, resolved_question="青溪落户谁管",
            ),
            "今年建几套保障房": Answer(Status.RELATED_ONLY, "文件没有写明", confidence=0.2),
            "落户要交多少钱": Answer(
                Status.ANSWERED, "原文如下", (quote("g-2.1", "租房的人也能落户。"),), confidence=0.5
            ),
        },
        rankings={
            "租房能落户吗": right,
            "青溪落户谁管": (("n-3.1", 2.0), ("g-2.1", 1.0)),
            "今年建几套保障房": (("g-2.1", 1.0),),
            "保障房 AND 筹建": (("g-2.2", 1.0),),
        },
    )  # fmt: skip


@pytest.fixture
def run(engine: FakeEngine, cases: tuple[Case, ...]) -> Run:
    """Return a run of all cases."""
    return run_cases(engine, Plan("digests", "dev", cases, date(2031, 1, 1), "town"))


@pytest.fixture
def config(run: Run) -> RunConfig:
    """Return the configuration of that run."""
    return run.config


@pytest.fixture
def shared() -> Path:
    """Return the folder of test data that is not part of the project."""
    try:
        return shared_folder()
    except CorpusMissingError as error:
        pytest.skip(f"needs ../shared: {error}")
