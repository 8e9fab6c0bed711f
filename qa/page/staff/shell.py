"""The frame of every page of the staff: header, tabs, who is at work."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from starlette.responses import HTMLResponse

from qa.accounts import Role
from qa.page.assets import digest
from qa.page.icons import icon
from qa.page.staff.identity import Staff
from qa.page.welcome import themes_html

# Path below /staff/, title, icon: the tabs in the order shown.
PLACES: Final = (
    ("search", "检索", "search"),
    ("documents", "文件", "page"),
    ("quality", "质量", "list"),
)
_ROLES: Final = {Role.READER: "查看", Role.EDITOR: "编辑"}
_FOOTER = (
    '<footer class="tw-footer tw-staff-footer"><p>工作页面的内容仅供工作人员使用。'
    '<a href="../accessibility">无障碍声明</a> · <a href="../api/docs">程序接口</a></p></footer>'
)


def staff_page(
    staff: Staff | None,
    place: str,
    title: str,
    body: str,
    *,
    scripts: Sequence[str] = (),
    status: int = 200,
) -> HTMLResponse:
    """Put a body into the frame.

    :param staff: who is at work; None on the login page: no tabs.
    :param place: the tab this page belongs to, as in PLACES.
    :param body: HTML, already escaped; it stands inside ``<main>``.
    :param scripts: names of modules in ``static``, without ``.js``.
    """
    assets = f"../page/{digest()}"
    modules = "".join(
        f'<script type="module" src="{assets}/{name}.js"></script>' for name in ("staff", *scripts)
    )
    token = f'<meta name="tw-token" content="{escape(staff.token)}">' if staff else ""
    role = f' data-role="{staff.role.value}"' if staff else ""
    return HTMLResponse(
        '<!doctype html><html lang="zh-CN" data-root="../"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
        f'<title>{escape(title)} · 条问</title>{token}<script src="{assets}/early.js"></script>'
        f'<link rel="icon" href="../favicon.ico"><link rel="stylesheet" href="{assets}/staff.css">'
        f'{modules}</head><body><div class="tw-app tw-plain tw-staff"{role}>'
        '<a class="tw-skip" href="#tw-content">跳到内容</a>'
        f"{_header_html(staff, place)}"
        f'<main class="tw-main tw-staff-main" id="tw-content" tabindex="-1">{body}</main>'
        f'<p class="tw-sr tw-live" role="status" aria-live="polite"></p>{_FOOTER}'
        "</div></body></html>",
        status_code=status,
    )


def _header_html(staff: Staff | None, place: str) -> str:
    """Render brand, tabs and tools."""
    return (
        '<header class="tw-header tw-staff-header">'
        '<a class="tw-brand" href="../"><span class="tw-logo" aria-hidden="true">条</span>'
        '<span class="tw-name">条问<span class="tw-sr">，回到提问</span></span></a>'
        f"{_tabs_html(place) if staff else ''}"
        '<div class="tw-head-tools"><button type="button" class="tw-head-button tw-large" '
        'aria-pressed="false"><span aria-hidden="true" class="tw-big-a">字</span>'
        f"<span>大字</span></button>{_menu_html(staff)}</div></header>"
    )


def _tabs_html(place: str) -> str:
    """Render the way to the other pages; the present one is said, not only shown."""
    links = "".join(
        f'<li><a class="tw-tab" href="{name}"{_here(name == place)}>{icon(picture)}'
        f"<span>{title}</span></a></li>"
        for name, title, picture in PLACES
    )
    ask = f'<li><a class="tw-tab" href="../">{icon("chat")}<span>提问</span></a></li>'
    return f'<nav class="tw-tabs" aria-label="工作页面"><ul>{links}{ask}</ul></nav>'


def _here(shown: bool) -> str:
    return ' aria-current="page"' if shown else ""


def _menu_html(staff: Staff | None) -> str:
    """Render the menu: who is at work, colours, log out."""
    return (
        '<div class="tw-menu-box"><button type="button" class="tw-head-button tw-menu-button" '
        f'aria-expanded="false" aria-controls="tw-menu">{icon("menu")}<span>菜单</span></button>'
        f'<div class="tw-menu" id="tw-menu" hidden>{_who_html(staff)}{themes_html()}'
        f"{_logout_html(staff)}</div></div>"
    )


def _who_html(staff: Staff | None) -> str:
    if staff is None:
        return ""
    if staff.name is None:
        said = "还没有用户，只有这台机器能打开工作页面。添加用户：tiaowen user add 用户名"
    else:
        said = f"已登录：{staff.name}（{_ROLES[staff.role]}）"
    return f'<p class="tw-who">{escape(said)}</p>'


def _logout_html(staff: Staff | None) -> str:
    if staff is None or staff.session is None:
        return ""
    return (
        '<form method="post" action="logout" class="tw-logout">'
        f'<input type="hidden" name="token" value="{escape(staff.token)}">'
        f'<button type="submit" class="tw-menu-line">{icon("back")}<span>退出登录</span></button>'
        "</form>"
    )
