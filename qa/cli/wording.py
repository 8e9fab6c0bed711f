"""Usage errors and help headings in Chinese: Typer itself speaks English only."""

from __future__ import annotations

import re
from typing import Any, Final

# Typer's own messages and what we say instead, tried in order; \1 is the name it complains about.
_MESSAGES: Final = (
    (re.compile(r"^Missing argument '?(.+?)'?\.?$"), r"缺少参数 \1"),
    (re.compile(r"^Missing option '?(.+?)'?\.?$"), r"缺少选项 \1"),
    (re.compile(r"^Missing command\.?$"), "还要写上子命令"),
    (re.compile(r"^No such command '(.+?)'\. Did you mean (.+)\?$"), r"没有「\1」，是不是 \2？"),
    (re.compile(r"^No such command '(.+?)'\.?$"), r"没有「\1」这个命令"),
    (re.compile(r"^No such option: (.+?) \(Possible options: (.+)\)$"), r"没有 \1，是不是 \2？"),
    (re.compile(r"^No such option: (.+)$"), r"没有 \1 这个选项"),
    (re.compile(r"^Got unexpected extra argument\S* \((.+)\)\.?$"), r"多了 \1（有空格要加引号）"),
    (re.compile(r"^Option '(.+?)' requires an argument\.?$"), r"选项 \1 后面缺少值"),
    (re.compile(r"^Option '(.+?)' does not take a value\.?$"), r"选项 \1 后面不能跟值"),
    (re.compile(r"^Invalid value for (.+?): ([\s\S]+)$"), r"\1 的值不对：\2"),
    (re.compile(r"^Invalid value: ([\s\S]+)$"), r"值不对：\1"),
)  # fmt: skip
_REASONS: Final = {  # why a value is wrong, from the library below Typer
    "Input should be greater than or equal to ": "不能小于 ",
    "Input should be less than or equal to ": "不能大于 ",
    "Input should be a valid integer, unable to parse string as an integer": "应是整数",
    "Input should be a valid integer": "应是整数",
    " is not one of ": " 不在可选值里：",
}
HELP_OPTION: Final = "显示这份说明"


def usage_error(message: str) -> str:
    """Say a usage error in Chinese; one that is not known stays as it is.

    >>> usage_error("Missing argument 'QUESTION'.")
    '缺少参数 QUESTION'
    """
    for pattern, chinese in _MESSAGES:
        if match := pattern.match(message):
            message = match.expand(chinese)
            break
    for english, chinese in _REASONS.items():
        message = message.replace(english, chinese)
    return message


def translate_help_headings() -> None:
    """Set the headings that Typer draws around groups of options and commands."""
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
    rich_utils.OPTIONS_PANEL_TITLE = "选项"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"
    rich_utils.DEFAULT_STRING = "[默认：{}]"
    rich_utils.ENVVAR_STRING = "[环境变量：{}]"
    rich_utils.REQUIRED_LONG_STRING = "[必填]"
    _fold_help()


def _fold_help() -> None:
    """Have help in tables go on in the next line, however narrow the column."""
    from rich.columns import Columns
    from typer import rich_utils

    from qa.cli.wrapping import chinese

    make = rich_utils._make_rich_text
    if getattr(make, "folds", False):
        return

    def folding(**parts: Any) -> Any:  # noqa: ANN401 - Typer's own
        return chinese(make(**parts))

    def beside(items: list[Any]) -> Columns:
        return Columns([chinese(item) for item in items])

    folding.folds = True  # type: ignore[attr-defined]
    rich_utils._make_rich_text = folding  # what commands and options are for
    rich_utils.Columns = beside  # type: ignore[assignment, attr-defined] # with default and variable
