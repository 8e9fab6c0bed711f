"""rtf and mht: what some offices save under the name of doc."""

from __future__ import annotations

import email
import email.policy
import re

from corpus.formats.converters import by_converter
from corpus.formats.webpage import read_webpage
from corpus.loading import decode

_TOKEN = re.compile(
    rb"\\'(?P<hex>[0-9a-fA-F]{2})|\\u(?P<uni>-?\d{1,6})(?: |(?=\\|[^0-9 ]))\??"
    rb"|\\(?P<word>[a-zA-Z]{1,32})(?P<num>-?\d{1,10})? ?"
    rb"|\\(?P<sym>[^a-zA-Z'])|(?P<open>\{)|(?P<close>\})|(?P<text>[^\\{}\r\n]+)|[\r\n]+"
)
_HIDDEN = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr"
    b" listtable listoverridetable generator themedata datastore latentstyles xmlnstbl rsidtbl"
    b" pgptbl fldinst bkmkstart bkmkend nonshppict shpinst".split()
)
_BREAKS = {
    b"par": "\n",
    b"line": "\n",
    b"row": "\n",
    b"sect": "\n",
    b"page": "\n",
    b"cell": "\t",
    b"tab": "\t",
}


def read_rtf(raw: bytes) -> str:
    """Text of an rtf file; raises ValueError when there is none."""
    converted = by_converter(raw, ".rtf")
    text = converted or rtf_text(raw)
    if not text.strip():
        raise ValueError("rtf 文件里没有文字。请用 Word 或 WPS 打开，另存为 docx 后再导入。")
    return text


def rtf_text(raw: bytes) -> str:
    """Words of an rtf file, without a converter: groups that are not text are left out."""
    out: list[str] = []
    pending = bytearray()
    stack: list[bool] = []
    hidden = False
    for match in _TOKEN.finditer(raw):
        if match["hex"]:
            pending += b"" if hidden else bytes.fromhex(match["hex"].decode())
            continue
        if pending:
            out.append(pending.decode("gb18030", errors="replace"))
            pending.clear()
        if match["open"]:
            stack.append(hidden)
        elif match["close"]:
            hidden = stack.pop() if stack else False
        elif match["word"] in _HIDDEN or match["sym"] == b"*":
            hidden = True
        elif not hidden:
            out.append(_shown(match))
    return "".join([*out, pending.decode("gb18030", errors="replace")]) + "\n"


def _shown(match: re.Match[bytes]) -> str:
    if match["uni"]:
        code = int(match["uni"]) % 0x10000
        return "" if 0xD800 <= code < 0xE000 else chr(code)
    if match["word"]:
        return _BREAKS.get(match["word"], "")
    if match["sym"]:
        return {b"~": " ", b"_": "-"}.get(match["sym"], match["sym"].decode("latin-1"))
    return match["text"].decode("gb18030", errors="replace") if match["text"] else ""


def read_mht(raw: bytes) -> str:
    """Text of a page saved as one file; raises ValueError when it holds none."""
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload.strip():
                return read_webpage(decode(payload))
    raise ValueError("单文件网页里没有正文。请在浏览器里打开后另存为 html 再导入。")
