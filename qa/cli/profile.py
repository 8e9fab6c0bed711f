"""`--profile`: where the time of a command goes, step by step, in milliseconds on stderr."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from qa.cli.output import note

if TYPE_CHECKING:
    from qa.cli.output import Bars
    from qa.types import Answer

Profiled: TypeAlias = Annotated[
    bool, typer.Option("--profile", help="在标准错误上列出每一步用了多少毫秒")
]
NAMES = {
    "start": "启动，装入程序",
    "store": "打开文档库",
    "encoder": "核对向量模型文件",
    "fetch": "下载向量模型",
    "stale": "看索引是否过期",
    "build": "建立索引",
    "load": "打开索引，读入条款",
    "model": "装入向量模型",
    "reranker": "装入重排模型",
    "prepare": "读出条款，切句",
    "lexical": "建立全文索引",
    "embed": "计算向量",
    "dense": "整理向量",
    "finish": "写盘，核对，发布",
    "import": "装入页面程序",
    "serve": "搭好页面，开始监听",
    "understand": "读懂问题",
    "retrieve": "检索（含问题的向量）",
    "rank": "排序",
    "rerank": "重排（交叉编码器）",
    "select": "选句",
    "decide": "判断",
    "cite": "引用",
    "show": "显示",
}
_WIDTH = 28  # columns of the longest name


class Profile:
    """Milliseconds by step. Without ``--profile`` nothing is kept and nothing printed."""

    def __init__(self, wanted: bool) -> None:
        """Begin; what has passed since the process began is the first step."""
        self.wanted = wanted
        self.steps: dict[str, float] = {}
        self._last = perf_counter()
        if wanted:
            self.steps["start"] = since_process_start() * 1000

    def lap(self, step: str) -> None:
        """Book the time since the last lap under a step."""
        now = perf_counter()
        self._add(step, (now - self._last) * 1000)
        self._last = now

    def answered(self, steps: Mapping[str, float]) -> None:
        """Book the steps of an answer, which were measured where they were done."""
        for step, ms in steps.items():
            self._add(step, ms)
        self._last = perf_counter()

    def show(self) -> None:
        """Print what was booked, in the order in which it was done."""
        if not self.wanted:
            return
        note("用时（毫秒）：")
        total = sum(self.steps.values())
        for step, ms in (*self.steps.items(), ("合计", total)):
            name = NAMES.get(step, step)
            pad = " " * (_WIDTH - sum(2 if ord(char) > 0x2E80 else 1 for char in name))
            note(f"  {name}{pad}{ms:10.1f}{ms / total if total else 0:8.1%}")

    def _add(self, step: str, ms: float) -> None:
        if self.wanted:
            self.steps[step] = self.steps.get(step, 0.0) + ms


class ProfiledBars:
    """Progress bars that also book the time between two reports under the later one's step."""

    def __init__(self, bars: Bars, profile: Profile) -> None:
        self._bars, self._profile = bars, profile
        self._begun = False

    def __call__(self, step: str, done: int, total: int) -> None:
        """Hand a report on; what came before the first one was preparation."""
        self._profile.lap(step if self._begun else "prepare")
        self._begun = True
        self._bars(step, done, total)


def tell_answer(answer: Answer) -> None:
    """Print one line for an answer of the page: steps only, nothing of what was asked."""
    steps = answer.trace.steps_ms
    said = "，".join(f"{NAMES.get(step, step)} {ms:.1f}" for step, ms in steps.items())
    note(f"作答 {sum(steps.values()):.1f} 毫秒：{said or '不必检索'}")


def since_process_start() -> float:
    """Seconds since the operating system started this process; 0 where it does not say."""
    try:
        # The name in brackets may hold blanks; the start, in ticks since boot, is the 22nd field.
        fields = Path("/proc/self/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        uptime = float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0.0
    return max(0.0, uptime - int(fields[19]) / os.sysconf("SC_CLK_TCK"))
