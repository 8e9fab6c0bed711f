"""One exchange between browser and service: read what was sent, ask, hand back what to show."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from corpus.errors import TiaowenError
from corpus.types import Clause
from qa.api.protocol import PolicyService
from qa.api.suggest import next_questions
from qa.page.markdown import turn_markdown
from qa.page.render import spoken, turn_html
from qa.page.tools import next_html, tools_html
from qa.page.trace import trace_html
from qa.types import Answer, Status

HISTORY = 5  # earlier questions that travel with a new one
_KEPT_CHARACTERS = 20_000  # of a question: far above any limit of the engine, which answers for it
SORRY = "抱歉，系统刚才出了点问题，没能查到答复。前面的问答都还在，请稍后再问一次。"
_FORGOTTEN = frozenset({Status.REFUSED, Status.ERROR})

_log = logging.getLogger("qa.page")


@dataclass(frozen=True, slots=True)
class Ask:
    """A question as the browser sent it. ``token`` tells the browser which one is answered."""

    question: str
    history: tuple[str, ...] = ()
    area: str | None = None
    token: int = 0
    explain: bool = False


class Reply(TypedDict):
    """What the browser gets: HTML to show, text to announce and to keep, whether to remember."""

    token: int
    html: str
    says: str
    markdown: str
    remember: bool


def read_ask(data: object, areas: Iterable[str]) -> Ask:
    """Read an event sent by a browser, or by anything that plays one: wrong types are dropped."""
    fields = data if isinstance(data, dict) else {}
    question, history, area = (fields.get(key) for key in ("question", "history", "area"))
    token = fields.get("token")
    said = history if isinstance(history, list) else []
    return Ask(
        question=question[:_KEPT_CHARACTERS] if isinstance(question, str) else "",
        history=tuple(
            item[:_KEPT_CHARACTERS] for item in said if isinstance(item, str) and item.strip()
        )[-HISTORY:],
        area=area if isinstance(area, str) and area in areas else None,
        token=token if isinstance(token, int) else 0,
        explain=fields.get("explain") is True,
    )


def reply_to(
    data: object, service: PolicyService, *, staff: bool = False, feedback: bool = False
) -> Reply:
    """Answer one event. Never raises: a failing service becomes a polite answer.

    :param staff: whether the visitor may see how an answer came about, should she ask for it.
    :param feedback: whether opinions on answers are kept.
    """
    ask = read_ask(data, ())
    try:
        ask = read_ask(data, service.areas())
        answer = service.answer(ask.question, history=ask.history, area=ask.area)
        under = _under(ask, answer, service, staff=staff, feedback=feedback)
        return _reply(ask, answer, service, under)
    except Exception as error:
        return _reply(ask, _failed(error), service)


def _reply(ask: Ask, answer: Answer, service: PolicyService, under: str = "") -> Reply:
    """Render an answer for the browser."""
    area = ask.area or ""
    return Reply(
        token=ask.token,
        html=turn_html(ask.question, answer, _cited(answer, service), area, under),
        says=spoken(answer),
        markdown=turn_markdown(ask.question, answer, area),
        remember=bool(ask.question.strip()) and answer.status not in _FORGOTTEN,
    )


def _under(ask: Ask, answer: Answer, service: PolicyService, *, staff: bool, feedback: bool) -> str:
    """Render what stands under an answer; none of it is worth losing the answer for."""
    try:
        docs = dict.fromkeys(part.citation.doc_id for part in answer.parts)
        passages = {doc_id: service.passages(doc_id) for doc_id in docs}
        questions = next_questions(answer, passages, service.examples())
    except Exception as error:
        _log.warning("next questions: %s", type(error).__name__)
        questions = ()
    trace = trace_html(answer.trace, answer.confidence) if staff and ask.explain else ""
    return tools_html(ask.question, answer, feedback=feedback) + next_html(questions) + trace


def _failed(error: Exception) -> Answer:
    """Turn an exception into an answer; log where it arose, never the text of the question."""
    place = "".join(traceback.format_tb(error.__traceback__))
    _log.error("answering failed: %s\n%s", type(error).__name__, place)
    return Answer(Status.ERROR, str(error) if isinstance(error, TiaowenError) else SORRY)


def _cited(answer: Answer, service: PolicyService) -> dict[str, Clause]:
    """Fetch the clauses an answer cites; one that has vanished meanwhile is left out."""
    cited = [part.citation for part in answer.parts] + list(answer.related)
    clauses: dict[str, Clause] = {}
    for clause_id in dict.fromkeys(citation.clause_id for citation in cited):
        try:
            clauses[clause_id] = service.clause(clause_id)
        except Exception as error:
            _log.warning("clause %s: %s", clause_id, type(error).__name__)
    return clauses
