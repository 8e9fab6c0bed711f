"""How an answer came about, in lines that a clerk can read."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.types import Clause
from qa.reranking import DEPTH
from qa.stages import Ranked
from qa.types import Rejected, Trace
from qa.understand import Understood

_HITS = 10
_NAMES = {
    "unit": "负责单位",
    "figure": "数字",
    "money": "金额",
    "duration": "时限",
    "date": "日期",
    "phone": "电话",
    "address": "地址",
    "location": "地点",
    "hours": "办公时间",
    "channel": "怎么办、在哪办",
    "papers": "材料",
    "condition": "条件",
    "age": "年龄",
    "person": "人名",
    "names": "有哪些",
    "yes_no": "是或否",
    "definition": "意思",
    "website": "网址",
    "named": "具体名称",
    "payer": "由谁出钱",
    "penalty": "处罚",
    "undo": "撤回或申诉",
    "benefit": "补贴优惠",
}


def explain(
    read: Understood,
    ranked: Ranked,
    rejected: Sequence[Rejected],
    clauses: Sequence[Clause],
    steps_ms: dict[str, float],
) -> Trace:
    """What was understood, expanded, found and rejected, with milliseconds per step."""
    lines = [f"问题：{read.question}"]
    lines += [f"错字：{change.wrong} → {change.right}" for change in read.changes]
    if read.context:
        lines.append(f"联系上文：{read.context}")
    if read.scope is not None:
        lines.append(f"地区：{'、'.join(read.scope)}")
    if read.compares:
        lines.append("比较各地")
    if read.asks:
        lines.append(f"想知道：{'、'.join(_NAMES[ask.value] for ask in sorted(read.asks))}")
    lines += [f"{e.resident} → {' '.join(e.official)}" for e in ranked.query.expansions]
    words = [concept.word for concept in ranked.query.concepts]
    if words:
        lines.append(f"查找的词：{' '.join(words)}")
    if ranked.moved is not None:
        lines.append(
            f"重排：交叉编码器看了前 {min(DEPTH, len(ranked.rows))} 条，{ranked.moved} 条换了名次"
        )
    hits = zip(ranked.rows[:_HITS], ranked.scores[:_HITS], strict=True)
    return Trace(
        understood=tuple(lines),
        hits=tuple((clauses[row].clause_id, score) for row, score in hits),
        rejected=tuple(rejected),
        steps_ms=steps_ms,
    )
