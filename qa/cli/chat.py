"""`tiaowen chat`: the page in the browser, the HTTP API and the MCP server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

import typer

from qa.cli import session
from qa.cli.options import Home, Model, ModelDir, Reranker
from qa.cli.output import note
from qa.cli.profile import Profile, Profiled, tell_answer
from qa.cli.serving import (
    AllowHost,
    AtOnce,
    Form,
    KeepQuestions,
    LogFormat,
    LogQuestions,
    MetricsFrom,
    hosts,
    origins,
    readers,
    stopping_on_sigterm,
)

_NO_USERS = (
    "提示：还没有工作人员账号，工作页面（/staff）只有本机能打开。"
    "放到反向代理后面之前，请先用 tiaowen user add 添加用户。"
)


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
    allow_host: AllowHost = None,
    at_once: AtOnce = 0,
    log_format: LogFormat = Form.TEXT,
    log_questions: LogQuestions = False,
    keep_questions: KeepQuestions = 30,
    metrics_from: MetricsFrom = None,
    profile: Profiled = False,
    home: Home = None,
    model: Model = None,
    model_dir: ModelDir = None,
    reranker: Reranker = None,
) -> None:
    """打开问答页面：缺模型就先取，索引过期就先建。同一地址也提供程序接口（/api/docs）和 MCP。"""
    from qa.ops.logs import set_up_logs
    from qa.page.site import Site

    clock = Profile(profile)
    set_up_logs("json" if log_format is Form.JSON else "text")
    site = Site(
        root_path,
        origins(embed_origin or ()),
        rate_limit,
        trust_proxy,
        hosts=hosts(allow_host or (), host, proxied=bool(trust_proxy or root_path)),
        metrics_from=readers(metrics_from or ()),
        at_once=at_once,
    )
    with (
        stopping_on_sigterm(),
        session.opened(home, model, model_dir, clock, reranker=reranker) as service,
    ):
        from qa.accounts import open_accounts
        from qa.desk.desk import Making, open_desk
        from qa.feedback import open_feedback
        from qa.ops import open_journal
        from qa.page.app import launch

        if profile:
            service.on_answer = tell_answer
        folder = session.home_folder(home)
        feedback, accounts = open_feedback(folder), open_accounts(folder)
        if not accounts.any_users():
            note(_NO_USERS)
        desk = open_desk(service, feedback, Making(model, model_dir))
        journal = open_journal(folder, keep_questions) if log_questions else None
        try:
            with_stores = replace(
                site, feedback=feedback, accounts=accounts, journal=journal, desk=desk
            )
            launch(service, host=host, port=port, site=with_stores, on_ready=_ready(clock))
        except KeyboardInterrupt:  # the way to end it, not a failure
            note("已停止")
        finally:
            desk.close()
            feedback.close()
            accounts.close()


def _ready(clock: Profile) -> Callable[[str], None]:
    """Return what says that the page can be opened now."""

    def tell(url: str) -> None:
        note(f"问答页面已打开：{url} （按 Ctrl+C 停止）")
        clock.lap("serve")
        clock.show()

    return tell
