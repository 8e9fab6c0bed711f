"""What a clause lacks of a question, and what that weighs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import decide, unmet
from qa.service import Service
from qa.unmet import Unmet, unmet_model
from tests.qa.town import SHANGYU

MODEL = Unmet({"w:体检": -1.0, "w:孩子": 0.2, "b:体检": -0.25, "n:money": -0.5})


def lacks(town: Service, question: str) -> frozenset[str]:
    """What the best clause for a question lacks."""
    engine = town.engine
    ranked = engine.rank(engine.read(question, area=SHANGYU))
    return engine.candidate(ranked, 0, engine.known_terms(ranked)).signals.unmet


def test_words_pairs_characters_and_forms(town: Service) -> None:
    """落户 stands in the clause, 体检 does not; what is asked for is told apart by its form."""
    found = lacks(town, "租房落户要体检吗，多少钱")
    assert {"w:体检", "b:体检", "c:检", "a:yes_no", "a:money", "n:money"} <= found
    assert not {"w:落户", "b:落户", "c:落"} & found


def test_a_clause_that_says_it_all_lacks_no_word(town: Service) -> None:
    """What is left are characters that ask."""
    assert not [key for key in lacks(town, "租房能落户吗") if key.startswith("w:")]


def test_unknown_keys_weigh_nothing() -> None:
    """The score adds up what is known."""
    assert MODEL.score({"w:体检", "b:体检", "w:未见过"}) == pytest.approx(-1.25)
    assert MODEL.score(()) == 0.0


@pytest.mark.parametrize(
    ("lacking", "expected"),
    [
        pytest.param({"w:体检", "w:孩子", "n:money"}, "体检", id="heaviest"),
        pytest.param({"w:孩子"}, None, id="harmless"),
        pytest.param({"n:money"}, None, id="no-word"),
        pytest.param(set(), None, id="nothing"),
    ],
)
def test_the_word_that_speaks_most_against(lacking: set[str], expected: str | None) -> None:
    """It is named to staff as the reason."""
    assert MODEL.heaviest(lacking) == expected


@given(st.sets(st.sampled_from(sorted(unmet_model().weights))))
def test_confidence_moves_with_the_weights(lacking: set[str]) -> None:
    """What is lacking shifts the log odds by its weights, and nothing else."""
    values = tuple(0.8 if name == "dense" else 0.0 for name in decide.NAMES)
    bare = decide.confidence(decide.Signals(values))
    with_them = decide.confidence(decide.Signals(values, frozenset(lacking)))
    shift = unmet_model().score(lacking)
    assert (with_them >= bare) if shift >= 0 else (with_them <= bare)


def test_the_shipped_weights_know_what_policies_state() -> None:
    """A check-up or a paper that is lacking speaks against a clause more than a child does."""
    weights = unmet_model().weights
    assert len(weights) > 1000
    for word in ("体检", "证明", "名单"):
        assert weights[f"w:{word}"] < weights.get("w:孩子", 0.0)


def test_a_missing_file_weighs_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The decision then rests on the signals alone."""
    monkeypatch.setattr(unmet, "files", lambda _: tmp_path)
    assert unmet.unmet_model.__wrapped__(dense=True).weights == {}


def test_the_reason_names_the_lacking_word(town: Service) -> None:
    """Staff read why a clause was not given."""
    values = tuple(0.8 if name == "dense" else 0.0 for name in decide.NAMES)
    said = decide.reason(decide.Signals(values, frozenset({"w:体检", "w:隔壁"})))
    assert "“体检”" in said
    assert "隔壁" not in said
    assert "“" not in decide.reason(decide.Signals(values))
