"""Edits, and the map between raw and repaired text that survives many passes of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.types import Repair, Span


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace ``text[start:end]`` by ``after`` (deletion when empty)."""

    start: int
    end: int
    after: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the current text: ``length`` characters standing for a raw span.

    ``kind`` is empty for a copy, else the cleaning steps that changed it (joined with +).
    """

    raw_start: int
    raw_end: int
    length: int
    kind: str


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Maps offsets between raw and repaired text (both in code points)."""

    pieces: tuple[Piece, ...]
    raw_starts: tuple[int, ...]
    text_starts: tuple[int, ...]

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> OffsetMap:
        """Index the pieces of the final text."""
        raw_starts, text_starts, position = [], [], 0
        for piece in pieces:
            raw_starts.append(piece.raw_start)
            text_starts.append(position)
            position += piece.length
        return cls(tuple(pieces), tuple(raw_starts), tuple(text_starts))

    def to_raw(self, span: Span) -> Span:
        """Raw span behind a span of the repaired text (a touched repair is taken whole)."""
        start, end = span
        if not self.pieces:
            return 0, 0
        first = max(bisect_right(self.text_starts, start) - 1, 0)
        begin = self._raw_at(first, start, end=False)
        if end <= start:
            return begin, begin
        last = max(bisect_left(self.text_starts, end) - 1, 0)
        return begin, self._raw_at(last, end, end=True)

    def to_text(self, span: Span) -> Span:
        """Span of the repaired text that a raw span became (empty when it was deleted)."""
        start, end = span
        if not self.pieces:
            return 0, 0
        first = max(bisect_right(self.raw_starts, start) - 1, 0)
        begin = self._text_at(first, start, end=False)
        if end <= start:
            return begin, begin
        last = max(bisect_left(self.raw_starts, end) - 1, 0)
        return begin, max(begin, self._text_at(last, end, end=True))

    def _raw_at(self, index: int, offset: int, *, end: bool) -> int:
        piece, start = self.pieces[index], self.text_starts[index]
        if piece.kind:
            return piece.raw_end if end else piece.raw_start
        return piece.raw_start + min(max(offset - start, 0), piece.length)

    def _text_at(self, index: int, offset: int, *, end: bool) -> int:
        piece, start = self.pieces[index], self.text_starts[index]
        if piece.kind:
            return start + piece.length if end else start
        return start + min(max(offset - piece.raw_start, 0), piece.length)


class Draft:
    """Text under repair: applies edits step by step and remembers where everything came from."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.text = raw
        self.pieces: list[Piece] = [Piece(0, len(raw), len(raw), "")] if raw else []

    def apply(self, kind: str, edits: Iterable[Edit]) -> None:
        """Apply one step's edits (spans in the current text, in order, not overlapping)."""
        changes = self._changes(edits)
        if not changes:
            return
        self.pieces = _rewrite(self.pieces, changes, kind)
        parts, position = [], 0
        for edit in changes:
            parts += [self.text[position : edit.start], edit.after]
            position = edit.end
        self.text = "".join([*parts, self.text[position:]])

    def offset_map(self) -> OffsetMap:
        """Return the map of all steps together."""
        return OffsetMap.of(self.pieces)

    def repairs(self) -> tuple[Repair, ...]:
        """Every change, in order of place, as raw and text slices."""
        found, position = [], 0
        for piece in self.pieces:
            span = (position, position + piece.length)
            position += piece.length
            before, after = self.raw[piece.raw_start : piece.raw_end], self.text[span[0] : span[1]]
            if piece.kind and before != after:
                raw_span = (piece.raw_start, piece.raw_end)
                found.append(Repair(piece.kind, raw_span, span, before, after))
        return tuple(found)

    def _changes(self, edits: Iterable[Edit]) -> list[Edit]:
        """Edits that change something; pure insertions are tied to a neighbour to have a place."""
        changes: list[Edit] = []
        for edit in edits:
            if self.text[edit.start : edit.end] == edit.after or not self.text:
                continue
            if changes and edit.start < changes[-1].end:  # after an insertion at the very start
                last = changes.pop()
                kept = last.after[: len(last.after) - (last.end - edit.start)]
                kept += edit.after + self.text[edit.end : last.end]
                edit = Edit(last.start, max(edit.end, last.end), kept)
            elif edit.start == edit.end and changes and changes[-1].end == edit.start:
                last = changes.pop()
                edit = Edit(last.start, last.end, last.after + edit.after)
            elif edit.start == edit.end and edit.start > 0:
                edit = Edit(edit.start - 1, edit.end, self.text[edit.start - 1] + edit.after)
            elif edit.start == edit.end:
                edit = Edit(0, 1, edit.after + self.text[0])
            changes.append(edit)
        return changes


def _rewrite(pieces: Sequence[Piece], edits: Sequence[Edit], kind: str) -> list[Piece]:
    """Pieces after the edits: every piece is cut at the edit's ends, what lies between is one."""
    queue, out = deque(pieces), [Piece(0, 0, 0, "")]
    position = 0
    for edit in edits:
        while position < edit.start:
            piece = _take(queue, edit.start - position)
            position += piece.length
            _append(out, piece)
        covered = []
        while position < edit.end:
            covered.append(_take(queue, edit.end - position))
            position += covered[-1].length
        names = "+".join([*(piece.kind for piece in covered if piece.kind), kind])
        names = "+".join(dict.fromkeys(names.split("+")))
        _append(out, Piece(covered[0].raw_start, covered[-1].raw_end, len(edit.after), names))
    for piece in queue:
        _append(out, piece)
    return out[1:]


def _append(out: list[Piece], piece: Piece) -> None:
    """Add a piece; the tail of a changed piece has no raw text of its own and joins its head."""
    if piece.kind and piece.raw_start == piece.raw_end:
        last = out.pop()
        names = "+".join(dict.fromkeys(f"{last.kind}+{piece.kind}".strip("+").split("+")))
        piece = Piece(last.raw_start, last.raw_end, last.length + piece.length, names)
    out.append(piece)


def _take(queue: deque[Piece], length: int) -> Piece:
    """Pop the first piece, or its first ``length`` characters."""
    piece = queue.popleft()
    if piece.length <= length:
        return piece
    middle = piece.raw_end if piece.kind else piece.raw_start + length
    queue.appendleft(Piece(middle, piece.raw_end, piece.length - length, piece.kind))
    return Piece(piece.raw_start, middle, length, piece.kind)
