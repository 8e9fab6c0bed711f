"""Whether a question asks for one document and no other edition of it: by 文号, year or title."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.editions import edition_title
from corpus.identity import normalise
from corpus.types import Document
from qa.search.lookup import mention

_YEARS = re.compile(r"((?:19|20)\d\d)(?:\s*年?\s*[—\-–~至]+\s*((?:19|20)\d\d))?")
_OF_YEAR = re.compile(
    r"((?:19|20)\d\d)年?(?:版|(?:的|颁布|发布|公布|印发|出台|制定|实施|施行|那份|老|旧)*"
    r"(?:办法|规定|政策|文件|通知|意见|细则|方案|条例|标准|要点|计划))"
)


def asks_for(question: str, document: Document, others: Sequence[Document] = ()) -> bool:
    """Whether a question asks for this very document.

    :param question: in search form; ``others``: other editions of the document.
    """
    return (
        bool(_years(document.title) & _years(question))
        or _of_its_year(question, document)
        or bool(mention(question, [document]).docs)
        or _by_its_title(question, document, others)
    )


def _of_its_year(question: str, document: Document) -> bool:
    """«2018年的办法», «2018版»: a year alone is mostly one in the asker's life."""
    asked = {int(match[1]) for match in _OF_YEAR.finditer(question)}
    published = {document.published.year} if document.published else set()
    return bool(asked & (published | _years(document.doc_number or "")))


def _by_its_title(question: str, document: Document, others: Sequence[Document]) -> bool:
    """Whether the title stands there whole and is not that of the other editions too."""
    title = edition_title(document.title)
    if not others or not title or title not in normalise(question):
        return False
    return not any(title in edition_title(other.title) for other in others)


def _years(text: str) -> set[int]:
    """The years that a text names, all those of a period."""
    found: set[int] = set()
    for match in _YEARS.finditer(text):
        first = int(match[1])
        found.update(range(first, int(match[2] or first) + 1))
    return found
