"""Which of two near clauses is the better source, where the ranker alone does not say."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from corpus.types import Clause, Role
from qa.asks import Ask, has_evidence
from qa.complete import Completer
from qa.features import FeatureMaker
from qa.query import Query
from qa.stages import Ranked

_CONTACT_MARGIN = 0.6  # ranker score; asked whom, a clause this near that names them comes first
# What a question has that asks when the document came about, not when something happens.
_OF_DOCUMENT = re.compile(
    r"文件|方案|通知|公告|要点|办法|规定|意见|决定|印发|发布|公布|出台|通过|批准|施行|制定"
)


class Preference:
    """Compares ranked clauses of one index."""

    def __init__(
        self, features: FeatureMaker, completer: Completer, clauses: Sequence[Clause]
    ) -> None:
        """Take what is known of the index's clauses, these in row order."""
        self._features = features
        self._completer = completer
        self._clauses = clauses

    def yields(self, ranked: Ranked, first: int, other: int) -> bool:
        """Whether the best clause gives way to a near one that is the better source."""
        if self._only_issued(ranked.query, ranked.rows[first]):
            return True
        lead = ranked.scores[first] - ranked.scores[other]
        rows = ranked.rows[first], ranked.rows[other]
        worth = self._features.source_lead(ranked.query, *rows)
        if worth > 0.0 and lead < worth:
            return True
        if lead > _CONTACT_MARGIN:
            return False
        first_has, other_has = (self._names_contact(ranked.query.asks, row) for row in rows)
        return other_has and not first_has and self._as_much_to_the_point(ranked.query, *rows)

    def _only_issued(self, query: Query, row: int) -> bool:
        """Whether all that a row dates is the document: «哪个月通水» does not ask for that."""
        addressed = self._clauses[row].role is Role.PREAMBLE
        return addressed and Ask.DATE in query.asks and not _OF_DOCUMENT.search(query.text)

    def _names_contact(self, asks: Collection[Ask], row: int) -> bool:
        """Whether a clause has the unit list or the telephone that is asked for."""
        if Ask.UNIT in asks and self._completer.unit_row(row) is not None:
            return True
        return Ask.PHONE in asks and has_evidence(Ask.PHONE, self._clauses[row].text)

    def _as_much_to_the_point(self, query: Query, first: int, other: int) -> bool:
        """Whether a telephone is that of what was asked about: «落户窗口电话» is not any number."""
        if Ask.PHONE not in query.asks:
            return True
        mine, others = (self._features.terms(row).everything for row in (first, other))
        return all(c.in_terms(others) for c in query.concepts if c.in_terms(mine))
