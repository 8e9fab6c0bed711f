"""The comparison as Markdown: figures, ratios to ours, and where a peer does better."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from eval.bench.output import markdown_table, put_between

Found: TypeAlias = Mapping[str, Any]
Read: TypeAlias = Callable[[Found], float | None]
OWN = "tiaowen"
NAMES = {
    "tiaowen": "条问",
    "haystack": "Haystack",
    "txtai": "txtai",
    "llamaindex": "LlamaIndex + FAISS",
}


def _at(*path: str) -> Read:
    """Read a figure inside the result of one system; None where a phase failed."""

    def read(found: Found) -> float | None:
        value: Any = found
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        return None if value is None else float(value)

    return read


# Label, where the figure is, decimals, whether less is better.
ROWS: tuple[tuple[str, Read, int, bool], ...] = (
    ("读入并切分法律 s", _at("chunk", "seconds"), 1, True),
    ("建库 s（向量给定）", _at("build", "seconds"), 1, True),
    ("建库 s（自己算向量，部分条文）", _at("encode", "seconds"), 1, True),
    ("建库 处理器 s（向量给定）", _at("build", "cpu_s"), 1, True),
    ("建库内存峰值 MB", _at("build", "peak_mb"), 0, True),
    ("索引 MB", _at("build", "disk_mb"), 1, True),
    ("从启动到第一个回答 s", _at("serve", "first_answer_s"), 2, True),
    ("服务时内存 MB", _at("serve", "rss_mb"), 0, True),
    *(
        (f"{clients} 个并发 {share} ms", _at("serve", "clients", str(clients), share), 1, True)
        for clients in (1, 4, 16)
        for share in ("p50", "p95", "p99")
    ),
    *(
        (f"{clients} 个并发 每秒回答", _at("serve", "clients", str(clients), "per_s"), 1, False)
        for clients in (1, 4, 16)
    ),
    *(
        (
            f"{clients} 个并发 每题处理器 ms",
            _at("serve", "clients", str(clients), "cpu_ms"),
            1,
            True,
        )
        for clients in (1, 16)
    ),
    ("Recall@10（共同答完的题）", _at("serve", "quality_common", "recall@10"), 4, False),
    ("MRR@10（共同答完的题）", _at("serve", "quality_common", "mrr@10"), 4, False),
    ("Recall@10（各自答完的题）", _at("serve", "quality", "recall@10"), 4, False),
    ("答完的题", _at("serve", "quality", "questions"), 0, False),
)


def table(systems: Mapping[str, Found]) -> str:
    """Return one row a measure; beside each peer's figure its ratio to ours."""
    head = ("", *(NAMES[name] for name in systems))
    rows = [
        (label, *(_cell(systems, name, read, places) for name in systems))
        for label, read, places, _ in ROWS
    ]
    return markdown_table(head, rows)


def _cell(systems: Mapping[str, Found], name: str, read: Read, places: int) -> str:
    value = read(systems[name])
    if value is None:
        return "—"
    shown = f"{value:,.{places}f}"
    own = read(systems[OWN]) if OWN in systems else None
    return shown if name == OWN or not own else f"{shown}（{value / own:.2f} 倍）"


def better(systems: Mapping[str, Found]) -> list[str]:
    """Say, measure by measure, which peers do better than ours, the best first."""
    lines = []
    for label, read, places, less in ROWS[:-1]:
        own = read(systems.get(OWN, {}))
        if own is None:
            continue
        ahead = sorted(
            (value if less else -value, name)
            for name, found in systems.items()
            if name != OWN and (value := read(found)) is not None
            and round(value, places) != round(own, places)
            and (value < own) == less
        )  # fmt: skip
        if ahead:
            said = "，".join(f"{NAMES[name]} {abs(value):,.{places}f}" for value, name in ahead)
            lines.append(f"- {label}：{said}（条问 {own:,.{places}f}）")
    return lines


def failures(systems: Mapping[str, Found]) -> list[str]:
    """Say which phase of which system failed, and why."""
    return [
        f"- {NAMES[name]} 的 {phase} 没有做成：{result['error']}"
        for name, found in systems.items()
        for phase, result in found.items()
        if "error" in result
    ]


def remarks(systems: Mapping[str, Found]) -> list[str]:
    """Say where the work of a system was not quite the same."""
    return [
        f"- {NAMES[name]} {found['build']['version']}：{'；'.join(found['build']['remarks'])}。"
        for name, found in systems.items()
        if "remarks" in found.get("build", {})
    ]


def page(result: Mapping[str, Any]) -> str:
    """Return the measured part of the page."""
    systems = result["systems"]
    ahead = better(systems) or ["- 没有。"]
    work = (
        f"{result['articles']:,} 条法条，{result['questions']} 个问题，"
        f"{result['statutes']} 部法律，自己算向量的有 {result['encoded']} 条。"
        f"每种并发最多 {result['serve_s']:g} 秒，"
        "太慢的答不完全部问题。"
    )
    about = f"{result['machine']}，提交 {result['commit']}，{result['at']}"
    if result["quick"]:
        about = f"**快速运行（--quick），只为查看命令是否正常，数字不作准。** {about}"
    parts = [
        work, table(systems), about, "其他系统更好的地方：", "\n".join(ahead),
        *(["\n".join(failures(systems))] if failures(systems) else []),
        "各系统的做法和差别：", "\n".join(remarks(systems)),
    ]  # fmt: skip
    return "\n\n".join(parts)


def write(result: Mapping[str, Any], folder: Path) -> None:
    """Put the measured part into the page, between its marks."""
    put_between(folder / "peers.md", page(result), "# 与其他系统比较\n\n")
