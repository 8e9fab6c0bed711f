"""What a question seems to be about, by the words of the passages nearest to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

_NEAREST = 5  # passages that show what a question is about
_PASSAGE = 60  # words of a passage, about


class Subject:
    """Tells what words stand in the passages that a question seems to be about."""

    def __init__(
        self, passages: Iterable[Iterable[str]], related: Callable[[str], Iterable[str]]
    ) -> None:
        """Take the words of every passage, and what official words a text brings to mind."""
        self._passages: list[frozenset[str]] = []
        self._rows: dict[str, list[int]] = {}
        self._related = related
        for row, words in enumerate(passages):
            own = frozenset(word for word in words if len(word) > 1)
            self._passages.append(own)
            for word in own:
                self._rows.setdefault(word, []).append(row)

    def near(self, text: str, words: Iterable[str]) -> dict[str, float]:
        """Words of the passages nearest to a question, each with its share of them."""
        weights: dict[int, float] = {}
        for word in {*words, *self._related(text)}:
            rows = self._rows.get(word, ())
            for row in rows:
                weights[row] = weights.get(row, 0.0) + 1.0 / len(rows)
        best = sorted(weights, key=lambda row: (-weights[row], row))[:_NEAREST]
        shares: dict[str, float] = {}
        for row in best:
            for word in self._passages[row]:
                shares[word] = shares.get(word, 0.0) + 1.0 / (_NEAREST * _PASSAGE)
        return shares
