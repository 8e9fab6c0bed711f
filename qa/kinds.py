"""Kinds that exclude one another: 住院 is asked, the clause speaks of 门诊 only.

To vectors and word counts «住院报销多少» and «门诊报销提高50%» are next to one another. A clause
that names a sibling of what was asked, and not what was asked, is no answer, however near it is.
The table (`corpus/lexicon/kinds.tsv`) is about the language of policies, not about any document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from index.tokens import shipped_text

_ALL = "全部"  # a kind of this name covers its whole group


@dataclass(frozen=True, slots=True)
class Kinds:
    """Groups of kinds, each kind with the pattern of its names (over texts in search form)."""

    groups: Mapping[str, Mapping[str, re.Pattern[str]]]

    def asked(self, text: str) -> frozenset[tuple[str, str]]:
        """(group, kind) of every kind that a question names.

        :param text: a question in search form.
        """
        return frozenset(
            (group, kind)
            for group, kinds in self.groups.items()
            for kind, names in kinds.items()
            if kind != _ALL and names.search(text)
        )

    def meant(self, question: str, own: str) -> frozenset[tuple[str, str]]:
        """The kinds that a resolved question asks for: those of this turn before earlier ones.

        :param question: the question that stands alone.
        :param own: what this turn says itself («那住院呢», «问的是水管不是煤气管»).
        """
        asked, said = self.asked(question), self.asked(own)
        groups = {group for group, _ in said & asked}
        return frozenset(one for one in asked if one[0] not in groups or one in said)

    def another(
        self, asked: frozenset[tuple[str, str]], text: str, heading: str = ""
    ) -> str | None:
        """The kind that a clause names instead of one that was asked, None where it fits.

        A heading over several kinds does not make each of its items speak of all of them.

        :param asked: from `asked`.
        :param text: the clause, and ``heading`` the headings over it, in search form.
        """
        for group in sorted({group for group, _ in asked}):
            wanted = {kind for other, kind in asked if other == group} | {_ALL}
            named, above = self._named(group, text), self._named(group, heading)
            if named and not wanted & named and (named & above or not wanted & above):
                return min(named)
        return None

    def _named(self, group: str, text: str) -> set[str]:
        return {kind for kind, names in self.groups[group].items() if names.search(text)}

    def swapped(self, before: str, own: str) -> str | None:
        """An earlier question asked of the kind that a follow-up names instead.

        >>> kinds().swapped("妇女有啥培训", "男的")
        '男的有啥培训'

        :param before: the earlier question; ``own``: what the follow-up says, both in search form.
        :returns: None where the follow-up names no sibling of what was asked before.
        """
        for group, kind in sorted(self.asked(own)):
            said = self._word(group, kind, own)
            for other in self.groups[group]:
                word = self._word(group, other, before) if other not in (kind, _ALL) else ""
                if word and not self._word(group, kind, before):
                    return before.replace(word, said)
        return None

    def _word(self, group: str, kind: str, text: str) -> str:
        """The longest name of a kind that stands in a text, or an empty string."""
        return max(self.groups[group][kind].findall(text), key=len, default="")


@cache
def kinds() -> Kinds:
    """The shipped table."""
    groups: dict[str, dict[str, re.Pattern[str]]] = {}
    for line in shipped_text("kinds.tsv").splitlines():
        if line and not line.startswith("#"):
            group, kind, words = line.split("\t")
            groups.setdefault(group, {})[kind] = re.compile("|".join(words.split()))
    return Kinds(groups)
