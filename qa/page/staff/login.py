"""Logging in and out, with plain forms: no script is needed."""

from __future__ import annotations

import math
import re
from html import escape
from typing import Final, Literal, TypedDict
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from starlette.responses import RedirectResponse, Response

from qa.accounts import BadLogin, Crowded, TooManyAttempts
from qa.accounts.store import LONGEST
from qa.api.errors import ERRORS, error_response
from qa.api.limits import visitor_of
from qa.page.icons import icon
from qa.page.staff.context import Context
from qa.page.staff.guard import somebody
from qa.page.staff.identity import COOKIE, good_token
from qa.page.staff.shell import PLACES, staff_page

START: Final = PLACES[0][0]
_WRONG: Final = "用户名或密码不对。请检查后再试；忘了密码可以请管理员重设。"
_WAIT: Final = "失败的次数太多。请等 {seconds} 秒再试；这段时间里的尝试不会被检查。"
_CROWDED: Final = "现在登录的人较多，密码还没有检查。请稍等 {seconds} 秒再试。"
_OUT: Final = "已经退出登录。"
# A page of ours and its query; nothing that could lead to another site.
_NEXT = re.compile(r"[a-z]{1,20}(?:\?[^\s\\#]{0,2000})?")


def add_login(pages: FastAPI, context: Context) -> None:
    """Serve the login form and take it; end a session."""

    @pages.get("/login")
    def form(request: Request) -> Response:
        staff = somebody(request)
        target = next_page(request.query_params.get("next"))
        if staff is not None:
            return RedirectResponse(target, status_code=303)
        if context.door is None or not context.door.store.any_users():
            return _closed()
        said = _OUT if "out" in request.query_params else ""
        return _form_page(target, said=said)

    @pages.post("/login")
    async def enter(request: Request) -> Response:
        said = _fields(await request.body())
        if context.door is None or not context.door.store.any_users():
            return _closed()
        target, name = next_page(said.get("next")), said.get("name", "")
        address = visitor_of(request.scope)
        try:
            token = await context.door.enter(name, said.get("password", ""), address)
        except BadLogin:
            return _form_page(target, name=name, said=_WRONG, status=401)
        except (TooManyAttempts, Crowded) as error:
            seconds, crowded = math.ceil(error.seconds), isinstance(error, Crowded)
            words = (_CROWDED if crowded else _WAIT).format(seconds=seconds)
            page = _form_page(target, name=name, said=words, status=503 if crowded else 429)
            page.headers["retry-after"] = str(seconds)
            return page
        _end(request, context)  # a session from before the login is worth nothing after it
        answer = RedirectResponse(target, status_code=303)
        answer.set_cookie(COOKIE, token, max_age=LONGEST, **_manner(request, context))
        return answer

    @pages.post("/logout")
    async def leave(request: Request) -> Response:
        staff = somebody(request)
        said = _fields(await request.body())
        if staff is None or not good_token(staff, said.get("token")):
            return error_response("cross_site")
        _end(request, context)
        answer = RedirectResponse("login?out=1", status_code=303)
        answer.delete_cookie(COOKIE, **_manner(request, context))
        return answer


class _Manner(TypedDict):
    path: str
    httponly: bool
    samesite: Literal["lax"]
    secure: bool


def next_page(wanted: str | None) -> str:
    """Where to go after the login: a page of the staff, whatever was asked for."""
    return wanted if wanted and _NEXT.fullmatch(wanted) and wanted != "login" else START


def _manner(request: Request, context: Context) -> _Manner:
    """How the cookie is kept: out of reach of scripts, of other sites' requests, of plain http.

    Lax, not Strict: a link to a search in a mail or a chat has to open, and whatever changes
    something needs the token besides.
    """
    return _Manner(
        path=context.site.root_path or "/",
        httponly=True,
        samesite="lax",
        secure=request.scope["scheme"] == "https",
    )


def _end(request: Request, context: Context) -> None:
    session = request.cookies.get(COOKIE)
    if session and context.door is not None:
        context.door.store.end_session(session)


def _fields(body: bytes) -> dict[str, str]:
    """Read a form; of a field that comes twice the first."""
    try:
        read = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=20)
    except ValueError:  # neither UTF-8 nor a form of ours
        return {}
    return {name: values[0] for name, values in read.items()}


def _form_page(target: str, *, name: str = "", said: str = "", status: int = 200) -> Response:
    """Render the form; what was wrong is tied to its fields."""
    wrong = status != 200
    line = (
        f'<p class="tw-form-said{" tw-form-wrong" if wrong else ""}" id="tw-said" '
        f'role="{"alert" if wrong else "status"}">{icon("warning" if wrong else "check")}'
        f"<span>{escape(said)}</span></p>"
        if said
        else ""
    )
    tied = ' aria-describedby="tw-said" aria-invalid="true"' if wrong else ""
    body = (
        '<div class="tw-login"><h1>工作人员登录</h1>'
        "<p>登录后可以检索条款、查看文件和问答质量。没有账号请联系管理员。</p>"
        f'{line}<form method="post" action="login" class="tw-form">'
        f'<input type="hidden" name="next" value="{escape(target)}">'
        '<label for="tw-user">用户名</label>'
        f'<input id="tw-user" name="name" value="{escape(name[:64])}" autocomplete="username" '
        f'autocapitalize="none" spellcheck="false" required maxlength="64"{tied}'
        f"{'' if name else ' autofocus'}>"
        '<label for="tw-password">密码</label>'
        '<input id="tw-password" name="password" type="password" '
        f'autocomplete="current-password" required maxlength="256"{tied}'
        f"{' autofocus' if name else ''}>"
        '<button type="submit" class="tw-button">登录</button></form>'
        '<p><a href="../">不是工作人员？去提问</a></p></div>'
    )
    return staff_page(None, "login", "工作人员登录", body, status=status)


def _closed() -> Response:
    """Say that there are no users yet, so that nobody can log in from afar."""
    words = escape(ERRORS["local_only"][1])
    body = (
        f'<div class="tw-login"><h1>工作页面还没有开放</h1><p>{words}</p>'
        '<p><a class="tw-button" href="../">去提问</a></p></div>'
    )
    return staff_page(None, "login", "工作页面还没有开放", body, status=403)
