"""Errors of the API: one shape, a code for programs and a sentence for people."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus.errors import UnknownDocument
from qa.ops.line import Busy

_log = logging.getLogger("qa.api")

# code: (HTTP status, message). Where a message has a {place}, the caller fills it in.
ERRORS: Mapping[str, tuple[int, str]] = {
    "invalid_json": (400, "请求内容不是有效的 JSON。"),
    "personal_data": (400, "内容里好像有{kind}。为了保护您，没有保存；请去掉号码再发送。"),
    "metrics_closed": (
        403,
        "运行数据只给本机看。要从别的机器读取，启动时加 --metrics-from 那台机器的地址。",
    ),
    "login_required": (401, "请先登录。登录可能已经过期，请重新打开登录页。"),
    "local_only": (
        403,
        "还没有工作人员账号，工作页面只能在运行条问的这台机器上打开。"
        "请管理员先用 tiaowen user add 添加用户。",
    ),
    "not_allowed": (403, "您的账号只能查看，不能修改。需要修改请联系管理员。"),
    "cross_site": (403, "请求不是从条问的工作页面发出的，没有执行。请刷新页面后再试。"),
    "not_found": (404, "没有这个地址或内容，请检查编号和路径。"),
    "unknown_clause": (404, "没有编号为「{clause_id}」的条款，文件可能已经更新或撤下。"),
    "unknown_document": (404, "没有编号为「{doc_id}」的文件，文件可能已经更新或撤下。"),
    "method_not_allowed": (405, "这个地址不支持这种请求方法。"),
    "missing": (404, "{reason}"),
    "refused": (409, "{reason}"),
    "occupied": (409, "{reason}"),
    "stale": (409, "{reason}"),
    "bad_file": (422, "{reason}"),
    "body_too_slow": (408, "请求没有在 {seconds} 秒内传完，请检查网络后再试。"),
    "body_too_large": (413, "请求内容太大，上限为 {kilobytes} KB。"),
    "wrong_host": (
        421,
        "这个网址不是本服务的。请用启动时显示的地址打开；要用别的域名，启动时加 --allow-host。",
    ),
    "invalid_request": (422, "请求的字段不对：{fields}。"),
    "invalid_query": (422, "{reason}"),
    "question_too_long": (
        422,
        "问题有 {length} 个字，超过了 {limit} 字的上限。请挑最想知道的一件事来问。",
    ),
    "unknown_area": (422, "没有收录地区「{area}」。已收录：{areas}。"),
    "rate_limited": (429, "请求太频繁，请在 {seconds} 秒后再试。"),
    "internal": (500, "系统刚才出了点问题，请稍后再试。"),
    "busy": (503, "现在提问的人较多，请稍等 {seconds} 秒再试。"),
    "stopping": (503, "系统正在重新启动，请稍等 {seconds} 秒再试。"),
    "not_stored": (503, "服务器的磁盘已满或不能写入，没有保存；请稍后再试，或告诉管理员。"),
    "unavailable": (503, "这项功能在这台服务器上没有开启。"),
}
_BY_STATUS = {
    400: "invalid_json",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
}
_PROBLEMS = {
    "missing": "缺少",
    "string_type": "应为文字",
    "list_type": "应为列表",
    "bool_parsing": "应为 true 或 false",
    "bool_type": "应为 true 或 false",
    "int_parsing": "应为整数",
    "date_from_datetime_parsing": "应为日期，如 2026-03-01",
    "date_parsing": "应为日期，如 2026-03-01",
    "date_type": "应为日期，如 2026-03-01",
    "string_too_long": "太长",
    "too_long": "太多",
    "string_too_short": "不能为空",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "literal_error": "不在可选的值里",
    "extra_forbidden": "不认识的字段",
    "model_attributes_type": "应为 JSON 对象",
    "dict_type": "应为 JSON 对象",
}


class ApiError(Exception):
    """An error that a caller gets as ``{"error": {"code", "message"}}``."""

    def __init__(self, code: str, **said: object) -> None:
        super().__init__(code)
        self.code = code
        self.said = said


def error_response(
    code: str, *, headers: Mapping[str, str] | None = None, **said: object
) -> JSONResponse:
    """Make the response of one error; ``said`` fills the places in its message."""
    status, message = ERRORS[code]
    body = {"error": {"code": code, "message": message.format(**said)}}
    return JSONResponse(body, status_code=status, headers=dict(headers or {}))


def add_handlers(app: FastAPI) -> None:
    """Give every failure of an application the one shape."""
    app.add_exception_handler(ApiError, _on_api_error)
    app.add_exception_handler(Busy, _on_busy)
    app.add_exception_handler(UnknownDocument, lambda *_: error_response("not_found"))
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_middleware(_Quiet)


def _on_api_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return error_response(error.code, headers=None, **error.said)


def _on_busy(_: Request, error: Exception) -> Response:
    assert isinstance(error, Busy)
    again = {"Retry-After": str(error.seconds)}
    return error_response("busy", headers=again, seconds=error.seconds)


def _on_http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = _BY_STATUS.get(error.status_code, "internal" if error.status_code >= 500 else "")
    if not code:
        return error_response("invalid_request", fields=str(error.detail))
    return error_response(code, kilobytes=64)


def _on_invalid(_: Request, error: Exception) -> Response:
    """Name the fields that are wrong; what was sent is not repeated."""
    assert isinstance(error, RequestValidationError)
    problems = error.errors()
    if any(problem["type"] == "json_invalid" for problem in problems):
        return error_response("invalid_json")
    fields = "；".join(dict.fromkeys(_problem(problem) for problem in problems[:5]))
    return error_response("invalid_request", fields=fields)


def _problem(problem: Mapping[str, Any]) -> str:
    """Say in Chinese what is wrong with one field."""
    place = ".".join(str(step) for step in problem["loc"][1:]) or "请求内容"
    return f"{place} {_PROBLEMS.get(problem['type'], '的值不对')}"


class _Quiet:
    """ASGI layer that answers for a failure; the server would log what was asked with it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except Exception as error:
            place = "".join(traceback.format_tb(error.__traceback__))
            _log.error("API failed: %s\n%s", type(error).__name__, place)
            await error_response("internal")(scope, receive, send)
