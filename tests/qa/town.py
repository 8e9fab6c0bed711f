"""Invented policy documents of two real places that no shipped document speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus import CorpusStore, ingest
from index.encoder import Encoder
from index.policy_index import build_index
from qa.service import Service, index_root
from qa.types import Answer

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

YUANAN = "湖北省/宜昌市/远安县"
SHANGYU = "浙江省/绍兴市/上虞区"
# Corpus order: by area path, so 浙江省 (U+6D59) before 湖北省 (U+6E56).
AREAS = (SHANGYU, YUANAN)
PLAN_TITLE = "远安县安居乐业三年行动计划（2020—2022年）"
POINTS_TITLE = "上虞区新市民服务工作要点（2025—2029年）"

PLAN = """远安县安居乐业三年行动计划（2020—2022年）
远政办发〔2020〕4号

各乡镇人民政府，县直各部门：

为了让群众住得安稳、过得踏实，结合本县实际，制定本计划。

一、主要目标

到2022年，全县城镇化率达到52%以上，群众的日子越过越好。

二、重点任务

（一）放宽落户条件。在县城租房居住满六个月的居民，可以把户口迁入租住地。\
申请人可以在各派出所户籍窗口办理，也可以通过“鄂汇办”网上申请。（责任单位：县公安局）

（二）保障孩子上学。外来务工人员随迁子女凭居住证就近进入公办小学和初中。\
三年新建小学2所，新增学位1800个。（责任单位：县教育局）

（三）建设保障性住房。三年建设公租房320套，优先租给环卫工人和公交司机。\
公租房每平方米月租金不超过6元。（责任单位：县住建局）

（四）办好老年食堂。每个街道至少开办1家老年食堂，七十岁以上老人每餐补贴4元。\
（牵头单位：县民政局，配合单位：县财政局）

三、附则

本计划由县人民政府办公室负责解释。

远安县人民政府办公室
2020年3月16日
"""

POINTS = """上虞区新市民服务工作要点（2025—2029年）
虞政办发〔2025〕7号

各乡镇人民政府、街道办事处，区级各部门：

为做好新市民服务，制定本要点。

一、工作目标

到2029年，全区新市民办事满意率达到98%，公共服务覆盖全部常住人口。

二、便利落户

（一）取消落户限制。在本区有合法稳定住所（含租赁）的人员，本人及共同居住的配偶、\
未成年子女可以申请落户。落户事项实行“一窗受理”，五个工作日内办结。（责任单位：区公安分局）

（二）推行居住证便利。居住证持有人可以免费使用公共图书馆、体育馆和公园。\
居住证可以在“浙里办”平台申领。（责任单位：区公安分局、文广旅游局）

三、子女教育

（三）保障随迁子女入学。随迁子女持居住证即可申请公办学校，公办学校就读率保持在95%以上。\
每年8月底前完成入学安排。（责任单位：区教育体育局）

（四）扩大学位供给。2025—2029年新建幼儿园6所、小学4所，新增学位5200个。\
（责任单位：区教育体育局，区自然资源分局）

四、就业和社会保障

（五）加强技能培训。每年培训新市民3000人次，培训合格的给予培训补贴。\
培训课程包括：
1.家政服务和养老护理；
2.电工和焊工；
3.电子商务。（责任单位：区人力社保局）

（六）扩大医保覆盖。灵活就业人员参加职工基本医疗保险不受户籍限制，基本医保参保率达到99%。\
（责任单位：区医保分局，区财政局）

五、住房和养老

（七）筹集保障性租赁住房。2025—2029年筹集保障性租赁住房1500套，租金不高于同地段市场租金的七成。\
（责任单位：区住建局）

（八）开办老年食堂。每个街道开办不少于2家老年食堂，八十岁以上老人送餐上门。\
（责任单位：区民政局，各街道办事处）

六、附则

本要点自2025年6月1日起施行，有效期至2029年12月31日。

绍兴市上虞区人民政府办公室
2025年5月20日
"""

NOTES = """《上虞区新市民服务工作要点（2025—2029年）》政策解读

一、起草背景

近年来到上虞区就业创业的新市民逐年增多，区政府办公室会同区级各部门起草了本要点。

二、主要内容

（一）便利落户。租房也能落户，五个工作日办结，全家可以一起迁。

（二）子女教育。随迁子女凭居住证就能报名公办学校，五年新增学位5200个。

（三）住房保障。五年筹集保障性租赁住房1500套，让新市民租得起、住得好。

三、解读机关

解读机关：绍兴市上虞区人民政府办公室
联系电话：0575-82210000
"""
FILES = {"远安.txt": PLAN, "上虞.txt": POINTS, "上虞解读.txt": NOTES}


def write_documents(folder: Path, names: Sequence[str] = tuple(FILES)) -> list[Path]:
    """Write the named documents into a folder; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name in names:
        path = folder / name
        path.write_text(FILES[name], encoding="utf-8")
        paths.append(path)
    return paths


def open_home(home: Path, encoder: Encoder | None) -> Service:
    """Build the index of a home and serve it."""
    store = CorpusStore.open(home, samples=False)
    build_index(store, index_root(home), encoder)
    return Service(home, store, encoder)


def open_town(home: Path, encoder: Encoder | None, names: Sequence[str] = tuple(FILES)) -> Service:
    """Serve a new home without samples over the named documents."""
    with CorpusStore.open(home, samples=False) as store:
        if names:
            reports = ingest(store, write_documents(home / "originals", names))
            assert {report.outcome for report in reports} == {"added"}
    return open_home(home, encoder)


def assert_verbatim(service: Service, answer: Answer) -> None:
    """Every shown character is a slice of a stored document, inside the clause it is cited from."""
    assert (answer.status.value == "answered") == bool(answer.parts)
    for part in answer.parts:
        assert part.quote == part.citation.quote
    for citation in (*(part.citation for part in answer.parts), *answer.related):
        document = service.document(citation.doc_id)
        clause = service.clause(citation.clause_id)
        start, end = citation.span
        assert citation.quote == document.text[start:end]
        assert citation.quote.strip() == citation.quote != ""
        assert clause.span[0] <= start < end <= clause.span[1]
        assert clause.doc_id == document.doc_id
        assert (citation.title, citation.area) == (document.title, document.area)


def wrong(*values: object, id: str, reason: str) -> ParameterSet:  # noqa: A002 - as in pytest
    """Return a row of a table that is known to go wrong; it must be unmarked once it is right."""
    return pytest.param(*values, id=id, marks=pytest.mark.xfail(strict=True, reason=reason))
