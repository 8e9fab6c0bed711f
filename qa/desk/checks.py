"""What deserves a look in a document, in words: what `corpus check` and the page both say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from corpus import Links, validity
from corpus.types import Document, ValidityState
from qa.labels import validity_text, warning_text

_ENDED = frozenset({ValidityState.LAPSED, ValidityState.REPEALED})


def notices(
    document: Document,
    clauses: int,
    links: Mapping[str, Links],
    titles: Mapping[str, str],
    day: date,
) -> list[str]:
    """Oddities of the numbering, what was not recognised, and that it is out of force.

    :param clauses: how many numbered clauses it has.
    :param links: what replaces and repeals what, by document id.
    :param titles: titles by document id.
    """
    texts = [warning_text(warning) for warning in document.warnings]
    texts += [f"没有识别出{name}" for name, value in expected(document) if not value]
    if not clauses:
        texts.append("没有识别出条款")
    state = validity(document, day)
    if state.state in _ENDED:
        texts.append(validity_text(state))
    if document.doc_id in links:
        own = links[document.doc_id]
        texts += [f"《{titles[other]}》写明废止本文件" for other in own.repealed_by]
        texts += [f"有更新的一份：《{titles[other]}》" for other in own.replaced_by]
    return texts


def expected(document: Document) -> list[tuple[str, str]]:
    """Return what every document should have; empty where it was not recognised."""
    published = document.published
    return [
        ("标题", document.title),
        ("文号", document.doc_number or ""),
        ("发布机构", document.issuer or ""),
        ("成文日期", published.isoformat() if published else ""),
        ("地区", document.area),
    ]
