"""Chinese administrative divisions: places named in a text, and how they lie in one another.

A place is a path of full names from the province down: ``福建省/泉州市/鲤城区``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from corpus.types import Span

_NOT_AFTER = re.compile(
    r"(?:[东南西北中一二三四五六七八九十]{0,2}(?:[路巷弄]|街(?!道))|大道|大街|大学|学院|大厦|大桥|银行|晚报|日报|话|菜|人寿|啤酒|国际)"
)  # 南京西路, 上海银行
_TRAPS = re.compile(r"三明治|海南航空|中山[装陵]|南海诸岛|大理[石论]|上海世博|长春藤|海口罩|中国")
_JOINT = re.compile(r"\s*[/·,，的]?\s*")
_FULL_SUFFIX = ("省", "市", "区", "县", "旗", "州", "盟")
_LONGEST_NAME = 18


@dataclass(frozen=True, slots=True)
class Division:
    """One division: its path of full names, its own name and its other names."""

    code: str
    path: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """A place named in a text: where, in which words, and the divisions it can be.

    ``candidates`` has one path unless several divisions bear the name and nothing beside it
    tells which is meant.
    """

    span: Span
    text: str
    candidates: tuple[str, ...]


class Gazetteer:
    """Finds places in text. ``extra`` maps further names (开发区, 新区) to their paths."""

    def __init__(
        self,
        divisions: Iterable[tuple[Division, tuple[str, ...]]],
        extra: Mapping[str, str] | None = None,
    ) -> None:
        self._certain: dict[str, tuple[str, ...]] = {}
        self._doubtful: dict[str, tuple[str, ...]] = {}
        self.paths: set[str] = set()
        for division, names in divisions:
            self.paths.add(division.path)
            for name in names:
                table = self._doubtful if name.endswith("?") else self._certain
                key = name.rstrip("?")
                table[key] = (*table.get(key, ()), division.path)
        for name, path in (extra or {}).items():
            self._certain[name] = (path,)
            self.paths.add(path)
        self._starts: dict[str, list[int]] = {}
        for name in {*self._certain, *self._doubtful}:
            lengths = self._starts.setdefault(name[:2], [])
            if len(name) not in lengths:
                lengths.append(len(name))
        for lengths in self._starts.values():
            lengths.sort(reverse=True)

    @classmethod
    def load(cls, extra: Mapping[str, str] | None = None) -> Gazetteer:
        """Return the shipped divisions, with further names where given."""
        return cls(_shipped(), extra) if extra else _default()

    def find(self, text: str) -> tuple[PlaceMatch, ...]:
        """Places named in a text: longest names, a place and the one that holds it joined."""
        found: list[PlaceMatch] = []
        position = 0
        while position < len(text) - 1:
            trap = _TRAPS.match(text, position)  # 三明治 is no 三明, nor is 治多 in it
            if trap:
                position = trap.end()
                continue
            match = self._at(text, position, found[-1] if found else None)
            if match is None:
                position += 1
                continue
            joined = _joined(text, found[-1], match) if found else None
            if joined:
                found[-1] = joined
            else:
                found.append(match)
            position = match.span[1]
        return tuple(found)

    def path_of(self, name: str) -> str | None:
        """Path of a name that means one division only (福州鼓楼区 and 鲤城 do, 鼓楼区 does not)."""
        if name in self.paths:
            return name
        for match in self.find(name):
            if match.span == (0, len(name)) and len(match.candidates) == 1:
                return match.candidates[0]
        doubtful = self._doubtful.get(name, ())
        return doubtful[0] if len(doubtful) == 1 else None

    def _at(self, text: str, position: int, before: PlaceMatch | None) -> PlaceMatch | None:
        for length in self._starts.get(text[position : position + 2], ()):
            end = position + length
            name = text[position:end]
            if len(name) < length or not _fits(text, name, end):
                continue
            certain, doubtful = self._certain.get(name, ()), self._doubtful.get(name, ())
            if not certain and not doubtful:
                continue
            match = PlaceMatch((position, end), name, certain + doubtful)
            if certain or (before is not None and _joined(text, before, match)):
                return match
        return None


def is_within(path: str, ancestor: str) -> bool:
    """Whether a place is ``ancestor`` or lies in it (everything lies in the empty path)."""
    return not ancestor or path == ancestor or path.startswith(ancestor + "/")


def _fits(text: str, name: str, end: int) -> bool:
    """Whether what follows a short name leaves it a place (南京西路 does not)."""
    if name.endswith(_FULL_SUFFIX) and len(name) > 2:
        return True
    return not _NOT_AFTER.match(text, end)


def _joined(text: str, first: PlaceMatch, second: PlaceMatch) -> PlaceMatch | None:
    """Both as one place, when they stand together and the second lies in the first."""
    between = text[first.span[1] : second.span[0]]
    if len(between) > 3 or not _JOINT.fullmatch(between):
        return None
    inner = tuple(
        path
        for path in second.candidates
        if any(path != up and is_within(path, up) for up in first.candidates)
    )
    if not inner:
        return None
    span = (first.span[0], second.span[1])
    return PlaceMatch(span, text[span[0] : span[1]], inner)


def _shipped() -> list[tuple[Division, tuple[str, ...]]]:
    """Divisions of ``lexicon/divisions.tsv`` with every name (``?``: an everyday word)."""
    text = (files("corpus") / "lexicon" / "divisions.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    names = {code: (name.rstrip("?"), parent) for code, name, _short, _level, parent in rows}
    divisions = []
    for code, name, short, level, _parent in rows:
        parts, at = [], code
        while at:
            own, at = names[at]
            parts.append(own)
        path = "/".join(reversed(parts))
        others = tuple(other for other in short.split(",") if other)
        divisions.append((Division(code, path, name.rstrip("?"), level), (name, *others)))
    return divisions


@lru_cache(maxsize=1)
def _default() -> Gazetteer:
    return Gazetteer(_shipped())
