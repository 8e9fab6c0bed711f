"""What an evaluation is made of: cases, golds, predictions."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from corpus.types import Span
from qa.types import Status

CATEGORIES = (
    "落户", "入学", "就业", "社保", "医保", "住房", "救助",
    "养老托育", "医疗", "交通", "产业", "城建", "农村", "其他",
)  # fmt: skip
STYLES = ("colloquial", "formal", "keyword", "typo", "traditional", "dialect")
ASKS = ("what", "who", "how", "howmany", "when", "where_how", "yesno", "compare")


class Kind(StrEnum):
    """How a case is put to the system."""

    QA = "qa"  # one question
    DIALOGUE = "dialogue"  # the last turn of a chat
    SEARCH = "search"  # a staff search: only the ranking counts


class Reason(StrEnum):
    """Why the documents do not answer a question."""

    OTHER_AREA = "other_area"
    NOT_STATED = "not_stated"
    OFF_TOPIC = "off_topic"
    PERSONAL_DATA = "personal_data"
    EXPIRED_ONLY = "expired_only"


@dataclass(frozen=True, slots=True)
class Gold:
    """A clause named the way people name it: 文号 or title, and the label path.

    ``file`` (relative to the shared test data) names the document where titles are not enough;
    ``path`` then needs only its last labels.
    """

    doc: str
    path: tuple[str, ...]
    file: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what a right answer must show; see ``eval/cases/README.md``.

    ``history`` holds the earlier questions of the chat, oldest first. ``gold``: any of them is
    right, or all are needed when ``need_all``. ``near`` is the nearest clause of an
    unanswerable question. ``status`` is the status that is expected.
    """

    id: str
    question: str
    category: str
    style: str
    ask: str
    answerable: bool
    status: Status
    kind: Kind = Kind.QA
    history: tuple[str, ...] = ()
    area: str | None = None
    gold: tuple[Gold, ...] = ()
    near: tuple[Gold, ...] = ()
    need_all: bool = False
    facts: tuple[str, ...] = ()
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote that the system gave. ``faithful``: it is the slice of its document at ``span``."""

    clause_id: str
    doc_id: str
    span: Span
    text: str
    faithful: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """The shortest run of gold sentences that states every fact, in one gold clause."""

    clause_id: str
    doc_id: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """A case's golds in one corpus.

    ``targets``: for every gold the ids of the clauses that count as a hit (empty: the corpus
    has no such clause). ``references``: one for every target that states all facts; with
    ``need_all``, one for each gold's part of the facts. ``stated``: whether the golds state the
    facts in this corpus (a digest may word them differently). ``area``: division of the golds.
    """

    targets: tuple[tuple[str, ...], ...] = ()
    references: tuple[Reference, ...] = ()
    stated: bool = False
    area: str = ""

    @property
    def hits(self) -> frozenset[str]:
        """Every clause id that counts as a hit."""
        return frozenset(clause_id for target in self.targets for clause_id in target)


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the system did with one case, and what would have been right in its corpus.

    ``ranking``: (clause_id, score), best first. ``ms``: wall time of the answer. ``trace``:
    lines for a person who wants to know why.
    """

    case_id: str
    status: Status
    confidence: float
    ms: float
    resolved: Resolved
    quotes: tuple[Quote, ...] = ()
    related: tuple[str, ...] = ()
    ranking: tuple[tuple[str, float], ...] = ()
    message: str = ""
    warnings: tuple[str, ...] = ()
    read_as: str | None = None
    trace: tuple[str, ...] = ()
    steps_ms: dict[str, float] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """Whether the system gave no answer, whatever it called that."""
        return self.status is not Status.ANSWERED
