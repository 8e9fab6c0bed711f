"""Whether a document is in force on a day, with the reason a resident can read."""

from __future__ import annotations

from datetime import date

from corpus.types import Document, Validity, ValidityState


def validity(
    document: Document, as_of: date | None = None, repealed_by: str | None = None
) -> Validity:
    """State on a day (default: today). A lapsed period counts even if the page says 有效.

    ``repealed_by`` is the title of a stored document that says this one is repealed.
    """
    day = as_of or date.today()
    state, reason = _state(document, day)
    if repealed_by:
        state, reason = ValidityState.REPEALED, f"《{repealed_by}》写明废止本文件"
    return Validity(state, reason, day)


def _state(document: Document, day: date) -> tuple[ValidityState, str]:
    until, plan = document.effective_until, document.plan_until
    if document.declared_status == "废止":
        return ValidityState.REPEALED, "发布页面标明已废止"
    if until and until < day:
        return ValidityState.LAPSED, f"有效期至{printed(until)}，已经过期"
    if plan and plan < day and not until:
        return ValidityState.LAPSED, f"规划期至{printed(plan)}，已经期满"
    if document.declared_status == "失效":
        return ValidityState.LAPSED, "发布页面标明已失效"
    if document.effective_from and document.effective_from > day:
        return ValidityState.UNKNOWN, f"自{printed(document.effective_from)}起施行，尚未施行"
    if until:
        return ValidityState.IN_FORCE, f"有效期至{printed(until)}"
    if plan:
        return ValidityState.IN_FORCE, f"规划期至{printed(plan)}"
    if document.declared_status == "有效":
        return ValidityState.IN_FORCE, "发布页面标明有效"
    return ValidityState.UNKNOWN, "文件没有写明有效期，是否现行有效请向发布机构核实"


def printed(day: date) -> str:
    """2028年12月31日."""
    return f"{day.year}年{day.month}月{day.day}日"
