"""Which places a question is about, and which documents speak for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus import Gazetteer, PlaceMatch
from corpus.types import Span
from index.tokens import Tokenizer

# 咱县, 我们这个区, 本市, 全省; 县里, 区里
_OWN_LEVEL = re.compile(
    r"(?:我们|咱们?|俺们?|本|全|我)(?:这个?)?([县区市省])(?![政局委场长外])|([县区省])里"
)


_SUFFIX = re.compile(r"(?:自治县|[市区县旗])$")
_ORIGIN_AFTER = re.compile(
    r"(?:本地|农村|城镇|那边)?(?:人|户口|户籍|籍|来的|出来的|过来的|老家|的(?=[,，。、]|$))(?![口才民大社])"
)
_TOWARDS = re.compile(r"(?:在|到|去|往|回|来|迁|落|想|转)$")  # an explicit goal: 在厦门, 迁到晋江
_ORIGIN_BEFORE = re.compile(
    r"(?:老家(?:在|是)?|来自|原籍|籍贯(?:是|在)?|户[口籍](?:还|都|是|一直)?在|从)$"
)


def local_names(gazetteer: Gazetteer, areas: Iterable[str]) -> dict[str, str]:
    """Short names of the divisions inside covered cities: name to path.

    The gazetteer takes 永安 or 三元 for a place only with its suffix or parent, because they are
    everyday words elsewhere. To people who ask about 三明 they are places.
    """
    cities = [area for area in areas if "/" in area]
    names = {}
    for path in gazetteer.paths:
        short = _SUFFIX.sub("", path.rsplit("/", 1)[-1])
        if len(short) >= 2 and any(path.startswith(city + "/") for city in cities):
            names[short] = path
    return names


class PlaceFinder:
    """Finds places in questions: the gazetteer's matches that do not cut a word in two.

    «学校谁来安排» holds the name of 来安县 across two words, «广安门医院» that of 广安 inside one.
    """

    def __init__(self, gazetteer: Gazetteer, tokenizer: Tokenizer) -> None:
        self._gazetteer = gazetteer
        self._tokenizer = tokenizer

    def find(self, text: str) -> tuple[PlaceMatch, ...]:
        """Places named in ``text`` (search form or plain), in order."""
        matches = self._gazetteer.find(text)
        if not matches:
            return ()
        borders = self._tokenizer.borders(text)
        return tuple(match for match in matches if borders.issuperset(match.span))


@dataclass(frozen=True, slots=True)
class Places:
    """Places named in a question.

    ``covered``: corpus areas the question is about (empty where it names none, or none that the
    corpus covers); ``uncovered``: the first place named that no document covers, as printed;
    ``spans``: where place names stand in the question; ``wider``: (place, area) where the
    document of another level answers for the place (西宁 by 青海省, 泉州 by 鲤城区).
    """

    covered: tuple[str, ...] = ()
    uncovered: str | None = None
    spans: tuple[Span, ...] = ()
    wider: tuple[tuple[str, str], ...] = ()

    @property
    def named(self) -> bool:
        """Whether the question names any place."""
        return bool(self.spans)


def areas_for(path: str, areas: Iterable[str]) -> tuple[str, ...]:
    """Corpus areas that speak for the division ``path``: itself, its parents, its children."""
    inside = [a for a in areas if a == path or path.startswith(a + "/") or a.startswith(path + "/")]
    return tuple(inside)


def find_places(question: str, areas: Sequence[str], finder: PlaceFinder) -> Places:
    """Recognise places in ``question`` and match them with the corpus ``areas``.

    Where somebody comes from («厦门户口能在鲤城上学吗», «我是成武人») is not what the question
    is about when another place is named; of several others the covered ones are.
    """
    covered: dict[str, None] = {}
    wider: list[tuple[str, str]] = []
    uncovered: str | None = None
    matches = finder.find(question)
    for match in _targets(question, matches):
        found: dict[str, None] = {}
        for path in match.candidates:
            found.update(dict.fromkeys(areas_for(path, areas)))
        name = question[match.span[0] : match.span[1]]
        if not found:
            uncovered = uncovered or name
            continue
        covered.update(found)
        exact = [path for path in match.candidates if path in found]
        if not exact:
            wider.extend((name, area) for area in found)
    ordered = tuple(area for area in areas if area in covered)
    if ordered:
        uncovered = None
    return Places(ordered, uncovered, tuple(match.span for match in matches), tuple(wider))


def _targets(question: str, matches: Sequence[PlaceMatch]) -> Sequence[PlaceMatch]:
    """The places a question is about: not where somebody comes from, if another is named."""
    targets = [
        match
        for match in matches
        if not _ORIGIN_AFTER.match(question, match.span[1])
        and not _ORIGIN_BEFORE.search(question[: match.span[0]])
    ]
    if targets and len(targets) < len(matches):
        goals = [m for m in targets if _TOWARDS.search(question[: m.span[0]])]
        return goals or matches
    return targets or matches


def areas_hinted(question: str, areas: Sequence[str]) -> tuple[str, ...]:
    """Areas of the level that a question speaks of without a name («咱县», «我们区»).

    >>> areas_hinted("咱县有没有老人食堂", ["福建省/三明市", "山东省/菏泽市/成武县"])
    ('山东省/菏泽市/成武县',)
    """
    match = _OWN_LEVEL.search(question)
    if match is None:
        return ()
    level = match[1] or match[2]
    return tuple(area for area in areas if area.endswith(level))


def without_places(question: str, spans: Sequence[Span]) -> str:
    """The question with its place names cut out (for matching inside one area's documents)."""
    pieces, start = [], 0
    for begin, end in sorted(spans):
        pieces.append(question[start:begin])
        start = max(start, end)
    pieces.append(question[start:])
    return "".join(pieces)


def readable(areas: Iterable[str]) -> str:
    """Areas as a resident reads them: last part, with the parent where it helps (泉州市鲤城区)."""
    return "、".join("".join(area.split("/")[-2:]) if "/" in area else area for area in areas)
