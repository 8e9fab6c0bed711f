"""`tiaowen chat`: the page in the browser, the HTTP API and the MCP server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from qa.cli import session
from qa.cli.options import Home, Model, ModelDir
from qa.cli.output import note
from qa.cli.profile import Profile, Profiled, tell_answer


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
    embed_origin: Annotated[
        list[str] | None,
        typer.Option(
            "--embed-origin",
            metavar="网站",
            help="允许哪个网站把页面嵌进去，如 https://www.example.gov.cn；可写多次，默认都不允许",
        ),
    ] = None,
    rate_limit: Annotated[
        float,
        typer.Option(
            "--rate-limit",
            min=0,
            metavar="次数",
            help="每个地址每分钟最多多少次请求（页面、接口、MCP 合计）；0 为不限",
        ),
    ] = session.PER_MINUTE,
    trust_proxy: Annotated[
        str | None,
        typer.Option(
            "--trust-proxy",
            metavar="地址",
            help="反向代理的地址，如 127.0.0.1；只相信它转来的访问者地址，默认都不信",
        ),
    ] = None,
    profile: Profiled = False,
    home: Home = None,
    model: Model = None,
    model_dir: ModelDir = None,
) -> None:
    """打开问答页面：缺模型就先取，索引过期就先建。同一地址也提供程序接口（/api/docs）和 MCP。"""
    clock = Profile(profile)
    from qa.page.site import OriginError, Site, origin

    clock.lap("import")
    try:
        origins = tuple(origin(text) for text in embed_origin or ())
    except OriginError as error:
        raise typer.BadParameter(str(error), param_hint="--embed-origin") from error
    with session.opened(home, model, model_dir, clock) as service:
        from qa.feedback import open_feedback
        from qa.page.app import launch

        if profile:
            service.on_answer = tell_answer
        feedback = open_feedback(session.home_folder(home))
        site = Site(root_path, origins, rate_limit, trust_proxy, feedback)
        try:
            launch(service, host=host, port=port, site=site, on_ready=_ready(clock))
        except KeyboardInterrupt:  # the way to end it, not a failure
            note("已停止")
        finally:
            feedback.close()


def _ready(clock: Profile) -> Callable[[str], None]:
    """Return what says that the page can be opened now."""

    def tell(url: str) -> None:
        note(f"问答页面已打开：{url} （按 Ctrl+C 停止）")
        clock.lap("serve")
        clock.show()

    return tell
