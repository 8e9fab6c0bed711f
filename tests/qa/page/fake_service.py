"""A stand-in for the engine: invented documents, one real Answer for every status.

``python -m tests.qa.page.fake_service 7861`` serves the page with it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from corpus.types import Clause, Document, Origin, Role, Unit, Validity, ValidityState
from index.querying import QueryError
from qa.search.types import FilterError, Hit, How, Request, Results, Snippet
from qa.types import Answer, Citation, Part, Status, cite

TODAY = date(2026, 3, 1)
EVIL = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>${window.pwned=1}{{7*7}}'

HARBOUR_TEXT = (
    "二、便民服务\n（三）小学入学。随迁子女凭父母一方居住证即可申请入读公办小学，学校不得收取借读费。"
    "报名时间为每年6月20日至6月30日，可在“入学一件事”平台网上办理，也可到居住地街道便民服务中心窗口办理。"
    "符合条件的，由区教育局统筹安排学位；学位不足的，安排到邻近学校。\n"
    "区教育局应当在7月31日前公布录取结果。\n责任单位：区教育局、公安分局，各街道办事处\n"
    "（四）落户。在本区有合法稳定住所的，本人及其配偶、未成年子女可以申请落户，公安分局当场受理。"
    "租赁住房的，凭备案的租赁合同办理。责任单位：公安分局、区住建局\n"
)
HILL_TEXT = (
    "青岩县居住证办理办法\n第三章 办理\n第十二条 随迁子女入读小学，应当提供居住证和预防接种证。\n"
    "（三）材料齐全的，县教育局应当场受理。\n"
)
EVIL_TEXT = f"一、{EVIL}测试条款，责任单位：{EVIL}。\n"


def _document(
    doc_id: str,
    title: str,
    text: str,
    *,
    doc_number: str | None = None,
    area: str = "",
    origin: Origin = Origin.OFFICIAL,
) -> Document:
    return Document(
        doc_id=doc_id,
        file=f"{doc_id}.txt",
        title=title,
        doc_number=doc_number,
        issuer=f"{area.split('/')[-1]}人民政府办公室" if area else None,
        published=date(2025, 5, 9) if doc_number else None,
        effective_from=None,
        effective_until=None,
        plan_until=None,
        declared_status=None,
        area=area,
        kind="通知",
        origin=origin,
        text=text,
        raw=text.encode(),
        raw_text=text,
        sha256="0" * 64,
    )


def _clause(
    doc: Document,
    path: tuple[str, ...],
    headings: tuple[str, ...],
    starts: str,
    ends: str,
    units: tuple[str, ...] = (),
) -> Clause:
    start = doc.text.index(starts)
    end = doc.text.index(ends, start) + len(ends)
    return Clause(
        clause_id=f"{doc.doc_id}:{'.'.join(path)}",
        doc_id=doc.doc_id,
        role=Role.CLAUSE,
        path=path,
        label=path[-1],
        heading=headings[-1],
        headings=headings,
        span=(start, end),
        text=doc.text[start:end],
        units=tuple(Unit(name, lead=False, span=(start, end)) for name in units),
    )


HARBOUR = _document(
    "harbour",
    "临港市东湾区人民政府办公室关于印发东湾区便民服务若干措施（2025—2028年）的通知",
    HARBOUR_TEXT,
    doc_number="临东政办〔2025〕8号",
    area="海州省/临港市/东湾区",
    origin=Origin.DIGEST,
)
HILL = _document(
    "hill",
    "青岩县居住证办理办法",
    HILL_TEXT,
    doc_number="青政〔2019〕3号",
    area="云山省/青岩县",
)
EVIL_DOC = _document("evil", f"恶意文件{EVIL}", EVIL_TEXT, area=f"{EVIL.replace('/', '')}市")

SCHOOL = _clause(
    HARBOUR,
    ("二", "（三）"),
    ("便民服务", "小学入学"),
    "（三）小学",
    "各街道办事处",
    ("区教育局", "公安分局", "各街道办事处"),
)
SETTLE = _clause(
    HARBOUR,
    ("二", "（四）"),
    ("便民服务", "落户"),
    "（四）落户",
    "区住建局",
    ("公安分局", "区住建局"),
)
PERMIT = _clause(
    HILL, ("第三章", "第十二条"), ("办理", ""), "第十二条", "当场受理。", ("县教育局",)
)
TRICK = _clause(EVIL_DOC, ("一",), (EVIL,), "一、", "。", (EVIL,))

LONG_TEXT = "\n".join(
    f"第{n}条 这是为了量一量大文件而编写的第{n}条。{'内容照实写，供翻阅。' * 17}"
    for n in range(1, 2601)
)  # about 1.4 MB as UTF-8, 450,000 characters
LONG_DOC = _document("long", "长文件汇编", LONG_TEXT, area="海州省/临港市")
LONG = tuple(
    _clause(LONG_DOC, (f"第{n}条",), ("",), f"第{n}条 ", f"第{n}条。") for n in (1, 1300, 2600)
)
CLAUSES = (SCHOOL, SETTLE, PERMIT, TRICK, *LONG)

IN_FORCE = Validity(ValidityState.IN_FORCE, "计划期至2028年12月31日", TODAY)
LAPSED = Validity(ValidityState.LAPSED, "有效期至2024年12月31日", TODAY)
REPEALED = Validity(ValidityState.REPEALED, "已由青政〔2025〕9号废止", TODAY)
UNKNOWN = Validity(ValidityState.UNKNOWN, "文件没有写明有效期", TODAY)

_PLACES = {SCHOOL.clause_id: HARBOUR, SETTLE.clause_id: HARBOUR, PERMIT.clause_id: HILL}
_PLACES |= {clause.clause_id: LONG_DOC for clause in LONG}


def quote(clause: Clause, words: str, validity: Validity = IN_FORCE) -> Citation:
    """Cite ``words`` where they stand in a clause."""
    document = {**_PLACES, TRICK.clause_id: EVIL_DOC}[clause.clause_id]
    start = document.text.index(words, clause.span[0])
    return cite(document, clause, (start, start + len(words)), validity)


def answered(*citations: Citation, **more: object) -> Answer:
    """Wrap citations in an answered Answer."""
    parts = tuple(Part(citation.quote, citation) for citation in citations)
    return Answer(Status.ANSWERED, "", parts=parts, confidence=0.9, **more)  # type: ignore[arg-type]


SCHOOL_QUOTE = "随迁子女凭父母一方居住证即可申请入读公办小学，学校不得收取借读费。"
SCHOOL_TIME = "报名时间为每年6月20日至6月30日"
SETTLE_QUOTE = "在本区有合法稳定住所的，本人及其配偶、未成年子女可以申请落户"
PERMIT_QUOTE = "随迁子女入读小学，应当提供居住证和预防接种证。"


@dataclass
class FakeService:
    """Answers by keyword and remembers what it was asked."""

    delay: float = 0.0
    line: str | None = None
    asked: list[tuple[str, tuple[str, ...], str | None]] = field(default_factory=list)

    def answer(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        area: str | None = None,
        as_of: date | None = None,
    ) -> Answer:
        """Pick the prepared answer whose keyword is in the question."""
        self.asked.append((question, tuple(history), area))
        time.sleep(self.delay)
        if "崩溃" in question:
            raise RuntimeError(question)
        for word, made in PREPARED.items():
            if word in question:
                return made
        return _limits(question)

    def areas(self) -> tuple[str, ...]:
        """Cover three places."""
        return ("海州省/临港市", "海州省/临港市/东湾区", "云山省/青岩县")

    def document(self, doc_id: str) -> Document:
        """Look a document up."""
        return {doc.doc_id: doc for doc in (HARBOUR, HILL, EVIL_DOC, LONG_DOC)}[doc_id]

    def clause(self, clause_id: str) -> Clause:
        """Look a clause up."""
        return {clause.clause_id: clause for clause in CLAUSES}[clause_id]

    def passages(self, doc_id: str) -> tuple[Clause, ...]:
        """List the clauses of a document."""
        return tuple(clause for clause in CLAUSES if clause.doc_id == doc_id)

    def headings(self) -> tuple[tuple[str, str], ...]:
        """Name the headings of the harbour, and one that makes no question."""
        return ((HARBOUR.area, "小学入学"), (HARBOUR.area, "落户"), (HILL.area, "办理，以及其他"))

    def find(self, request: Request) -> Results:
        """Find the clauses that contain the query; 「(」 cannot be read."""
        if request.query == "(":
            raise QueryError(request.query, "括号没有合上", 0)
        if request.filters.year == "去年":
            raise FilterError("年份「去年」看不懂，请写成 2024。")
        found = [clause for clause in CLAUSES[:4] if request.query in clause.text]
        hits = tuple(_hit(clause, request.query) for clause in found)
        return Results(len(hits), hits[request.offset :][: request.limit], {})

    def examples(self) -> Mapping[str, Sequence[str]]:
        """Offer questions of four topics."""
        return {
            "孩子上学": ["外地户口的孩子能在东湾上小学吗？", "小学报名是什么时候？"],
            "落户": ["租房能落户吗？", "落户由哪个部门办？"],
            "居住证": ["办居住证要带什么材料？", "入学一定要居住证吗？"],
            "住房": ["新市民能申请保障房吗？", "公租房租金多少钱？"],
        }

    def notice(self) -> str | None:
        """Pass the line of the day on."""
        return self.line


def _hit(clause: Clause, words: str) -> Hit:
    at = clause.text.index(words)
    shown = Snippet((at, min(at + 20, len(clause.text))), ((at, at + len(words)),))
    document = next(doc for doc in (HARBOUR, HILL, EVIL_DOC) if doc.doc_id == clause.doc_id)
    return Hit(document, clause, UNKNOWN, 1.0, How.WORDS, shown)


def _limits(question: str) -> Answer:
    """Answer what holds no question, or too much of one."""
    if not question.strip():
        return Answer(Status.CLARIFY, "您还没有输入问题。比如可以问：外地户口的孩子能上小学吗？")
    if len(question) > 500:
        return Answer(
            Status.CLARIFY, "您的问题有点长。请用一两句话说出最想知道的事，最多 500 个字。"
        )
    return Answer(Status.OFF_TOPIC, "这个问题不在政策文件的范围里。我能查落户、入学、住房等政策。")


PREPARED = {
    "两地": answered(
        quote(SCHOOL, SCHOOL_QUOTE),
        quote(PERMIT, PERMIT_QUOTE, LAPSED),
        warnings=("其中一份文件已过期，请先向当地部门核实。",),
    ),
    "什么时候": answered(
        quote(SCHOOL, SCHOOL_TIME),
        quote(SCHOOL, "区教育局应当在7月31日前公布录取结果。"),
        resolved_question="东湾区小学报名是什么时候？",
    ),
    "上小学": answered(quote(SCHOOL, SCHOOL_QUOTE), related=(quote(SETTLE, SETTLE_QUOTE),)),
    "租房": answered(quote(SETTLE, "租赁住房的，凭备案的租赁合同办理。", UNKNOWN)),
    "长文": answered(quote(LONG[1], "第1300条。")),
    "废止": answered(quote(PERMIT, PERMIT_QUOTE, REPEALED)),
    "工作日": Answer(
        Status.RELATED_ONLY,
        "已收录的文件没有写明落户要几个工作日。下面是最接近的条款，也可以直接问公安分局。",
        related=(quote(SETTLE, SETTLE_QUOTE), quote(SCHOOL, SCHOOL_TIME)),
    ),
    "北京": Answer(
        Status.OTHER_AREA, "这里还没有收录北京市的文件。目前可以查：临港市东湾区、青岩县。"
    ),
    "怎么办": Answer(Status.CLARIFY, "您想办的是哪一件事：孩子入学、落户，还是居住证？"),
    "身份证": Answer(
        Status.REFUSED, "为保护您的隐私，请去掉证件号码、手机号再问。刚才的内容没有保存。"
    ),
    "恶意": answered(
        quote(TRICK, "测试条款", Validity(ValidityState.UNKNOWN, EVIL, TODAY)),
        warnings=(EVIL,),
        resolved_question=EVIL,
    ),
}


if __name__ == "__main__":
    from qa.feedback import open_feedback
    from qa.page import Site, launch

    site = Site(per_minute=0, feedback=open_feedback(Path(tempfile.mkdtemp())))
    launch(FakeService(delay=0.4), port=int(sys.argv[1]), site=site, on_ready=print)
