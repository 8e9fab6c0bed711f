"""Small plots as inline SVG. Colours come from the page's CSS classes, so dark mode works."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from eval.metrics import Bin

_WIDTH, _HEIGHT = 420, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 22, 14, 44
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def risk_coverage_plot(points: Sequence[tuple[float, float]]) -> str:
    """Draw risk (0 to its maximum) over coverage (0–1) as a line."""
    top = max([risk for _, risk in points] + [0.1])
    top = min(1.0, -(-top * 10 // 1) / 10)  # up to the next tenth
    path = " ".join(f"{_x(c):.1f},{_y(risk / top):.1f}" for c, risk in points)
    marks = "".join(
        f'<circle class="dot" cx="{_x(c):.1f}" cy="{_y(risk / top):.1f}" r="1.5">'
        f"<title>覆盖 {c:.1%}，风险 {risk:.1%}</title></circle>"
        for c, risk in points
    )
    line = f'<polyline class="line" points="{path}"/>' if len(points) > 1 else ""
    labels = [f"{100 * tick * top:g}%" for tick in _TICKS]
    below, beside = "覆盖率（作答的题所占比例）", "风险（答错比例）"
    return _frame("风险—覆盖曲线", below, beside, line + marks, labels)


def reliability_plot(bins: Sequence[Bin]) -> str:
    """Draw accuracy by confidence bin as bars against the diagonal of perfect calibration."""
    bars = "".join(
        f'<rect class="bar" x="{_x(b.low) + 1:.1f}" y="{_y(b.accuracy):.1f}" '
        f'width="{_x(b.high) - _x(b.low) - 2:.1f}" height="{_y(0) - _y(b.accuracy):.1f}">'
        f"<title>把握 {b.low:.1f}–{b.high:.1f}：{b.count} 题，"
        f"平均把握 {b.confidence:.2f}，答对 {b.accuracy:.1%}</title></rect>"
        f'<text class="count" x="{(_x(b.low) + _x(b.high)) / 2:.1f}" '
        f'y="{max(_y(b.accuracy) - 4, 10):.1f}">{b.count}</text>'
        for b in bins
    )
    diagonal = f'<path class="guide" d="M{_x(0)},{_y(0)} L{_x(1)},{_y(1)}"/>'
    labels = [f"{tick:.0%}" for tick in _TICKS]
    return _frame("可靠性图", "把握（置信度）", "实际答对比例", bars + diagonal, labels)


def stacked_bar(parts: Sequence[tuple[str, str, int]]) -> str:
    """Draw one horizontal bar of (css class, label, count) parts."""
    total = sum(count for _, _, count in parts) or 1
    x = 0.0
    pieces = []
    for name, label, count in parts:
        width = 100 * count / total
        pieces.append(
            f'<rect class="{name}" x="{x:.3f}" y="0" width="{width:.3f}" height="8">'
            f"<title>{escape(label)} {count} 题（{count / total:.1%}）</title></rect>"
        )
        x += width
    return (
        '<svg class="stack" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" '
        f'aria-label="各种结果的题数">{"".join(pieces)}</svg>'
    )


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)


def _frame(title: str, below: str, beside: str, body: str, y_labels: Sequence[str]) -> str:
    """Draw axes, grid and labels around ``body``."""
    grid = "".join(
        f'<path class="grid" d="M{_x(0)},{_y(tick):.1f} H{_x(1)}"/>'
        f'<text class="tick end" x="{_LEFT - 6}" y="{_y(tick) + 4:.1f}">{label}</text>'
        f'<text class="tick" x="{_x(tick):.1f}" y="{_HEIGHT - _BOTTOM + 16}">{tick:.0%}</text>'
        for tick, label in zip(_TICKS, y_labels, strict=True)
    )
    middle = (_x(0) + _x(1)) / 2
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{grid}{body}"
        f'<text class="axis" x="{middle:.0f}" y="{_HEIGHT - 8}">{escape(below)}</text>'
        f'<text class="axis" transform="translate(11 {_HEIGHT / 2 - 15:.0f}) rotate(-90)">'
        f"{escape(beside)}</text></svg>"
    )
