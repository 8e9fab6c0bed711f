"""Which of two near clauses is the better source, where the ranker alone does not say."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from corpus.types import Clause
from qa.asks import Ask, has_evidence
from qa.complete import Completer
from qa.features import FeatureMaker
from qa.query import Query
from qa.stages import Ranked

_CONTACT_MARGIN = 0.6  # ranker score; asked whom, a clause this near that names them comes first


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
        lead = ranked.scores[first] - ranked.scores[other]
        rows = ranked.rows[first], ranked.rows[other]
        worth = self._features.source_lead(ranked.query, *rows)
        if worth > 0.0 and lead < worth:
            return True
        if lead > _CONTACT_MARGIN:
            return False
        first_has, other_has = (self._names_contact(ranked.query.asks, row) for row in rows)
        return other_has and not first_has and self._as_much_to_the_point(ranked.query, *rows)

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
