"""Benchmark results as tables for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table

    from eval.ablate import Stage
    from eval.bench.beir import BeirResult

LABELS = {
    "questions": "题数",
    "documents": "导入的文件",
    "exact_match": "完全一致",
    "f1": "F1（按字，词袋）",
    "rouge_l": "ROUGE-L",
    "rouge_l_answered": "ROUGE-L（已作答的题）",
    "holds": "引文含有标准答案",
    "holds_answered": "引文含有标准答案（已作答的题）",
    "selected_chars": "选出的字数",
    "quote_chars": "引文字数",
    "nothing_selected": "没有选出句子的题",
    "answered": "作答比例",
    "doc_mrr@10": "文件 MRR@10",
    "latency_p50": "耗时中位数（毫秒）",
    "latency_p95": "耗时 P95（毫秒）",
}
BEIR_MEASURES = ("nDCG@10", "Recall@5", "Recall@10", "Recall@100", "MRR@10")


def beir_table(results: Sequence[BeirResult]) -> Table:
    """Draw one row a leg."""
    from rich.table import Table

    table = Table("检索", *BEIR_MEASURES, "建索引（秒）", "查询/秒")
    for result in results:
        values = [f"{result.measures.get(name, 0.0):.4f}" for name in BEIR_MEASURES]
        table.add_row(result.leg, *values, f"{result.build_s:.1f}", f"{result.per_second:.0f}")
    return table


def value_table(title: str, record: Mapping[str, Any]) -> Table:
    """Draw named values, one a row."""
    from rich.table import Table

    table = Table("指标", "值", title=title, title_justify="left")
    for name, value in record.items():
        label = LABELS.get(name, name.replace("doc_hit", "文件命中"))
        shown = "—" if value is None else f"{value:.4f}" if isinstance(value, float) else str(value)
        table.add_row(label, shown)
    return table


def ablation_table(stages: Sequence[Stage]) -> Table:
    """Draw one row a stage."""
    from rich.table import Table

    columns = ("阶段", "命中@1", "95% 区间", "p（比上一级）", "命中@5", "MRR@10", "nDCG@10", "题数")
    table = Table(*columns, title="逐级检索", title_justify="left")
    for stage in stages:
        values = stage.measures
        interval = stage.interval
        table.add_row(
            stage.name,
            f"{values['hit@1']:.1%}",
            f"{interval.low:.1%} – {interval.high:.1%}" if interval else "",
            "" if stage.p is None else f"{stage.p:.3f}",
            f"{values['hit@5']:.1%}",
            f"{values['mrr']:.3f}",
            f"{values['ndcg@10']:.3f}",
            str(stage.cases),
        )
    return table
