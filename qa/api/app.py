"""The API as one application, mounted under ``/api`` beside the page."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from typing import Annotated, Any, TypeVar

from fastapi import Depends, FastAPI, Query
from fastapi import Path as InPath
from starlette.responses import HTMLResponse

from corpus.errors import StorageError, UnknownDocument
from corpus.types import Clause, Document
from index.querying import QueryError
from qa.api import models
from qa.api.docs import docs_html
from qa.api.errors import ApiError, add_handlers
from qa.api.protocol import PolicyService
from qa.api.records import clause_record, document_record, results_record, source_record
from qa.api.suggest import completions
from qa.feedback import Feedback, FeedbackStore, PersonalDataError
from qa.messages import MAX_QUESTION
from qa.ops.state import index_state
from qa.records import Record, batch_record
from qa.search.types import FilterError, Filters, Request, Sort

T = TypeVar("T")

HISTORY = 5  # earlier questions that the engine reads
_FAILURES: dict[int | str, dict[str, Any]] = {
    status: {"model": models.ErrorOut, "description": text}
    for status, text in (
        (404, "没有这个内容"),
        (413, "请求太大"),
        (422, "字段不对"),
        (429, "太频繁；Retry-After 说明几秒后再试"),
        (500, "系统出错"),
        (503, "同时提问的人太多或正在停止；Retry-After 说明几秒后再试"),
    )
}

_Area = Annotated[str | None, Query(description="地区，如 福建省/泉州市/鲤城区", max_length=100)]
_Words = Annotated[str, Query(description="查找的词或问题", min_length=1, max_length=MAX_QUESTION)]
_Limit = Annotated[int, Query(ge=1, le=100, description="最多几条")]


_Filter = Annotated[str | None, Query(max_length=100)]


def _filters(
    area: _Area = None,
    unit: _Filter = None,
    doc: _Filter = None,
    kind: _Filter = None,
    year: Annotated[str | None, Query(description="2024 或 2023-2025", max_length=9)] = None,
    validity: Annotated[str | None, Query(description="如 有效", max_length=12)] = None,
) -> Filters:
    """Read the filters of a search from its address."""
    return Filters(area, unit, doc, kind, year, validity)


def api_app(
    service: PolicyService,
    feedback: FeedbackStore | None = None,
    ready: Callable[[], bool] = lambda: True,
) -> FastAPI:
    """Build the API over a service; without a store, feedback is answered with 503.

    :param ready: whether questions are taken now, as the health check says.
    """
    app = FastAPI(
        title="条问 API",
        version=version("tiaowen"),
        description="与网页相同的问答：答案逐字引用政策文件里的句子，并注明出处。",
        docs_url=None,
        redoc_url=None,
        responses=_FAILURES,
    )
    add_handlers(app)
    _add_asking(app, service)
    _add_reading(app, service)
    _add_feedback(app, feedback)

    @app.get("/health", summary="服务是否正常")
    def health() -> models.HealthOut:
        return _health(app.version, service, ready())

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(docs_html(app.openapi()))

    return app


def _health(release: str, service: PolicyService, ready: bool) -> models.HealthOut:
    """Say what is serving."""
    state = index_state(service)
    index = None
    if state is not None:
        index = models.IndexOut(
            name=state.snapshot,
            built=state.built,
            age_seconds=round(state.age_seconds, 1),
            documents=state.documents,
            clauses=state.clauses,
        )
    return models.HealthOut(
        status="ok",
        live=True,
        ready=ready,
        version=release,
        index=index,
        model=state.model if state else None,
        areas=list(service.areas()),
        notice=service.notice(),
    )


def answer_question(asked: models.Question, service: PolicyService) -> Record:
    """Answer one question as `POST /api/answer` and the MCP tool do.

    :raises ApiError: when the question is too long or the area is not covered.
    """
    length = len(asked.question)
    if length > MAX_QUESTION:
        raise ApiError("question_too_long", length=length, limit=MAX_QUESTION)
    area = _known_area(asked.area, service)
    started = time.perf_counter()
    answer = service.answer(
        asked.question, history=tuple(asked.history[-HISTORY:]), area=area, as_of=asked.as_of
    )
    ms = (time.perf_counter() - started) * 1000
    record = batch_record(asked.id, asked.question, answer, ms)
    return {**record, "resolved_question": answer.resolved_question}


def search_clauses(service: PolicyService, request: Request) -> Record:
    """Search clauses as `GET /api/search` and the MCP tool do.

    :raises ApiError: when the query or a filter cannot be read.
    """
    try:
        return results_record(request, service.find(request))
    except QueryError as error:
        reason = f"查询写法有误：{error.reason}（第 {error.position + 1} 个字）。"
        raise ApiError("invalid_query", reason=reason) from error
    except FilterError as error:
        raise ApiError("invalid_query", reason=str(error)) from error


def clause_full(service: PolicyService, clause_id: str) -> Record:
    """Return one clause with the source it stands in.

    :raises ApiError: when there is none with this id.
    """
    clause: Clause = _found(
        lambda: service.clause(clause_id), ApiError("unknown_clause", clause_id=clause_id[:60])
    )
    document = _document(service, clause.doc_id)
    return {**clause_record(clause), "document": source_record(document)}


def _add_asking(app: FastAPI, service: PolicyService) -> None:
    @app.post("/answer", summary="回答一个问题", response_model=models.AnswerOut)
    def answer(asked: models.Question) -> Record:
        return answer_question(asked, service)

    @app.get("/search", summary="查找条款", response_model=models.SearchOut)
    def search(
        q: _Words,
        filters: Annotated[Filters, Depends(_filters)],
        sort: Sort = Sort.RELEVANCE,
        limit: _Limit = 10,
        offset: Annotated[int, Query(ge=0, description="跳过前面几条")] = 0,
        as_of: Annotated[date | None, Query(description="按哪一天判断效力")] = None,
    ) -> Record:
        return search_clauses(service, Request(q, filters, sort, offset, limit, as_of))

    @app.get("/suggest", summary="补全正在输入的问题")
    def suggest(q: _Words, area: _Area = None) -> models.SuggestOut:
        return models.SuggestOut(questions=list(completions(service, q, area)))


def _add_reading(app: FastAPI, service: PolicyService) -> None:
    @app.get("/clauses/{clause_id}", summary="读一条条款", response_model=models.ClauseFull)
    def clause(clause_id: Annotated[str, InPath(description="条款编号")]) -> Record:
        return clause_full(service, clause_id)

    @app.get("/documents/{doc_id}", summary="读一份文件的全文", response_model=models.DocumentOut)
    def document(doc_id: Annotated[str, InPath(description="文件编号")]) -> Record:
        found = _document(service, doc_id)
        return document_record(found, service.passages(doc_id))


def _add_feedback(app: FastAPI, store: FeedbackStore | None) -> None:
    @app.post("/feedback", summary="评价一次答复", status_code=201)
    def feedback(said: models.FeedbackIn) -> models.FeedbackOut:
        if store is None:
            raise ApiError("unavailable")
        values = said.model_dump()
        try:
            added = store.add(Feedback(**{**values, "clause_ids": tuple(said.clause_ids)}))
        except PersonalDataError as error:
            raise ApiError("personal_data", kind=error.kind) from error
        except StorageError as error:
            raise ApiError("not_stored") from error
        return models.FeedbackOut(id=added)


def _known_area(area: str | None, service: PolicyService) -> str | None:
    """Pass a covered area on; an empty one is every area."""
    if not area:
        return None
    areas = service.areas()
    if area not in areas:
        raise ApiError("unknown_area", area=area[:40], areas="、".join(areas))
    return area


def _document(service: PolicyService, doc_id: str) -> Document:
    return _found(
        lambda: service.document(doc_id), ApiError("unknown_document", doc_id=doc_id[:60])
    )


def _found(look: Callable[[], T], otherwise: ApiError) -> T:
    """Look something up, or raise the error that says what is missing."""
    try:
        return look()
    except (UnknownDocument, KeyError):
        raise otherwise from None
