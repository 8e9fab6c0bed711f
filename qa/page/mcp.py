"""The tools of the MCP server; Gradio serves them under ``/gradio_api/mcp/``.

Their docstrings are what a model reads to decide which one to call.
"""

from __future__ import annotations

import json
import logging
import traceback

import gradio as gr
from gradio.events import api

from corpus.errors import TiaowenError
from qa.api import models
from qa.api.app import answer_question, clause_full, search_clauses
from qa.api.errors import ERRORS, ApiError
from qa.api.protocol import PolicyService
from qa.messages import MAX_QUESTION
from qa.records import Record
from qa.search.types import Filters, Request

_log = logging.getLogger("qa.page")
_MOST = 50  # hits of one search; a model reads them all


def add_tools(service: PolicyService) -> None:
    """Add the tools to the Blocks under construction."""

    def answer(question: str, area: str = "") -> str:
        """Answer a question about Chinese policy documents by quoting the clauses that answer it.

        Nothing is generated: every quote is a slice of a stored document and comes with title,
        document number, clause, validity and responsible units. A status other than "answered"
        means that the documents do not state it.

        Args:
            question: One question in Chinese, at most 500 characters.
            area: Division path such as 福建省/泉州市/鲤城区; empty for every area.

        """
        with _said():
            asked = models.Question(question=question, area=area or None)
            return _json(answer_question(asked, service))

    def search(query: str, area: str = "", limit: int = 10) -> str:
        """Search the clauses of the stored policy documents; the most relevant come first.

        Args:
            query: Words in Chinese; "phrases", AND, OR, NOT and parentheses are understood.
            area: A division such as 鲤城区; empty for every area.
            limit: How many clauses, 1 to 50.

        """
        with _said():
            most = max(1, min(limit, _MOST))
            wanted = Filters(area=area or None)
            request = Request(query[:MAX_QUESTION], wanted, limit=most, facets=False)
            return _json(search_clauses(service, request))

    def clause(clause_id: str) -> str:
        """Read one clause in full, with the document that it stands in.

        Args:
            clause_id: The id that answer and search give.

        """
        with _said():
            return _json(clause_full(service, clause_id))

    for tool in (answer, search, clause):
        # Without the queue Gradio runs a tool at once, not by a second request to itself.
        api(tool, api_name=tool.__name__, queue=False, api_visibility="public")


def _json(record: Record) -> str:
    """Write a record as JSON; Gradio itself would hand a dictionary on as Python text."""
    return json.dumps(record, ensure_ascii=False)


class _said:  # noqa: N801 - reads as a sentence where it is used
    """Turns an error of the API into one whose sentence reaches the caller."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ApiError):
            message = ERRORS[error.code][1].format(**error.said)
            raise gr.Error(message, print_exception=False) from None
        if isinstance(error, TiaowenError):
            raise gr.Error(str(error), print_exception=False) from None
        if isinstance(error, Exception):  # Gradio would print it, with what was asked
            place = "".join(traceback.format_tb(error.__traceback__))
            _log.error("MCP failed: %s\n%s", type(error).__name__, place)
            raise gr.Error(ERRORS["internal"][1], print_exception=False) from None
