"""What goes into the API and comes out of it; the OpenAPI page is made from these."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa.messages import MAX_QUESTION

_Earlier = Annotated[str, Field(max_length=MAX_QUESTION)]


class Strict(BaseModel):
    """A request: a field with a wrong name is an error, not silently dropped."""

    model_config = ConfigDict(extra="forbid")


class Question(Strict):
    """一个问题。"""

    question: str = Field(description=f"问题，不超过 {MAX_QUESTION} 个字")
    history: list[_Earlier] = Field(
        default=[], max_length=20, description="之前问过的话，从早到晚；只用最后五句"
    )
    area: str | None = Field(default=None, description="地区，如 福建省/泉州市/鲤城区；不填为全部")
    as_of: date | None = Field(default=None, description="按哪一天判断效力；不填为今天")
    id: str | None = Field(default=None, max_length=200, description="调用方自己的编号，原样返回")


class CitationOut(BaseModel):
    """引文的出处；quote 与文件 span 处的文字逐字相同。"""

    clause_id: str
    doc_id: str
    file: str
    title: str
    doc_number: str | None
    issuer: str | None
    published: date | None
    validity: Literal["in_force", "lapsed", "repealed", "unknown"]
    validity_reason: str
    area: str
    path: list[str]
    label: str
    heading: str
    units: list[str]
    span: tuple[int, int]
    quote: str
    origin: Literal["official", "digest"]


class PartOut(BaseModel):
    """答案的一段：引文和出处。"""

    quote: str
    citation: CitationOut


class AnswerOut(BaseModel):
    """一个答案；只有 status 为 answered 时 parts 才有内容。"""

    id: str | None
    question: str
    status: Literal[
        "answered", "related_only", "other_area", "clarify", "off_topic", "refused", "error"
    ]
    parts: list[PartOut]
    related: list[CitationOut]
    warnings: list[str]
    message: str
    confidence: float = Field(description="引文答得上问题的概率，0 到 1")
    ms: float = Field(description="用时，毫秒")
    resolved_question: str | None = Field(description="结合前文理解成的问题；单独成句时为 null")


class ClauseOut(BaseModel):
    """一条条款；text 与文件 span 处的文字逐字相同，位置按 Unicode 码位计。"""

    clause_id: str
    doc_id: str
    role: str
    path: list[str]
    label: str
    heading: str
    span: tuple[int, int]
    text: str
    units: list[str]


class SourceOut(BaseModel):
    """文件的出处信息。"""

    doc_id: str
    file: str
    title: str
    doc_number: str | None
    issuer: str | None
    published: date | None
    area: str
    kind: str
    origin: Literal["official", "digest"]
    validity: Literal["in_force", "lapsed", "repealed", "unknown"]
    validity_reason: str


class ClauseFull(ClauseOut):
    """一条条款连同它的文件。"""

    document: SourceOut


class PassageOut(BaseModel):
    """文件里的一段：位置和编号，文字在 text[span] 处。"""

    clause_id: str
    role: str
    path: list[str]
    headings: list[str]
    span: tuple[int, int]


class ContactOut(BaseModel):
    """文件里写的联系方式，span 指向原文。"""

    purpose: str
    person: str
    phones: list[str]
    span: tuple[int, int]


class DocumentOut(SourceOut):
    """一份文件：全文、每一段的位置、联系方式。"""

    text: str
    passages: list[PassageOut]
    contacts: list[ContactOut]


class HitOut(BaseModel):
    """搜到的一条条款；snippet 是 clause.text[snippet_span]，marks 也按 clause.text 计。"""

    score: float
    how: Literal["label", "ranked", "words", "near"]
    clause: ClauseFull
    snippet: str
    snippet_span: tuple[int, int]
    marks: list[tuple[int, int]]


class FacetOut(BaseModel):
    """一个可筛选的值，和其他条件不变时它有几条。"""

    value: str
    label: str
    count: int


class SearchOut(BaseModel):
    """搜到的条款；total 是全部条数，hits 是其中一页。"""

    query: str
    total: int
    offset: int
    sort: Literal["relevance", "date", "corpus"]
    notes: list[str]
    facets: dict[str, list[FacetOut]]
    hits: list[HitOut]


class SuggestOut(BaseModel):
    """以输入的字补全的问题。"""

    questions: list[str]


class IndexOut(BaseModel):
    """正在使用的索引。"""

    name: str = Field(description="快照的编号")
    built: str = Field(description="建成的时间，ISO 8601")
    age_seconds: float = Field(description="建成以来的秒数")
    documents: int
    clauses: int


class HealthOut(BaseModel):
    """服务是否正常，用的是哪一个索引，收录了哪些地区。"""

    status: Literal["ok"]
    live: bool = Field(description="进程在运行")
    ready: bool = Field(description="现在接受提问；正在停止时为 false")
    version: str
    index: IndexOut | None
    model: str | None = Field(description="向量模型；null 表示只按词语查找")
    areas: list[str]
    notice: str | None


class FeedbackIn(Strict):
    """对一次答复的评价。内容里有身份证号、手机号等一律不收。"""

    verdict: Literal["up", "down"]
    reason: (
        Literal["off_point", "wrong_clause", "outdated", "incomplete", "unclear", "other"] | None
    ) = None
    comment: str = Field(default="", max_length=500)
    question: str | None = Field(default=None, max_length=MAX_QUESTION)
    status: str | None = Field(default=None, max_length=20)
    area: str | None = Field(default=None, max_length=100)
    clause_ids: list[Annotated[str, Field(max_length=100)]] = Field(default=[], max_length=20)


class FeedbackOut(BaseModel):
    """评价已收下。"""

    id: int


class ErrorBody(BaseModel):
    """错误的代码（给程序）和说明（给人）。"""

    code: str
    message: str


class ErrorOut(BaseModel):
    """出错时的统一形式。"""

    error: ErrorBody
