"""Slips of the keyboard in a question: 加古 for 加固, 里城 for 鲤城, luohu for 落户.

A stretch of the question that the dictionary can only cut into loose characters is compared with
the words of the documents and the lexicon: those that sound the same or nearly the same, look
alike, or differ in one character. It is replaced when that makes the whole question clearly more
probable, measured by how often its words are used and how often people slip that way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import log
from typing import TypeAlias

from index.sounds import looks_like, sound_keys, typed
from index.tokens import Cutter
from qa.slips import POINTING, cost
from qa.subject import Subject

Near: TypeAlias = Callable[[], Mapping[str, float]]
# A run before a bracketed year is the issuer's short name in a 文号: no slip, whatever it is.
_RUN = re.compile(r"[\u4e00-\u9fff]{2,}(?![\u4e00-\u9fff])(?!\s*[〔\[(【﹝]\s*(?:19|20)\d\d)")
# «丽城小区», «李城先生»: whatever sounds like a place is part of another name there.
_OTHER_NAME = re.compile(r"小区|花园|家园|大厦|广场|先生|女士|老师|村(?![民镇里])")
_LATIN = re.compile(r"[a-z]+(?:[' ][a-z]+)*")
_LEAST_LETTERS = 5  # shorter ones are as likely an abbreviation (app, wifi)
_LONGEST = 6  # characters of a word that is looked for
_LOOSE, _SOUND, _INSIDE = range(3)
_MOST_LETTERS = 24  # letters of a word typed as pinyin
_TOTAL = 6e7  # summed frequency of jieba's dictionary
_SHARE = 0.3  # how much the documents' own words count against general language
_NEAR_SHARE = 0.3  # and the words of the passages that the question seems to be about
_LEXICON = 300.0  # least frequency of a word of documents or lexicon: it is about policy
_UNKNOWN = 0.1  # frequency of a character that the dictionary does not know
_BAR = 3.0  # how much more probable the question must become; set with the costs of `qa.slips`


@dataclass(frozen=True, slots=True)
class Change:
    """One correction: what stood in the question, what is read instead."""

    wrong: str
    right: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """A question with its slips put right. ``text`` is the question itself without changes."""

    text: str
    changes: tuple[Change, ...] = ()


class Speller:
    """Corrects questions with the words of one corpus. Immutable apart from a cache."""

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        cutter: Cutter,
        known: Callable[[str], bool] = lambda word: False,
        subject: Subject | None = None,
        places: Iterable[str] = (),
    ) -> None:
        """Index the words.

        :param vocabulary: word to how often the documents have it (0: from the lexicon only).
        :param known: whether a word stands in the documents, beyond the vocabulary.
        :param subject: tells what the passages speak of that a question is about.
        :param places: names of the corpus's places; the dictionary lacks one in six short ones.
        """
        self._subject = subject
        self._counts = dict(vocabulary)
        self._total = max(1, sum(self._counts.values()))
        self._cutter = cutter
        self._named = frozenset(places)
        self._places = frozenset(name for name in self._named if cutter.cut(name, False) != [name])
        self._longest_place = max(map(len, self._places), default=0)
        self._known = known
        self._sounds: dict[str, list[str]] = {}
        self._holes: dict[str, list[str]] = {}
        self._typed: dict[str, list[str]] = {}
        for word in self._counts:
            if 2 <= len(word) <= _LONGEST and _RUN.fullmatch(word):
                self._add(word)
        self._use = lru_cache(maxsize=20_000)(self._share_of)
        self._candidates = lru_cache(maxsize=50_000)(self._meant)  # questions share most stretches

    def _add(self, word: str) -> None:
        for key in sound_keys(word):
            self._sounds.setdefault(key, []).append(word)
        self._typed.setdefault(typed(word), []).append(word)
        if len(word) > 2:
            for hole in _holes(word):
                self._holes.setdefault(hole, []).append(word)

    def correct(self, text: str) -> Corrected:
        """Correct the slips in ``text`` (search form).

        Words typed as pinyin become characters; otherwise the length stays.
        """
        changes: list[Change] = []

        text = _LATIN.sub(lambda match: self._typed_as(match[0], changes), text)
        asked = text
        near = cache(lambda: self._near(asked))
        text = _RUN.sub(lambda match: self._run(match[0], near, changes), text)
        return Corrected(text, tuple(changes))

    def _near(self, text: str) -> Mapping[str, float]:
        if self._subject is None:
            return {}
        return self._subject.near(text, self._cutter.cut(text, False))

    def _run(self, run: str, near: Near, changes: list[Change]) -> str:
        """Correct a run of characters, the surest slip first, until no change pays any more."""
        right = run
        while (better := self._better(right, near)) is not None:
            right = better
        if right != run:
            start = 0
            for word in self._cut(right):
                wrong = run[start : start + len(word)]
                start += len(word)
                if wrong != word:
                    changes.append(Change(wrong, word))
        return right

    def _better(self, run: str, near: Near) -> str | None:
        """The run with the one correction that makes it the most probable, None without any."""
        words = self._cut(run)
        slips = self._slips(run, words)
        if not slips:
            return None
        here = near()
        chances = [self._chance(word, here) for word in words]
        whole = sum(chances)
        owner = [i for i, word in enumerate(words) for _ in word]
        best, most = None, _BAR
        for start, word in slips:
            end = start + len(word)
            touched = sum(chances[owner[start] : owner[end - 1] + 1])
            alone = start == 0 or run[start - 1] in POINTING
            price = cost(run[start:end], word, alone=alone)
            # What is left of the words around it can only make it less probable.
            if self._chance(word, here) - touched - price <= most:
                continue
            changed = run[:start] + word + run[end:]
            cut = self._cut(changed)
            gain = sum(self._chance(other, here) for other in cut) - whole - price
            if gain > most:
                best, most = changed, gain
        return best

    def _cut(self, run: str) -> list[str]:
        """The words of a run: the dictionary's, of which several that are one place are joined."""
        words: list[str] = []
        cut = self._cutter.cut(run, False)
        at = 0
        while at < len(cut):
            joined = cut[at]
            for end in range(at + 2, len(cut) + 1):
                name = "".join(cut[at:end])
                if len(name) > self._longest_place:
                    break
                if name in self._places:
                    joined, at = name, end - 1
                    break
            words.append(joined)
            at += 1
        return words

    def _slips(self, run: str, words: Sequence[str]) -> list[tuple[int, str]]:
        """Words that may be meant, each with the offset at which it would stand."""
        marks = self._marks(run, words)
        if _LOOSE not in marks:
            return []
        found: list[tuple[int, str]] = []
        for start, end in _stretches(run):
            own = marks[start:end]
            if _LOOSE in own and own[0] != _INSIDE and marks[end : end + 1] != [_INSIDE]:
                meant = self._candidates(run[start:end])
                if meant:  # by few
                    other = _OTHER_NAME.match(run, end) is not None
                    found += [(start, w) for w in meant if not (other and w in self._named)]
        return found

    def _marks(self, run: str, words: Sequence[str]) -> list[int]:
        """For every character whether it belongs to a word that is known to be used.

        `_LOOSE`: to none; `_SOUND`: to a word; `_INSIDE`: to the same one as the character before,
        and this one surely is meant.
        """
        marks: list[int] = []
        borders = {0}
        for word in words:
            sound = len(word) > 1 and (word in self._counts or self._known(word))
            marks += [_SOUND if sound else _LOOSE] * len(word)
            borders.add(len(marks))
        for start, end in _stretches(run):
            if run[start:end] not in self._counts:
                continue
            if end - start > 2:  # two characters may stand side by side by chance, three do not
                marks[start:end] = [_SOUND] + [_INSIDE] * (end - start - 1)
            elif start in borders and end in borders and marks[start + 1] != _INSIDE:
                marks[start:end] = [_SOUND, _SOUND]
        return marks

    def _meant(self, wrong: str) -> tuple[str, ...]:
        """Words that may be meant, each once."""
        if wrong in self._counts:
            return ()
        found: dict[str, None] = {}
        for key in sound_keys(wrong):
            found.update(dict.fromkeys(self._sounds.get(key, ())))
        for i, character in enumerate(wrong):
            for other in looks_like(character):
                word = wrong[:i] + other + wrong[i + 1 :]
                if word in self._counts:
                    found[word] = None
        # 建邺初 is no slip for 建邺区: a part that is a word stays.
        if len(wrong) > 2 and wrong[1:] not in self._counts and wrong[:-1] not in self._counts:
            for hole in _holes(wrong):
                found.update(dict.fromkeys(self._holes.get(hole, ())))
        # Asked last: the engine has to look whether it is known, and most are like no word.
        return tuple(found) if found and not self._known(wrong) else ()

    def _typed_as(self, letters: str, changes: list[Change]) -> str:
        """The words that letters spell in pinyin, all of them or the parts that do."""
        for parts in ([letters], letters.split(" ")):
            words = [self._words_of(part) for part in parts]
            if any(words):
                pairs = list(zip(parts, words, strict=True))
                changes += [Change(part, word) for part, word in pairs if word]
                return " ".join(word or part for part, word in pairs)
        return letters

    def _words_of(self, letters: str) -> str | None:
        """The words that a stretch of letters spells in pinyin, None where it is none."""
        plain = re.sub("[' ]", "", letters)
        if len(plain) < _LEAST_LETTERS or self._known(letters):
            return None
        # The most probable words up to every letter.
        ways: list[tuple[float, str] | None] = [(0.0, "")] + [None] * len(plain)
        for end in range(2, len(plain) + 1):
            for start in range(max(0, end - _MOST_LETTERS), end):
                before = ways[start]
                if before is None:
                    continue
                for word in self._typed.get(plain[start:end], ()):
                    chance, here = before[0] + self._chance(word, {}), ways[end]
                    if here is None or chance > here[0]:
                        ways[end] = (chance, before[1] + word)
        return ways[-1][1] if ways[-1] else None

    def _chance(self, word: str, near: Mapping[str, float]) -> float:
        """Logarithm of how often a word is used, in general, here and on this subject."""
        return log(self._use(word) + _NEAR_SHARE * near.get(word, 0.0))

    def _share_of(self, word: str) -> float:
        general = float(self._cutter.suggest_freq(word))
        if self._cutter.cut(word, False) != [word] or general <= 1.0:
            general = _UNKNOWN
        if word in self._counts:
            general = max(general, _LEXICON)
        here = self._counts.get(word, 0) / self._total
        return (1.0 - _SHARE - _NEAR_SHARE) * general / _TOTAL + _SHARE * here


def _stretches(run: str) -> Iterator[tuple[int, int]]:
    """Where in a run a word may stand: all (start, end) of 2 to `_LONGEST` characters."""
    for start in range(len(run) - 1):
        for end in range(start + 2, min(len(run), start + _LONGEST) + 1):
            yield start, end


def _holes(word: str) -> Iterator[str]:
    """The word with each character in turn left open."""
    for i in range(len(word)):
        yield f"{word[:i]}*{word[i + 1 :]}"
