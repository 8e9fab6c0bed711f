"""Comparing what two stores answered."""

from __future__ import annotations

import os

import pytest

from eval.bench.stores import VARIABLES, Outcome, differences, store
from eval.caseset import load_cases


def _outcome(status: str, *clauses: str, ranking: tuple[str, ...] = ()) -> Outcome:
    return Outcome(status, tuple((clause, (0, 5)) for clause in clauses), ranking, 1.0)


def test_differences_are_counted_and_listed() -> None:
    """A changed quote counts; only another status or first clause is listed."""
    cases = load_cases("dev")[:4]
    own = [
        _outcome("answered", "a", ranking=("a", "b")),
        _outcome("answered", "a", "b", ranking=("a", "b")),
        _outcome("answered", "a", ranking=("a", "b")),
        _outcome("off_topic"),
    ]
    other = [
        own[0],
        _outcome("answered", "a", "c", ranking=("a", "c")),
        _outcome("answered", "b", ranking=("b", "a")),
        _outcome("related_only"),
    ]
    found = differences(cases, own, other)
    assert found["differ"] == {
        "status": 1, "first_clause": 1, "quotes": 2, "rank_1": 1, "rank_5": 2
    }  # fmt: skip
    assert found["cases"] == [
        {"id": cases[2].id, "embedded": ["answered", "a"], "milvus": ["answered", "b"]},
        {"id": cases[3].id, "embedded": ["off_topic", None], "milvus": ["related_only", None]},
    ]


def test_the_environment_is_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIAOWEN_STORE", "embedded")
    monkeypatch.delenv("TIAOWEN_MILVUS_URI", raising=False)
    with store("own.db", "jieba"):
        assert [os.environ[name] for name in VARIABLES] == ["milvus", "own.db", "jieba"]
    with store(None):
        assert not set(VARIABLES) & set(os.environ)
    assert os.environ["TIAOWEN_STORE"] == "embedded"
    assert "TIAOWEN_MILVUS_URI" not in os.environ
