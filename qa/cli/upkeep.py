"""`tiaowen backup / restore / doctor`: keeping an installation, and getting it back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from qa.cli import session
from qa.cli.options import Code, Home, Json, Model, ModelDir
from qa.cli.output import line, note, say, say_json

_MARKS = {"ok": ("正常", "green"), "warn": ("注意", "yellow"), "fail": ("有误", "red")}


def backup(
    target: Annotated[
        Path, typer.Argument(metavar="FILE", dir_okay=False, help="写到这个文件，如 条问备份.zip")
    ],
    json: Json = False,
    home: Home = None,
) -> None:
    """把文档、评价、账户和本地词表备份成一个文件；使用中也可以备份。"""
    from qa.backup import back_up

    made = back_up(session.home_folder(home), target)
    if json:
        say_json(asdict(made))
        return
    for entry in made.files:
        say(f"  {entry.name}  {entry.size} 字节")
    say(f"已备份 {len(made.files)} 个文件到 {target}")
    note("备份里有居民的评价和账户，请妥善保管。索引不在其中，恢复后会自动重建。")


def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="tiaowen backup 写出的文件")],
    force: Annotated[
        bool, typer.Option("--force", help="资料文件夹里已有内容时也恢复；原有的文件另存在其中")
    ] = False,
    json: Json = False,
    home: Home = None,
) -> None:
    """从备份恢复；先核对每个字节，再替换。"""
    from qa.backup import restore as put_back

    found, aside = put_back(source, session.home_folder(home), force=force)
    if json:
        say_json({**asdict(found), "replaced": None if aside is None else str(aside)})
        return
    say(f"已恢复 {len(found.files)} 个文件，备份于 {found.created}")
    if aside is not None:
        say(f"原有的文件在 {aside}，确认无误后可以删除")
    note("索引会在下次 ask、chat、batch 或 build 时自动更新。")


def doctor(
    json: Json = False,
    home: Home = None,
    model: Model = None,
    model_dir: ModelDir = None,
    port: Annotated[
        int, typer.Option("--port", min=1, max=65535, metavar="端口", help="问答页面要用的端口")
    ] = session.PORT,
) -> None:
    """检查安装和资料是否正常，逐项说明怎样处理；只看，不改。"""
    from qa.doctor import Level, Patient, examine

    patient = Patient(session.home_folder(home), model, model_dir, session.HOST, port)
    found = []
    for check in examine(patient):
        found.append(check)
        if not json:
            mark, style = _MARKS[check.level]
            line(f"[{mark}] {check.name}：{check.detail}", style)
            if check.mend:
                say(f"       {check.mend}")
    failed = any(check.level is Level.FAIL for check in found)
    if json:
        say_json({"ok": not failed, "checks": [asdict(check) for check in found]})
    elif not failed:
        warned = sum(check.level is Level.WARN for check in found)
        say(f"可以使用，{warned} 项需要留意。" if warned else "一切正常。")
    else:
        note("有误的项目需要处理，见各行下面的说明。")
    if failed:
        raise typer.Exit(Code.NOTHING)
