"""How a download tells whoever watches how far it is; the CLI draws the bar."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """One bar, used for one file after another: start, advance …, finish, start, …."""

    def start(self, name: str, total: int) -> None:
        """Begin ``name``, ``total`` bytes; what an earlier ``start`` began is over."""
        ...

    def advance(self, n: int) -> None:
        """Report ``n`` more bytes; also called once with what a resumed file already has."""
        ...

    def finish(self) -> None:
        """End the file begun last, whether it arrived or not."""
        ...


class NoProgress:
    """Draws nothing."""

    def start(self, name: str, total: int) -> None:
        """Do nothing."""

    def advance(self, n: int) -> None:
        """Do nothing."""

    def finish(self) -> None:
        """Do nothing."""
