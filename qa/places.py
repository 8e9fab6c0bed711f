"""Which places a question is about, and which documents speak for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import rjieba

from corpus import Gazetteer, PlaceMatch
from corpus.types import Span
from index.tokens import Tokenizer

# 咱县, 我们这个区, 本市, 全省; 县里, 区里
_OWN_LEVEL = re.compile(
    r"(?:我们|咱们?|俺们?|本|全|我)(?:这个?)?([县区市省])(?![政局委场长外])|([县区省])里"
)
_COMPARES = re.compile(
    r"(?:有(?:什么|啥|哪些)?|存在|是)?(?:不同|不一样|区别|差别|差异)(?:吗|呢|在哪|的地方)?|一样(?:吗|不|么)|(?:想)?(?:对比|比一?比|比较)一?下?|"
    r"(?:哪边|哪里|哪个(?:地方|城市)?|哪儿|谁)(?:更|比较|的?最)?(?:好|多|容易|宽松?|高|低|严|松)些?|哪边|分别|各自"
)
_EVERYWHERE = re.compile(r"各地|各个?地方|几个地方|不同(?:地方|城市)|每个地方|几地|各市|各区")
# What a text says that speaks for all of its area.
_WHOLE = re.compile(r"全[省市县区域]|各[地县镇市区]|县[（(]市|其他县")
_SUFFIX = re.compile(r"(?:自治县|[省市区县旗])$")
_SAYS_NOTHING = re.compile(r"[换改到成那这边的说讲看问想是也再来个下呢吧啊吗么,，?？。!！\s]*")
_LOCAL_FREQUENCY = 300  # about that of a well-known town in jieba's dictionary
# Dishes, games, people and institutions that carry the name of a place.
_NO_PLACES = re.compile(
    r"上海青|上海滩|成武将军|海南鸡(?:饭)?|北京烤鸭|重庆(?:小面|火锅|鸡公煲)|兰州(?:拉面|牛肉面)|桂林米粉|柳州螺蛳粉|"
    r"金华火腿|德州(?:扑克|扒鸡)|扬州炒饭|武汉热干面|南京板鸭|天津(?:包子|麻花)|长沙臭豆腐|新疆大盘鸡|"
    r"(?:北京|上海|广东|四川|山东|福建|青海|三明|泉州)(?:话(?![费题务])|方言|时间|晚报|日报|啤酒|牌)|"
    r"[\u4e00-\u9fff]{2}(?:大学|学院)(?:毕业|学历|文凭|学生|本科|硕士)"
)
_ORIGIN_AFTER = re.compile(
    r"(?:本地|农村|城镇|那边|乡下)?(?:出生|出世|生的|长大|毕业|人|户口|户籍|籍|来的|出来的|过来的|老家|朋友|亲戚|同学|同事|的(?=[,，。、]|$))(?![口才民大社])"
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
    own = {_short(city) for city in cities}  # 芜湖 is the city, not 芜湖县 in it
    names = {}
    for path in gazetteer.paths:
        short = _short(path)
        if len(short) < 2 or short in own:
            continue
        if any(path.startswith(city + "/") for city in cities):
            names[short] = path
    return names


def _short(path: str) -> str:
    """Name of a division without its suffix: ``福建省/三明市/沙县区`` gives 沙县."""
    return _SUFFIX.sub("", path.rsplit("/", 1)[-1])


def _names(areas: Iterable[str]) -> Iterable[str]:
    """Full and short names of the last part of area paths (鲤城区, 鲤城)."""
    for area in areas:
        name = area.rsplit("/", 1)[-1]
        yield name
        if len(short := _SUFFIX.sub("", name)) > 1:
            yield short


def _within(span: Span, words: Iterable[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in words)


class PlaceFinder:
    """Finds places in questions: the gazetteer's matches that do not cut a word in two.

    «学校谁来安排» holds the name of 来安县 across two words, «广安门医院» that of 广安 inside one.
    Names of areas with documents are words here: «鲤城建多少» is cut as 鲤城 and 建, not as 城建.
    """

    def __init__(
        self, gazetteer: Gazetteer, tokenizer: Tokenizer, local: Iterable[str] = ()
    ) -> None:
        """Take the names of all places; ``local``: the areas that documents speak for."""
        self._gazetteer = gazetteer
        self._tokenizer = tokenizer
        self._local = tuple(dict.fromkeys(_names(local)))

    def find(self, text: str) -> tuple[PlaceMatch, ...]:
        """Places named in ``text`` (search form or plain), in order."""
        words = [match.span() for match in _NO_PLACES.finditer(text)]
        matches = [m for m in self._gazetteer.find(text) if not _within(m.span, words)]
        if not matches:
            return ()
        borders = self._tokenizer.borders(text)
        if not borders.issuperset(place for match in matches for place in match.span):
            borders |= self._local_borders(text)
        return tuple(match for match in matches if borders.issuperset(match.span))

    def goals(self, text: str) -> tuple[PlaceMatch, ...]:
        """Places that a text may be about: not a foreign one that somebody only comes from.

        «我老公户口在晋江» said in a chat about 鲤城 goes on about 鲤城; «换成武的» does not.
        """
        return tuple(
            match
            for match in self.find(text)
            if text[slice(*match.span)] in self._local or not _is_origin(text, match)
        )

    def _local_borders(self, text: str) -> frozenset[int]:
        """Borders of the local names where they are the likelier words."""
        if not any(name in text for name in self._local):
            return frozenset()
        offsets, position = self._alone(text), 0
        for word in self._cutter.cut(text, False):
            if word in self._local:
                offsets |= {position, position + len(word)}
            position += len(word)
        return frozenset(offsets)

    def _alone(self, text: str) -> set[int]:
        """Borders of a local name beside which nothing is said («换成武的说说»)."""
        for name in self._local:
            start = text.find(name)
            if start >= 0 and _SAYS_NOTHING.fullmatch(text.replace(name, "", 1)):
                return {start, start + len(name)}
        return set()

    @cached_property
    def _cutter(self) -> rjieba.Jieba:
        """A dictionary of its own (0.1 s): local names must not change how documents are cut."""
        cutter = rjieba.Jieba()
        for name in self._local:
            cutter.add_word(name, _LOCAL_FREQUENCY, "ns")
        return cutter


@dataclass(frozen=True, slots=True)
class Places:
    """Places named in a question.

    ``covered``: corpus areas the question is about (empty where it names none, or none that the
    corpus covers); ``uncovered``: the first place named that no document covers, as printed;
    ``spans``: where place names stand in the question; ``wider``: (place, area) where the
    document of another level answers for the place (西宁 by 青海省, 泉州 by 鲤城区); ``exact``:
    the covered areas that the question names themselves, not what holds them or lies in them.
    """

    covered: tuple[str, ...] = ()
    uncovered: str | None = None
    spans: tuple[Span, ...] = ()
    wider: tuple[tuple[str, str], ...] = ()
    exact: tuple[str, ...] = ()

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
    named: set[str] = set()
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
        named.update(exact)
        if not exact:
            wider.extend((name, area) for area in found)
    ordered = tuple(area for area in areas if area in covered)
    if ordered:
        uncovered = None
    spans = tuple(match.span for match in matches)
    exactly = tuple(area for area in ordered if area in named)
    return Places(ordered, uncovered, spans, tuple(wider), exactly)


def others_named(text: str, places: Places, area: str, finder: PlaceFinder) -> tuple[str, ...]:
    """Places inside ``area`` that a text names, where it names some but not the one asked.

    «三元区、沙县区“零门槛”» says nothing of 永安, though both lie in 三明.

    :param text: a quote from a document of ``area``.
    :returns: the names as printed; empty where the text fits the place that was asked.
    """
    asked = [name for name, wider in places.wider if wider == area]
    if not asked or _WHOLE.search(text):
        return ()
    wanted = {path for name in asked for match in finder.find(name) for path in match.candidates}
    inside = {path for path in wanted if path.startswith(area + "/")}
    named: dict[str, None] = {}
    for match in finder.find(text):
        paths = [path for path in match.candidates if path.startswith(area + "/")]
        if any(_akin(path, one) for path in paths for one in inside):
            return ()
        if paths:
            named[text[slice(*match.span)]] = None
    return tuple(named) if inside else ()


def _akin(path: str, other: str) -> bool:
    """Whether one of two divisions is the other or lies in it."""
    return f"{path}/".startswith(f"{other}/") or f"{other}/".startswith(f"{path}/")


def _targets(question: str, matches: Sequence[PlaceMatch]) -> Sequence[PlaceMatch]:
    """The places a question is about: not where somebody comes from, if another is named."""
    targets = [match for match in matches if not _is_origin(question, match)]
    if targets and len(targets) < len(matches):
        goals = [m for m in targets if _TOWARDS.search(question[: m.span[0]])]
        return goals or matches
    return targets or matches


def _is_origin(question: str, match: PlaceMatch) -> bool:
    start, end = match.span
    before = _ORIGIN_BEFORE.search(question[:start])
    return bool(before or _ORIGIN_AFTER.match(question, end))


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


def compared(question: str, places: Places) -> bool:
    """Whether a question asks how places differ: two that are covered, or «各地有什么不同»."""
    both = len(places.covered) > 1 and len(places.spans) > 1
    several = both or (not places.named and _EVERYWHERE.search(question))
    return bool(several) and _COMPARES.search(question) is not None


def without_comparison(question: str) -> str:
    """The question without the words that only compare, so that its topic is left."""
    return _COMPARES.sub("", question)


def readable(areas: Iterable[str]) -> str:
    """Areas as a resident reads them: last part, with the parent where it helps (泉州市鲤城区)."""
    return "、".join("".join(area.split("/")[-2:]) if "/" in area else area for area in areas)
