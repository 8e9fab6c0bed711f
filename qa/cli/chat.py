"""`tiaowen chat`: the page in the browser."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.cli import session
from qa.cli.options import Home, Model, ModelDir
from qa.cli.output import note


def chat(
    host: Annotated[
        str, typer.Option("--host", metavar="地址", help="在哪个地址上服务；0.0.0.0 供其他机器访问")
    ] = session.HOST,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, metavar="端口", help="端口；0 为任选空闲的")
    ] = session.PORT,
    root_path: Annotated[
        str,
        typer.Option(
            "--root-path", metavar="路径", help="放在反向代理后面时的路径前缀，如 /tiaowen"
        ),
    ] = "",
    home: Home = None,
    model: Model = None,
    model_dir: ModelDir = None,
) -> None:
    """打开问答页面：缺模型就先取，索引过期就先建。"""
    with session.opened(home, model, model_dir) as service:
        from qa.page.app import launch

        try:
            launch(service, host=host, port=port, root_path=root_path, on_ready=_tell)
        except KeyboardInterrupt:  # the way to end it, not a failure
            note("已停止")


def _tell(url: str) -> None:
    """Say that the page can be opened now."""
    note(f"问答页面已打开：{url} （按 Ctrl+C 停止）")
