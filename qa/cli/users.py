"""`tiaowen user`: who may work with the documents in the browser."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli import session
from qa.cli.app import Command, new_app
from qa.cli.options import Home, Json
from qa.cli.output import note, say_json, stdout

if TYPE_CHECKING:
    from qa.accounts import AccountStore, User

app = new_app("工作人员的账号：能登录网页上的检索、文件、质量页面")
_ROLES = {"reader": "查看", "editor": "编辑"}


class RoleName(StrEnum):
    """What ``--role`` can be."""

    READER = "reader"
    EDITOR = "editor"


Name = Annotated[str, typer.Argument(metavar="USER", help="用户名")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="从标准输入读密码（第一行），供脚本使用")
]


def add(
    name: Name,
    role: Annotated[
        RoleName, typer.Option("--role", help="reader 只能查看，editor 还能改动文件和词表")
    ] = RoleName.READER,
    password_stdin: FromStdin = False,
    home: Home = None,
) -> None:
    """添加用户；密码在终端里输入两次，不会显示。"""
    from qa.accounts import Role
    from qa.accounts.types import checked_name

    checked_name(name)
    with _opened(home) as accounts:
        user = accounts.add(name, _password(password_stdin), Role(role.value))
    note(f"已添加用户「{user.name}」（{_ROLES[user.role]}）。")


def list_users(json: Json = False, home: Home = None) -> None:
    """列出用户、权限和上次登录的时间。"""
    with _opened(home) as accounts:
        users = accounts.users()
    if json:
        say_json({"users": [_record(user) for user in users]})
        return
    if not users:
        note("还没有用户。添加：tiaowen user add 用户名 --role editor")
        return
    from rich.table import Table

    table = Table("用户名", "权限", "添加时间", "上次登录")
    for user in users:
        last = f"{user.last_login.astimezone():%Y-%m-%d %H:%M}" if user.last_login else "从未"
        table.add_row(
            user.name, _ROLES[user.role], f"{user.created.astimezone():%Y-%m-%d %H:%M}", last
        )
    stdout().print(table)


def remove(name: Name, home: Home = None) -> None:
    """删除用户；他的登录马上失效。"""
    with _opened(home) as accounts:
        accounts.remove(name)
        left = accounts.any_users()
    note(f"已删除用户「{name}」，他的登录已经失效。")
    if not left:
        note("现在没有用户了：工作页面只有本机能打开，而且不用登录。")


def passwd(name: Name, password_stdin: FromStdin = False, home: Home = None) -> None:
    """改密码；用旧密码的登录马上失效。"""
    with _opened(home) as accounts:
        accounts.set_password(name, _password(password_stdin))
    note(f"已修改「{name}」的密码，之前的登录已经失效。")


def role(
    name: Name,
    role: Annotated[RoleName, typer.Argument(metavar="ROLE", help="reader 或 editor")],
    home: Home = None,
) -> None:
    """改权限；下一次操作起生效。"""
    from qa.accounts import Role

    with _opened(home) as accounts:
        accounts.set_role(name, Role(role.value))
    note(f"「{name}」现在的权限是：{_ROLES[role.value]}。")


app.command("add", cls=Command)(add)
app.command("list", cls=Command)(list_users)
app.command("remove", cls=Command)(remove)
app.command("passwd", cls=Command)(passwd)
app.command("role", cls=Command)(role)


@contextmanager
def _opened(home: Home) -> Iterator[AccountStore]:
    """Open the users of a home."""
    from qa.accounts import open_accounts

    accounts = open_accounts(session.home_folder(home))
    try:
        yield accounts
    finally:
        accounts.close()


def _password(from_stdin: bool) -> str:
    """Read a password: twice from the terminal, or once from a script.

    :raises typer.BadParameter: when there is none, or the second one differs.
    """
    if from_stdin:
        text = sys.stdin.readline().rstrip("\r\n")
        if not text:
            raise typer.BadParameter("标准输入里没有密码。", param_hint="--password-stdin")
        return text
    if not sys.stdin.isatty():
        raise typer.BadParameter(
            "这里不是终端，无法输入密码；脚本请用 --password-stdin。", param_hint="--password-stdin"
        )
    from getpass import getpass

    first = getpass("密码（不显示，至少 10 个字符）：")
    if getpass("再输入一次：") != first:
        raise typer.BadParameter("两次输入的密码不一样，请重来。")
    return first


def _record(user: User) -> dict[str, str | None]:
    return {
        "name": user.name,
        "role": user.role.value,
        "created": user.created.isoformat(),
        "last_login": user.last_login.isoformat() if user.last_login else None,
    }
