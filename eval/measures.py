"""The measures by name: what each says, which way is better, and how it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Unit: TypeAlias = Literal["share", "number", "chars", "ms"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure. ``label`` and ``what`` are for people who read Chinese."""

    name: str
    label: str
    what: str
    unit: Unit = "share"
    higher_is_better: bool = True

    def show(self, value: float | None) -> str:
        """Write a value for a table; an undefined one is a dash."""
        if value is None:
            return "—"
        if self.unit == "share":
            return f"{value:.1%}"
        return f"{value:.3f}" if self.unit == "number" else f"{value:.1f}"


_ALL = (
    Measure("correct", "答对", "可回答的题：作答、首条引文出自正确条款、要点齐全（检索题不计）"),
    Measure("hit@1", "命中@1", "正确条款排在第 1 位的比例"),
    Measure("hit@3", "命中@3", "前 3 位中有正确条款的比例"),
    Measure("hit@5", "命中@5", "前 5 位中有正确条款的比例"),
    Measure("hit@10", "命中@10", "前 10 位中有正确条款的比例"),
    Measure("mrr", "MRR@10", "首个正确条款名次倒数的平均", "number"),
    Measure("ndcg@10", "nDCG@10", "前 10 位的归一化折损累计增益（相关为 1，否则为 0）", "number"),
    Measure("first_quote", "首条引文正确", "作答的可回答题中，首条引文出自正确条款的比例"),
    Measure("facts", "要点覆盖", "引文合起来含有全部要点的比例（未作答计为没有）"),
    Measure("span_precision", "引文精确率", "引文字符中属于参考句的比例", "number"),
    Measure("span_recall", "引文召回率", "参考句字符中被引用的比例", "number"),
    Measure("span_f1", "引文 F1", "上两项的调和平均", "number"),
    Measure("rouge_l", "ROUGE-L", "引文与参考句最长公共子序列的 F1（按字）", "number"),
    Measure("fidelity", "引文保真", "引文逐字等于文件原文对应位置的比例，必须为 100%"),
    Measure("quote_chars", "引文长度", "每题引文的总字数", "chars", higher_is_better=False),
    Measure("refusal_precision", "拒答精确率", "未作答的题中确实不可回答的比例"),
    Measure("refusal_recall", "拒答召回率", "不可回答的题中未作答的比例"),
    Measure("status", "状态准确", "不可回答的题中，状态与预期完全一致的比例"),
    Measure("false_refusal", "误拒", "可回答的题中未作答的比例", higher_is_better=False),
    Measure("aurc", "AURC", "风险—覆盖曲线下面积，越小越好", "number", higher_is_better=False),
    Measure("ece", "ECE", "期望校准误差（10 个等宽区间）", "number", higher_is_better=False),
    Measure("latency_p50", "耗时中位数", "每题毫秒数的中位数", "ms", higher_is_better=False),
    Measure("latency_p95", "耗时 P95", "95% 的题不超过的毫秒数", "ms", higher_is_better=False),
)
MEASURES: Mapping[str, Measure] = {measure.name: measure for measure in _ALL}
"""In the order in which tables show them."""
