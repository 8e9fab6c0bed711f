"""`tiaowen corpus list / show / clauses / check`: what looks at the documents."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.types import Clause, Document, Role
from qa.cli import session
from qa.cli.options import Code, Home, Json
from qa.cli.output import line, note, say, say_json, stdout
from qa.desk.checks import expected
from qa.desk.checks import notices as document_notices
from qa.labels import (
    ORIGIN_WORDS,
    ROLE_WORDS,
    VALIDITY_WORDS,
    name_of,
    path_label,
    warning_text,
)

if TYPE_CHECKING:
    from rich.tree import Tree

    from corpus import CorpusStore


def list_documents(json: Json = False, home: Home = None) -> None:
    """列出文档库里的文件。"""
    from rich.table import Table

    from corpus import validity

    today = date.today()
    with session.opened_store(home) as store:
        rows = [
            (document, validity(document, today), _count(store, document.doc_id))
            for document in store.documents()
        ]
    if json:
        records = [
            {
                **document_record(document),
                "clauses": count,
                "validity": state.state.value,
                "validity_reason": state.reason,
            }
            for document, state, count in rows
        ]
        say_json({"documents": records})
    elif rows:
        table = Table("编号", "地区", "标题", "文号", "效力", "条款", "来源")
        for document, state, count in rows:
            words, origin = VALIDITY_WORDS[state.state], ORIGIN_WORDS[document.origin]
            number = document.doc_number or ""
            cells = (document.doc_id, document.area, document.title, number, words)
            table.add_row(*cells, str(count), origin)
        stdout().print(table)
    if not rows:
        note("文档库是空的。请用 tiaowen corpus add 加入文件。")
        raise typer.Exit(Code.NOTHING)


def show(
    doc: Annotated[str, typer.Argument(metavar="DOC", help="文件：编号、文号、标题或文件名")],
    home: Home = None,
) -> None:
    """看一份文件：基本信息和条款树。"""
    from rich.tree import Tree

    with session.opened_store(home) as store:
        document = store.find(doc)
        found = store.clauses(document.doc_id, Role)
    for name, value in _facts(document):
        say(f"{name}：{value}")
    tree = Tree(name_of(document))
    branches: dict[tuple[str, ...], Tree] = {(): tree}
    for clause in found:
        parent = _branch(branches, clause.path[:-1], clause.headings)
        text = (
            f"{_named(clause.label, clause.heading or _opening(clause))}{ROLE_WORDS[clause.role]}"
        )
        units = f"　责任单位：{'、'.join(clause.unit_names)}" if clause.units else ""
        branch = parent.add(text + units)
        if clause.path:  # a section's own prose comes before its clauses, which hang on it
            branches.setdefault(clause.path, branch)
    stdout().print(tree)
    for warning in document.warnings:
        line(f"注意：{warning_text(warning)}", "yellow")


def clauses(
    doc: Annotated[
        str | None,
        typer.Argument(metavar="[DOC]", help="只看这份文件：编号、文号、标题或文件名"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="每行输出一个 JSON 对象")] = False,
    everything: Annotated[bool, typer.Option("--all", help="连同前言、段落和附则一起列出")] = False,
    home: Home = None,
) -> None:
    """逐条列出条款。"""
    with session.opened_store(home) as store:
        doc_id = store.find(doc).doc_id if doc else None
        documents = {document.doc_id: document for document in store.documents()}
        found = store.clauses(doc_id, Role if everything else None)
    for clause in found:
        document = documents[clause.doc_id]
        if json:
            say_json(clause_record(document, clause, with_role=everything))
        else:
            place = f"{path_label(clause.path)} {clause.heading or _opening(clause)}"
            line(f"{clause.clause_id}  {place}{ROLE_WORDS[clause.role]}")
    if not found:
        note("没有条款。")
        raise typer.Exit(Code.NOTHING)


def check(json: Json = False, home: Home = None) -> None:
    """检查文档库：文本和条款是否与原件一致、编号是否连续、信息是否齐全。"""
    from corpus import links_of

    today = date.today()
    errors: list[dict[str, Any]] = []
    notices: list[dict[str, Any]] = []
    with session.opened_store(home) as store:
        stored = [(entry, store.clauses(entry.doc_id, Role)) for entry in store.documents()]
    links = links_of(entry for entry, _found in stored)
    titles = {entry.doc_id: entry.title for entry, _found in stored}
    for document, found in stored:
        errors += [_finding(document, text) for text in defects(document, found)]
        texts = document_notices(document, _clauses(found), links, titles, today)
        notices += [_finding(document, text) for text in texts]
    if json:
        say_json({"documents": len(stored), "errors": errors, "notices": notices})
    else:
        for word, style, findings in (("错误", "red", errors), ("注意", "yellow", notices)):
            for finding in findings:
                line(f"{word}：{finding['title']}：{finding['message']}", style)
        say(f"检查了 {len(stored)} 份文件：{len(errors)} 处错误，{len(notices)} 处提醒")
    if errors:
        raise typer.Exit(Code.NOTHING)


def defects(document: Document, found: tuple[Clause, ...]) -> list[str]:
    """Return where what is stored is not what the file, as it was read, gives.

    A stored clause is a slice of the stored text by construction, so comparing these two finds
    nothing; the bytes as read are taken through the whole way once more instead.
    """
    if sha256(document.raw).hexdigest() != document.sha256:
        return ["存下的原件与加入时不一致，请重新加入这份文件"]
    anew, passages = rebuilt(document)
    if anew.text != document.text:
        return ["存下的文本与由原件整理出的不一致，请重新加入这份文件"]
    stored, wanted = ({clause.clause_id: clause.span for clause in c} for c in (found, passages))
    wrong = [key for key in {**wanted, **stored} if stored.get(key) != wanted.get(key)]
    return [f"条款 {key} 与由原件整理出的不一致，请重新加入这份文件" for key in wrong]


def rebuilt(document: Document) -> tuple[Document, tuple[Clause, ...]]:
    """Make a document and its passages anew from the bytes that were read."""
    from corpus import build_document
    from corpus.loading import source_of

    return build_document(source_of(document.raw, document.file))


def clause_record(document: Document, clause: Clause, *, with_role: bool) -> dict[str, Any]:
    """Return the JSON line of a clause; the role only where other passages are listed too."""
    record: dict[str, Any] = {
        "clause_id": clause.clause_id,
        "doc_id": clause.doc_id,
        "file": document.file,
        "path": list(clause.path),
        "label": clause.label,
        "heading": clause.heading,
        "span": list(clause.span),
        "text": clause.text,
        "units": list(clause.unit_names),
    }
    return {**record, "role": clause.role.value} if with_role else record


def document_record(document: Document) -> dict[str, Any]:
    """Return what is known of a document, without its text."""
    days = ("published", "effective_from", "effective_until", "plan_until")
    return {
        "doc_id": document.doc_id,
        "file": document.file,
        "title": document.title,
        "doc_number": document.doc_number,
        "issuer": document.issuer,
        "area": document.area,
        "kind": document.kind,
        "origin": document.origin.value,
        "declared_status": document.declared_status,
        **{name: _iso(getattr(document, name)) for name in days},
        "characters": len(document.text),
        "repairs": len(document.repairs),
        "warnings": len(document.warnings),
        "sha256": document.sha256,
    }


def _facts(document: Document) -> list[tuple[str, str]]:
    facts = [
        ("编号", document.doc_id),
        ("文件", document.file),
        *expected(document),
        ("文种", document.kind),
        ("施行", _iso(document.effective_from) or ""),
        ("有效期至", _iso(document.effective_until or document.plan_until) or ""),
        ("来源", ORIGIN_WORDS[document.origin]),
        ("修复", f"{len(document.repairs)} 处" if document.repairs else ""),
    ]
    return [(name, value) for name, value in facts if value]


def _branch(
    branches: dict[tuple[str, ...], Tree], path: tuple[str, ...], headings: tuple[str, ...]
) -> Tree:
    """Return the branch of a path; containers without prose are made as they come up."""
    if path not in branches:
        parent = _branch(branches, path[:-1], headings)
        branches[path] = parent.add(_named(path[-1], headings[len(path) - 1]))
    return branches[path]


def _named(label: str, heading: str) -> str:
    """Return label and heading; a heading without a number is its own label."""
    return heading if label == heading else f"{label} {heading}".strip()


def _count(store: CorpusStore, doc_id: str) -> int:
    return len(store.clauses(doc_id))


def _clauses(found: tuple[Clause, ...]) -> int:
    return sum(clause.role is Role.CLAUSE for clause in found)


def _finding(document: Document, message: str) -> dict[str, Any]:
    return {"doc_id": document.doc_id, "title": document.title, "message": message}


def _opening(clause: Clause) -> str:
    """Return the first words of a clause without a heading."""
    text = " ".join(clause.text.split()).removeprefix(clause.label).lstrip("、．. ")
    return text[:24] + ("…" if len(text) > 24 else "")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
