"""The program `tiaowen`: which commands there are. What they do is imported when it is used."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.cli import documents, index_commands, upkeep, users
from qa.cli.app import Command, Root, new_app
from qa.cli.ask import ask
from qa.cli.batch import batch
from qa.cli.chat import chat
from qa.cli.output import say
from qa.cli.search import search

app = new_app(
    "条问：问政策，看原文。用政策文件里的原话回答问题，注明文件、文号、条款、责任单位和效力。", Root
)


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        say(f"tiaowen {version('tiaowen')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="显示版本号"),
    ] = False,
) -> None:
    """条问：问政策，看原文。用政策文件里的原话回答问题，注明文件、文号、条款、责任单位和效力。"""


app.command(cls=Command)(chat)
app.command(cls=Command)(ask)
app.command(cls=Command)(batch)
app.command(cls=Command)(search)
app.add_typer(documents.app, name="corpus")
app.command(cls=Command)(index_commands.build)
app.command(cls=Command)(index_commands.status)
app.command(cls=Command)(index_commands.verify)
app.add_typer(index_commands.model_app, name="model")
app.command(cls=Command)(upkeep.backup)
app.command(cls=Command)(upkeep.restore)
app.command(cls=Command)(upkeep.doctor)
app.add_typer(users.app, name="user")


def main() -> None:
    """Run the program."""
    app()
