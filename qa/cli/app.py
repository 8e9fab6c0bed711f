"""How commands are held together: Chinese help, Chinese errors, groups of other rooms."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from qa.cli.options import Code
from qa.cli.output import fail, note
from qa.cli.wording import HELP_OPTION, translate_help_headings, usage_error

if TYPE_CHECKING:
    from typer.core import TyperOption

ENTRY_POINTS = "tiaowen.commands"
_HELP_OF = {
    "eval": "评测：给问答质量打分、比较、把关",
    "lexicon": "词表：检查居民说法和用户词典，试一试改动的得失",
}
_SETTINGS = {"help_option_names": ["--help", "-h"]}


class Command(TyperCommand):
    """A command whose help is Chinese throughout."""

    def get_help_option(self, ctx: Any) -> TyperOption | None:  # noqa: ANN401 - Typer's own type
        """Return ``--help`` with its Chinese help."""
        return _chinese(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - Typer's own types
        """Draw the help with Chinese headings."""
        translate_help_headings()
        super().format_help(ctx, formatter)


class Group(TyperGroup):
    """A group of commands that shows errors as one Chinese message and an exit code."""

    def get_help_option(self, ctx: Any) -> TyperOption | None:  # noqa: ANN401 - Typer's own type
        """Return ``--help`` with its Chinese help."""
        return _chinese(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - Typer's own types
        """Draw the help with Chinese headings."""
        translate_help_headings()
        super().format_help(ctx, formatter)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - Typer's own types
        """Run the command; what it raises on purpose becomes a message without a traceback."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # the reader of our output went away; Typer ends quietly
            raise
        except Exception as error:
            from corpus.errors import TiaowenError

            if isinstance(error, TiaowenError):
                _end(str(error), _code_of(error))
            if (told := _told(error)) is not None:
                _end(told, Code.NOTHING)
            if isinstance(error, OSError) and error.filename is not None:
                _end(f"无法读写「{error.filename}」：{error.strerror}", Code.USAGE)
            raise

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,  # noqa: ANN401 - handed on
    ) -> Any:  # noqa: ANN401 - what the command returns
        """Run the program; usage errors are told in Chinese."""
        try:
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        except typer.TyperException as error:
            if not standalone_mode:
                raise
            _explain(error)
        except typer.Abort:
            note("已中止")
            sys.exit(Code.NOTHING)
        if not standalone_mode:
            return code
        sys.exit(code if isinstance(code, int) else Code.OK)


class Root(Group):
    """The top level. Rooms that qa may not import register their group as an entry point.

    Such a group is only imported when it is used: a broken or missing part of one room costs
    neither the others nor the start.
    """

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - Typer's own type
        """Return our commands, then those found by entry point."""
        return [*super().list_commands(ctx), *mounted()]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - Typer's own types
        """Return a command; for a mounted group what the list of commands needs."""
        command = super().get_command(ctx, cmd_name)
        if command is None and cmd_name in mounted():
            help_text = _HELP_OF.get(cmd_name, "扩展命令")
            return TyperGroup(name=cmd_name, help=help_text, short_help=help_text)
        return command

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - Typer's own types
        """Find the command to run; this is where a mounted group is imported."""
        if args and args[0] not in self.commands and (point := mounted().get(args[0])):
            return args[0], _load(point), args[1:]
        return super().resolve_command(ctx, args)


@cache
def mounted() -> dict[str, EntryPoint]:
    """Return the groups of other rooms by the name of their command."""
    return {point.name: point for point in entry_points(group=ENTRY_POINTS)}


def new_app(help_text: str, cls: type[Group] = Group) -> typer.Typer:
    """Return an empty group of commands in the manner of this program."""
    return typer.Typer(
        cls=cls,
        help=help_text,
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,  # a local variable may hold what a resident asked
        context_settings=_SETTINGS,
    )


def _load(point: EntryPoint) -> Any:  # noqa: ANN401 - Typer's own type
    try:
        return typer.main.get_command(point.load())
    except Exception as error:  # whatever its modules raise while they are imported
        _end(f"命令「{point.name}」装不上（{type(error).__name__}: {error}）", Code.USAGE)


def _chinese(option: TyperOption | None) -> TyperOption | None:
    if option is not None:
        option.help = HELP_OPTION
    return option


def _told(error: Exception) -> str | None:
    """What a disk or database that failed somewhere is told as; None for anything else."""
    import sqlite3

    from corpus.storage import is_damaged, refusal

    if is_damaged(error):
        return "数据库已损坏。请运行 tiaowen doctor 查看是哪一个、怎样恢复"
    why = refusal(error) if isinstance(error, sqlite3.Error | OSError) else None
    if why is None or (isinstance(error, OSError) and error.filename is not None):
        return None
    return f"{why}。请运行 tiaowen doctor 查看"


def _code_of(error: Exception) -> Code:
    """Bad input is the caller's to mend; what else the program could not do is a failure."""
    from corpus.errors import CorpusError
    from qa.accounts.errors import AccountError

    return Code.USAGE if isinstance(error, CorpusError | AccountError) else Code.NOTHING


def _explain(error: typer.TyperException) -> NoReturn:
    """Tell a usage error and where help is. A bare group command shows its help instead."""
    ctx = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        note(error.format_message())
    else:
        fail(usage_error(error.format_message()))
        if ctx is not None:
            note(f"用法见：{ctx.command_path} --help")
    sys.exit(error.exit_code)


def _end(message: str, code: Code) -> NoReturn:
    fail(message)
    raise typer.Exit(code)
