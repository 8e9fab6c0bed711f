"""The stages of the ranking, on the shipped digests without a model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import CorpusStore
from eval.ablate import STAGES, ablate, ablation_json
from eval.caseset import load_cases
from index.policy_index import build_index
from qa.service import Service, index_root


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    store = CorpusStore.open(tmp_path, samples=True)
    build_index(store, index_root(tmp_path), None)
    made = Service(tmp_path, store, None)
    yield made
    made.close()


def test_stages_without_a_model(service: Service) -> None:
    cases = [case for case in load_cases("dev") if case.answerable][:40]
    stages = ablate(service, cases)
    assert [stage.name for stage in stages] == [name for name in STAGES if name != "dense"]
    by_name = {stage.name: stage for stage in stages}
    assert by_name["hybrid"].measures == by_name["lexical"].measures
    assert by_name["hybrid"].p == 1.0
    assert by_name["lexical"].p is None
    assert by_name["lexical"].measures["hit@5"] > 0.5
    assert [stage.name for stage in stages][-1] == "+lacking"
    assert set(ablation_json(stages)["+synonyms"]) >= {"hit@1", "mrr", "p_against_before"}
