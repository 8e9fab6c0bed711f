"""The OpenAPI page: drawn on the server from the description, with nothing fetched."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from qa.api.errors import ERRORS

Json = Mapping[str, Any]

_SAMPLE: Json = {"question": "外地户口的孩子能上小学吗", "history": [], "area": None}
_STYLE = """
:root{color-scheme:light dark;--ink:#16222e;--soft:#4d5b69;--paper:#fff;--ground:#f4f6f8;
--line:#d5dde5;--brand:#14507f;--code:#f0f4f8}
@media(prefers-color-scheme:dark){:root{--ink:#e9eef3;--soft:#a9b7c4;--paper:#19222b;
--ground:#0f151b;--line:#2e3a46;--brand:#8cc4f2;--code:#131b23}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);
font:1.0625rem/1.75 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:1.5rem}h1{line-height:1.35}a{color:var(--brand)}
section{background:var(--paper);border:1px solid var(--line);border-radius:14px;
padding:1rem 1.25rem;margin:1rem 0}h2{margin:0 0 .25rem;font-size:1.2rem}h3{margin:1rem 0 .25rem;
font-size:1rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem;
border-top:1px solid var(--line);vertical-align:top}th{color:var(--soft);font-weight:600}
code,pre{font-family:ui-monospace,"Noto Sans Mono CJK SC",monospace;font-size:.95em;
background:var(--code);border-radius:6px}code{padding:.1em .35em;overflow-wrap:anywhere}
pre{padding:.75rem 1rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
.verb{color:var(--brand);font-weight:700}.scroll{overflow-x:auto}
"""
_MCP = (
    "<section><h2>MCP</h2><p>同样的功能也是一个 MCP 服务器（Streamable HTTP），"
    "地址是本站的 <code>/gradio_api/mcp/</code>，工具有 <code>answer</code>（回答）、"
    "<code>search</code>（查找）、<code>clause</code>（读条款）。</p></section>"
)
_EMBED = (
    "<section><h2>嵌入网页</h2><p>先用 "
    "<code>tiaowen chat --embed-origin https://您的网站</code> 允许该网站嵌入，"
    "再在网页里加一行，右下角就会出现提问按钮：</p>"
    "<pre>&lt;script src=&quot;https://本站地址/embed.js&quot; async&gt;"
    "&lt;/script&gt;</pre></section>"
)


def docs_html(description: Json) -> str:
    """Draw the page of an OpenAPI 3 description."""
    info = description["info"]
    operations = "".join(
        _operation(path, verb, operation)
        for path, verbs in description["paths"].items()
        for verb, operation in verbs.items()
    )
    schemas = "".join(
        _schema(name, schema)
        for name, schema in description["components"]["schemas"].items()
        if name not in ("HTTPValidationError", "ValidationError")
    )
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info['title'])}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(info['title'])} <small>{escape(info['version'])}</small></h1>"
        f"<p>{escape(info['description'])} "
        f"机器可读的说明：<a href='openapi.json'>openapi.json</a>；"
        f"问答页面：<a href='../'>条问</a>。</p>"
        f"{operations}{_MCP}{_EMBED}{_errors()}<h2>数据的形式</h2>{schemas}</main></body></html>"
    )


def _operation(path: str, verb: str, operation: Json) -> str:
    """Draw one route: what it takes, what it gives, how to call it."""
    rows = "".join(
        _row(p["name"], p["schema"], p.get("required", False), p.get("description", ""))
        for p in operation.get("parameters", ())
    )
    taken = _table(rows) if rows else ""
    if body := operation.get("requestBody"):
        taken += f"<p>请求内容：{_type(body['content']['application/json']['schema'])}</p>"
    given = next(
        _type(response["content"]["application/json"]["schema"])
        for code, response in operation["responses"].items()
        if code.startswith("2")
    )
    return (
        f'<section id="{verb}{escape(path)}"><h2><span class="verb">{verb.upper()}</span> '
        f"<code>/api{escape(path)}</code></h2><p>{escape(operation.get('summary', ''))}</p>{taken}"
        f"<p>返回：{given}</p><pre>{escape(_call(path, verb))}</pre></section>"
    )


def _call(path: str, verb: str) -> str:
    """Write a call for the shell."""
    url = f"http://127.0.0.1:7860/api{path.replace('{', '').replace('}', '')}"
    if verb == "get":
        query = "?q=落户" if path in ("/search", "/suggest") else ""
        return f"curl -G '{url}{query}'" if not query else f"curl -G {url} --data-urlencode q=落户"
    sample = _SAMPLE if path == "/answer" else {"verdict": "up"}
    said = json.dumps(sample, ensure_ascii=False)
    return f"curl {url} -H 'Content-Type: application/json' \\\n  -d '{said}'"


def _schema(name: str, schema: Json) -> str:
    """Draw the fields of one record."""
    required = schema.get("required", ())
    rows = "".join(
        _row(field, form, field in required, form.get("description", ""))
        for field, form in schema.get("properties", {}).items()
    )
    return (
        f'<section id="{escape(name)}"><h2>{escape(name)}</h2>'
        f"<p>{escape(schema.get('description', ''))}</p>{_table(rows)}</section>"
    )


def _table(rows: str) -> str:
    head = "<tr><th>名称</th><th>类型</th><th>必填</th><th>说明</th></tr>"
    return f'<div class="scroll"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>'


def _row(name: str, form: Json, required: bool, said: str) -> str:
    return (
        f"<tr><td><code>{escape(name)}</code></td><td>{_type(form)}</td>"
        f"<td>{'是' if required else ''}</td><td>{escape(said)}</td></tr>"
    )


def _type(form: Json) -> str:
    """Name a type; records link to their table."""
    if "$ref" in form:
        name = escape(form["$ref"].rsplit("/", 1)[-1])
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in form:
        return " 或 ".join(_type(choice) for choice in form["anyOf"])
    if "enum" in form:
        return " | ".join(f"<code>{escape(str(value))}</code>" for value in form["enum"])
    if form.get("type") == "array" and "items" in form:
        return f"{_type(form['items'])} 的列表"
    return escape(" ".join(_words(form)) or "任意")


def _words(form: Json) -> Iterator[str]:
    names = {
        "string": "文字",
        "integer": "整数",
        "number": "数",
        "boolean": "真假",
        "null": "null",
        "array": "列表",
    }
    if kind := form.get("type"):
        yield "日期" if form.get("format") == "date" else names.get(kind, str(kind))
    if longest := form.get("maxLength"):
        yield f"（最多 {longest} 个字）"
    if "const" in form:
        yield str(form["const"])


def _errors() -> str:
    """List the error codes with their sentences."""
    rows = "".join(
        f"<tr><td>{status}</td><td><code>{code}</code></td><td>{escape(message)}</td></tr>"
        for code, (status, message) in ERRORS.items()
    )
    return (
        "<section><h2>错误</h2><p>出错时返回 <code>"
        '{"error": {"code": …, "message": …}}'
        "</code>；message 可以直接给人看。</p><div class='scroll'><table><thead><tr><th>状态码</th>"
        f"<th>code</th><th>message</th></tr></thead><tbody>{rows}</tbody></table></div></section>"
    )
