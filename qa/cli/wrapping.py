"""Chinese in tables of the terminal: lines broken between characters, nothing cut.

Rich breaks lines at blanks alone, and what is wider than its column it cuts with an ellipsis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, get_character_cell_size
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console, JustifyMethod, OverflowMethod, RenderableType
    from rich.containers import Lines

_NEVER_FIRST: Final = frozenset("，。；：？！、）」』》〉】…—·,.;:?!)]}%")
_NEVER_LAST: Final = frozenset("（「『《〈【([{")


def breaks(text: str, width: int) -> list[int]:
    """Offsets at which a line is broken so that none is wider than ``width`` columns.

    At blanks, and beside a Chinese character; no line begins with a full stop or a closing
    bracket or ends with an opening one, unless there is no other way.

    >>> breaks("打印分数。", 8)
    [3]
    """
    found: list[int] = []
    start = used = 0
    for at, char in enumerate(text):
        size = get_character_cell_size(char)
        if used + size > width and not char.isspace() and at > start:
            start = _last_chance(text, start, at)
            found.append(start)
            used = cell_len(text[start:at])
        used += size
    return found


def _last_chance(text: str, start: int, at: int) -> int:
    """The last place up to ``at`` where the line that begins at ``start`` may end."""
    for place in range(at, start, -1):
        if _may_break(text[place - 1], text[place]):
            return place
    return at


def _may_break(before: str, after: str) -> bool:
    if after in _NEVER_FIRST or before in _NEVER_LAST or after.isspace():
        return False
    return before.isspace() or cell_len(before) > 1 or cell_len(after) > 1


class ChineseText(Text):
    """Text that is broken into lines by `breaks`."""

    def wrap(
        self,
        console: Console,
        width: int,
        *,
        justify: JustifyMethod | None = None,
        overflow: OverflowMethod | None = None,
        tab_size: int = 8,
        no_wrap: bool | None = None,
    ) -> Lines:
        """Break into lines; what is said of overflow does not arise."""
        from rich.containers import Lines

        lines = Lines()
        for line in self.split(allow_blank=True):
            for part in line.divide(breaks(line.plain, width)):
                part.rstrip()
                lines.append(part)
        if justify:
            lines.justify(console, width, justify=justify, overflow="fold")
        return lines


def chinese(renderable: RenderableType) -> RenderableType:
    """Return text as `ChineseText`, anything else as it is."""
    if not isinstance(renderable, Text):
        return renderable
    return ChineseText(renderable.plain, style=renderable.style, spans=renderable.spans)
