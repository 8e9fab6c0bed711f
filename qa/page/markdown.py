"""One exchange as Markdown, for the file that a visitor takes home. Pure."""

from __future__ import annotations

import re

from corpus.types import Origin
from qa.labels import VALIDITY_WORDS, chinese_date, copy_line
from qa.page.cards import DIGEST_NOTICE
from qa.page.render import MASKED
from qa.types import Answer, Citation, Status, in_reading_order

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")


def turn_markdown(question: str, answer: Answer, area: str = "") -> str:
    """Write a question and its answer: quotes as block quotes, sources below them."""
    asked = MASKED if answer.status is Status.REFUSED else question.strip() or "（没有填写）"
    lines = [f"## {_plain(asked)}", ""]
    if area:
        lines += [f"地区：{_plain(area.replace('/', ''))}", ""]
    if answer.resolved_question:
        lines += [f"按这个问题查找：{_plain(answer.resolved_question)}", ""]
    if answer.message:
        lines += [_plain(answer.message), ""]
    lines += [f"- 注意：{_plain(warning)}" for warning in answer.warnings]
    if answer.warnings:
        lines.append("")
    for part in in_reading_order(answer.parts):
        lines += _quoted(part.citation)
    if answer.related:
        lines += ["### 相关条款", ""]
        for citation in answer.related:
            lines += _quoted(citation)
    return "\n".join(lines).rstrip() + "\n"


def _quoted(citation: Citation) -> list[str]:
    """Write one quote with its source."""
    quote = [f"> {_plain(line)}" for line in citation.quote.strip().splitlines()]
    validity = citation.validity
    facts = [
        f"出处：{_plain(copy_line(citation))}" + (f" {_plain(citation.heading)}".rstrip()),
        f"效力：{VALIDITY_WORDS[validity.state]}"
        + (f"（{_plain(validity.reason)}）" if validity.reason else ""),
    ]
    if citation.units:
        facts.append(f"责任单位：{_plain('、'.join(citation.units))}")
    if day := chinese_date(citation.published):
        facts.append(f"发布日期：{day}")
    if citation.origin is Origin.DIGEST:
        facts.append(DIGEST_NOTICE)
    return [*quote, "", *(f"- {fact}" for fact in facts), ""]


def _plain(text: str) -> str:
    """Escape what Markdown would read as markup; a line stays one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.splitlines()))
