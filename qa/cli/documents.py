"""`tiaowen corpus add / diff / remove / export`: what changes, compares or copies documents."""

from __future__ import annotations

import json as json_module
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.cli import listing, session
from qa.cli.app import Command, new_app
from qa.cli.options import Code, Home, Json
from qa.cli.output import Bars, fail, line, note, say, say_json, write_lines
from qa.labels import name_of, path_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus import Changes, FileReport
    from corpus.types import Document

_REFRESH = "索引会在下次 ask、chat、batch 或 build 时自动更新。"
_OUTCOMES = {
    "added": "新加入",
    "replaced": "已替换",
    "unchanged": "没有变化",
    "kept": "已有原文，没有用摘编替换",
    "failed": "失败",
}


def add(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="文件或文件夹，可写多个")],
    report: Annotated[
        Path | None,
        typer.Option(
            "--report", metavar="R.json", dir_okay=False, help="把逐个文件的结果写成 JSON"
        ),
    ] = None,
    json: Json = False,
    home: Home = None,
) -> None:
    """加入文件或文件夹里的文档；同一文件再次加入时替换旧的。"""
    from corpus import ingest

    with session.opened_store(home) as store, Bars() as bars:
        reports = ingest(store, paths, progress=lambda done, total, _: bars("import", done, total))
    record = {"files": [_report_record(entry) for entry in reports]}
    if report is not None:
        text = json_module.dumps(record, ensure_ascii=False, indent=1)
        write_lines(report, [text])
    if json:
        say_json(record)
    else:
        for entry in reports:
            _show_report(entry)
    failed = [entry for entry in reports if entry.error is not None]
    note(f"共 {len(reports)} 个文件，{len(reports) - len(failed)} 个可用，{len(failed)} 个失败。")
    if len(failed) < len(reports):
        note(_REFRESH)
    if failed:
        raise typer.Exit(Code.USAGE if len(failed) == len(reports) else Code.NOTHING)


def diff(
    doc: Annotated[str, typer.Argument(metavar="DOC", help="文件：编号、文号、标题或文件名")],
    other: Annotated[str, typer.Argument(metavar="OTHER", help="另一份文件，或磁盘上的新版本")],
    json: Json = False,
    home: Home = None,
) -> None:
    """逐条比较两份文件：新增、删去和改动的条款；OTHER 可以是还没有加入的文件。"""
    from corpus import compare
    from corpus.confined import Reader
    from corpus.loading import read_bytes
    from corpus.types import Role

    with session.opened_store(home) as store:
        before = store.find(doc)
        old = store.clauses(before.doc_id, tuple(Role))
        if Path(other).is_file():
            with Reader() as reader:
                raw = read_bytes(Path(other), other)
                after, new, _ = reader.build(raw, Path(other).name)
        else:
            after = store.find(other)
            new = store.clauses(after.doc_id, tuple(Role))
    changes = compare(old, new)
    if json:
        say_json(_changes_record(before, after, changes))
    else:
        say(f"{name_of(before)} → {name_of(after)}")
        for word, style, found in (
            ("新增", "green", changes.added),
            ("删去", "red", changes.removed),
            ("文字没变，改为单独成条", "dim", changes.listed),
            ("文字还在，不再单独成条", "dim", changes.unlisted),
        ):
            for clause in found:
                line(f"{word} {path_label(clause.path)} {clause.text}", style)
        for first, second in changes.changed:
            line(f"改动 {path_label(second.path)}", "yellow")
            say(f"   原：{first.text}")
            say(f"   新：{second.text}")
        say(
            f"新增 {len(changes.added)} 条，删去 {len(changes.removed)} 条，"
            f"改动 {len(changes.changed)} 条"
        )


def _changes_record(before: Document, after: Document, changes: Changes) -> dict[str, Any]:
    return {
        "before": before.doc_id,
        "after": after.doc_id,
        "added": [{"path": list(c.path), "text": c.text} for c in changes.added],
        "removed": [{"path": list(c.path), "text": c.text} for c in changes.removed],
        "listed": [{"path": list(c.path), "text": c.text} for c in changes.listed],
        "unlisted": [{"path": list(c.path), "text": c.text} for c in changes.unlisted],
        "changed": [
            {"path": list(new.path), "before": old.text, "after": new.text}
            for old, new in changes.changed
        ],
    }


def remove(
    doc: Annotated[str, typer.Argument(metavar="DOC", help="文件：编号、文号、标题或文件名")],
    home: Home = None,
) -> None:
    """从文档库里删除一份文件（不动原来的磁盘文件）。"""
    with session.opened_store(home) as store:
        document = store.find(doc)
        store.remove(document.doc_id)
    say(f"已删除：{name_of(document)}")
    note(_REFRESH)


def export(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="写到这个文件夹", file_okay=False)],
    home: Home = None,
) -> None:
    """按加入时的原样把全部文件写到一个文件夹。"""
    with session.opened_store(home) as store:
        documents = tuple(store.documents())
    if not documents:
        note("文档库是空的，没有可导出的文件。")
        raise typer.Exit(Code.NOTHING)
    files = {target / name: document for name, document in export_names(documents).items()}
    taken = [
        path for path, document in files.items()
        if path.exists() and (path.is_dir() or path.read_bytes() != document.raw)
    ]  # fmt: skip
    if taken:
        fail(f"「{taken[0]}」已经存在而且内容不同，没有写出任何文件。请换一个空文件夹。")
        raise typer.Exit(Code.USAGE)
    for path, document in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(document.raw)
    say(f"已导出 {len(files)} 个文件到 {target}")


def export_names(documents: Sequence[Document]) -> dict[str, Document]:
    """Return a relative path for each document: its own, or one with its id where two are alike.

    Nothing that a stored name says can lead out of the folder.
    """
    names: dict[str, Document] = {}
    folded: set[str] = set()
    for document in documents:
        parts = [p for p in PurePosixPath(document.file).parts if p not in ("/", "..", ".")]
        path = PurePosixPath(*parts) if parts else PurePosixPath(f"{document.doc_id}.txt")
        if str(path).casefold() in folded:
            path = path.with_name(f"{path.stem}-{document.doc_id}{path.suffix}")
        folded.add(str(path).casefold())
        names[str(path)] = document
    return names


def _report_record(entry: FileReport) -> dict[str, Any]:
    """Return a report as JSON values; enums and tuples are turned into text and lists."""
    record: dict[str, Any] = json_module.loads(
        json_module.dumps(asdict(entry), ensure_ascii=False, default=str)
    )
    return record


def _show_report(entry: FileReport) -> None:
    if entry.error is not None:
        fail(entry.error)
        return
    outcome = _OUTCOMES.get(str(entry.outcome), str(entry.outcome))
    number = f"（{entry.doc_number}）" if entry.doc_number else ""
    line(f"{outcome}：{entry.file}", "green")
    say(f"   {entry.title}{number}  {entry.clauses} 条")
    if str(entry.outcome) == "replaced":
        added, removed, changed = map(len, (entry.added, entry.removed, entry.changed))
        say(f"   条款：新增 {added}，删去 {removed}，改动 {changed}")
        for word, found in (
            ("新增", entry.added),
            ("删去", entry.removed),
            ("改动", entry.changed),
        ):
            if found:
                say(f"   {word}：{'、'.join(found)}")
    if entry.repairs:
        say(f"   修复：{sum(entry.repairs.values())} 处")
    for warning in entry.warnings:
        line(f"   注意：{warning}", "yellow")


app = new_app("文档：加入、列出、查看、检查、比较、删除、导出。")
app.command(cls=Command)(add)
app.command("list", cls=Command)(listing.list_documents)
app.command(cls=Command)(listing.show)
app.command(cls=Command)(listing.clauses)
app.command(cls=Command)(listing.check)
app.command(cls=Command)(diff)
app.command(cls=Command)(remove)
app.command(cls=Command)(export)
