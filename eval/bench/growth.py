"""``python -m eval.bench.growth``: draw how cost grows with size, from ``scale.json``."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from html import escape
from math import log10
from pathlib import Path
from typing import Any

import numpy as np

from eval.bench.output import FOLDER

_WIDTH, _HEIGHT = 640, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 190, 16, 48
_COLOURS = ("#0b57d0", "#b3261e", "#146c2e", "#8430ce", "#a8500a")
Points = Sequence[tuple[float, float]]


def series(scale: Mapping[str, Any]) -> dict[str, Points]:
    """Costs by number of clauses: seconds to build, milliseconds to ask."""
    rows = scale["sizes"]

    def of(read: Any) -> Points:  # noqa: ANN401 - a function of a row
        pairs = [(row["clauses"], read(row)) for row in rows]
        return [(clauses, value) for clauses, value in pairs if value > 0]

    return {
        "建全文索引 s": of(lambda row: row["build_cpu_s"]["lexical"]),
        "整理向量 s": of(lambda row: row["build_cpu_s"]["dense"]),
        "词法检索 ms": of(lambda row: row["lexical"]["p50"]),
        "向量检索 ms": of(lambda row: row["dense_leg"]["p50"]),
        "逐一比较 ms": of(lambda row: row["exact_pass"]["p50"]),
    }


def slope(points: Points) -> float | None:
    """Exponent of the growth: 1 is proportional to size. None for a single point."""
    if len(points) < 2:
        return None
    x, y = np.log10(np.array(points)).T
    return float(np.polyfit(x, y, 1)[0])


def plot(lines: Mapping[str, Points]) -> str:
    """Draw lines over size, both axes logarithmic, as an SVG file of its own."""
    every = [point for points in lines.values() for point in points]
    x_from, x_to = _decades([x for x, _ in every])
    y_from, y_to = _decades([y for _, y in every])

    def at(x: float, y: float) -> tuple[float, float]:
        across = (log10(x) - x_from) / (x_to - x_from)
        up = (log10(y) - y_from) / (y_to - y_from)
        return (
            _LEFT + across * (_WIDTH - _LEFT - _RIGHT),
            _HEIGHT - _BOTTOM - up * (_HEIGHT - _TOP - _BOTTOM),
        )

    body = [_grid(at, (x_from, x_to), (y_from, y_to))]
    for number, (label, points) in enumerate(lines.items()):
        if points:
            colour = _COLOURS[number % len(_COLOURS)]
            body.append(_line(label, points, [at(*point) for point in points], colour, number))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>代价随条款数的增长</title>'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>{"".join(body)}</svg>\n'
    )


def _decades(values: Sequence[float]) -> tuple[int, int]:
    """Powers of ten around some values, at least one apart."""
    low, high = int(np.floor(log10(min(values)))), int(np.ceil(log10(max(values))))
    return low, max(high, low + 1)


def _grid(at: Any, across: tuple[int, int], up: tuple[int, int]) -> str:  # noqa: ANN401
    parts = []
    for power in range(across[0], across[1] + 1):
        x, top = at(10.0**power, 10.0 ** up[1])
        _, bottom = at(10.0**power, 10.0 ** up[0])
        parts.append(
            f'<path d="M{x:.1f},{top:.1f} V{bottom:.1f}" stroke="#ddd"/>'
            f'<text x="{x:.1f}" y="{bottom + 18:.1f}" text-anchor="middle" fill="#444">'
            f"10<tspan dy='-5' font-size='9'>{power}</tspan></text>"
        )
    for power in range(up[0], up[1] + 1):
        left, y = at(10.0 ** across[0], 10.0**power)
        right, _ = at(10.0 ** across[1], 10.0**power)
        parts.append(
            f'<path d="M{left:.1f},{y:.1f} H{right:.1f}" stroke="#ddd"/>'
            f'<text x="{left - 8:.1f}" y="{y + 4:.1f}" text-anchor="end" fill="#444">'
            f"{10.0**power:g}</text>"
        )
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    parts.append(
        f'<text x="{middle:.0f}" y="{_HEIGHT - 8}" text-anchor="middle" fill="#222">条款数</text>'
        f'<text transform="translate(14 {_HEIGHT / 2:.0f}) rotate(-90)" text-anchor="middle" '
        f'fill="#222">处理器时间：秒或毫秒</text>'
    )
    return "".join(parts)


def _line(
    label: str, points: Points, places: Sequence[tuple[float, float]], colour: str, number: int
) -> str:
    """Draw one line with its points and its name in the legend."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}">'
        f"<title>{escape(label)}：{clauses:,.0f} 条 {value:g}</title></circle>"
        for (x, y), (clauses, value) in zip(places, points, strict=True)
    )
    growth = slope(points)
    said = label if growth is None else f"{label}，指数 {growth:.2f}"
    y = _TOP + 16 + number * 22
    x = _WIDTH - _RIGHT + 14
    return (
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}'
        f'<path d="M{x},{y - 4} h16" stroke="{colour}" stroke-width="3"/>'
        f'<text x="{x + 22}" y="{y}" fill="#222">{escape(said)}</text>'
    )


def write(folder: Path = FOLDER) -> Path:
    """Draw ``growth.svg`` beside the ``scale.json`` that it is drawn from."""
    scale = json.loads((folder / "scale.json").read_text(encoding="utf-8"))
    path = folder / "growth.svg"
    path.write_text(plot(series(scale)), encoding="utf-8")
    return path


if __name__ == "__main__":
    sys.stdout.write(f"{write()}\n")
