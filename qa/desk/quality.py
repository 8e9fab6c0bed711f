"""What residents said, for those who mend it: filtered, exported, and turned into cases."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from corpus.errors import UnknownDocument
from qa.desk.errors import DeskError
from qa.feedback import REASONS, Entry, FeedbackStore, Verdict
from qa.search.export import as_csv
from qa.types import Status

if TYPE_CHECKING:
    from qa.service import Service

DRAFTS: Final = "drafts.jsonl"
VERDICTS: Final = {"up": "有用", "down": "没用"}
STATUSES: Final = {
    Status.ANSWERED: "已引用原文回答",
    Status.RELATED_ONLY: "没有写明，只给了相关条款",
    Status.OTHER_AREA: "没有收录这个地方",
    Status.CLARIFY: "请对方补充",
    Status.OFF_TOPIC: "与政策无关",
    Status.REFUSED: "含个人信息，没有查",
    Status.ERROR: "出错",
}
COLUMNS: Final = (
    "编号", "日期", "评价", "原因", "说明", "提问", "答复情况", "地区", "条款编号",
)  # fmt: skip
_BATCH: Final = 500  # rows read at once
_UNANSWERED: Final = tuple(status.value for status in Status if status is not Status.ANSWERED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which opinions to show; None and "" ask for all.

    ``unanswered``: questions that got no quote and that the asker agreed to send along.
    ``text`` stands in question or comment.
    """

    verdict: Verdict | None = None
    status: str | None = None
    reason: str | None = None
    area: str | None = None
    text: str = ""
    unanswered: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One page of opinions, the latest first; ``next``: where the next page begins, None: none."""

    entries: tuple[Entry, ...]
    next: int | None


def opinions(
    store: FeedbackStore, wanted: Wanted, limit: int = 50, before: int | None = None
) -> Found:
    """One page of the opinions that were asked for."""
    found: list[Entry] = []
    for entry in _all(store, wanted, before):
        if len(found) == limit:
            return Found(tuple(found), found[-1].id)
        found.append(entry)
    return Found(tuple(found), None)


def opinions_csv(store: FeedbackStore, wanted: Wanted) -> bytes:
    """All opinions that were asked for, as a table for a spreadsheet."""
    return as_csv(map(_row, _all(store, wanted, None)), COLUMNS)


def _all(store: FeedbackStore, wanted: Wanted, before: int | None) -> Iterator[Entry]:
    statuses = (wanted.status,) if wanted.status else _UNANSWERED if wanted.unanswered else ()
    while True:
        batch = store.entries(
            verdict=wanted.verdict, statuses=statuses, limit=_BATCH, before=before
        )
        yield from (entry for entry in batch if _fits(entry, wanted))
        if len(batch) < _BATCH:
            return
        before = batch[-1].id


def _fits(entry: Entry, wanted: Wanted) -> bool:
    said = entry.feedback
    words = wanted.text.strip().lower()
    return (
        (not wanted.reason or said.reason == wanted.reason)
        and (not wanted.area or (said.area or "").startswith(wanted.area))
        and (not words or words in f"{said.question or ''}\n{said.comment}".lower())
        and (not wanted.unanswered or bool(said.question))
    )


def _row(entry: Entry) -> tuple[str, ...]:
    said = entry.feedback
    return (
        str(entry.id),
        entry.day,
        VERDICTS[said.verdict],
        REASONS.get(said.reason or "", ""),
        said.comment,
        said.question or "",
        status_words(said.status),
        said.area or "",
        " ".join(said.clause_ids),
    )


def status_words(status: str | None) -> str:
    """The status of an answer in words; what is unknown stays as it is."""
    return next((words for known, words in STATUSES.items() if known == status), status or "")


class Drafts:
    """Cases to be finished by a person, one JSON object a line in the home."""

    def __init__(self, home: Path) -> None:
        self.path = home / DRAFTS
        self._lock = threading.Lock()

    def all(self) -> tuple[Mapping[str, Any], ...]:
        """The drafts, the oldest first; a line that cannot be read is left out."""
        return tuple(self._read())

    def add(self, entry: Entry, draft: Mapping[str, Any]) -> Mapping[str, Any]:
        """Keep the draft made from an opinion.

        :raises DeskError: when one was made from it before.
        """
        made = {
            **draft,
            "id": f"draft-{entry.id}",
            "draft": {**draft["draft"], "feedback": entry.id},
        }
        with self._lock:
            if any(known.get("id") == made["id"] for known in self._read()):
                raise DeskError("这一条已经起草过题目，在下面的草稿里。")
            with self.path.open("a", encoding="utf-8") as out:
                out.write(json.dumps(made, ensure_ascii=False) + "\n")
        return made

    def _read(self) -> Iterable[Mapping[str, Any]]:
        if not self.path.is_file():
            return
        for line in self.path.read_text(encoding="utf-8").split("\n"):
            try:
                value = json.loads(line)
            except ValueError:
                continue  # cut off by a full disk: the others still count
            if isinstance(value, dict):
                yield value


def said_record(entry: Entry, service: Service) -> dict[str, Any]:
    """An opinion as a line of `tiaowen batch`, with the clauses that were shown.

    :raises DeskError: when the question was not sent along.
    """
    said = entry.feedback
    if not said.question:
        raise DeskError("这条评价没有附上提问（对方没有同意发送），不能起草题目。")
    return {
        "question": said.question,
        "area": said.area or None,
        "status": said.status,
        "helpful": said.verdict == "up",
        "comment": said.comment or None,
        "related": [c for c in (_citation(i, service) for i in said.clause_ids) if c],
    }


def _citation(clause_id: str, service: Service) -> dict[str, Any] | None:
    try:
        clause = service.clause(clause_id)
        document = service.document(clause.doc_id)
    except UnknownDocument:
        return None  # replaced or withdrawn since
    return {
        "doc_number": document.doc_number,
        "title": document.title,
        "path": list(clause.path),
    }
