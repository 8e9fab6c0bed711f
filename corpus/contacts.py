"""Contact persons and telephone numbers that a document names for enquiries."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.types import Document, Span


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact line: what it is for, the person, the numbers; ``span`` into ``Document.text``."""

    purpose: str
    person: str
    phones: tuple[str, ...]
    span: Span


_PHONE = (
    r"(?:(?:0\d{2,3}[-—－ ）)]?\s?)?[2-9]\d{6,7}(?:[-转]\d{1,5})?|1[3-9]\d{9}|1[02]\d{3}"
    r"|9[56]\d{3,4}|400[-—]?\d{3,4}[-—]?\d{3,4})"
)  # 0595-22222222转8001, 12345
_LINE = re.compile(
    r"(?P<purpose>(?:业务|政策|技术|监督|投诉|举报|报名|服务|咨询|解读)?(?:联系人?|咨询|投诉|举报|监督|服务|查询|热线)"
    r"(?:人|电话|方式|热线|机构|部门|单位)*(?:及(?:联系)?电话)?)\s*[：:]\s*(?P<rest>[^\n。；]{2,160})"
)
_PERSON = re.compile(
    r"(?<![\u4e00-\u9fff])(?P<name>[\u4e00-\u9fff]{1,4}(?:同志|老师|科长|处长|主任|先生|女士)?)(?![\u4e00-\u9fff])"
)
_NO_PERSON = re.compile(
    r".*(?:局|委|厅|科|处|室|办|电话|热线|地址|手机|传真|邮箱|中心|大厅|政府|部门)\Z"
)
_BARE = re.compile(rf"(?<!\d)({_PHONE})(?!\d)")


def contacts(document: Document) -> tuple[Contact, ...]:
    """Contacts of a document, in order; lines without a number are left out."""
    found = []
    for match in _LINE.finditer(document.text):
        rest = match["rest"]
        following = document.text[match.end() : match.end() + 60]
        phones = tuple(re.sub(r"\s", "", phone) for phone in _BARE.findall(rest))
        end = match.end()
        if not phones and (
            next_line := re.match(r"\s*(?:联系)?电话\s*[：:]\s*([^\n。]+)", following)
        ):
            phones = tuple(re.sub(r"\s", "", phone) for phone in _BARE.findall(next_line[1]))
            end += next_line.end()
        if not phones:
            continue
        person = next(
            (m["name"] for m in _PERSON.finditer(rest) if not _NO_PERSON.match(m["name"])), ""
        )
        found.append(Contact(match["purpose"], person, phones, (match.start(), end)))
    return tuple(_apart(found))


def _apart(found: list[Contact]) -> list[Contact]:
    """Contacts that do not overlap: a line read with the one before it counts once."""
    kept: list[Contact] = []
    for contact in found:
        if not kept or contact.span[0] >= kept[-1].span[1]:
            kept.append(contact)
    return kept
