"""Fixed sentences of staff search."""

from __future__ import annotations

from collections.abc import Sequence

from qa.places import readable

NEAR = "没有条款写到这些词；下面是意思最接近的条款，不计入条数。"
NOTHING = "没有找到符合条件的条款。可以换个说法，或放宽筛选条件。"


def no_area(name: str, areas: Sequence[str]) -> str:
    """Say that no document speaks of a place, and of which there are some."""
    return f"没有收录「{name}」的文件。已收录：{readable(areas)}。"


def respelt(text: str) -> str:
    """Say that words were searched in another spelling than was typed."""
    return f"按「{text}」查找。要照原样查，请加引号。"
