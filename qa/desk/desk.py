"""Everything that editors change in one home, each change written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus import AddResult, Retired, restore, retired_version, withdraw
from corpus.types import Document
from qa.desk import intake, quality
from qa.desk.audit import AuditLog, open_audit
from qa.desk.bench import Report, bench
from qa.desk.errors import DeskError, MissingError
from qa.desk.intake import Preview, Received
from qa.desk.jobs import Job, Jobs, Kind, Order
from qa.desk.quality import Drafts, Found, Wanted
from qa.desk.shelf import DocumentShelf
from qa.desk.staging import Staging, open_staging
from qa.desk.wordlists import TITLES, WordList, WordLists
from qa.feedback import Entry, FeedbackStore
from qa.service import Service

RUNS = "runs"  # folder of evaluation runs, in the home and where the program was started
_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Making:
    """What the encoder of the service was opened with, for those that build in its place."""

    model: str | None = None
    model_dir: Path | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of one home; use `open_desk`. Safe to share between threads.

    ``feedback`` is None where none is kept.
    """

    service: Service
    making: Making
    feedback: FeedbackStore | None
    audit: AuditLog
    staging: Staging
    shelf: DocumentShelf
    lists: WordLists
    drafts: Drafts
    jobs: Jobs = field(default_factory=Jobs)

    # --- documents ---

    def receive(self, path: Path, name: str, who: str) -> tuple[Received, ...]:
        """Take in one file that was sent; see `intake.receive`."""
        received = intake.receive(self.service.store, self.staging, path, name, who)
        for one in received:
            report = one.report
            if report.outcome in ("added", "replaced"):
                self.audit.record(
                    who,
                    "upload" if report.outcome == "added" else "replace",
                    report.title,
                    doc_id=report.doc_id,
                    file=report.file,
                    clauses=report.clauses,
                )
        if any(one.report.outcome == "added" for one in received):
            self.service.hide_withdrawn()  # one that was withdrawn may have come back
        return received

    def stage(self, doc_id: str, raw: bytes, name: str, who: str) -> Preview:
        """Compare a new version with a stored document; see `intake.stage_replacement`."""
        return intake.stage_replacement(self.service.store, self.staging, doc_id, raw, name, who)

    def stage_version(self, number: int, who: str) -> Preview:
        """Compare an older version with the stored one; see `intake.stage_version`."""
        return intake.stage_version(self.service.store, self.staging, number, who)

    def preview(self, token: str) -> Preview:
        """A comparison that waits for a yes; see `intake.preview`."""
        return intake.preview(self.service.store, self.staging.get(token))

    def confirm(self, token: str, reason: str, who: str) -> tuple[Document, AddResult]:
        """Say yes to a comparison; see `intake.confirm`."""
        reason = _reason(reason) if reason.strip() else ""
        document, result = intake.confirm(self.service.store, self.staging, token, reason, who)
        counts = {name: len(getattr(result, name)) for name in ("added", "removed", "changed")}
        self.audit.record(
            who, "replace", document.title, doc_id=document.doc_id, reason=reason, **counts
        )
        self.service.hide_withdrawn()  # where its identity changed, the old one is gone
        return document, result

    def discard(self, token: str, who: str) -> None:
        """Give a comparison up; the stored document stays.

        :raises StaleError: when it does not wait any more.
        """
        staged = self.staging.get(token)
        self.staging.drop(token)
        self.audit.record(who, "discard", staged.file, doc_id=staged.doc_id)

    def withdraw(self, doc_id: str, reason: str, who: str) -> Retired:
        """Take a document out of the answers, at once and for every build to come.

        :raises DeskError: without a reason.
        :raises UnknownDocument: when it is not stored.
        """
        kept = withdraw(self.service.store, doc_id, _reason(reason), who)
        self.audit.record(who, "withdraw", kept.title, doc_id=doc_id, reason=kept.reason)
        self.service.hide_withdrawn()
        return kept

    def restore(self, number: int, who: str) -> AddResult:
        """Undo a withdrawal.

        :raises UnknownDocument: when it was undone before.
        :raises CorpusError: when another version is in use.
        """
        kept = retired_version(self.service.store, number)
        if kept.kind != "withdrawn":
            raise DeskError("这是被替换下来的旧版本。请在文件页里用「换回这一版」。")
        result = restore(self.service.store, number)
        self.audit.record(who, "restore", kept.title, doc_id=kept.doc_id)
        self.service.hide_withdrawn()
        return result

    def build(self, who: str) -> Job:
        """Begin to build the index of what is stored; the page answers from the old one.

        :raises BusyError: when a build is running.
        """
        order = Order("build", {"home": str(self.service.home), **self._making()})
        job = self.jobs.start(Kind.BUILD, who, order, self._built)
        self.audit.record(who, "build", "索引")
        return job

    def _built(self, manifest: Mapping[str, Any]) -> str:
        self.service.reload_if_published()
        self.service.hide_withdrawn()  # waits for whoever is loading right now
        if self.service.index.manifest.snapshot != manifest["snapshot"]:
            raise DeskError("更新期间文件又有变动。请再更新一次。")
        return (
            f"索引已更新：{manifest['documents']} 份文件，{manifest['clauses']} 段。"
            "新的提问已经按它来答。"
        )

    # --- word lists ---

    def save_list(self, name: str, text: str, base: str, who: str) -> WordList:
        """Save a word list; see `WordLists.save`. It counts from the next build on."""
        saved, lines = self.lists.save(name, text, base)
        self.audit.record(who, "lexicon", TITLES[name], file=name, lines=list(lines))
        return saved

    def try_list(self, name: str, text: str, sample: int | None, who: str) -> Job:
        """Begin to answer the evaluation cases with a changed list, beside the stored one.

        :raises BusyError: when another trial is running.
        :raises DeskError: when nothing was changed, or there are errors in it.
        """
        bench()
        before, after = self.lists.texts(), self.lists.changed(name, text)
        if before[name] == after[name]:
            raise DeskError("没有改动，不用试。")
        errors = self.lists.check(name, text).errors
        if errors:
            raise DeskError(f"还有 {errors} 处错误。请先改好再试。")
        values = {"before": before, "after": after, "sample": sample, **self._making()}
        job = self.jobs.start(Kind.PREVIEW, who, Order("preview", values), _tried)
        self.audit.record(who, "preview", TITLES[name], file=name, sample=sample)
        return job

    # --- quality ---

    def report(self) -> Report | None:
        """The newest evaluation run of the home, or of where the program was started."""
        return bench().latest(self._roots())

    def report_html(self) -> str:
        """The report of that run.

        :raises MissingError: when there is no run yet.
        """
        report = self.report()
        if report is None:
            raise MissingError("还没有评测结果。请在质量页运行评测，或用 tiaowen eval run。")
        return bench().report_html(report.folder)

    def evaluate(self, sample: int | None, who: str) -> Job:
        """Begin an evaluation of the program as it is, over the shipped cases and documents.

        :raises BusyError: when one is running.
        """
        bench()
        into = self.service.home / RUNS
        order = Order("evaluate", {"into": str(into), "sample": sample, **self._making()})
        job = self.jobs.start(Kind.EVALUATE, who, order, _evaluated)
        self.audit.record(who, "evaluate", "评测题目", sample=sample)
        return job

    def opinions(self, wanted: Wanted, limit: int = 50, before: int | None = None) -> Found:
        """One page of what residents said."""
        return quality.opinions(self._feedback(), wanted, limit, before)

    def opinions_csv(self, wanted: Wanted) -> bytes:
        """All of it as a table."""
        return quality.opinions_csv(self._feedback(), wanted)

    def draft(self, entry_id: int, who: str) -> Mapping[str, Any]:
        """Draft a case from one opinion and keep it.

        :raises DeskError: when its question was not sent along, or it was drafted before.
        :raises TiaowenError: when no case can be made of it.
        """
        entry = self._entry(entry_id)
        said = quality.said_record(entry, self.service)
        made = self.drafts.add(entry, bench().draft(said))
        self.audit.record(who, "draft", str(made["question"]), feedback=entry_id)
        return made

    def remove_opinion(self, entry_id: int, who: str) -> None:
        """Delete one opinion for good (abuse, or something personal in it).

        :raises MissingError: when it is not there.
        """
        if not self._feedback().remove(entry_id):
            raise MissingError("没有这条评价，可能已经删除。")
        self.audit.record(who, "remove_feedback", f"第 {entry_id} 条")

    def close(self) -> None:
        """Stop what is running and close what is open; service and feedback are the caller's."""
        self.jobs.close()
        self.audit.close()
        self.staging.close()

    def _entry(self, entry_id: int) -> Entry:
        found = self._feedback().entries(limit=1, before=entry_id + 1)
        if not found or found[0].id != entry_id:
            raise MissingError("没有这条评价，可能已经删除。")
        return found[0]

    def _feedback(self) -> FeedbackStore:
        if self.feedback is None:
            raise MissingError("这台服务器没有收集评价。")
        return self.feedback

    def _roots(self) -> tuple[Path, ...]:
        return self.service.home / RUNS, Path(RUNS)

    def _making(self) -> dict[str, Any]:
        folder = self.making.model_dir
        return {
            "model": self.making.model,
            "model_dir": None if folder is None else str(folder.absolute()),
            "words_only": self.service.encoder is None,
        }


def open_desk(
    service: Service, feedback: FeedbackStore | None = None, making: Making | None = None
) -> Desk:
    """Open the desk of the home that a service serves."""
    home = service.home
    return Desk(
        service=service,
        making=making or Making(),
        feedback=feedback,
        audit=open_audit(home),
        staging=open_staging(home),
        shelf=DocumentShelf(service),
        lists=WordLists(home, service.store),
        drafts=Drafts(home),
    )


def _tried(result: Mapping[str, Any]) -> str:
    gained, lost = len(result["gained"]), len(result["lost"])
    return f"试了 {result['cases']} 题：多答对 {gained} 题，少答对 {lost} 题。"


def _evaluated(result: Mapping[str, Any]) -> str:
    return f"评测完成：{result['cases']} 题，报告在下面。"


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise DeskError("请写明理由，以后看记录的人才明白。")
    if len(reason) > _LONGEST_REASON:
        raise DeskError(f"理由太长，请写在 {_LONGEST_REASON} 字以内。")
    return reason
