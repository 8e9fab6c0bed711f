"""Options that many commands share, with their help, and the exit codes."""

from __future__ import annotations

from datetime import date
from enum import IntEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer


class Code(IntEnum):
    """How a command ends, for scripts."""

    OK = 0
    NOTHING = 1  # nothing found, or a check failed
    USAGE = 2  # wrong usage or unusable input


def parse_date(text: str) -> date:
    """Read ``2026-01-31``.

    :raises typer.BadParameter: for anything else.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"「{text}」不是日期，请写成 2026-01-31 的样子") from None


Home: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--home",
        envvar="TIAOWEN_HOME",
        metavar="DIR",
        file_okay=False,
        help="资料文件夹：文档库和索引放在这里（默认为本用户的数据目录）",
    ),
]
Model: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--model",
        envvar="TIAOWEN_MODEL",
        metavar="NAME",
        help="向量模型：sentence-transformers 的模型名或文件夹；fast 建库快得多、略差，int8 居中",
    ),
]
ModelDir: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--model-dir",
        envvar="TIAOWEN_MODEL_DIR",
        metavar="DIR",
        file_okay=False,
        help="默认向量模型所在的文件夹（离线使用时指定）",
    ),
]
Reranker: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--reranker",
        envvar="TIAOWEN_RERANKER",
        metavar="NAME",
        help="重排模型：sentence-transformers CrossEncoder 的模型名或文件夹，"
        "给排在前面的条款重新定次序；每题慢得多，默认不用",
    ),
]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取")]
AsOf: TypeAlias = Annotated[
    date | None,
    typer.Option(
        "--as-of", metavar="DATE", parser=parse_date, help="按这一天判断文件是否有效（默认今天）"
    ),
]
Area: TypeAlias = Annotated[
    str | None, typer.Option("--area", metavar="地区", help="只看这个地区，如 福建省/泉州市/鲤城区")
]
