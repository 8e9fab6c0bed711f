"""What the staff pages get of the evaluation: reports, drafts, trials of word lists."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from eval.caseset import load_cases
from eval.desk import EvalBench, _sample
from eval.errors import EvalError, RunError
from eval.runs import read_run
from qa.desk.bench import Setting, bench

MODEL_FREE = Setting(None, None, words_only=True, told=lambda *_: None, sample=12)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one finished run over a few cases, answered by words alone."""
    folder = tmp_path_factory.mktemp("runs")
    told: list[tuple[str, int, int]] = []
    setting = replace(MODEL_FREE, told=lambda *said: told.append(said))
    made = EvalBench().run(folder, setting)
    assert made["cases"] == 12
    assert told[-1] == ("cases", 12, 12)
    return folder


def test_registered() -> None:
    """`pip install -e .` again after an update of pyproject.toml, should this fail."""
    assert isinstance(bench(), EvalBench)


def test_the_newest_run_is_shown(runs: Path, tmp_path: Path) -> None:
    found = EvalBench().latest([tmp_path / "nothing", runs])
    assert found is not None
    assert found.folder.parent == runs
    assert dict(found.facts)["题目"] == "dev，12 题"
    labels = [measure.label for measure in found.measures]
    assert labels[0] == "答对"
    assert {"命中@1", "引文保真"} <= set(labels)
    hit = next(measure for measure in found.measures if measure.label == "命中@1")
    assert hit.value.endswith("%")
    assert " – " in hit.interval


def test_an_unfinished_or_damaged_run_is_passed_over(runs: Path, tmp_path: Path) -> None:
    (tmp_path / "killed").mkdir()
    (tmp_path / "killed" / "cases.jsonl").touch()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "config.json").write_text('{"started_at": "9999"}', encoding="utf-8")
    assert EvalBench().latest([tmp_path]) is None
    found = EvalBench().latest([tmp_path, runs])
    assert found is not None
    assert found.folder.parent == runs


def test_the_report_is_a_page(runs: Path, tmp_path: Path) -> None:
    (folder,) = runs.iterdir()
    assert "<!doctype html>" in EvalBench().report_html(folder)
    os.utime(folder / "report.html", (0, 0))  # of an earlier run in the same folder
    assert read_run(folder).config.label in EvalBench().report_html(folder)
    with pytest.raises(RunError, match="config"):
        EvalBench().report_html(tmp_path)


def test_a_case_is_drafted_for_a_person_to_finish() -> None:
    said = {
        "question": "养老院的床位费怎么算",
        "area": None,
        "status": "related_only",
        "helpful": False,
        "comment": "没说",
        "related": [{"doc_number": "甲〔2025〕1号", "title": "甲", "path": ["一", "（二）"]}],
    }
    draft = EvalBench().draft(said)
    assert (draft["answerable"], draft["gold"]) == (None, [])
    assert draft["draft"]["suggested"] == [{"doc": "甲〔2025〕1号", "path": ["一", "（二）"]}]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"question": load_cases("dev")[0].question}, "已经有这个问题"),
        ({"status": "answered", "helpful": True}, "不用起草"),
        ({"comment": "打我电话13800138000"}, "个人信息"),
    ],
)
def test_what_no_case_is_made_of(changed: dict[str, object], said: str) -> None:
    record = {"question": "养老院的床位费怎么算", "status": "related_only", "helpful": False}
    with pytest.raises(EvalError, match=said):
        EvalBench().draft({**record, **changed})


def test_a_sample_is_spread() -> None:
    cases = load_cases("dev")
    few = _sample(cases, 10)
    assert len(few) == 10
    assert [cases.index(case) for case in few] == [n * len(cases) // 10 for n in range(10)]
    assert _sample(cases, None) == _sample(cases, 10_000) == tuple(cases)


def test_a_trial_says_what_is_gained_and_lost() -> None:
    """Stop words that take the topics away lose cases; nothing changed changes nothing."""
    topics = "落户\n户口\n学校\n入学\n住房\n租赁\n医保\n社保\n培训\n就业\n养老\n居住证\n"
    setting = replace(MODEL_FREE, sample=60)
    tried = EvalBench().preview({}, {"stopwords.tsv": topics}, setting)
    assert tried["cases"] == 60
    assert len(tried["lost"]) > len(tried["gained"])
    assert {"question", "before", "after", "why"} == set(tried["lost"][0])
    hit = next(measure for measure in tried["measures"] if measure["label"] == "命中@1")
    assert hit["better"] is False
    same = EvalBench().preview({}, {}, replace(MODEL_FREE, sample=5))
    assert (same["gained"], same["lost"], same["moved"]) == ([], [], [])
