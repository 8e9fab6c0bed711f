"""`tiaowen build / status / verify` and `tiaowen model`: the index and what makes it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.cli import session
from qa.cli.app import Command, new_app
from qa.cli.listing import defects
from qa.cli.options import Code, Home, Json, Model, ModelDir
from qa.cli.output import Bars, fail, line, note, say, say_json
from qa.cli.profile import Profile, Profiled
from qa.labels import name_of

if TYPE_CHECKING:
    from index.model import ModelStatus

model_app = new_app("向量模型：取回、查看。")
_RESTORE = "请用 tiaowen restore 备份文件 --force 恢复"
_REBUILD = "文档不受影响，运行 tiaowen build 从文档重新建立；在此之前自动用上一个完好的索引"
_FILE_STATES = {"present": "完好", "missing": "缺少", "bad": "已损坏"}


def build(
    full: Annotated[bool, typer.Option("--full", help="全部重建，即使内容没有变化")] = False,
    json: Json = False,
    profile: Profiled = False,
    home: Home = None,
    model: Model = None,
    model_dir: ModelDir = None,
) -> None:
    """建立或更新索引；没有变化的部分不重做。"""
    clock = Profile(profile)
    with Bars() as bars:
        manifest = session.build(home, model, model_dir, full=full, bars=bars, profile=clock)
    clock.show()
    if json:
        say_json(asdict(manifest))
    else:
        legs = f"全文检索和向量（{manifest.model}）" if manifest.model else "只有全文检索"
        size = f"{manifest.documents} 份文件，{manifest.clauses} 段"
        say(f"索引 {manifest.snapshot} 可用：{size}，{legs}")


def status(
    json: Json = False, home: Home = None, model: Model = None, model_dir: ModelDir = None
) -> None:
    """看现在用的是什么：文档、索引、模型。"""
    state = session.state(home, model, model_dir)
    if json:
        say_json(state)
        return
    index = state["index"]
    say(f"资料文件夹：{state['home']}")
    say(f"文档：{state['documents']} 份，{state['clauses']} 条")
    if state["problem"]:
        line(f"索引：{state['problem']}（下次使用时自动重建）", "yellow")
    elif index is None:
        line("索引：还没有建立（下次 ask、chat、batch 或 build 时建立）", "yellow")
    else:
        fresh = "与文档一致" if not state["stale"] else "已过期，下次使用时自动更新"
        say(f"索引：{index['snapshot']}，建于 {index['built_at']}，{index['clauses']} 段，{fresh}")
        both = index["model"] and state["model"]["ready"]
        legs = f"全文检索 + 向量（{index['model']}）" if both else "只有全文检索"
        say(f"检索方式：{legs}")
    say(f"模型：{state['model']['name']}，{'可用' if state['model']['ready'] else '还没有取到'}")
    say(f"模型文件夹：{state['model']['folder']}")


def verify(json: Json = False, home: Home = None) -> None:
    """核对索引文件的校验和，以及存下的文本和条款是否与原件一致。"""
    from corpus import database
    from corpus.types import Role
    from index import snapshot
    from index.errors import SnapshotError

    problems = []
    for path in sorted(session.home_folder(home).glob("*.sqlite3")):
        wrong = [f"{path.name} 已损坏（{text}），{_RESTORE}" for text in database.problems(path)]
        problems += wrong[:1]
    with session.opened_store(home) as store:
        documents = tuple(store.documents())
        for document in documents:
            found = store.clauses(document.doc_id, Role)
            problems += [f"{name_of(document)}：{text}" for text in defects(document, found)]
    root = session.index_root(home)
    name = snapshot.current(root)
    try:
        if name is None:
            raise SnapshotError("-", "还没有建立索引，请先运行 tiaowen build")
        snapshot.read_manifest(snapshot.snapshot_folder(root, name))
        snapshot.verify(snapshot.snapshot_folder(root, name))
    except SnapshotError as error:
        problems.append(f"{error}。{_REBUILD}")
    if json:
        say_json({"ok": not problems, "snapshot": name, "problems": problems})
    else:
        for problem in problems:
            fail(problem)
        if not problems:
            say(f"完好：{len(documents)} 份文件与原件一致，索引 {name} 的文件都在而且没有损坏")
    if problems:
        raise typer.Exit(Code.NOTHING)


@model_app.command("fetch", cls=Command)
def fetch_model(model_dir: ModelDir = None) -> None:
    """取回默认的向量模型；已有的文件不重取，断了可以续取。"""
    from index import model

    folder = model.model_dir(model_dir)
    ready = model.status(folder).ready
    if not ready:
        with Bars() as bars:
            model.fetch(folder, progress=bars)
    say(f"模型{'已经在' if ready else '已取到'} {folder}")


@model_app.command("status", cls=Command)
def model_status(
    json: Json = False,
    verify_bytes: Annotated[
        bool, typer.Option("--verify", help="逐字节核对，不只看大小和时间")
    ] = False,
    model_dir: ModelDir = None,
) -> None:
    """看默认的向量模型是否齐全完好。"""
    from index import model

    found = model.status(model.model_dir(model_dir), verify=verify_bytes)
    if json:
        say_json(_model_record(found))
    else:
        say(f"模型文件夹：{found.folder}")
        for entry in found.files:
            say(f"  {_FILE_STATES[entry.state.value]}  {entry.file.name}  {entry.size} 字节")
    if not found.ready:
        note("模型不完整，请运行 tiaowen model fetch 取回。")
        raise typer.Exit(Code.NOTHING)


def _model_record(found: ModelStatus) -> dict[str, Any]:
    files = [
        {"name": e.file.name, "state": e.state.value, "size": e.size, "sha256": e.file.sha256}
        for e in found.files
    ]
    return {"folder": str(Path(found.folder)), "ready": found.ready, "files": files}
